"""What the command line prints: tables for people, JSON for programs, errors in one line."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import click

from bot.model.richtext import Mark, Spans

if TYPE_CHECKING:
    from rich.console import Console


def print_error(message: str) -> None:
    """Print one line on standard error."""
    print(f"bot: {' '.join(message.split())}", file=sys.stderr)  # noqa: T201 - printing is this room's business


def print_json(value: Any) -> None:
    """Print a value as JSON, readable and in its own script."""
    print(json.dumps(value, ensure_ascii=False, indent=2))  # noqa: T201 - as above


def print_line(text: str = "") -> None:
    """Print a line as it is."""
    click.echo(text)


def emphasize(spans: Spans) -> str:
    """Return a text with what is bold in it bold, for `print_line`: on a terminal alone, where that can be shown."""
    return "".join(click.style(span.text, bold=True) if Mark.BOLD in span.marks else span.text for span in spans)


def print_table(columns: Iterable[str], rows: Iterable[Iterable[object]], *, numbers: Iterable[str] = ()) -> None:
    """Print a table; columns named in `numbers` are set flush right. Contents are never taken for markup."""
    from rich.table import Table  # noqa: PLC0415 - a command that prints JSON is quicker without
    from rich.text import Text  # noqa: PLC0415

    right = set(numbers)
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, justify="right" if column in right else "left", overflow="fold")
    for row in rows:
        table.add_row(*(cell if isinstance(cell, Text) else Text(str(cell)) for cell in row))
    make_console().print(table)


def many(n: int, thing: str) -> str:
    """Say how many there are of a thing whose plural has an s."""
    return f"{n} {thing}" if n == 1 else f"{n} {thing}s"


def make_console(*, stderr: bool = False) -> Console:
    """Return a console: as wide as its terminal, and wide enough for any table where there is none."""
    from rich.console import Console  # noqa: PLC0415 - as above

    stream = sys.stderr if stderr else sys.stdout
    return Console(stderr=stderr, width=None if stream.isatty() else 160, highlight=False, soft_wrap=False)
