"""How a file is read, without a database: parse."""

from __future__ import annotations

from pathlib import Path

import click

from bot.cli.issue import print_issue
from bot.cli.output import print_json
from bot.parsing import decode, to_json
from bot.parsing import parse as parse_markdown


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def parse(file: Path, *, as_json: bool) -> None:
    """Show how the issue in FILE is read, storing nothing."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise click.ClickException(f"{file} cannot be read: {error.strerror}") from error
    parsed = parse_markdown(decode(content, name=str(file)), filename=str(file))
    if as_json:
        print_json(to_json(parsed.issue, asides=parsed.asides))
    else:
        print_issue(parsed.issue)
