"""Real issues and what a careful reader says they contain, where they lie beside the repository; their scores."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Mapping
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

from bot.parsing import decode, parse, to_json

SHARED = Path(__file__).parents[4] / "shared"
CORPUS = SHARED / "corpus"
LABELS = SHARED / "labels"
SCORER = SHARED / "bench" / "score_digest.py"
HAS_LABELS = SCORER.exists() and any(LABELS.glob("2*.json"))


def score_corpus(change: Callable[[str], str] = str) -> tuple[Mapping[str, float], list[str]]:
    """Return the score of each field over all labelled issues, and every difference.

    `change` rewrites a source in another way of writing the same.
    """
    scorer = _load(SCORER)
    tally: dict[str, object] = defaultdict(scorer.Tally)
    problems: list[str] = []
    for label in sorted(LABELS.glob("2*.json")):
        gold = json.loads(label.read_text(encoding="utf-8"))
        path = next(path for path in (CORPUS / f"{label.stem}.md", CORPUS / label.stem / "README.md") if path.exists())
        source = change(decode(path.read_bytes(), name=path.name))
        parsed = parse(source, filename=str(path))
        said = json.loads(json.dumps(to_json(parsed.issue, asides=parsed.asides)))
        scorer.score(source, gold, said, tally, problems)
    return {field: figures.f1 for field, figures in tally.items()}, problems


def _load(path: Path) -> ModuleType:
    spec = spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} is no Python module")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
