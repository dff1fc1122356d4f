"""What reading costs, beside bare markdown-it-py on the same text; what storing costs; how well real issues are read.

The real issues and what a careful reader says of them lie beside the repository; without them the digest's own issues
are measured, and nothing is scored.
"""

from __future__ import annotations

import asyncio
import gc
import itertools
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from markdown_it import MarkdownIt

from bot.ingest import ENTRIES_AT_ONCE
from bot.model.digest import Issue
from bot.parsing import parse
from bot.search.glossary import load_glossary
from bot.search.topics import load_topics
from bot.storage.engine import Database
from bot.storage.issues import Incoming, IssueStore
from bot.storage.migrate import upgrade
from bot.storage.search import SearchIndex
from tests.unit.parsing.scoring import CORPUS, HAS_LABELS, score_corpus

ROUNDS = 25
AIM = 2.5
"""Times as long as bare markdown-it-py, at the most."""
STORED = 4_000
STORING_AIM = 2_000
"""Entries a second, at the least."""

OWN = Path(__file__).parents[1] / "digests"


@dataclass(frozen=True, slots=True)
class Text:
    """One issue's file."""

    name: str
    markdown: str


def run() -> None:
    """Print the time for all issues and for a megabyte, as a ratio to markdown-it-py; then the scores."""
    texts = list(_read_texts())
    megabytes = sum(len(text.markdown.encode()) for text in texts) / 1e6
    bare = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    ours, theirs = _compare(
        lambda: [parse(text.markdown, filename=text.name) for text in texts],
        lambda: [bare.render(text.markdown) for text in texts],
    )
    print(f"parsing: {len(texts)} issues, {megabytes:.2f} MB")
    print(f"  markdown-it-py {theirs * 1e3:7.1f} ms  {theirs / megabytes:5.2f} s/MB")
    print(f"  bot.parsing    {ours * 1e3:7.1f} ms  {ours / megabytes:5.2f} s/MB  {ours / theirs:.2f} times (aim {AIM})")
    issues = [parse(text.markdown, filename=text.name).issue for text in texts]
    together, by_clock = asyncio.run(_store(issues, ENTRIES_AT_ONCE))
    singly, _ = asyncio.run(_store(issues, 1))
    print(
        f"  storing with the search index: {together:,.0f} entries a second of processor time (aim {STORING_AIM:,}), "
        f"{by_clock:,.0f} by the clock; {singly:,.0f} where each issue comes alone"
    )
    if HAS_LABELS:
        _print_scores()
    else:
        print("  no labels beside the repository: nothing is scored")


async def _store(issues: Sequence[Issue], at_once: int) -> tuple[float, float]:
    """Store the issues over and over, each time as new ones, so many entries at once.

    Returns how many entries in a second of processor time, and how many by the clock.
    """
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/bench.db")
        await upgrade(database)
        index = SearchIndex(database, load_topics(OWN / "topics.toml"), load_glossary(OWN / "glossary.toml"))
        await index.ensure_current()
        store = IssueStore(database, indexer=index.index_issues)
        numbers = itertools.count(1)
        entries = 0
        waiting: list[Incoming] = []
        begun, worked = time.perf_counter(), time.process_time()
        async with index.together():
            while entries < STORED:
                for issue in issues:
                    number = next(numbers)
                    waiting.append(Incoming(replace(issue, number=number), str(number)))
                    entries += len(issue.entries)
                    if sum(len(one.issue.entries) for one in waiting) >= at_once:
                        await store.save_all(waiting, now=datetime.now(UTC), publish_at=None)
                        waiting = []
            await store.save_all(waiting, now=datetime.now(UTC), publish_at=None)
        taken = time.process_time() - worked, time.perf_counter() - begun
        await database.close()
    return entries / taken[0], entries / taken[1]


def _print_scores() -> None:
    scores, problems = score_corpus()
    print("  scores on labelled issues")
    for field, score in scores.items():
        print(f"    {field:14} {score:.4f}")
    print(f"    {'overall':14} {statistics.mean(scores.values()):.4f}")
    for problem in problems:
        print(f"    {problem}")


def _read_texts() -> Iterator[Text]:
    paths = [*CORPUS.glob("2*.md"), *CORPUS.glob("2*/README.md")] or [*OWN.glob("[0-9]*.md")]
    for path in sorted(paths):
        yield Text(str(path), path.read_bytes().decode())


def _compare(ours: Callable[[], object], theirs: Callable[[], object]) -> tuple[float, float]:
    """Return the median processor time of each, measured in turn so that a busy machine slows both alike."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS):
        for taken, act in zip(times, (ours, theirs), strict=True):
            gc.collect()
            begun = time.process_time()
            act()
            taken.append(time.process_time() - begun)
    return statistics.median(times[0]), statistics.median(times[1])
