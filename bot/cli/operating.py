"""Operating the bot: run, migrate, slack-manifest."""

from __future__ import annotations

import asyncio
import signal

import click

from bot.app import run as run_bot
from bot.cli.output import print_line
from bot.logs import set_up_logging
from bot.settings import Settings, load_settings
from bot.storage.engine import Database
from bot.storage.migrate import upgrade


@click.command()
def run() -> None:
    """Be the bot: every platform with a token, the web chat, the schedule; until SIGINT or SIGTERM."""
    settings = load_settings()
    set_up_logging(settings.log_level, settings.log_format, secrets=settings.secrets())
    asyncio.run(_run(settings))


async def _run(settings: Settings) -> None:
    stop = asyncio.Event()
    for sign in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(sign, stop.set)
    await run_bot(settings, stop)


@click.command()
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


COMMANDS = (run, migrate)
