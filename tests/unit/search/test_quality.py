"""Quality: queries that people judged find what they are meant to find, in a good order.

The judged issues and queries lie beside the repository; without them there is nothing to measure.
"""

from __future__ import annotations

import importlib.util
import json
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import mean
from types import ModuleType
from typing import Any

import pytest

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

pytestmark = pytest.mark.skipif(
    not (SHARED / "labels" / "queries.json").is_file(), reason="the judged queries are not beside the repository"
)


@dataclass(frozen=True, slots=True)
class Score:
    """How one query did: its discounted gain, the rank of its first relevant hit, its recall among twenty."""

    gain: float
    reciprocal_rank: float
    recall: float


async def test_judged_queries_are_answered_well(database: Database) -> None:
    """Mean nDCG@10 of 0.80, no kind below 0.65; known items first in 95 %, filters complete to 98 %."""
    scores = await _score(database)
    means = {kind: mean(score.gain for score in found) for kind, found in scores.items()}
    assert mean(score.gain for found in scores.values() for score in found) >= 0.80
    assert min(means.values()) >= 0.65, means
    assert mean(score.reciprocal_rank for score in scores["known-item"]) >= 0.95
    assert mean(score.recall for score in scores["filter"]) >= 0.98


async def _score(database: Database) -> dict[str, list[Score]]:
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
    return scores


def _judge(grades: Sequence[int], relevant: Any, scorer: ModuleType) -> Score:
    ideal = sorted(relevant, reverse=True)[:10]
    first = next((1 / rank for rank, grade in enumerate(grades, start=1) if grade), 0.0)
    recall = sum(grade > 0 for grade in grades[:20]) / min(20, len(relevant))
    return Score(scorer.dcg(grades[:10]) / scorer.dcg(ideal), first, recall)


def _as_json(hit: Hit) -> dict[str, Any]:
    text = plain_text(hit.entry.body)
    return {"issue": hit.place.issue, "title": hit.entry.title, "text": text, "source_url": hit.entry.source_url}


async def _load_corpus(database: Database) -> SearchIndex:
    index = SearchIndex(database, load_topics(DIGESTS / "topics.toml"), load_glossary(DIGESTS / "glossary.toml"))
    store = IssueStore(database, indexer=index.index_issue)
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
