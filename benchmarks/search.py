"""What a search costs: the whole path, from a reader's words to a formatted reply, beside the bare full-text statement.

The entries are the sample issues' own sentences, recombined, with coined words among them so that the vocabulary grows
with the number of entries as real ones do. The bare statement asks the same database for the same terms, through
Python's `sqlite3`, and reads ids alone: what is above it is what planning, ranking, reading and formatting cost.
"""

from __future__ import annotations

import asyncio
import random
import re
import resource
import sqlite3
import statistics
import tempfile
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from bot.formatters.results import PAGE, format_results
from bot.locales import open_words
from bot.model.digest import Entry, Issue, Link, Section
from bot.model.richtext import Document, paragraph
from bot.model.search import Sort
from bot.parsing import parse_issue
from bot.search.glossary import load_glossary
from bot.search.indexing import plain_text
from bot.search.outline import outline
from bot.search.parser import parse
from bot.search.planner import Planner
from bot.search.topics import Topics, load_topics
from bot.storage.engine import Database
from bot.storage.issues import IssueStore
from bot.storage.migrate import upgrade
from bot.storage.search import SearchIndex
from bot.storage.search_facts import fetch_facts
from bot.storage.search_match import match_all
from tests.unit.search.judged import ARE_THERE, score_search

SIZES = (10_000, 100_000)
ENTRIES_OF_AN_ISSUE = 50
ROUNDS = 5
SPOKEN_OF_AGAIN = 0.03
"""Share of the entries whose papers stood in an issue before: more than in any digest seen so far."""
_DIGIT = re.compile(r"[0-9]")
DIGESTS = Path(__file__).resolve().parents[1] / "digests"
QUERIES = (
    *("nerf", "slam", "mesh", "渲染", "神经渲染", "点云", "实习", "real-time", "LaTeX", "PhD", "diffusion model"),
    *("differentiable rendering", "surface reconstruction", "neural radiance field", "图神经网络", "三维重建 数据集"),
    *("how do I get an internship", "make training faster", "which course covers geometry", "怎么写论文"),
    *("nerf -gan", "slam OR sfm", '"point cloud"', "has:code mesh", "issue:3..9 rendering", "recontruction", "nerff"),
)
"""Questions of every kind. Names and titles of sample entries come on top."""


@dataclass(frozen=True, slots=True)
class _Timing:
    """How long something took, in milliseconds."""

    samples: Sequence[float]

    @property
    def p50(self) -> float:
        return statistics.median(self.samples)

    @property
    def p99(self) -> float:
        return statistics.quantiles(self.samples, n=100)[98]


def run() -> None:
    """Measure, and print how well people's queries are answered, and a line of costs a size."""
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_judge(Path(folder) / "judged.db"))
    samples = _sample_entries()
    queries = (*QUERIES, *_queries_from(samples))
    print(f"search: {len(queries)} queries, {ROUNDS} rounds; milliseconds, whole path / bare statement")
    for size in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            asyncio.run(_measure(Path(folder) / "bench.db", size, samples, queries))


async def _judge(path: Path) -> None:
    if not ARE_THERE:
        print("search: the judged queries are not beside the repository, their scores are left out")
        return
    database = Database(f"sqlite:///{path}")
    await upgrade(database)
    scores = await score_search(database)
    await database.close()
    kinds = ", ".join(f"{kind} {gain:.2f}" for kind, gain in scores.gains.items())
    print(f"search: judged queries: nDCG@10 {scores.gain:.3f} ({kinds})")
    print(f"  known items: MRR {scores.known_items:.3f}; filters: recall@20 {scores.filters:.3f}")


async def _measure(path: Path, size: int, samples: Sequence[Entry], queries: Sequence[str]) -> None:
    database = Database(f"sqlite:///{path}")
    await upgrade(database)
    topics, glossary = load_topics(DIGESTS / "topics.toml"), load_glossary(DIGESTS / "glossary.toml")
    index = SearchIndex(database, topics, glossary, remembered=0)  # what is known already costs next to nothing
    store = IssueStore(database)
    now = datetime.now(UTC)
    for issue in _issues(size, samples):
        await store.save(issue, content_hash=str(issue.number), now=now, publish_at=None)
    begun = time.perf_counter()
    await index.ensure_current()
    indexed = time.perf_counter() - begun
    words = open_words("en")

    async def ask(query: str) -> None:
        results = await index.search(query, limit=PAGE)
        format_results(results, words, question=1, sort=Sort.BEST)

    for query in queries:
        await ask(query)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    whole = _Timing([await _time(ask, query) for _ in range(ROUNDS) for query in queries])
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    bare = _bare(path, [match for query in queries if (match := await _match(database, query))])
    await database.close()
    print(
        f"  {size:>7,} entries: p50 {whole.p50:.2f} / {bare.p50:.2f} = {whole.p50 / bare.p50:.1f}x, "
        f"p99 {whole.p99:.1f} / {bare.p99:.1f} = {whole.p99 / bare.p99:.1f}x; "
        f"peak memory {before / 1024:.0f} MB, grown by {grown / 1024:.1f}; "
        f"indexed in {indexed:.0f} s, file {path.stat().st_size / 2**20:.0f} MB"
    )


async def _time(ask: Callable[[str], Awaitable[None]], query: str) -> float:
    begun = time.perf_counter()
    await ask(query)
    return (time.perf_counter() - begun) * 1000


async def _match(database: Database, query: str) -> str:
    """Return the expression that a query's own terms make, with everything that stands for them."""
    glossary = load_glossary(DIGESTS / "glossary.toml")
    parts = outline(parse(query), glossary)
    facts = await database.ask(lambda connection: fetch_facts(connection, parts.lookups, glossary.english))
    return match_all(Planner(glossary, Topics(load_topics(DIGESTS / "topics.toml")), facts).plan(parts))


def _bare(path: Path, matches: Sequence[str]) -> _Timing:
    statement = "SELECT rowid FROM entry_fts WHERE entry_fts MATCH ? ORDER BY rank LIMIT 5"
    samples = []
    connection = sqlite3.connect(path)
    for _ in range(ROUNDS):
        for match in matches:
            begun = time.perf_counter()
            connection.execute(statement, (match,)).fetchall()
            samples.append((time.perf_counter() - begun) * 1000)
    connection.close()
    return _Timing(samples)


def _sample_entries() -> tuple[Entry, ...]:
    files = sorted(DIGESTS.glob("[0-9]*.md"))
    issues = (parse_issue(file.read_text(encoding="utf-8"), filename=file.name) for file in files)
    return tuple(entry for issue in issues for entry in issue.entries)


def _queries_from(samples: Sequence[Entry]) -> Iterator[str]:
    for entry in samples[::8]:
        yield entry.title
        yield from (author.name for author in entry.authors[:1])


def _issues(size: int, samples: Sequence[Entry]) -> Iterator[Issue]:
    chance = random.Random(17)
    sentences = [line for entry in samples for line in plain_text(entry.body).split("\n") if line]
    lately = deque[tuple[Link, ...]](maxlen=20 * ENTRIES_OF_AN_ISSUE)
    for number in range(1, size // ENTRIES_OF_AN_ISSUE + 1):
        entries = tuple(_recombined(chance, samples, sentences) for _ in range(ENTRIES_OF_AN_ISSUE))
        entries = tuple(_spoken_of_again(chance, entry, lately) for entry in entries)
        start = date(1990, 1, 1) + timedelta(days=7 * number)
        yield Issue(number, f"Issue {number}", start, start, (Section("成果推荐及讨论", entries),))


def _recombined(chance: random.Random, samples: Sequence[Entry], sentences: Sequence[str]) -> Entry:
    """Return an entry with one's title, another's author and links, and several others' sentences."""
    named, linked = chance.choice(samples), chance.choice(samples)
    body = [_with_coined_words(chance, sentence) for sentence in chance.sample(sentences, 2)]
    return replace(
        linked,
        title=_with_coined_words(chance, named.title),
        authors=tuple(replace(author, url=None, name=_coined_name(chance, author.name)) for author in named.authors),
        body=Document(tuple(map(paragraph, body))),
        comments=(),
        links=tuple(
            replace(link, url=_DIGIT.sub(lambda _: chance.choice("0123456789"), link.url)) for link in linked.links
        ),
    )


def _spoken_of_again(chance: random.Random, entry: Entry, lately: deque[tuple[Link, ...]]) -> Entry:
    """Return the entry, now and then about what an entry of the last issues was about; its links are noted."""
    if lately and chance.random() < SPOKEN_OF_AGAIN:
        return replace(entry, links=chance.choice(lately))
    lately.append(entry.links)
    return entry


def _with_coined_words(chance: random.Random, text: str) -> str:
    words = text.split(" ")
    return " ".join(_coined(chance) if word.isascii() and chance.random() < 0.5 else word for word in words)


def _coined_name(chance: random.Random, name: str) -> str:
    return f"{_coined(chance).title()} {_coined(chance).title()}" if chance.random() < 0.5 else name


def _coined(chance: random.Random) -> str:
    """Return a word that does not exist, frequent ones more often than rare ones (Zipf's law)."""
    rank = int(chance.paretovariate(0.7)) % 200_000
    syllables = ("ka", "lo", "mi", "ren", "tu", "sa", "vel", "po", "dri", "nex", "fa", "gor", "zu", "hep", "quil", "ba")
    word = ""
    while True:
        rank, place = divmod(rank, len(syllables))
        word += syllables[place]
        if not rank:
            return word


if __name__ == "__main__":
    run()
