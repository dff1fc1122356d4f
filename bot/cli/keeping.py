"""Keeping the bot well: doctor, backup."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from pathlib import Path

import click
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

from bot.app import open_house
from bot.cli.output import make_console, print_json, print_line
from bot.doctor import Finding, Verdict, examine
from bot.logs import set_up_logging
from bot.settings import load_settings
from bot.storage.backup import back_up
from bot.storage.engine import Database

_SIGNS = {Verdict.WELL: "✓", Verdict.OFF: "–", Verdict.DOUBTFUL: "!", Verdict.ILL: "✗"}


@click.command(short_help="Look whether everything the bot needs is there.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def doctor(context: click.Context, *, as_json: bool) -> None:
    """Look whether everything the bot needs is there and well; nothing is sent or changed.

    Exit status 0: it is (perhaps with something to look at, marked !); 1: something does not work (marked ✗).
    """
    settings = load_settings()
    # What a platform logs while it is tried in vain, its finding says better.
    set_up_logging("error", settings.log_format, secrets=settings.secrets())

    async def act() -> list[Finding]:
        found = []
        async with open_house(settings) as house, aclosing(examine(house)) as findings:
            async for finding in findings:
                found.append(finding)
                if not as_json:
                    print_line(f"{_SIGNS[finding.verdict]} {finding.subject}: {' '.join(finding.said.split())}")
        return found

    findings = asyncio.run(act())
    if as_json:
        print_json([{"subject": one.subject, "verdict": one.verdict.value, "said": one.said} for one in findings])
    context.exit(1 if any(finding.verdict is Verdict.ILL for finding in findings) else 0)


@click.command(short_help="Copy the database into a file, while the bot runs.")
@click.argument("file", type=click.Path(path_type=Path))
def backup(file: Path) -> None:
    """Copy the database into FILE, whole and checked, while the bot may run; FILE must not be there yet."""
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())

    async def act() -> int:
        database = Database(load_settings().database_url.get_secret_value())
        try:
            console = make_console(stderr=True)
            with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
                task = bar.add_task("copying", total=None)
                return await back_up(
                    database, file, progress=lambda done, total: bar.update(task, completed=done, total=total)
                )
        finally:
            await database.close()

    size = asyncio.run(act())
    print_line(f"{file}: {size / 1e6:,.1f} MB")
