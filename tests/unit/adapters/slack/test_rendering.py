"""Documents as Block Kit."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.slack import limits
from bot.adapters.slack.messages import local_pictures, with_files
from bot.adapters.slack.pictures import linked_picture
from bot.adapters.slack.rendering import cost, render_blocks, weigh
from bot.model.richtext import (
    Block,
    Byline,
    Code,
    Divider,
    Document,
    Fold,
    Heading,
    Image,
    LinkLine,
    List,
    Mark,
    Opening,
    Paragraph,
    Quote,
    Span,
    Talk,
    bold,
    code,
    italic,
    link,
    paragraph,
)
from tests.fakes.slack.blocks import check_blocks
from tests.unit.adapters.slack.documents import BLOCKS, DOCUMENTS, FOLDS, UNHURRIED, texts_of, words_of

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


def plain(words: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": words, "emoji": False}


def context(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "context", "elements": list(elements)}


def opening(words: str, url: str) -> dict[str, Any]:
    return {"begins": "open", "words": words, "url": url}


def acting(words: str, value: str) -> dict[str, Any]:
    return {"begins": "act", "words": words, "value": value}


def row(*buttons: dict[str, Any]) -> dict[str, Any]:
    elements = [
        {
            "type": "button",
            "action_id": f"{button['begins']}:entry0:{place}",
            "text": {"type": "plain_text", "text": button["words"], "emoji": True},
            **{key: button[key] for key in ("url", "value") if key in button},
        }
        for place, button in enumerate(buttons)
    ]
    return {"type": "actions", "elements": elements}


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
        "an entry's title stands close above its text, an empty line between paragraphs",
        [Heading((Span("NeRF"),)), paragraph("by Ben"), paragraph("It renders.")],
        [rich(section(text("NeRF", bold=True), text("\n"), text("by Ben"), text("\n\n"), text("It renders.")))],
    ),
    (
        "an empty line keeps a title from what is above it, whatever that is",
        [Heading((Span("a"),)), Heading((Span("b"),)), Divider(), Heading((Span("c"),))],
        [
            rich(section(text("a", bold=True), text("\n\n"), text("b", bold=True))),
            {"type": "divider"},
            rich(section(text("\n"), text("c", bold=True))),
        ],
    ),
    (
        "who and where is small print: words as they are, and a link is all that is written in Slack's markup",
        [
            Byline(
                (link("Ben & <co>", "https://e.org/?a=1&b=2"), Span(", "), Span("*Ada*"), Span(" · "), Span("Papers"))
            )
        ],
        [
            context(
                {"type": "mrkdwn", "text": "<https://e.org/?a=1&amp;b=2|Ben &amp; &lt;co&gt;>", "verbatim": True},
                plain("*Ada*"),
                plain("Papers"),
            )
        ],
    ),
    (
        "a name that Slack could take for markup makes the line rich text",
        [Byline((link("_ben_", "https://e.org"), Span(" · "), Span("Papers")))],
        [rich(section({"type": "link", "url": "https://e.org", "text": "_ben_"}, text(" · "), text("Papers")))],
    ),
    (
        "of an entry alone the links are buttons, told apart where they are of a kind, and hashtags are small print",
        [
            LinkLine(
                (
                    link("Paper", "https://e.org/p"),
                    Span(" · "),
                    Span("Code: "),
                    link("a", "https://e.org/a"),
                    Span(", "),
                    link("b", "https://e.org/b"),
                    Span(" · "),
                    Span("#CVPR2022"),
                )
            )
        ],
        [
            context(plain("#CVPR2022")),
            row(
                opening("Paper", "https://e.org/p"),
                opening("Code: a", "https://e.org/a"),
                opening("Code: b", "https://e.org/b"),
            ),
        ],
    ),
    (
        "among others the links are a line",
        [Heading((Span("a"),)), LinkLine((link("Paper", "https://e.org/p"),)), Heading((Span("b"),))],
        [
            rich(section(text("a", bold=True))),
            context({"type": "mrkdwn", "text": "<https://e.org/p|Paper>", "verbatim": True}),
            rich(section(text("\n"), text("b", bold=True))),
        ],
    ),
    (
        "of many links no wall of buttons is built",
        [LinkLine(tuple(link(f"{n}", f"https://e.org/{n}") for n in range(6)))],
        [context(*({"type": "mrkdwn", "text": f"<https://e.org/{n}|{n}>", "verbatim": True} for n in range(6)))],
    ),
    (
        "what is said in a talk stands in one quote: threads apart, an arrow before each answer",
        [Quote((Talk(((paragraph("a"), Talk(((paragraph("b"), Talk(((paragraph("c"),),))),))), (paragraph("d"),))),))],
        [
            rich(
                quote(
                    text("a"),
                    text("\n"),
                    text("↳ "),
                    text("b"),
                    text("\n"),
                    text("\u2003↳ "),
                    text("c"),
                    text("\n\n"),
                    text("d"),
                )
            )
        ],
    ),
    (
        "a folded text shows how it begins; its entry ends with buttons that open it and the discussion",
        [
            Heading((Span("a"),)),
            Fold((paragraph("One sentence. " * 30),), opening=Opening("Read more", "entry 34")),
            Fold(
                (paragraph(bold("Discussion (9)")), Talk(((paragraph("hm"),),))),
                opening=Opening("Discussion (9)", "said 34"),
            ),
            Heading((Span("b"),)),
        ],
        [
            rich(section(text("a", bold=True)), quote(text(("One sentence. " * 19).strip()), text(" …"))),
            row(acting("Read more", "entry 34"), acting("Discussion (9)", "said 34")),
            rich(section(text("\n"), text("b", bold=True))),
        ],
    ),
    (
        "what nothing opens is shown whole",
        [Fold((paragraph("One sentence. " * 30),))],
        [rich(quote(text("One sentence. " * 30)))],
    ),
    (
        "a nameless picture is told by the heading it stands below",
        [Heading((Span("NeRF"),)), Image(PICTURE)],
        [rich(section(text("NeRF", bold=True))), {"type": "image", "image_url": PICTURE, "alt_text": "NeRF"}],
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
@given(BLOCKS | FOLDS)
def test_cost_is_what_it_takes(block: Block) -> None:
    """A block alone takes no more than `cost` says, and exactly that where nothing depends on what stands around it."""
    rendered = render_blocks(Document((block,)))
    blocks, characters = cost(block)
    assert len(rendered) <= blocks
    assert weigh(rendered) <= characters
    if isinstance(block, Paragraph | Code) and not isinstance(block, Byline | LinkLine):
        assert (len(rendered), weigh(rendered)) == (blocks, characters)


@UNHURRIED
@given(st.lists(BLOCKS | FOLDS, max_size=6).map(lambda blocks: Document(tuple(blocks))))
def test_costs_add_up(document: Document) -> None:
    """A document takes no more than its blocks together, and two new lines between any two."""
    rendered = render_blocks(document)
    costs = [cost(block) for block in document.blocks]
    assert len(rendered) <= sum(blocks for blocks, _ in costs)
    assert weigh(rendered) <= sum(characters for _, characters in costs) + 2 * max(0, len(costs) - 1)
