"""The `bot` command: arguments, progress, exit codes; nothing else.

Exit status 0: done; 1: done in part (`bot post`: some parts were not sent; `bot ingest`: some file could not be read);
2: not done, with one line on standard error that says what is wrong and what to do.
"""

from __future__ import annotations

import sys
from importlib import import_module

import click

from bot import __version__
from bot.cli.output import print_error
from bot.errors import PlainError

COMMANDS = {
    "run": "operating:run",
    "ingest": "content:ingest",
    "parse": "reading:parse",
    "issues": "content:issues",
    "show": "content:show",
    "search": "content:search",
    "topics": "content:topics",
    "post": "delivering:post",
    "deliveries": "reporting:deliveries",
    "reconcile": "mending:reconcile",
    "amend": "mending:amend",
    "subscribe": "chats:subscribe",
    "unsubscribe": "chats:unsubscribe",
    "chats": "chats:list_chats",
    "doctor": "keeping:doctor",
    "backup": "keeping:backup",
    "migrate": "operating:migrate",
    "slack-manifest": "operating:slack_manifest",
    "secret-key": "operating:secret_key",
}
"""Where each command is: a module beside this one, and its name there."""


class Commands(click.Group):
    """The commands, each imported when it is asked for: none waits for what only others need."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the commands, in the order of a newcomer's needs."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - as above
        """Return a command, None where there is none of this name."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        command = getattr(import_module(f"{__name__}.{module}"), name)
        if not isinstance(command, click.Command):
            raise TypeError(f"{module}.{name} is no command")
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="bot")
def cli() -> None:
    """Deliver a Markdown research digest to Telegram, Slack and a local web chat.

    Settings come from the environment or a .env file. `bot run` is the whole bot; the other commands work beside it.
    """


def main() -> None:
    """Run the command line; exits the process."""
    try:
        sys.exit(cli.main(prog_name="bot", standalone_mode=False) or 0)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.UsageError as error:
        where = error.ctx.command_path if error.ctx else "bot"
        print_error(f"{error.format_message()} (`{where} --help` tells more)")
    except click.ClickException as error:
        print_error(error.format_message())
    except PlainError as error:
        print_error(str(error))
    sys.exit(2)
