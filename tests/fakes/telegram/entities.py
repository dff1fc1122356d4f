"""A message's text and its entities, checked and cleaned as Telegram does before a message may stand.

Lengths of texts count code points, offsets of entities UTF-16 units. What the server would drop without a word is
dropped here too, and reported: a client that relies on it is mistaken.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from tests.fakes.telegram import errors
from tests.fakes.telegram.errors import ApiError

Entity = dict[str, Any]

TEXT_LIMIT = 4096  # https://core.telegram.org/bots/api#sendmessage
CAPTION_LIMIT = 1024  # https://core.telegram.org/bots/api#sendphoto
RAW_BYTES = 32_768  # the Bot API server's own limit on a text before it looks at it
ENTITY_LIMIT = 100  # https://core.telegram.org/bots/api#formatting-options
ENTITY_BYTES = 9_500  # https://github.com/tdlib/telegram-bot-api/issues/165: approximate, says its author

STYLES = frozenset({"bold", "italic", "underline", "strikethrough", "spoiler"})
QUOTES = frozenset({"blockquote", "expandable_blockquote"})
FIXED = frozenset({"pre", "code", "date_time"})
LINKS = frozenset({"text_link", "text_mention", "custom_emoji"})
FOUND = frozenset({"mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number"})
KNOWN = STYLES | QUOTES | FIXED | LINKS | FOUND

_ASTRAL = re.compile("[\U00010000-\U0010ffff]")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
_FINDERS = (
    ("url", "://", re.compile(r"https?://[^\s<>()\"'（）《》，。、；！？]+[^\s<>()\"'.,;:!?（）《》，。、；！？]")),
    ("bot_command", "/", re.compile(r"(?<![\w/])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?")),
    ("mention", "@", re.compile(r"(?<![\w@])@[A-Za-z][A-Za-z0-9_]{3,31}")),
    ("hashtag", "#", re.compile(r"(?<![\w#])#\w*[^\W\d]\w*")),
)


@dataclass(frozen=True, slots=True)
class Checked:
    """A text as it will stand, and which rules were not kept on the way."""

    text: str
    entities: list[Entity]
    violations: list[str]


def utf16(text: str) -> int:
    """Return a text's length in UTF-16 units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, entity: Entity) -> str:
    """Return the piece of a text an entity covers."""
    units = text.encode("utf-16-le", "surrogatepass")
    start, end = entity["offset"] * 2, (entity["offset"] + entity["length"]) * 2
    return units[start:end].decode("utf-16-le", "replace")


def check_text(text: str, entities: list[Entity], *, limit: int) -> Checked:
    """Check a text with its entities. Raises ApiError with what Telegram says."""
    if len(text.encode()) > RAW_BYTES:
        raise ApiError(errors.TEXT_TOO_LONG)
    entities = [dict(entity) for entity in entities if entity.get("length")]
    violations = [
        f"an entity of unknown type {entity.get('type')!r}" for entity in entities if entity.get("type") not in KNOWN
    ]
    entities = [entity for entity in entities if entity.get("type") in KNOWN]
    _check_ranges(text, entities)
    _check_links(entities)
    text, entities = _clean(text, entities)
    if len(text) > limit:
        raise ApiError(errors.CAPTION_TOO_LONG if limit == CAPTION_LIMIT else errors.MESSAGE_TOO_LONG)
    entities, nesting = _untangle(entities)
    violations += nesting
    if sum(map(_wire_size, entities)) > ENTITY_BYTES:
        raise ApiError(errors.ENTITIES_TOO_LONG)
    entities, dropped = _first_hundred(entities)
    if dropped:
        violations.append(f"{dropped} entities above {ENTITY_LIMIT} were dropped")
    return Checked(text, _sorted([*entities, *find_entities(text, entities)]), violations)


def find_entities(text: str, taken: Iterable[Entity] = ()) -> list[Entity]:
    """Find what Telegram makes an entity by itself: commands, mentions, hashtags, addresses."""
    closed = [_range(entity) for entity in taken if entity["type"] in FIXED | LINKS | FOUND]
    found: list[Entity] = []
    for kind, sign, pattern in _FINDERS:
        for match in pattern.finditer(text) if sign in text else ():
            offset = utf16(text[: match.start()])
            length = utf16(match.group())
            if all(offset + length <= start or offset >= end for start, end in closed):
                found.append({"type": kind, "offset": offset, "length": length})
                closed.append((offset, offset + length))
    return _sorted(found)


def check_url(url: str) -> None:
    """Raise ApiError for an address Telegram does not take."""
    if url.startswith(("tg://", "ton://")):
        return
    parts = urlsplit(url if "://" in url else f"http://{url}")
    if parts.scheme not in {"http", "https"}:
        raise ApiError(f"URL '{url}' is invalid: Unsupported URL protocol")
    if ("." not in (parts.hostname or "") and ":" not in (parts.hostname or "")) or re.search(r"\s", url):
        raise ApiError(f"URL '{url}' is invalid: Wrong HTTP URL")


def _check_links(entities: list[Entity]) -> None:
    for entity in entities:
        if entity["type"] == "text_link":
            try:
                check_url(entity.get("url", ""))
            except ApiError as error:
                raise ApiError(f"entity {error.description.removeprefix('Bad Request: ')}") from error


def _check_ranges(text: str, entities: list[Entity]) -> None:
    length = utf16(text)
    inside = _insides(text)
    for entity in entities:
        start, end = _range(entity)
        if start < 0:
            raise ApiError(f"receive an entity with incorrect offset {start}")
        if entity["length"] < 0:
            raise ApiError(f"receive an entity with incorrect length {entity['length']}")
        if start > length:
            raise ApiError(f"entity begins after the end of the text at UTF-16 offset {start}")
        if end > length:
            raise ApiError(
                f"entity beginning at UTF-16 offset {start} ends after the end of the text at UTF-16 offset {end}"
            )
        if start in inside:
            raise ApiError(f"entity begins in a middle of a UTF-16 symbol at byte offset {start}")
        if end in inside:
            raise ApiError(
                f"entity beginning at UTF-16 offset {start} ends in a middle of a UTF-16 symbol at byte offset {end}"
            )


def _insides(text: str) -> frozenset[int]:
    """Return the UTF-16 offsets that fall inside a character."""
    pairs = enumerate(match.start() for match in _ASTRAL.finditer(text))
    return frozenset(position + earlier + 1 for earlier, position in pairs)


def _clean(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Turn control characters into spaces and trim both ends, as far as entities let it."""
    text = _CONTROL.sub(" ", text)
    stripped = text.rstrip()
    end = utf16(stripped)
    kept = []
    for entity in _sorted(entities):
        length = min(entity["length"], end - entity["offset"])
        if length > 0:
            kept.append({**entity, "length": length})
    first = kept[0]["offset"] if kept else end
    lead = min(len(stripped) - len(stripped.lstrip(" \n")), first)
    return stripped[lead:], [{**entity, "offset": entity["offset"] - lead} for entity in kept]


def _untangle(entities: list[Entity]) -> tuple[list[Entity], list[str]]:
    """Drop entities that break the nesting rules, and name the rules."""
    kept: list[Entity] = []
    broken: list[str] = []
    stack: list[Entity] = []
    for entity in entities:
        start, end = _range(entity)
        while stack and _range(stack[-1])[1] <= start:
            stack.pop()
        rule = _nesting_rule(entity, [outer["type"] for outer in stack])
        if any(end > _range(outer)[1] and not {entity["type"], outer["type"]} <= STYLES for outer in stack):
            rule = f"{entity['type']} crosses the end of another entity"
        if rule:
            broken.append(rule)
            continue
        kept.append(entity)
        stack.append(entity)
    return kept, broken


def _nesting_rule(entity: Entity, outside: list[str]) -> str:
    kind = entity["type"]
    outer = set(outside)
    if kind in outer:
        return f"{kind} inside {kind}"
    if outer & FIXED:
        return f"{kind} inside {next(iter(outer & FIXED))}"
    if kind in FIXED and outer - QUOTES:
        return f"{kind} inside {next(iter(outer - QUOTES))}"
    if kind in LINKS | QUOTES and outer & LINKS:
        return f"{kind} inside {next(iter(outer & LINKS))}"
    if kind in QUOTES and outer & QUOTES:
        return f"{kind} inside {next(iter(outer & QUOTES))}"
    return ""


def _first_hundred(entities: list[Entity]) -> tuple[list[Entity], int]:
    """Keep as many as the server takes. It takes links, quotes and code first, styles with what room is left."""
    solid = [entity for entity in entities if entity["type"] not in STYLES | FOUND]
    styles = [entity for entity in entities if entity["type"] in STYLES]
    kept = (solid + styles)[:ENTITY_LIMIT]
    return _sorted(kept), len(solid) + len(styles) - len(kept)


def _wire_size(entity: Entity) -> int:
    """Return the bytes an entity takes on Telegram's own wire, where strings are padded to four."""
    argument = len(str(entity.get("url", entity.get("language", ""))).encode())
    return 12 + (4 + argument + -argument % 4 if argument else 0)


def _range(entity: Entity) -> tuple[int, int]:
    return entity["offset"], entity["offset"] + entity["length"]


def _sorted(entities: Iterable[Entity]) -> list[Entity]:
    return sorted(entities, key=lambda entity: (entity["offset"], -entity["length"]))
