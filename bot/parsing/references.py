"""Lines that only tell where the post itself stands: "reference: https://…"."""

from __future__ import annotations

from dataclasses import dataclass

from bot.model.digest import LinkKind
from bot.model.richtext import Spans
from bot.parsing.labels import COLONS, is_reference
from bot.parsing.links import Found, find_links
from bot.parsing.names import take_credit
from bot.parsing.sites import kind_of_address
from bot.parsing.social import is_post
from bot.parsing.spans import squeeze, text_of

_CLOSING = " .。)）*"


@dataclass(frozen=True, slots=True)
class Reference:
    """What such a line tells. Without `url`, the address stands on the next line; `name` is in its "(from @name)"."""

    label: str
    name: str
    url: str | None


def refers(found: Found) -> bool:
    """Tell whether a link is announced as the post itself. A "source" on a code host is source code."""
    if is_reference(found.label):
        return kind_of_address(found.url) is not LinkKind.CODE
    return is_reference(found.words) and is_post(found.url)


def read_reference(line: Spans) -> Reference | None:
    """Return what a line tells of the post itself; None for another line."""
    links = find_links(line)
    before, _, behind = text_of(line).partition(links[0].words) if links else (text_of(line), "", "")
    before = squeeze(f"{before} {behind}" if take_credit(behind).name else before)
    if len(links) > 1 or take_credit(behind).text.strip(_CLOSING):
        return None
    if links and not before and is_reference(links[0].words) and is_post(links[0].url):
        return Reference(links[0].words, "", links[0].url)
    credit = take_credit(before)
    if not is_reference(credit.text) or not (credit.text.endswith(tuple(COLONS)) or credit.name):
        return None
    if links and not credit.name and not refers(links[0]):
        return None
    return Reference(before, credit.name, links[0].url if links else None)
