"""Pictures: where they lie, and what stands in for them."""

from __future__ import annotations

import pytest

from bot.formatters.images import link_images, resolve_address, resolve_images
from bot.locales import open_words
from bot.model.richtext import Document, Image, LinkLine, List, Quote, Span, link, paragraph

EN = open_words("en")


@pytest.mark.parametrize(
    ("url", "base", "address"),
    [
        ("a.png", "file:///digests/", "file:///digests/a.png"),
        ("images/a%20b.png", "file:///digests/", "file:///digests/images/a%20b.png"),
        ("./x/../a.png", "file:///digests/", "file:///digests/a.png"),
        ("a.png", "https://raw.example/o/r/main/", "https://raw.example/o/r/main/a.png"),
        ("https://pbs.example/a.jpg", "file:///digests/", "https://pbs.example/a.jpg"),
        ("//pbs.example/a.jpg", "https://raw.example/", "https://pbs.example/a.jpg"),
    ],
)
def test_an_address_is_resolved_against_the_issues_own(url: str, base: str, address: str) -> None:
    """What the source wrote relative to its file becomes absolute."""
    assert resolve_address(url, base) == address


@pytest.mark.parametrize(
    ("url", "base"),
    [
        ("../secret.png", "file:///digests/"),
        ("..%2Fsecret.png", "file:///digests/"),
        ("x/../../secret.png", "file:///digests/"),
        ("/etc/passwd", "file:///digests/"),
        ("file:///etc/passwd", "file:///digests/"),
        ("file:///etc/passwd", "https://raw.example/"),
        ("file:///digests2/a.png", "file:///digests/"),
        ("a.png", ""),
        ("data:image/png;base64,AAAA", "file:///digests/"),
        ("javascript:alert(1)", "https://raw.example/"),
        ("http://[", "file:///digests/"),
    ],
)
def test_a_picture_outside_the_digests_folder_cannot_be_had(url: str, base: str) -> None:
    """No digest makes the bot send another file of the machine, or anything that is no picture on the web."""
    assert resolve_address(url, base) is None


def test_a_picture_that_cannot_be_had_is_described() -> None:
    """What cannot be shown is told in the source's words."""
    document = Document((Image("../x.png", "A mesh"), Image("../y.png")))
    assert resolve_images(document, "file:///digests/") == Document((paragraph("[A mesh]"), paragraph("[../y.png]")))


def test_pictures_are_resolved_wherever_they_stand() -> None:
    """Lists and quotes hold pictures, too."""
    there = Image("https://raw.example/a.png")
    document = Document((List(((Image("a.png"),),)), Quote((Image("a.png"),))))
    assert resolve_images(document, "https://raw.example/") == Document((List(((there,),)), Quote((there,))))


def test_links_stand_in_for_pictures() -> None:
    """A chat without images gets one line of links for the pictures that stand together."""
    first, second, lone = (Image(f"https://raw.example/{name}.png") for name in "abc")
    local = Image("file:///digests/d.png", "A mesh")
    document = Document((first, second, paragraph("text"), lone, paragraph("more"), local))
    assert link_images(document, EN) == Document(
        (
            LinkLine((link("Image 1", first.url), Span(" · "), link("Image 2", second.url))),
            paragraph("text"),
            LinkLine((link("Image", lone.url),)),
            paragraph("more"),
            LinkLine((Span("[A mesh]"),)),
        )
    )
