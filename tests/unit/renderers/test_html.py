"""HTML: nothing a writer typed becomes markup, and everything written is shown."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given, settings

from bot.model.richtext import (
    Byline,
    Code,
    Divider,
    Document,
    Heading,
    Image,
    LinkLine,
    List,
    Mark,
    Paragraph,
    Quote,
    Span,
    Talk,
    bold,
    link,
    paragraph,
    spans_of,
    walk,
)
from bot.renderers.html import render_html, safe_href
from tests.unit.renderers.documents import documents

ALLOWED = {
    "a", "blockquote", "br", "code", "details", "em", "h1", "h2", "h3", "h4", "hr", "img", "li", "ol", "p", "pre", "s",
    "strong", "summary", "u", "ul",
}  # fmt: skip


class Reader(HTMLParser):
    def __init__(self, html: str):
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in {"br", "hr", "img"}:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


def html(*blocks) -> str:
    return render_html(Document(blocks))


@settings(deadline=None)
@given(documents)
def test_every_document_becomes_sound_html_with_all_its_text(document: Document):
    """Tags are balanced and ours alone, and the text read back is the text written."""
    reader = Reader(render_html(document))
    assert not reader.open
    assert {tag for tag, _ in reader.tags} <= ALLOWED
    written = "".join(
        "".join(span.text for span in spans_of([block]))
        if isinstance(block, Heading | Paragraph)
        else block.text
        if isinstance(block, Code)
        else ""
        for block in walk(document.blocks)
    )
    assert "".join(reader.text.split()) == "".join(written.split())


@pytest.mark.parametrize(
    "href",
    ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", " javascript:x", "file:///etc/passwd", "//["],
)
def test_harmful_addresses_are_no_links(href: str):
    """Only http, https and mailto lead anywhere; the words stay."""
    assert safe_href(href) is None
    assert html(paragraph(link("words", href))) == "<p>words</p>"
    assert html(Image(href, "a plot")) == "<p>a plot</p>"


def test_markup_is_escaped_in_text_and_attributes():
    """Nothing typed by a writer closes a tag or an attribute."""
    assert html(paragraph("<script>&")) == "<p>&lt;script&gt;&amp;</p>"
    reader = Reader(html(paragraph(link("x", 'https://e.org/"onclick="alert(1)')), Code("x", '"><script>')))
    assert reader.tags[1] == ("a", {"href": 'https://e.org/"onclick="alert(1)', "rel": "noopener noreferrer"})
    assert reader.tags[3] == ("code", {"class": 'language-"><script>'})


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        (Heading((Span("T"),), 2), "<h2>T</h2>"),
        (Heading((Span("T"),), 9), "<h6>T</h6>"),
        (paragraph("a\nb"), "<p>a<br>\nb</p>"),
        (paragraph(bold("b"), Span("x", frozenset(Mark))), None),
        (List(((paragraph("a"),), (paragraph("b"),))), "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        (List(((paragraph("a"),),), ordered=True, start=4), '<ol start="4">\n<li>a</li>\n</ol>'),
        (Byline((Span("a"),)), '<p class="byline">a</p>'),
        (LinkLine((Span("a"),)), '<p class="links">a</p>'),
        (Talk(((paragraph("a"),),)), '<ul class="talk">\n<li>a</li>\n</ul>'),
        (Quote((paragraph("a"),)), "<blockquote>\n<p>a</p>\n</blockquote>"),
        (Quote((paragraph("a"),), folded=True), "<blockquote>\n<p>a</p>\n</blockquote>"),
        (
            Quote((paragraph("a"), paragraph("b")), folded=True),
            '<details class="quote"><summary>a</summary>\n<p>b</p>\n</details>',
        ),
        (Code("a < b", "python"), '<pre><code class="language-python">a &lt; b</code></pre>'),
        (Divider(), "<hr>"),
    ],
)
def test_blocks(block, expected: str | None):
    """Each block has its own element."""
    if expected is None:
        expected = "<p><strong>b</strong><u><s><em><code><strong>x</strong></code></em></s></u></p>"
    assert html(block) == expected


def test_a_picture_of_the_web_is_shown():
    """A picture is an image with its description, fetched only when scrolled to, telling nobody who reads."""
    assert html(Image("https://e.org/a.png", "a plot")) == (
        '<p class="image"><img src="https://e.org/a.png" alt="a plot" loading="lazy" referrerpolicy="no-referrer"></p>'
    )


@pytest.mark.parametrize("url", ["//e.org/a.png", "file:///a.png", "a.png"])
def test_other_pictures_are_told_by_their_description(url: str):
    """What a browser must not or cannot fetch is never asked for."""
    assert html(Image(url, "a plot")) == "<p>a plot</p>"
    assert not html(Image(url))


def test_pictures_are_shown_where_the_caller_says_they_lie():
    """A local image is shown by the address the site serves it under."""
    local = Document((Quote((Image("file:///d/a.png", "a"),)), List(((Image("file:///d/b.png"),),))))
    shown = render_html(local, picture=lambda url: url.replace("file://", "/media"))
    assert '<img src="/media/d/a.png" alt="a"' in shown
    assert '<img src="/media/d/b.png" alt=""' in shown
