"""Anchors: links to what has no address before it was sent."""

from __future__ import annotations

from bot.formatters.anchors import entry_anchor, resolve_anchors, resolve_post, section_anchor
from bot.formatters.browsing import format_contents
from bot.formatters.issue import format_issue
from bot.locales import open_words
from bot.model.chat import Layout
from bot.model.delivery import Post
from bot.model.richtext import Document, Heading, List, Quote, Span, bold, link, paragraph, spans_of
from tests.unit.formatters.samples import ISSUE

EN = open_words("en")
DOCUMENT = Document(
    (
        Heading((Span("A", href=section_anchor(0)),)),
        List(((paragraph(bold("B", section_anchor(1)), link("C", "https://e.org")),),)),
        Quote((paragraph(link("D", entry_anchor(7))),)),
    )
)


def hrefs(document: Document) -> list[str | None]:
    return [span.href for span in spans_of(document.blocks)]


def test_anchors_get_their_addresses_wherever_they_stand() -> None:
    """Other links are left alone; an anchor without an address is plain text in its own style."""
    resolved = resolve_anchors(DOCUMENT, {section_anchor(1): "https://t.me/c/1/2"})
    assert hrefs(resolved) == [None, "https://t.me/c/1/2", "https://e.org", None]
    assert [span.text for span in spans_of(resolved.blocks)] == ["A", "B", "C", "D"]
    assert resolve_post(Post(None, (DOCUMENT,), silent=True), {}) == Post(
        None, (resolve_anchors(DOCUMENT, {}),), silent=True
    )


def test_a_header_leads_to_its_sections() -> None:
    """Each section that comes has an anchor in the contents, and nothing else has."""
    header, *posts = format_issue(ISSUE, layout=Layout.COMPACT, words=EN)
    found = {href for href in hrefs(header.units[0]) if href and href.startswith("anchor:")}
    assert found == {section_anchor(post.section) for post in posts if post.section is not None}


def test_contents_to_leaf_through_have_buttons_and_no_anchors() -> None:
    """What nobody resolves is not said."""
    assert not [href for href in hrefs(format_contents(ISSUE, EN).document) if href and href.startswith("anchor:")]
