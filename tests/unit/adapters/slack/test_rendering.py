"""Documents as Block Kit."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from bot.adapters.slack import limits
from bot.adapters.slack.messages import local_pictures, with_files
from bot.adapters.slack.rendering import cost, linked_picture, render_blocks, weigh
from bot.model.richtext import (
    Block,
    Code,
    Divider,
    Document,
    Heading,
    Image,
    List,
    Mark,
    Paragraph,
    Quote,
    Span,
    bold,
    code,
    italic,
    link,
    paragraph,
)
from tests.fakes.slack.blocks import check_blocks
from tests.unit.adapters.slack.documents import BLOCKS, DOCUMENTS, UNHURRIED, texts_of, words_of

PICTURE = "https://example.org/a.png"


def render(*blocks: Block) -> list[dict[str, Any]]:
    return render_blocks(Document(blocks))


def text(words: str, **style: bool) -> dict[str, Any]:
    return {"type": "text", "text": words, **({"style": style} if style else {})}


def section(*runs: dict[str, Any]) -> dict[str, Any]:
    return {"type": "rich_text_section", "elements": list(runs)}


def rich(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "rich_text", "elements": list(elements)}


def listed(*items: dict[str, Any], style: str = "bullet", indent: int = 0, **more: int) -> dict[str, Any]:
    return {"type": "rich_text_list", "style": style, "indent": indent, **more, "elements": list(items)}


def quote(*runs: dict[str, Any]) -> dict[str, Any]:
    return {"type": "rich_text_quote", "elements": list(runs)}


def header(words: str) -> dict[str, Any]:
    return {"type": "header", "text": {"type": "plain_text", "text": words, "emoji": False}}


GOLDEN: list[tuple[str, list[Block], list[dict[str, Any]]]] = [
    (
        "styled runs and links stand side by side; nothing is escaped, no markup is written",
        [paragraph("a *b* <c> & ", bold("d"), italic("e", "https://e.org"), code("f"), link("g", "https://g.org"))],
        [
            rich(
                section(
                    text("a *b* <c> & "),
                    text("d", bold=True),
                    {"type": "link", "url": "https://e.org", "text": "e", "style": {"italic": True}},
                    text("f", code=True),
                    {"type": "link", "url": "https://g.org", "text": "g"},
                )
            )
        ],
    ),
    (
        "all five marks have a style",
        [Paragraph((Span("x", frozenset(Mark)),))],
        [rich(section(text("x", bold=True, italic=True, underline=True, strike=True, code=True)))],
    ),
    ("an issue's and a section's title are headers", [Heading((Span("Issue 12"),), 1)], [header("Issue 12")]),
    (
        "a title that leads somewhere is text, for a header holds no link",
        [Heading((link("Issue 12", "https://e.org"),), 1)],
        [rich(section({"type": "link", "url": "https://e.org", "text": "Issue 12", "style": {"bold": True}}))],
    ),
    (
        "a title that no header holds is text",
        [Heading((Span("x" * 151),), 2)],
        [rich(section(text("x" * 151, bold=True)))],
    ),
    (
        "an entry's title stands together with the paragraph below it, and with no more",
        [Heading((Span("NeRF"),)), paragraph("by Ben"), paragraph("It renders.")],
        [rich(section(text("NeRF", bold=True), text("\n"), text("by Ben"))), rich(section(text("It renders.")))],
    ),
    (
        "a title with nothing below stands alone, wherever it is; an empty line keeps it from what is above",
        [Heading((Span("a"),)), Heading((Span("b"),)), Divider(), Heading((Span("c"),))],
        [
            rich(section(text("a", bold=True))),
            rich(section(text("\n"), text("b", bold=True))),
            {"type": "divider"},
            rich(section(text("\n"), text("c", bold=True))),
        ],
    ),
    (
        "an entry's title stands close below its section's",
        [Heading((Span("Papers"),), 2), Heading((Span("NeRF"),)), paragraph("by Ben")],
        [header("Papers"), rich(section(text("NeRF", bold=True), text("\n"), text("by Ben")))],
    ),
    (
        "lists nest by indentation",
        [List(((paragraph("a"), List(((paragraph("b"),), (paragraph("c"),)))), (paragraph("d"),)))],
        [
            rich(
                listed(section(text("a"))),
                listed(section(text("b")), section(text("c")), indent=1),
                listed(section(text("d"))),
            )
        ],
    ),
    (
        "an ordered list begins where it says, and goes on counting after what stands in an item",
        [List(((paragraph("a"), Code("x")), (paragraph("b"),)), ordered=True, start=3)],
        [
            rich(
                listed(section(text("a")), style="ordered", offset=2),
                {"type": "rich_text_preformatted", "elements": [text("x")]},
                listed(section(text("b")), style="ordered", offset=3),
            )
        ],
    ),
    (
        "an item's paragraphs are lines of one section, and an item without words keeps its bullet",
        [List(((paragraph("a"), paragraph("b")), (Code("x"),)))],
        [
            rich(
                listed(section(text("a"), text("\n"), text("b")), section(text("\u00a0"))),
                {"type": "rich_text_preformatted", "elements": [text("x")]},
            )
        ],
    ),
    (
        "a quote's paragraphs are one quote; lists and code in it keep its border",
        [Quote((paragraph("a"), paragraph("b"), List(((paragraph("c"),),)), Code("d")))],
        [
            rich(
                quote(text("a"), text("\n\n"), text("b")),
                listed(section(text("c")), border=1),
                {"type": "rich_text_preformatted", "elements": [text("d")], "border": 1},
            )
        ],
    ),
    (
        "a quote in a quote is a list in it",
        [Quote((paragraph("a"), Quote((paragraph("b"),))))],
        [rich(quote(text("a")), listed(section(text("b")), border=1))],
    ),
    (
        "code is preformatted",
        [Code("x = 1\n", "python")],
        [rich({"type": "rich_text_preformatted", "elements": [text("x = 1")]})],
    ),
    (
        "a picture Slack can fetch is shown, with its words",
        [Image(PICTURE, "A rabbit")],
        [{"type": "image", "image_url": PICTURE, "alt_text": "A rabbit"}],
    ),
    (
        "a picture without words is named by its file",
        [Image(PICTURE)],
        [{"type": "image", "image_url": PICTURE, "alt_text": "a.png"}],
    ),
    (
        "a picture of a kind Slack refuses is a link",
        [Image("https://e.org/a.webp", "A rabbit")],
        [rich(section({"type": "link", "url": "https://e.org/a.webp", "text": "🖼 A rabbit"}))],
    ),
    (
        "a picture in a list follows the list",
        [List(((paragraph("a"), Image(PICTURE, "A rabbit")),))],
        [rich(listed(section(text("a")))), {"type": "image", "image_url": PICTURE, "alt_text": "A rabbit"}],
    ),
    ("what is empty takes no room", [Paragraph(()), paragraph(""), Quote(()), List(()), Code(""), Heading(())], []),
    (
        "what is no address for Slack is shown as its words",
        [paragraph(link("a", "/relative"), link("b", "javascript:x"), link("c", "https://e.org/" + "x" * 3000))],
        [rich(section(text("a"), text("b"), text("c")))],
    ),
]


@pytest.mark.parametrize(("blocks", "rendered"), [row[1:] for row in GOLDEN], ids=[row[0] for row in GOLDEN])
def test_golden(blocks: list[Block], rendered: list[dict[str, Any]]) -> None:
    """What the row's name says."""
    assert render(*blocks) == rendered


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://e.org/a.png", True),
        ("https://e.org/a.JPEG?x=1", True),
        ("https://e.org/a.gif", True),
        ("https://pbs.twimg.com/media/abc?format=jpg&name=large", True),
        ("https://pbs.twimg.com/media/abc.jpg:large", True),
        ("file:///digests/a.png", True),
        ("http://e.org/a.png", False),
        ("https://e.org/a.webp", False),
        ("https://e.org/a.svg", False),
        ("https://e.org/a", False),
        ("file:///digests/a.mp4", False),
        ("a.png", False),
        ("https://e.org/" + "x" * 3000 + ".png", False),
    ],
)
def test_which_pictures_are_shown(url: str, *, shown: bool) -> None:
    """Slack shows png, jpg and gif from https addresses and uploads, and refuses a whole message for any other."""
    assert [block["type"] for block in render(Image(url, "x"))] == ["image" if shown else "rich_text"]


def test_local_picture_that_cannot_be_shown_does_not_tell_its_path() -> None:
    """A path on this machine is nobody's business."""
    assert "/home/secret" not in str(render(Image("file:///home/secret/a.mp4", "A film")))
    assert "/home/secret" not in str(linked_picture(render(Image("file:///home/secret/a.png", "A rabbit"))[0]))


def test_long_text_is_cut_between_glyphs() -> None:
    """A text longer than one element holds goes on in the next, never from within an emoji."""
    science = "👩‍🔬"
    words = "x" * (limits.ELEMENT_TEXT - 1) + science * 3
    runs = render(paragraph(words))[0]["elements"][0]["elements"]
    assert "".join(run["text"] for run in runs) == words
    assert runs[1]["text"].startswith(science)
    assert all(len(run["text"]) <= limits.ELEMENT_TEXT for run in runs)


@UNHURRIED
@given(DOCUMENTS)
def test_slack_takes_whatever_is_rendered(document: Document) -> None:
    """Any document gives blocks without a fault in them (their number and length are the composer's business)."""
    payload = {"text": "", "blocks": render_blocks(document)}
    uploaded = with_files(payload, {picture["image_url"]: "F0123ABCD" for picture in local_pictures(payload)})
    problems, _ = check_blocks(uploaded["blocks"])
    assert [problem for problem in problems if "items allowed" not in problem] == []


@UNHURRIED
@given(DOCUMENTS)
def test_no_word_is_lost(document: Document) -> None:
    """Every word of a document is in its blocks, in order within every block of it."""
    rendered = words_of(render_blocks(document))
    for block in document.blocks:
        for words in texts_of(block):
            assert "".join(words.split()) in rendered


@UNHURRIED
@given(BLOCKS)
def test_cost_is_what_it_takes(block: Block) -> None:
    """A block alone takes what `cost` says."""
    rendered = render_blocks(Document((block,)))
    assert cost(block) == (len(rendered), weigh(rendered))


@UNHURRIED
@given(DOCUMENTS)
def test_costs_add_up(document: Document) -> None:
    """A document takes no more than its blocks together, and two new lines between any two."""
    rendered = render_blocks(document)
    costs = [cost(block) for block in document.blocks]
    assert len(rendered) <= sum(blocks for blocks, _ in costs)
    assert weigh(rendered) <= sum(characters for _, characters in costs) + 2 * max(0, len(costs) - 1)
