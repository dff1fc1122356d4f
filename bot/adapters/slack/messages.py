"""Posts as Slack messages.

A payload is ``{"text": …, "blocks": […]}``: `text` is all of it in plain words, for notifications, for readers' tools
and for the day Slack refuses the blocks; a payload without `blocks` is that plain text alone. `as_message` and
`as_update` say how either goes over the wire.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.adapters.slack import limits
from bot.adapters.slack.buttons import cut, rows_of, words_of
from bot.adapters.slack.pictures import LOCAL, alt_text, linked_picture
from bot.adapters.slack.rendering import cost, render_blocks, weigh
from bot.adapters.slack.runs import JSON
from bot.model.delivery import Degradation, Payload, Post
from bot.model.richtext import Block, Document, Image, List, Quote, paragraph
from bot.renderers.plain import render_plain
from bot.renderers.splitting import pack

_NEW_LINES = 2  # an empty line between paragraphs


def compose(post: Post) -> list[Payload]:
    """Turn a post into as few payloads as the limits allow; buttons stand below the last."""
    actions = rows_of(post.buttons)
    limit = (limits.MESSAGE_BLOCKS - len(actions), limits.MESSAGE_TEXT - weigh(actions))
    documents = pack(post.units, cost=cost, limit=limit, joint=(0, _NEW_LINES))
    payloads = [_payload(render_plain(_printable(document)), render_blocks(document)) for document in documents]
    if actions:
        last = payloads.pop() if payloads else _payload("", [])
        words = "\n\n".join(filter(None, (last["text"], words_of(post.buttons))))
        payloads.append(_payload(words, [*last["blocks"], *actions]))
    return [payload for payload in payloads if payload["blocks"]]


def _payload(text: str, blocks: list[JSON]) -> JSON:
    return {"text": text, "blocks": blocks}


def degrade(payload: Payload, keep: Degradation) -> Payload | None:
    """Return the payload without pictures, or as plain text; None where that changes nothing."""
    match keep:
        case Degradation.NO_IMAGES:
            blocks = [
                linked_picture(block) if block["type"] == "image" else block for block in payload.get("blocks", ())
            ]
            return {**payload, "blocks": blocks} if blocks != list(payload.get("blocks", ())) else None
        case Degradation.PLAIN:
            return {"text": payload["text"]} if "blocks" in payload else None
        case _:
            return None


def local_pictures(payload: Payload) -> list[JSON]:
    """Return the image blocks whose pictures have to be uploaded first."""
    return [
        block
        for block in payload.get("blocks", ())
        if block["type"] == "image" and block.get("image_url", "").startswith(LOCAL)
    ]


def with_files(payload: Payload, files: dict[str, str]) -> Payload:
    """Return the payload with local pictures under the ids of their uploads."""
    blocks = [
        {"type": "image", "slack_file": {"id": files[block["image_url"]]}, "alt_text": block["alt_text"]}
        if block.get("image_url", "") in files
        else block
        for block in payload.get("blocks", ())
    ]
    return {**payload, "blocks": blocks} if blocks else payload


def as_message(payload: Payload) -> JSON:
    """Return the arguments of chat.postMessage and its like that say a payload."""
    quiet = {"unfurl_links": False, "unfurl_media": False, "mrkdwn": False}
    if "blocks" not in payload:
        return {"text": _escape(payload["text"]), **quiet}
    return {"text": _fallback(payload["text"]), "blocks": list(payload["blocks"]), **quiet}


def as_update(payload: Payload) -> JSON:
    """Return the arguments of chat.update; its text is limited, so plain text goes into plain sections there."""
    blocks = list(payload["blocks"]) if "blocks" in payload else _plain_sections(payload["text"])
    return {"text": _fallback(payload["text"]), "blocks": blocks}


# Plain words.


def _printable(document: Document) -> Document:
    """Return the document without addresses that mean something on this machine alone."""
    return Document(_printable_blocks(document.blocks))


def _printable_blocks(blocks: Sequence[Block]) -> tuple[Block, ...]:
    return tuple(_printable_block(block) for block in blocks)


def _printable_block(block: Block) -> Block:
    match block:
        case Image(url=url) if url.startswith(LOCAL):
            return paragraph(f"[{alt_text(block)}]")
        case Quote(blocks=inner):
            return replace(block, blocks=_printable_blocks(inner))
        case List(items=items):
            return replace(block, items=tuple(_printable_blocks(item) for item in items))
        case _:
            return block


def _plain_sections(text: str) -> list[JSON]:
    pieces = [text[start : start + limits.ELEMENT_TEXT] for start in range(0, len(text), limits.ELEMENT_TEXT)]
    return [
        {"type": "section", "text": {"type": "plain_text", "text": piece, "emoji": False}} for piece in pieces if piece
    ]


def _fallback(text: str) -> str:
    text = cut(text.strip() or "…", limits.FALLBACK_TEXT)  # buttons alone have no words, and none are refused
    while len(_escape(text).encode()) > limits.FALLBACK_BYTES:
        text = cut(text, len(text) * 3 // 4)
    return _escape(text)


def _escape(text: str) -> str:
    """Escape the three characters that mean something to Slack in a text."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
