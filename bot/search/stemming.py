"""Stems: what the forms of an English word have in common.

Porter2, after American spelling, with the few corrections that a digest of vision and graphics needs.
"""

from __future__ import annotations

import re
import threading
from functools import lru_cache

from snowballstemmer import stemmer  # type: ignore[import-untyped] # it comes without types

_EXCEPTIONS = {
    # Porter2 gives these the stem of another word: animation, diffuse, intern, object, position, import, edit.
    "animal": "animal",
    "animals": "animal",
    "diffusion": "diffusion",
    "internal": "internal",
    "objective": "objective",
    "objectives": "objective",
    "positive": "positive",
    "experience": "experience",
    "experiences": "experience",
    "experienced": "experience",
    "importance": "importance",
    "important": "important",
    "optimal": "optimal",
    "edition": "edition",
    # Irregular forms of words that papers are full of.
    "mice": "mouse",
    "vertices": "vertex",
    "vertexes": "vertex",
    "matrices": "matrix",
    "indices": "index",
    "children": "child",
    "people": "people",
    "taught": "teach",
    "learnt": "learn",
    "grey": "gray",
    "tyre": "tire",
    "programme": "program",
    "programmes": "program",
}

_AMERICAN = tuple(
    (re.compile(british, re.ASCII), american)
    for british, american in (
        (r"(?<=[a-z]{3})our(?=$|s$|ed$|ing$|al$|less$|ful|able|hood|ist)", "or"),
        (r"(?<=[a-z]{3}[^civw])is(?=(e|ed|es|ing|er|ers|ation|ations|able)$)", "iz"),
        (r"(?<=[a-z]{2})ys(?=(e|ed|es|ing|er|ers)$)", "yz"),
        (r"(?<=model|label|level|pixel|panel|voxel)l(?=(ed|ing|er|ers)$)", ""),
        (r"(?<=travel|cancel)l(?=(ed|ing|er|ers)$)", ""),
        (r"^(cent|fib|met|theat)re(?=s?$)", r"\1er"),
        (r"(?<=[a-z]{3})ogue(?=s?$)", "og"),
        (r"^(defen|offen|licen)ce(?=s?$)", r"\1se"),
    )
)

# It takes localization for a form of local, normalization for one of normal.
_MADE = re.compile(r"(?P<of>[a-z]{4,}iz)(e|es|ed|er|ers|ing|able|ation|ations|ational)", re.ASCII)
# The forms that Porter2 leaves apart: photogrammetry and photogrammetric, geometry and geometric.
_ADJECTIVE = re.compile(r"(tr|ph|om)i$", re.ASCII)
# It takes a word without a vowel for no word: PhDs, CNNs, MLPs.
_PLURAL_ACRONYM = re.compile(r"[b-df-hj-np-tv-xz]{2,}[b-df-hj-np-rtv-xz]s", re.ASCII)


class _Porter(threading.local):
    """The stemmer of a thread: it keeps the word that it is at work on in itself."""

    def __init__(self) -> None:
        self._stemmer = stemmer("english")

    def stem(self, word: str) -> str:
        found: str = self._stemmer.stemWord(word)
        return found


_PORTER = _Porter()


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """Return the stem of a folded word; numbers and words of other scripts are their own."""
    if not word.isascii() or len(word) < 3:
        return word
    for british, american in _AMERICAN:
        word = british.sub(american, word)
    if word in _EXCEPTIONS:
        return _EXCEPTIONS[word]
    if _PLURAL_ACRONYM.fullmatch(word):
        return word[:-1]
    if made := _MADE.fullmatch(word):
        return made["of"]
    return _ADJECTIVE.sub(r"\1", _PORTER.stem(word))
