"""Did you mean: the known word that a misspelt one stands for.

Distances count swapped neighbours as one slip (optimal string alignment). Among equally near words the frequent one
wins, and one that begins alike, since slips at the first letter are rare.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from rapidfuzz import process
from rapidfuzz.distance import OSA

SHORTEST = 4
"""Shorter words are not corrected: too many words are near them."""

_FREQUENCY_WEIGHT = 0.18
_FIRST_LETTER_WEIGHT = 0.3


def tolerance(word: str) -> int:
    """Return how many slips a word of this length may have."""
    return 1 if len(word) < 6 else 2 if len(word) < 11 else 3


def is_one_slip(word: str, other: str) -> bool:
    """Tell whether a single slip makes one word of the other."""
    return OSA.distance(word, other, score_cutoff=1) == 1


def closest(word: str, choices: Iterable[str]) -> str:
    """Return the one of a few choices that was meant, or ""."""
    allowed = max(1, len(word) // 3)
    distances = [(OSA.distance(word, choice, score_cutoff=allowed), choice) for choice in choices]
    distance, choice = min(distances, default=(allowed + 1, ""))
    return choice if 0 < distance <= allowed else ""


def correct(word: str, vocabulary: Mapping[str, int]) -> str:
    """Return the likeliest word of a vocabulary (word -> how many entries have it) for a misspelt one, or ""."""
    if len(word) < SHORTEST:
        return ""
    best, lowest = "", math.inf
    near = process.extract(word, vocabulary.keys(), scorer=OSA.distance, score_cutoff=tolerance(word), limit=None)
    for candidate, distance, _ in near:
        if candidate == word:
            continue
        score = distance - _FREQUENCY_WEIGHT * math.log10(vocabulary[candidate])
        score += _FIRST_LETTER_WEIGHT * (candidate[0] != word[0])
        if score < lowest or (score == lowest and candidate < best):
            best, lowest = candidate, score
    return best
