"""Web addresses as they stand in texts: told from words, freed of punctuation, taken apart."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import urlsplit

_ADDRESS = re.compile(r"https?://[^\s/]+\S*", re.IGNORECASE)
_BARE_HOST = re.compile(r"(?:[\w-]+\.)+[a-z]{2,}(?:/\S*)?", re.IGNORECASE)
_TRAILING = ".,;:!?'\"~"


def is_address(text: str) -> bool:
    """Tell whether a text, as a whole, is a web address with its scheme."""
    return _ADDRESS.fullmatch(text.strip()) is not None


def looks_like_address(text: str) -> bool:
    """Tell whether a text, as a whole, is a web address, be it without its scheme: ``arxiv.org/abs/2108.13027``."""
    return is_address(text) or _BARE_HOST.fullmatch(text.strip()) is not None


def trim_address(address: str) -> str:
    """Return a bare address without the punctuation and closing brackets of the sentence it stands in."""
    surplus = address.count(")") - address.count("(")
    end = len(address)
    while end > 0 and (address[end - 1] in _TRAILING or (address[end - 1] == ")" and surplus > 0)):
        surplus -= address[end - 1] == ")"
        end -= 1
    return address[:end]


@lru_cache(maxsize=1024)
def split_address(url: str) -> tuple[str, str]:
    """Return host (in lower case, without port) and path of an address, both empty for one that is broken."""
    try:
        parts = urlsplit(url)
        return (parts.hostname or "").lower(), parts.path
    except ValueError:  # "http://[" and other broken IPv6 addresses
        return "", ""
