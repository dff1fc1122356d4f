"""`python -m tests.fakes.transcripts`: draw a transcript, as a page or at once as a picture."""

from __future__ import annotations

from pathlib import Path

import click

from tests.fakes.screenshot import SIZES, photograph
from tests.fakes.transcript import load
from tests.fakes.transcripts import THEMES, draw


@click.command()
@click.argument("transcript", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("output", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--chat", default="", help="Draw this chat alone.")
@click.option("--theme", type=click.Choice(THEMES), default="light", show_default=True)
@click.option("--size", type=click.Choice(sorted(SIZES)), default="phone", show_default=True, help="For a picture.")
def main(transcript: Path, output: Path, chat: str, theme: str, size: str) -> None:
    """Draw TRANSCRIPT (what a fake's `save` wrote) to OUTPUT: a page (.html) or a picture (.png)."""
    html = draw(*load(transcript), theme=theme, chat=chat)
    if output.suffix == ".png":
        photograph(html, output, size=size)
    else:
        output.write_text(html, encoding="utf-8")


if __name__ == "__main__":
    main()
