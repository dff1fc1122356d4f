"""Commands as they are typed in Slack."""

from __future__ import annotations

import pytest

from bot.adapters.slack.spelling import spell_commands
from bot.model.command import Reply
from bot.model.richtext import Document, Heading, List, Quote, Span, bold, code, link, paragraph
from bot.renderers.plain import render_plain

NAMES = ("subscribe", "settings", "slam", "search")


def spelt(text: str) -> str:
    return render_plain(spell_commands(Reply(Document((paragraph(text),))), NAMES).document)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("/subscribe brings everything back", "/digest subscribe brings everything back"),
        (
            "Write /settings hour 20:30, /settings zone Asia/Seoul",
            "Write /digest settings hour 20:30, /digest settings zone Asia/Seoul",
        ),
        ("type /subscribe.", "type /digest subscribe."),
        ("在频道里输入/subscribe即可（/slam）", "在频道里输入/digest subscribe即可（/digest slam）"),
        ("/slam /search", "/digest slam /digest search"),
    ],
)
def test_the_bots_commands_are_behind_one(text: str, shown: str) -> None:
    """Whatever the house calls a command by is typed behind /digest."""
    assert spelt(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "/digest subscribe",
        "and/search",
        "https://e.org/search",
        "~/slam",
        "/search/all",
        "/slam.py",
        "/slams",
        "/nothing",
    ],
)
def test_nothing_else_is_a_command(text: str) -> None:
    """Paths, addresses and other words stay as they are; so does what is spelt already."""
    assert spelt(text) == text


def test_every_corner_of_a_reply_is_spelt() -> None:
    """Headings, lists, quotes and the notice; but no link, and nothing that is code."""
    line = paragraph(bold("/slam"), " ", link("/slam", "https://e.org"), " ", code("/slam"))
    blocks = (Heading((Span("/slam"),)), List(((line,),)), Quote((line,)))
    reply = spell_commands(Reply(Document(blocks), toast="see /settings"), NAMES)
    assert reply.toast == "see /digest settings"
    assert render_plain(reply.document).count("/digest slam") == 3
    assert render_plain(reply.document).count("/slam") == 4


def test_a_bot_without_commands_says_what_it_says() -> None:
    """Where there are no names there is nothing to spell."""
    assert spell_commands(Reply(toast="/slam"), ()).toast == "/slam"
