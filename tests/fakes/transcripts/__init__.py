"""A developer's tool: it draws a recorded transcript as the apps would show it, in one page that stands alone.

python -m tests.fakes.transcripts transcript.json page.html --theme dark
"""

from __future__ import annotations

from pathlib import Path

from markupsafe import Markup

from tests.fakes.transcript import ChatCard, Id, Transcript
from tests.fakes.transcripts import slack_page, slack_views, telegram_page
from tests.fakes.transcripts.markup import join, page

_ROOM = Path(__file__).parent
THEMES = ("light", "dark")


def draw(platform: str, cards: list[ChatCard], transcript: Transcript, *, theme: str = "light", chat: Id = "") -> str:
    """Draw the chats of a transcript, or one of them, as a page."""
    wanted = [card for card in cards if (str(card.id) == str(chat) if chat else transcript.of(card.id))]
    body = join([_draw_one(platform, card, transcript) for card in wanted])
    style = (_ROOM / f"{platform}.css").read_text(encoding="utf-8")
    return page(", ".join(card.title for card in wanted), style, body, theme=theme)


def _draw_one(platform: str, card: ChatCard, transcript: Transcript) -> Markup:
    if platform != "slack":
        return telegram_page.draw_chat(card, transcript)
    if card.kind in {"modal", "home"}:
        return slack_views.draw_view(card, transcript)
    return slack_page.draw_channel(card, transcript)
