"""Every issue there is: the samples, and the real ones where they lie beside the repository."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from itertools import count
from pathlib import Path

import pytest

from bot.model.digest import Issue
from bot.parsing import decode, is_index, parse_issue

_ROOT = Path(__file__).resolve().parents[2]
CORPUS = _ROOT.parent / "shared" / "corpus"


def _told_name(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def _is_issue(path: Path) -> bool:
    return not is_index(decode(path.read_bytes(), name=path.name), filename=_told_name(path))


FILES = [*sorted((_ROOT / "digests").glob("0*.md")), *filter(_is_issue, sorted(CORPUS.rglob("*.md")))]

for_every_issue = pytest.mark.parametrize(
    "path", FILES, ids=lambda path: path.stem if path.stem != "README" else path.parent.name
)


@lru_cache(maxsize=1)  # the same issue is wanted in several layouts and languages one after the other
def read_stored(path: Path) -> Issue:
    """Read an issue as it would be stored: numbered, and its entries with ids."""
    issue = parse_issue(decode(path.read_bytes(), name=path.name), filename=_told_name(path))
    ids = count(1)
    sections = (
        replace(section, entries=tuple(replace(entry, id=next(ids)) for entry in section.entries))
        for section in issue.sections
    )
    return replace(issue, number=issue.number or 1, sections=tuple(sections), base=f"{path.parent.as_uri()}/")
