"""The judged queries: what people said should be found by them, and how well it is.

The issues, queries and judgments lie beside the repository; `ARE_THERE` tells whether they do.
"""

from __future__ import annotations

import importlib.util
import json
import sys
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import mean
from types import ModuleType
from typing import Any

from bot.model.search import Hit
from bot.parsing import parse_issue
from bot.search.glossary import load_glossary
from bot.search.indexing import plain_text
from bot.search.topics import load_topics
from bot.storage.engine import Database
from bot.storage.issues import IssueStore
from bot.storage.search import SearchIndex

ROOT = Path(__file__).resolve().parents[3]
SHARED = ROOT.parent / "shared"
DIGESTS = ROOT / "digests"

ARE_THERE = (SHARED / "labels" / "queries.json").is_file()
"""Whether there is anything to measure with."""


@dataclass(frozen=True, slots=True)
class Score:
    """How one query did: its discounted gain, the rank of its first relevant hit, its recall among twenty."""

    gain: float
    reciprocal_rank: float
    recall: float


@dataclass(frozen=True, slots=True)
class Scores:
    """How the queries of each kind did."""

    by_kind: Mapping[str, Sequence[Score]]

    @property
    def gain(self) -> float:
        """Mean nDCG@10 of all queries."""
        return mean(score.gain for scores in self.by_kind.values() for score in scores)

    @property
    def gains(self) -> dict[str, float]:
        """Mean nDCG@10 by kind."""
        return {kind: mean(score.gain for score in scores) for kind, scores in sorted(self.by_kind.items())}

    @property
    def known_items(self) -> float:
        """Mean reciprocal rank of what a reader knows to be there."""
        return mean(score.reciprocal_rank for score in self.by_kind["known-item"])

    @property
    def filters(self) -> float:
        """Mean recall@20 of queries by filter."""
        return mean(score.recall for score in self.by_kind["filter"])


async def score_search(database: Database) -> Scores:
    """Store the judged issues in an empty database, and ask the judged queries."""
    scorer = _load_scorer()
    entries = list(scorer.load_entries(SHARED / "labels"))
    known = {entry_id for _, entry_id, _ in entries}
    index = await _load_corpus(database)
    recognised: dict[int, str | None] = {}

    def recognise(hit: Hit) -> str | None:
        if hit.entry.id not in recognised:
            recognised[hit.entry.id] = scorer.recognise(_as_json(hit), entries)
        return recognised[hit.entry.id]

    scores = defaultdict[str, list[Score]](list)
    for query in json.loads((SHARED / "labels" / "queries.json").read_text(encoding="utf-8")):
        relevant = {entry: grade for entry, grade in query["relevant"].items() if entry in known}
        if query["split"] != "dev" or not relevant:
            continue
        hits = (await index.search(query["query"], limit=20)).hits
        found = dict.fromkeys(entry for entry in map(recognise, hits) if entry)
        grades = [relevant.get(entry, 0) for entry in found if entry not in query.get("unscored", ())]
        scores[query["type"]].append(_judge(grades, relevant.values(), scorer))
    return Scores(scores)


def _judge(grades: Sequence[int], relevant: Collection[int], scorer: ModuleType) -> Score:
    ideal = sorted(relevant, reverse=True)[:10]
    first = next((1 / rank for rank, grade in enumerate(grades, start=1) if grade), 0.0)
    recall = sum(grade > 0 for grade in grades[:20]) / min(20, len(relevant))
    return Score(scorer.dcg(grades[:10]) / scorer.dcg(ideal), first, recall)


def _as_json(hit: Hit) -> dict[str, Any]:
    text = plain_text(hit.entry.body)
    return {"issue": hit.place.issue, "title": hit.entry.title, "text": text, "source_url": hit.entry.source_url}


async def _load_corpus(database: Database) -> SearchIndex:
    index = SearchIndex(database, load_topics(DIGESTS / "topics.toml"), load_glossary(DIGESTS / "glossary.toml"))
    store = IssueStore(database, indexer=index.index_issues)
    for number, file in enumerate(_corpus_files(), start=1):
        issue = parse_issue(file.read_text(encoding="utf-8"), filename=str(file.relative_to(SHARED / "corpus")))
        await store.save(
            replace(issue, number=number), content_hash=str(number), now=datetime.now(UTC), publish_at=None
        )
    return index


def _corpus_files() -> Iterator[Path]:
    """Yield the issues in the order of their dates, which their names begin with."""
    corpus = SHARED / "corpus"
    files = (*corpus.glob("2*.md"), *corpus.glob("2*/README.md"))
    yield from sorted(files, key=lambda file: file.relative_to(corpus).parts[0])


def _load_scorer() -> ModuleType:
    path = SHARED / "bench" / "score_search.py"
    sys.path.insert(0, str(path.parent))  # it imports its neighbour
    try:
        spec = importlib.util.spec_from_file_location("score_search", path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module
    finally:
        sys.path.remove(str(path.parent))
