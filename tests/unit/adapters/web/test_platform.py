"""The still half of the web chat: addresses, what a post becomes, how it degrades."""

from __future__ import annotations

import json
import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters import parse_address
from bot.adapters.web import PLATFORM
from bot.adapters.web.payload import MESSAGE_LIMIT
from bot.model.chat import Address, AddressError
from bot.model.command import Button
from bot.model.delivery import Degradation, Post
from bot.model.richtext import Document, Heading, Image, List, Quote, Span, bold, paragraph
from bot.settings import Settings

PICTURE = Image("https://example.org/teaser.png", "The teaser")


def post(*units: Document, buttons: tuple[tuple[Button, ...], ...] = ()) -> Post:
    return Post(0, units, buttons)


def visible(html: str) -> str:
    return unescape(re.sub(r"<[^>]*>", "", html))


@pytest.mark.parametrize("name", ["lobby", "a", "lab-2", "0", "-", "x" * 32])
def test_a_rooms_address_reads_as_it_prints(name: str) -> None:
    """Small letters, digits and hyphens make a room; its address prints as it is written."""
    assert parse_address(f"web:{name}") == Address("web", name)
    assert str(parse_address(f"web:{name}")) == f"web:{name}"


@pytest.mark.parametrize("name", ["", "Lobby", "x" * 33, "a b", "a/b", "../etc", "大厅", "lobby\n", "a_b", "a.b"])
def test_what_cannot_be_a_rooms_name_is_refused(name: str) -> None:
    """The refusal shows what an address looks like."""
    with pytest.raises(AddressError, match="web:lobby"):
        PLATFORM.parse_address(name)


def test_nothing_needs_to_be_set() -> None:
    """The web chat is there without any token."""
    settings = Settings(_env_file=None)
    assert PLATFORM.is_configured(settings)
    assert PLATFORM.missing(settings) == ""


def test_a_section_of_usual_length_is_one_message() -> None:
    """Units are packed together, and the buttons stand below."""
    units = [Document((Heading((Span(f"Entry {n}"),)), paragraph("Some words about it. " * 10))) for n in range(8)]
    (payload,) = PLATFORM.compose(post(*units, buttons=((Button("Next", action="page 1"),),)))

    assert payload["html"].count("<h3>") == 8
    assert payload["buttons"] == [[{"label": "Next", "action": "page 1", "url": ""}]]


def test_a_long_section_is_several_messages_with_buttons_below_the_last() -> None:
    """Every message holds to the limit, no entry is cut that fits, and all words are there."""
    units = [Document((Heading((Span(f"Entry {n}"),)), paragraph(f"word{n} " * 200))) for n in range(20)]
    payloads = PLATFORM.compose(post(*units, buttons=((Button("Next", action="page 1"),),)))

    assert len(payloads) > 1
    between = 2 * 2 * len(units)  # blank lines between blocks are not counted
    assert all(len(payload["text"]) <= MESSAGE_LIMIT[0] + between for payload in payloads)
    assert [bool(payload["buttons"]) for payload in payloads] == [False] * (len(payloads) - 1) + [True]
    for n in range(20):
        assert sum(payload["html"].count(f"word{n} ") for payload in payloads) == 200
        assert sum(f"word{n} " in payload["html"] for payload in payloads) == 1


def test_nothing_to_say_is_no_message() -> None:
    """A post without words makes no message."""
    assert PLATFORM.compose(post()) == []
    assert PLATFORM.compose(post(Document())) == []


@given(st.lists(st.text(min_size=1, max_size=60), min_size=1, max_size=5))
def test_no_text_becomes_markup(texts: list[str]) -> None:
    """Whatever was written is shown as it was written, and the payload survives being stored as JSON."""
    payloads = PLATFORM.compose(post(*(Document((paragraph(bold(text)),)) for text in texts)))

    shown = "".join(visible(payload["html"]) for payload in payloads)
    assert shown.replace("\n", "") == "".join(texts).replace("\n", "")
    assert [json.loads(json.dumps(payload)) for payload in payloads] == payloads


def test_local_pictures_have_an_address_of_the_site_that_tells_no_path() -> None:
    """A file's address never reaches a page; two spellings of one file are one picture."""
    (payload,) = PLATFORM.compose(post(Document((Image("file:///home/lab/digests/a%20b.PNG", "A picture"),))))
    (other,) = PLATFORM.compose(post(Document((Image("file:///home/lab/digests/./x/../a b.PNG", "A picture"),))))

    assert re.search(r'src="/media/[0-9a-f]{32}\.png"', payload["html"])
    assert "home" not in payload["html"]
    assert payload["html"] == other["html"]


def test_without_images_they_become_links() -> None:
    """Wherever they stand, images turn into links, and nothing else changes; a second time changes nothing."""
    blocks = (paragraph("Before"), PICTURE, Quote((PICTURE,)), List(((paragraph("Point"), PICTURE),)))
    (payload,) = PLATFORM.compose(post(Document(blocks), buttons=((Button("Next", action="page 1"),),)))

    degraded = PLATFORM.degrade(payload, Degradation.NO_IMAGES)

    assert degraded is not None
    assert "<img" not in degraded["html"]
    assert degraded["html"].count('href="https://example.org/teaser.png"') == 3
    assert (degraded["text"], degraded["buttons"]) == (payload["text"], payload["buttons"])
    assert PLATFORM.degrade(degraded, Degradation.NO_IMAGES) is None


def test_a_local_picture_becomes_its_description() -> None:
    """There is no address to link to: the description stands in its place, else the file's name."""
    pictures = (Image("file:///home/lab/a.png", "A mesh"), Image("file:///home/lab/b.png"))
    (payload,) = PLATFORM.compose(post(Document(pictures)))

    degraded = PLATFORM.degrade(payload, Degradation.NO_IMAGES)

    assert degraded is not None
    assert visible(degraded["html"]) == "A mesh\nb.png"


def test_as_plain_text_nothing_is_styled() -> None:
    """The plainest form shows the text alone, with the addresses behind the words; a second time changes nothing."""
    (payload,) = PLATFORM.compose(post(Document((Heading((Span("Title"),)), paragraph(bold("NeRF", "https://x.org"))))))

    degraded = PLATFORM.degrade(payload, Degradation.PLAIN)

    assert degraded is not None
    assert degraded["html"].startswith("<p>Title<br>")
    assert "NeRF (https://x.org)" in degraded["html"]
    assert PLATFORM.degrade(degraded, Degradation.PLAIN) is None


def test_without_pictures_there_are_none_to_leave_away() -> None:
    """Degrading tells when it changes nothing."""
    (payload,) = PLATFORM.compose(post(Document((paragraph("Words"),))))

    assert PLATFORM.degrade(payload, Degradation.NO_IMAGES) is None
    assert PLATFORM.degrade(payload, Degradation.NONE) is None
    assert PLATFORM.degrade(payload, Degradation.PLAIN) is None
