"""What a message of the web chat consists of: markup for the page, the same in plain words, buttons."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import PurePosixPath

from bot.model.command import Button, Buttons
from bot.model.delivery import Degradation, Payload, Post
from bot.model.richtext import Block, Document, Image, List, Quote, link, paragraph, walk
from bot.model.room import RoomContent
from bot.renderers.html import render_html, safe_href
from bot.renderers.media import site_picture
from bot.renderers.plain import render_plain
from bot.renderers.splitting import Cost, pack

MESSAGE_LIMIT: Cost = (8000, 24)
"""Characters and images of one message. The page has no limit of its own; a reader has."""


def compose(post: Post) -> list[Payload]:
    """Turn a post into messages; its buttons stand below the last."""
    documents = pack(post.units, cost=_cost, limit=MESSAGE_LIMIT)
    last = len(documents) - 1
    return [_payload(document, post.buttons if position == last else ()) for position, document in enumerate(documents)]


def degrade(payload: Payload, keep: Degradation) -> Payload | None:
    """Return the payload without images (they become links), or as plain text; None where nothing changes."""
    match keep:
        case Degradation.NO_IMAGES if "without_images" in payload:
            html = payload["without_images"]
        case Degradation.PLAIN:
            html = render_html(Document((paragraph(payload["text"]),)))
        case _:
            return None
    plainer = {name: value for name, value in payload.items() if name != "without_images"} | {"html": html}
    return None if plainer == payload else plainer


def to_content(document: Document, buttons: Buttons = ()) -> RoomContent:
    """Return what an answer says as a room keeps it."""
    return RoomContent(render_html(document, picture=site_picture), render_plain(document), buttons)


def from_payload(payload: Payload) -> RoomContent:
    """Return what a payload says as a room keeps it."""
    buttons = tuple(tuple(Button(**button) for button in row) for row in payload["buttons"])
    return RoomContent(payload["html"], payload["text"], buttons)


def _payload(document: Document, buttons: Buttons) -> Payload:
    content = to_content(document, buttons)
    payload = {
        "html": content.html,
        "text": content.text,
        "buttons": [[_button(button) for button in row] for row in buttons],
    }
    if any(isinstance(block, Image) for block in walk(document.blocks)):
        payload["without_images"] = render_html(Document(_without_images(document.blocks)))
    return payload


def _cost(block: Block) -> Cost:
    images = sum(isinstance(inner, Image) for inner in walk((block,)))
    return len(render_plain(Document((block,)))), images


def _without_images(blocks: Iterable[Block]) -> tuple[Block, ...]:
    return tuple(_without_image(block) for block in blocks)


def _without_image(block: Block) -> Block:
    match block:
        case Image(url=url, alt=alt):
            return paragraph(link(alt or url, url) if safe_href(url) else alt or PurePosixPath(url).name)
        case Quote(blocks=inner):
            return replace(block, blocks=_without_images(inner))
        case List(items=items):
            return replace(block, items=tuple(_without_images(item) for item in items))
        case _:
            return block


def _button(button: Button) -> dict[str, str]:
    return {"label": button.label, "action": button.action, "url": button.url}
