"""Slack's modals and Home tabs as the app shows them, from what stands in a transcript."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from tests.fakes.transcript import ChatCard, Transcript
from tests.fakes.transcripts.markup import element
from tests.fakes.transcripts.slack_page import draw_block

JSON = dict[str, Any]


def draw_view(card: ChatCard, transcript: Transcript) -> Markup:
    """Draw a modal with its frame, or a Home tab below its tabs, as it stands at last."""
    content: JSON = dict(transcript.of(card.id)[-1].content)
    blocks = [draw_block(block) for block in content["blocks"]]
    if card.kind == "home":
        tabs = element("nav", element("b", "Home"), element("span", "Messages"), element("span", "About"))
        return element("main", element("section", element("header", "Digest"), tabs, *blocks, class_="home"))
    head = element("header", content["title"]["text"], element("span", "✕"))
    keys = [element("span", content["close"]["text"], class_="button")] if content.get("close") else []
    if content.get("submit"):
        keys.append(element("span", content["submit"]["text"], class_="button primary"))
    body = element("div", *blocks, class_="blocks")
    return element("main", element("section", head, body, element("footer", *keys), class_="modal"), class_="over")
