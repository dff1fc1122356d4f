"""Folding: what two spellings of one text have in common.

Width, case, accents and ligatures are folded away, and traditional characters become simplified ones. Every folded
character knows where it came from, so that a match in the folded text can be shown in the original.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache

from opencc import OpenCC

CJK = r"\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7af\U00020000-\U0003134f"
"""Han, kana and hangul: the scripts whose words no space divides (a character class of regular expressions)."""

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_KEEPS_MARKS = re.compile(f"[{CJK}]")
# Letters that Unicode does not take apart, though a reader without them on the keyboard does.
_PLAIN = {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "’": "'", "‘": "'"}


def fold(text: str) -> str:
    """Return the folded text."""
    if text.isascii():
        return text.lower()
    return _simplify(text).translate(_FOLDS)


def fold_with_offsets(text: str) -> tuple[str, Sequence[int]]:
    """Return the folded text, and for each of its characters the position in the original it came from."""
    if text.isascii():
        return text.lower(), range(len(text))
    simplified = _simplify(text)
    folded = simplified.translate(_FOLDS)
    if _FOLDS.longer_or_shorter.isdisjoint(simplified):
        return folded, range(len(text))
    lengths = (len(_FOLDS[ord(character)]) for character in simplified)
    return folded, [position for position, length in enumerate(lengths) for _ in range(length)]


def has_cjk(text: str) -> bool:
    """Tell whether a text holds Han, kana or hangul."""
    return not text.isascii() and _KEEPS_MARKS.search(text) is not None


@cache
def _converter() -> OpenCC:
    return OpenCC("t2s")


def _simplify(text: str) -> str:
    if not _HAN.search(text):
        return text
    # The converter knows whole words, but takes no text that cannot be encoded.
    simplified: str = _converter().convert(text.encode(errors="replace").decode())
    if len(simplified) == len(text):
        return simplified
    return "".join([_simplify_character(character) for character in text])


@lru_cache(maxsize=16384)
def _simplify_character(character: str) -> str:
    if not _HAN.match(character):
        return character
    simplified: str = _converter().convert(character)
    return simplified if len(simplified) == 1 else character


class _Folds(dict[int, str]):
    """What each character folds to, for `str.translate`; worked out when it is first met."""

    def __init__(self) -> None:
        self.longer_or_shorter: set[str] = set()

    def __missing__(self, code: int) -> str:
        folded = _fold_character(chr(code))
        if len(folded) != 1:
            self.longer_or_shorter.add(chr(code))
        self[code] = folded  # last: another thread may rely on it from here on
        return folded


_FOLDS = _Folds()


def _fold_character(character: str) -> str:
    if unicodedata.category(character) in {"Cs", "Cc", "Cf"} and not character.isspace():
        return "" if character in "\u200b\u200c\u200d\u2060\ufeff\u00ad\ufe0f" else " "
    compatible = unicodedata.normalize("NFKC", character).casefold()
    if _KEEPS_MARKS.match(compatible):
        return compatible
    letters = unicodedata.normalize("NFKD", compatible)
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return "".join(_PLAIN.get(letter, letter) for letter in plain)
