"""Posts as payloads: few calls, pictures where they read best, buttons below the last message."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.adapters.telegram import PLATFORM
from bot.adapters.telegram.payloads import caption_of, pictures_of
from bot.model.command import Button
from bot.model.delivery import Degradation, Post
from bot.model.richtext import Block, Document, Heading, Image, List, Quote, Span, bold, link, paragraph, walk
from tests.fakes.telegram.entities import check_text
from tests.unit.renderers.documents import documents

PHOTO = Image("https://pbs.twimg.com/media/X?format=jpg", "Cover")
OTHER = Image("https://e.org/b.png", "b")
GIF = Image("https://e.org/c.gif", "c")
LOCAL = Image("file:///digests/images/a%20b.png", "a plot")
VECTOR = Image("https://e.org/d.svg", "drawing")
TITLE = Heading((Span("NeRF"),))
BODY = paragraph("Some words.")
LONG = paragraph("Some words in a sentence. " * 80)
BUTTONS = ((Button("Next", action="page 1 2"),),)


def compose(*blocks: Block, buttons=()) -> list[Mapping[str, Any]]:
    return PLATFORM.compose(Post(0, (Document(blocks),), buttons))


def methods(payloads: list[Mapping[str, Any]]) -> list[str]:
    return [payload["method"] for payload in payloads]


def preview(payload: Mapping[str, Any]) -> object:
    return payload["link_preview_options"].get("url")


@settings(deadline=None)
@given(st.lists(documents, min_size=1, max_size=4), st.booleans())
def test_every_payload_is_one_the_server_takes(units: list[Document], with_buttons: bool):
    """JSON, within the limits, in every form; and composing is deterministic."""
    post = Post(0, tuple(units), BUTTONS if with_buttons else ())
    payloads = PLATFORM.compose(post)
    assert payloads == PLATFORM.compose(post)
    for payload in payloads:
        assert json.loads(json.dumps(payload)) == payload
        forms = [payload, *(PLATFORM.degrade(payload, keep) for keep in Degradation)]
        for form in filter(None, forms):
            text, entities = caption_of(form)
            if text:
                limit = 4096 if form["method"] == "sendMessage" else 1024
                assert check_text(text, entities, limit=limit).violations == []
            assert text or form["method"] != "sendMessage"


@settings(deadline=None)
@given(st.lists(documents, min_size=1, max_size=4))
def test_no_picture_is_lost(units: list[Document]):
    """Every picture is sent, shown in a preview, or named by a link, in every form of the payloads."""
    images = [block for unit in units for block in walk(unit.blocks) if isinstance(block, Image)]
    payloads = PLATFORM.compose(Post(0, tuple(units)))
    for keep in (Degradation.NONE, Degradation.NO_IMAGES, Degradation.PLAIN):
        told = json.dumps([PLATFORM.degrade(payload, keep) or payload for payload in payloads])
        assert all(json.dumps(image.url)[1:-1] in told for image in images)


def test_a_text_alone_is_one_message_without_a_preview():
    """No link of a text grows a preview of its own."""
    assert compose(TITLE, BODY) == [
        {
            "method": "sendMessage",
            "text": "NeRF\nSome words.",
            "entities": [{"type": "bold", "offset": 0, "length": 4}],
            "link_preview_options": {"is_disabled": True},
        }
    ]


def test_nothing_to_say_is_no_message():
    """Blank documents make no call."""
    assert compose(paragraph(" \n")) == []
    assert PLATFORM.compose(Post(0, ())) == []


def test_one_picture_from_the_web_is_shown_by_a_preview_that_cannot_fail_the_message():
    """It stands large above its entry, and is linked besides."""
    [payload] = compose(TITLE, BODY, PHOTO)
    assert payload["link_preview_options"] == {"url": PHOTO.url, "prefer_large_media": True, "show_above_text": True}
    assert payload["text"] == "NeRF\nSome words.\n🖼 Cover"


def test_several_pictures_and_a_short_text_are_an_album_with_a_caption():
    """The first carries the text, and no other a caption of its own, or the album would show none."""
    [payload] = compose(TITLE, BODY, PHOTO, OTHER)
    assert payload["method"] == "sendMediaGroup"
    assert [item["media"] for item in payload["media"]] == [PHOTO.url, OTHER.url]
    assert [item.get("caption") for item in payload["media"]] == ["NeRF\nSome words.", None]


def test_several_pictures_and_a_long_text_are_an_album_and_a_message():
    """What exceeds a caption stands below; each picture keeps its description."""
    album, text = compose(TITLE, LONG, PHOTO, OTHER)
    assert [item["caption"] for item in album["media"]] == ["Cover", "b"]
    assert text["text"].startswith("NeRF\nSome words in a sentence.")
    assert "🖼" not in text["text"]
    assert text["link_preview_options"] == {"is_disabled": True}


def test_buttons_stand_below_a_message_and_never_below_an_album():
    """An album cannot have any, so its text comes as a message."""
    album, text = compose(TITLE, BODY, PHOTO, LOCAL, buttons=BUTTONS)
    assert "reply_markup" not in album
    assert text["reply_markup"] == {"inline_keyboard": [[{"text": "Next", "callback_data": "page 1 2"}]]}
    only, last = compose(paragraph("x" * 5000), buttons=BUTTONS)
    assert "reply_markup" not in only
    assert "reply_markup" in last


def test_where_an_entry_goes_on_its_title_is_told_again():
    """Others may have written in between, and a message may be opened by its link."""
    title = Heading((Span("A title that is quite long for a title, and goes on for more than a line"),), level=3)
    payloads = compose(title, *(paragraph(f"{n} " + "words " * 100) for n in range(12)))
    first, *others = [payload["text"] for payload in payloads]
    assert first.startswith("A title that is quite long")
    assert len(others) == 1
    assert others[0].splitlines()[0] == "… A title that is quite long for a title, and goes on for mor…"
    assert all(len(payload["text"]) <= 4096 for payload in payloads)
    _, second = compose(*(paragraph("words " * 100) for _ in range(8)))
    assert second["text"].startswith("words")


def test_a_message_with_buttons_shows_one_of_its_pictures_and_names_the_others():
    """It is turned into other messages in place: an album above it would stay, and show what is no longer there."""
    [text] = compose(TITLE, BODY, PHOTO, OTHER, buttons=BUTTONS)
    assert text["link_preview_options"] == {"url": PHOTO.url, "prefer_large_media": True, "show_above_text": True}
    assert text["text"] == "NeRF\nSome words.\n🖼 Cover · b"


def test_an_album_weighs_as_much_as_its_messages():
    """Telegram counts each picture; everything else is one message."""
    [album] = compose(TITLE, PHOTO, OTHER)
    [text] = compose(TITLE, PHOTO)
    assert (PLATFORM.weight(album), PLATFORM.weight(text)) == (2, 1)


def test_more_pictures_than_an_album_holds_make_two():
    """Ten at most, and the last one alone is a photo."""
    pictures = [Image(f"https://e.org/{n}.png") for n in range(11)]
    payloads = compose(TITLE, *pictures)
    assert methods(payloads) == ["sendMediaGroup", "sendPhoto", "sendMessage"]
    assert [url for payload in payloads[:2] for url in pictures_of(payload)] == [picture.url for picture in pictures]


def test_an_animation_moves():
    """A GIF goes as an animation, which no album takes."""
    [payload] = compose(TITLE, GIF)
    assert (payload["method"], payload["animation"], payload["caption"]) == ("sendAnimation", GIF.url, "NeRF")
    assert methods(compose(TITLE, PHOTO, OTHER, GIF)) == ["sendMediaGroup", "sendAnimation", "sendMessage"]


def test_a_video_stands_in_no_album():
    """One without sound is an animation to Telegram, and an album that has one is refused."""
    video = Image("https://e.org/turntable.mp4", "turntable")
    [payload] = compose(TITLE, video)
    assert (payload["method"], payload["video"], payload["caption"]) == ("sendVideo", video.url, "NeRF")
    assert methods(compose(TITLE, video, PHOTO, OTHER)) == ["sendVideo", "sendMediaGroup", "sendMessage"]


def test_a_local_picture_is_uploaded():
    """It cannot be linked; its entry names it where it is sent apart."""
    [payload] = compose(TITLE, LOCAL)
    assert (payload["method"], payload["photo"], payload["caption"]) == ("sendPhoto", LOCAL.url, "NeRF")
    inside = Quote((paragraph("look"), LOCAL))
    photo, text = compose(TITLE, LONG, inside)
    assert (photo["photo"], photo["caption"]) == (LOCAL.url, "a plot")
    assert text["text"].endswith("look\n🖼 a plot")


def test_a_vector_picture_from_the_web_stays_a_link():
    """Telegram shows none."""
    [payload] = compose(TITLE, VECTOR)
    assert preview(payload) is None
    assert payload["entities"][-1]["url"] == VECTOR.url


def packed(*units: tuple[Block, ...], buttons=()) -> list[Mapping[str, Any]]:
    return PLATFORM.compose(Post(0, tuple(Document((TITLE, *unit)) for unit in units), buttons))


def test_the_preview_of_a_packed_message_belongs_to_the_entry_beside_it():
    """Above the first entry, or below the last; one from the middle is a link, for nobody could tell whose it is."""
    above = {"url": PHOTO.url, "prefer_large_media": True, "show_above_text": True}
    [first] = packed((BODY, PHOTO), (BODY, OTHER))
    assert first["link_preview_options"] == above
    [last] = packed((BODY,), (BODY, PHOTO))
    assert last["link_preview_options"] == {**above, "show_above_text": False}
    [middle] = packed((BODY,), (BODY, PHOTO), (BODY,))
    assert preview(middle) is None
    for payload in (first, last, middle):
        assert PHOTO.url in [entity.get("url") for entity in payload["entities"]]


def test_an_entry_with_a_picture_begins_a_message_once_the_one_before_is_long():
    """So that more of the pictures are seen, and the messages stay few."""
    payloads = packed((LONG,), (BODY, PHOTO), (BODY, OTHER), (BODY,))
    assert [preview(payload) for payload in payloads] == [None, PHOTO.url]
    assert [payload["text"].count("NeRF") for payload in payloads] == [1, 3]


def test_a_packed_entry_whose_picture_is_uploaded_is_its_caption():
    """It stands by itself, in its place; with too much to say it is a text, and its picture follows."""
    before, photo, after = packed((BODY,), (BODY, LOCAL), (BODY,), buttons=BUTTONS)
    assert (photo["method"], photo["photo"], photo["caption"]) == ("sendPhoto", LOCAL.url, "NeRF\nSome words.")
    assert methods([before, after]) == ["sendMessage"] * 2
    assert "reply_markup" in after
    assert methods(packed((BODY,), (LONG, LOCAL))) == ["sendMessage", "sendPhoto"]


def test_units_are_packed_and_only_a_long_one_is_cut():
    """Short entries share a message; none is torn apart to fill it."""
    units = tuple(Document((Heading((Span(f"Entry {n}"),)), paragraph("Words. " * 140))) for n in range(8))
    payloads = PLATFORM.compose(Post(0, units))
    assert [payload["text"].count("Entry") for payload in payloads] == [4, 4]
    assert all(payload["text"].startswith("Entry") for payload in payloads)


def test_a_message_holds_a_hundred_entities_and_so_many_bytes():
    """A list of links is split by what its entities take, long before its text is too long."""
    items = tuple((paragraph(link(f"paper {n}", f"https://e.org/{n}?{'x' * 150}")),) for n in range(150))
    payloads = compose(List(items))
    assert len(payloads) == 4
    short = tuple((paragraph(bold("a"), " ", link("b", "https://e.org")),) for n in range(75))
    assert [len(payload["entities"]) for payload in compose(List(short))] == [100, 50]


def test_buttons_are_shown_as_far_as_telegram_takes_them():
    """Rows of at most eight, a hundred in all; an address that is no web address cannot be a button."""
    row = tuple(Button(str(n), action=f"go {n}") for n in range(9))
    [payload] = compose(
        BODY, buttons=(row, (Button("here", url="http://localhost/"),), (Button("x", url="https://e.org"),))
    )
    rows = payload["reply_markup"]["inline_keyboard"]
    assert [len(buttons) for buttons in rows] == [8, 1, 1]
    assert rows[-1] == [{"text": "x", "url": "https://e.org"}]
    [crowded] = compose(BODY, buttons=(row,) * 20)
    assert sum(len(buttons) for buttons in crowded["reply_markup"]["inline_keyboard"]) == 100


def test_without_images_a_preview_goes_and_its_link_stays():
    """The picture of a preview is named in the text already."""
    [payload] = compose(TITLE, PHOTO, buttons=BUTTONS)
    plainer = PLATFORM.degrade(payload, Degradation.NO_IMAGES)
    assert plainer == {**payload, "link_preview_options": {"is_disabled": True}}
    assert PLATFORM.degrade(plainer, Degradation.NO_IMAGES) is None


def test_without_images_an_album_becomes_its_text_and_named_links():
    """Pictures that cannot be had are told by their addresses or, from this machine, by their names."""
    [album] = compose(TITLE, BODY, PHOTO, LOCAL)
    plainer = PLATFORM.degrade(album, Degradation.NO_IMAGES)
    assert plainer is not None
    assert plainer["text"] == "NeRF\nSome words.\n\n🖼 1 · a b.png"
    assert [entity["type"] for entity in plainer["entities"]] == ["bold", "text_link"]
    gallery = compose(TITLE, LONG, PHOTO, OTHER)[0]
    named = PLATFORM.degrade(gallery, Degradation.NO_IMAGES)
    assert named is not None
    assert named["text"] == "🖼 Cover · b"
    assert preview(named) == PHOTO.url
    assert [entity["url"] for entity in named["entities"]] == [PHOTO.url, OTHER.url]


def test_plain_text_spells_its_links_out():
    """No entities, no buttons, no preview: words, and addresses behind them as far as there is room."""
    [payload] = compose(
        TITLE,
        paragraph("👩‍👩‍👧‍👦 see ", link("this", "https://e.org/1"), " and ", link("https://e.org", "https://e.org")),
    )
    plain = PLATFORM.degrade(payload, Degradation.PLAIN)
    assert plain == {
        "method": "sendMessage",
        "text": "NeRF\n👩‍👩‍👧‍👦 see this (https://e.org/1) and https://e.org",
        "entities": [],
        "link_preview_options": {"is_disabled": True},
    }
    assert PLATFORM.degrade(plain, Degradation.PLAIN) is None
    assert PLATFORM.degrade(payload, Degradation.NONE) is None


@pytest.mark.parametrize("length", [4090, 4096])
def test_plain_text_stays_within_a_message(length: int):
    """An address for which there is no room is left out; the words are not."""
    [payload] = compose(paragraph(link("x" * length, "https://e.org/long/address")))
    plain = PLATFORM.degrade(payload, Degradation.PLAIN)
    assert plain is not None
    assert plain["text"] == "x" * length
