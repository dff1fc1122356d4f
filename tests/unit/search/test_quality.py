"""Quality: queries that people judged find what they are meant to find, in a good order."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import pytest

from bot.model.digest import Entry
from bot.model.search import Results
from bot.parsing import parse_issue
from bot.search.glossary import load_glossary
from bot.search.topics import load_topics
from bot.storage.engine import Database
from bot.storage.issues import IssueStore
from bot.storage.search import SearchIndex
from tests.unit.search.judged import ARE_THERE, DIGESTS, score_search


@pytest.mark.skipif(not ARE_THERE, reason="the judged queries are not beside the repository")
async def test_judged_queries_are_answered_well(database: Database) -> None:
    """Mean nDCG@10 of 0.80, no kind below 0.65; known items first in 95 %, filters complete to 98 %."""
    scores = await score_search(database)
    assert scores.gain >= 0.80
    assert min(scores.gains.values()) >= 0.65, scores.gains
    assert scores.known_items >= 0.95
    assert scores.filters >= 0.98


@pytest.fixture
async def sample(database: Database) -> tuple[SearchIndex, list[Entry]]:
    """The sample digest, and its index."""
    index = SearchIndex(database, load_topics(DIGESTS / "topics.toml"), load_glossary(DIGESTS / "glossary.toml"))
    store = IssueStore(database, indexer=index.index_issues)
    entries: list[Entry] = []
    for file in sorted(DIGESTS.glob("[0-9]*.md")):
        issue = parse_issue(file.read_text(encoding="utf-8"), filename=file.name)
        await store.save(issue, content_hash=file.name, now=datetime.now(UTC), publish_at=None)
        entries += issue.entries
    return index, entries


async def test_a_title_finds_its_entry(sample: tuple[SearchIndex, list[Entry]]) -> None:
    """Whole, and with a slip of the pen in its longest word: first, but for a few that share their words."""
    index, entries = sample
    chance = random.Random(1)
    for change in (str, lambda title: _misspelt(title, chance)):
        first = [entry.title in _titles(await index.search(change(entry.title), limit=1)) for entry in entries]
        assert sum(first) >= 0.96 * len(first)


async def test_an_address_finds_what_links_to_it(sample: tuple[SearchIndex, list[Entry]]) -> None:
    """Every source and every link of every entry, pasted."""
    index, entries = sample
    for entry in entries:
        for url in filter(None, (entry.source_url, *(link.url for link in entry.links))):
            results = await index.search(url, limit=50)
            assert any(entry.title == hit.entry.title or len(hit.places) > 1 for hit in results.hits), url


async def test_a_name_finds_all_that_somebody_posted(sample: tuple[SearchIndex, list[Entry]]) -> None:
    """As it is written, in small letters, behind ``author:``; nobody is left out."""
    index, entries = sample
    for name in {author.name for entry in entries for author in entry.authors if author.name}:
        posted = {entry.title for entry in entries if name in {author.name for author in entry.authors}}
        for query in (name, name.lower(), f'author:"{name}"'):
            assert posted <= set(_titles(await index.search(query, limit=100))), query


def _titles(results: Results) -> list[str]:
    return [hit.entry.title for hit in results.hits]


def _misspelt(title: str, chance: random.Random) -> str:
    """Swap two neighbours inside the longest English word of a title that has others beside it."""
    words = title.split(" ")
    longest = max(words, key=len)
    if len(words) < 3 or len(longest) < 6 or not (longest.isascii() and longest.isalpha()):
        return title
    at = chance.randrange(1, len(longest) - 2)
    slip = longest[:at] + longest[at + 1] + longest[at] + longest[at + 2 :]
    return title.replace(longest, slip)
