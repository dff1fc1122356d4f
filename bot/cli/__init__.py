"""The `bot` command: arguments, progress, exit codes; nothing else.

Exit status 0: done; 1: done in part (`bot post`: some parts were not sent; `bot ingest`: some file could not be read);
2: not done, with one line on standard error that says what is wrong and what to do.
"""

from __future__ import annotations

import sys

import click

from bot import __version__
from bot.cli import chats, content, delivering, mending, operating
from bot.cli.output import print_error
from bot.errors import PlainError


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="bot")
def cli() -> None:
    """Deliver a Markdown research digest to Telegram, Slack and a local web chat.

    Settings come from the environment or a .env file. `bot run` is the whole bot; the other commands work beside it.
    """


for command in (*operating.COMMANDS, *content.COMMANDS, *delivering.COMMANDS, *mending.COMMANDS, *chats.COMMANDS):
    cli.add_command(command)


def main() -> None:
    """Run the command line; exits the process."""
    try:
        sys.exit(cli.main(standalone_mode=False) or 0)
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
