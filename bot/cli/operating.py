"""Operating the bot: run, migrate, slack-manifest, secret-key."""

from __future__ import annotations

import asyncio
import signal

import click

from bot import handlers
from bot.adapters.slack.manifest import Installable, make_manifest, render_manifest
from bot.app import read_topics
from bot.cli.output import print_line
from bot.logs import set_up_logging
from bot.settings import Settings, load_settings
from bot.storage.engine import Database
from bot.storage.migrate import upgrade


@click.command(short_help="Be the bot: platforms, web chat and schedule.")
def run() -> None:
    """Be the bot: every platform with a token, the web chat, the schedule; until SIGINT or SIGTERM."""
    settings = load_settings()
    set_up_logging(settings.log_level, settings.log_format, secrets=settings.secrets())
    asyncio.run(_run(settings))


async def _run(settings: Settings) -> None:
    stop = asyncio.Event()
    for sign in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(sign, stop.set)
    from bot.service import run as run_bot  # noqa: PLC0415 - site and schedule take long to import; only this needs them

    await run_bot(settings, stop)


@click.command(short_help="Bring the database to the newest version.")
def migrate() -> None:
    """Bring the database to the newest version; every other command does so, too."""

    async def act() -> tuple[str | None, str, str]:
        database = Database(load_settings().database_url.get_secret_value())
        try:
            before, after = await upgrade(database)
        finally:
            await database.close()
        return before, after, database.where

    before, after, where = asyncio.run(act())
    if before == after:
        print_line(f"{where} is at version {after}, the newest.")
    else:
        print_line(f"{where}: version {before or 'none'} -> {after}.")


@click.command(name="slack-manifest", short_help="Print the manifest that makes the Slack app.")
@click.option("--topic", "topics", multiple=True, metavar="NAME", help="Give this topic a slash command (repeatable).")
@click.option("--http", is_flag=True, help="For HTTP at BOT_PUBLIC_URL, rather than Socket Mode.")
@click.option("--install", is_flag=True, help="Other workspaces can install it, at BOT_PUBLIC_URL.")
@click.option("--rotate", is_flag=True, help="With --install: tokens end after twelve hours, and are renewed.")
@click.option("--org", is_flag=True, help="With --install: an organisation can install it for all its workspaces.")
def slack_manifest(topics: tuple[str, ...], *, http: bool, install: bool, rotate: bool, org: bool) -> None:
    """Print the manifest that makes the Slack app: api.slack.com/apps, Create New App, From a manifest."""
    settings = load_settings()
    if (http or install) and not settings.public_url:
        raise click.ClickException(
            f"{'--http' if http else '--install'} needs BOT_PUBLIC_URL, the address under which Slack reaches the site"
        )
    if (rotate or org) and not install:
        raise click.ClickException(f"{'--rotate' if rotate else '--org'} goes with --install")
    known = read_topics(settings)
    if strange := [name for name in topics if name not in {topic.name for topic in known}]:
        raise click.ClickException(f"there is no topic {strange[0]}: `bot topics` lists them")
    menu = handlers.menu(settings.language, known)
    manifest = make_manifest(
        menu,
        direct=topics,
        public_url=settings.public_url if http else "",
        install_url=settings.public_url if install else "",
        installable=[
            one for one, wanted in ((Installable.RENEWED, rotate), (Installable.ORGANISATIONS, org)) if wanted
        ],
    )
    print_line(render_manifest(manifest).rstrip())


@click.command(name="secret-key", short_help="Print a new key for BOT_SECRET_KEY.")
def secret_key() -> None:
    """Print a new key for BOT_SECRET_KEY, which seals what is stored of other Slack workspaces."""
    from bot.storage.sealing import make_key  # noqa: PLC0415 - nothing else here needs the library

    print_line(make_key())
