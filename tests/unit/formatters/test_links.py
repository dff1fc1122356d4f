"""Links under names one can read."""

from __future__ import annotations

import pytest

from bot.formatters.links import best_links, link_spans, name_link
from bot.locales import open_words
from bot.model.digest import Link, LinkKind

EN = open_words("en")


@pytest.mark.parametrize(
    ("link", "name"),
    [
        (Link("https://github.com/google-research/Kubric", LinkKind.CODE), "google-research/Kubric"),
        (Link("https://arxiv.org/pdf/2109.08203v2.pdf", LinkKind.PAPER, "paper:"), "arXiv:2109.08203"),
        (Link("https://youtu.be/otly9jcZ0Jg", LinkKind.VIDEO), "YouTube"),
        (Link("https://twitter.com/a/status/14410", LinkKind.POST), "Twitter"),
        (Link("https://www.neuralrender.com/?utm_source=x", LinkKind.COURSE), "neuralrender.com"),
        (Link("https://example.org/x", LinkKind.OTHER, "the project page："), "the project page"),
        (Link("https://example.org/x", LinkKind.OTHER, "https://example.org/x"), "example.org/x"),
        (Link("https://example.org/x", LinkKind.OTHER, "link:"), "example.org/x"),
        (Link("https://example.org/x", LinkKind.OTHER, "C"), "example.org/x"),
        (Link("https://example.org/x", LinkKind.CODE, "POTree (JS-based"), "POTree"),
        (Link("https://example.org/x", LinkKind.CODE, "POTree (JS-based)"), "POTree (JS-based)"),
        (Link("https://example.org/x", LinkKind.CODE, "C++)"), "example.org/x"),
        (Link("https://github.com/uhlik/bpy/blob/master/a/b.py", LinkKind.CODE), "uhlik/bpy"),
        (Link("https://example.org/x", LinkKind.OTHER, "链接："), "example.org/x"),
        (Link("https://example.org/" + "x" * 90, LinkKind.OTHER), "example.org/" + "x" * 27 + "…"),
    ],
)
def test_a_link_is_named_shortly(link: Link, name: str) -> None:
    """Its own words name a link, else what it stands for, else its address without the noise."""
    assert name_link(link) == name


def text_of(*links: Link, source_url: str | None = None) -> str:
    return "".join(span.text for span in link_spans(links, EN, source_url=source_url))


def test_a_kind_names_its_only_link() -> None:
    """One paper is "Paper"; the kinds that matter most come first, the post itself last."""
    video, paper = Link("https://youtu.be/otly9jcZ0Jg", LinkKind.VIDEO), Link("https://arxiv.org/abs/1", LinkKind.PAPER)
    assert text_of(video, paper, source_url="https://twitter.com/a") == "Paper · Video · Original post"


def test_several_links_of_a_kind_are_told_apart() -> None:
    """Two repositories stand behind "Code" by their names; equal names are numbered."""
    kubric, mesh = (Link(f"https://github.com/o/{name}", LinkKind.CODE) for name in ("kubric", "mesh"))
    assert text_of(kubric, mesh) == "Code: o/kubric, o/mesh"
    first, second = (Link(f"https://youtu.be/otly9jcZ0J{n}", LinkKind.VIDEO) for n in "gh")
    assert text_of(first, second) == "Video: YouTube 1, YouTube 2"


def test_links_of_no_kind_stand_under_their_own_names() -> None:
    """The name of such a kind would say nothing."""
    docs, post = Link("https://x.org/d", LinkKind.OTHER, "docs"), Link("https://x.org/p", LinkKind.POST, "thread")
    assert text_of(docs, post) == "thread · docs"


def test_every_link_leads_where_the_source_said() -> None:
    """A name is ours, the address is kept to the letter."""
    links = [Link(f"https://t.co/{n}?s=20", kind) for n, kind in enumerate(LinkKind)]
    assert {span.href for span in link_spans(links, EN) if span.href} == {one.url for one in links}


def test_a_hit_shows_the_links_that_matter() -> None:
    """Papers and code before anything else; an entry without them shows what it has."""
    other, code = Link("https://x.org", LinkKind.OTHER), Link("https://github.com/o/r", LinkKind.CODE)
    assert best_links([other, code], 5) == [code]
    assert best_links([other], 5) == [other]
    assert best_links([code] * 9, 5) == [code] * 5
