"""Replies as modals. Pure.

A view holds more than a message: a hundred blocks, and no sum of characters that matters. What is longer still is
turned like a page. https://docs.slack.dev/reference/views/modal-views
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from bot.adapters.slack import limits
from bot.adapters.slack.buttons import cut
from bot.adapters.slack.messages import as_update, compose, degrade
from bot.adapters.slack.places import Place
from bot.adapters.slack.presses import LEAF
from bot.adapters.slack.rendering import weigh
from bot.adapters.slack.runs import JSON
from bot.locales import Words
from bot.model.command import Reply
from bot.model.delivery import Degradation, Payload, Post

NOTE = "note"
"""The id of the line that tells what a press did."""

_OWN_BLOCKS = 3  # a note, the turning of pages, sharing
_PICTURE = ("type", "block_id", "image_url", "alt_text", "title")


def make_modal(reply: Reply, place: Place, words: Words, *, leaf: int = 0) -> tuple[JSON, ...]:
    """Return a modal that says a reply, in its fullest form and then in plainer ones, should Slack refuse that.

    Of a reply too long for one, it is the page that is asked for; the reply's notice stands on top.
    """
    leaves = list(_leaves(compose(Post(None, (reply.document,), reply.buttons)))) or [()]
    leaf = min(leaf, len(leaves) - 1)
    frame = {
        "type": "modal",
        "title": plain(cut(reply.page or words("The digest"), limits.VIEW_TITLE)),
        "close": plain(words("Close")),
        "private_metadata": place.write(),
    }
    turning = _turning(leaf, len(leaves), place.asked, words)
    forms = ([*_note(reply.toast), *blocks, *turning] for blocks in _forms(leaves[leaf]))
    return tuple({**frame, "blocks": blocks} for blocks in forms)


def with_note(view: Mapping[str, Any], text: str) -> JSON:
    """Return a view as Slack tells it, to be sent again with a notice on top."""
    kept = {name: view[name] for name in ("type", "title", "close", "submit", "private_metadata") if view.get(name)}
    callback = {"callback_id": view["callback_id"]} if view.get("callback_id") else {}
    blocks = [_as_sent(block) for block in view.get("blocks", ()) if block.get("block_id") != NOTE]
    return {**kept, **callback, "blocks": [*_note(text), *blocks][: limits.VIEW_BLOCKS]}


def without_pictures(view: JSON) -> JSON:
    """Return a view that Slack shows at once: it fetches pictures first, and a trigger does not wait for them."""
    return {**view, "blocks": [block for block in view["blocks"] if block["type"] != "image"]}


def depth_of(view: Mapping[str, Any]) -> int:
    """Tell how many modals lie upon each other where this one is on top; three or more count as three."""
    previous = view.get("previous_view_id")
    if not previous:
        return 1
    return 2 if previous == view.get("root_view_id") else limits.VIEW_STACK


def plain(text: str) -> JSON:
    """Make a plain text object."""
    return {"type": "plain_text", "text": text, "emoji": True}


def _leaves(payloads: Sequence[Payload]) -> Iterator[Sequence[Payload]]:
    """Lay messages upon as few pages of a view as hold them."""
    page: list[Payload] = []
    for payload in payloads:
        blocks = [*_blocks(page), *payload["blocks"]]
        if page and (len(blocks) > limits.VIEW_BLOCKS - _OWN_BLOCKS or weigh(blocks) > limits.VIEW_TEXT):
            yield page
            page = []
        page.append(payload)
    if page:
        yield page


def _forms(payloads: Sequence[Payload]) -> Iterator[list[JSON]]:
    """Yield the blocks of some messages: as they are, with links for pictures, as plain words; buttons stay."""
    blocks = _blocks(payloads)
    yield blocks
    if any(block["type"] == "image" for block in blocks):
        yield _blocks([degrade(payload, Degradation.NO_IMAGES) or payload for payload in payloads])
    plain_words = (as_update({"text": payload["text"]})["blocks"] for payload in payloads)
    yield [*chain.from_iterable(plain_words), *(block for block in blocks if block["type"] == "actions")]


def _blocks(payloads: Iterable[Payload]) -> list[JSON]:
    return [block for payload in payloads for block in payload["blocks"]]


def _turning(leaf: int, count: int, asked: str, words: Words) -> list[JSON]:
    ways = [(leaf - 1, words("◀ Previous"))] if leaf else []
    ways += [(leaf + 1, words("Next ▶"))] if leaf + 1 < count else []
    if not ways or not asked:
        return []
    buttons = [
        {"type": "button", "action_id": f"{LEAF}:{to}", "text": plain(name), "value": asked} for to, name in ways
    ]
    return [{"type": "actions", "elements": buttons}]


def _note(text: str) -> list[JSON]:
    return [{"type": "context", "block_id": NOTE, "elements": [plain(text)]}] if text else []


def _as_sent(block: JSON) -> JSON:
    """Return a block as it can be sent: Slack tells more of a picture than it takes."""
    if block.get("type") != "image":
        return block
    file = {"slack_file": {"id": block["slack_file"]["id"]}} if "slack_file" in block else {}
    return {name: block[name] for name in _PICTURE if name in block} | file
