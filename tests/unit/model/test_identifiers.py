"""Addresses: the many spellings of one thing have one identifier."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.identifiers import canonical, identify

SPELLINGS = {
    "arxiv:2109.08203": [
        "https://arxiv.org/abs/2109.08203",
        "http://www.arxiv.org/abs/2109.08203v3",
        "arxiv.org/pdf/2109.08203v2.pdf",
        "https://ar5iv.labs.arxiv.org/html/2109.08203",
        "https://huggingface.co/papers/2109.08203",
        "https://doi.org/10.48550/arXiv.2109.08203",
        "arXiv:2109.08203",
    ],
    "arxiv:math/0309136": ["https://arxiv.org/abs/math/0309136v1", "arXiv:math.GT/0309136"],
    "doi:10.1145/3528223.3530127": [
        "https://dl.acm.org/doi/abs/10.1145/3528223.3530127",
        "https://doi.org/10.1145/3528223.3530127",
        "doi:10.1145/3528223.3530127",
    ],
    "openreview:Bk4E_xY": ["https://openreview.net/forum?id=Bk4E_xY&noteId=z", "https://openreview.net/pdf?id=Bk4E_xY"],
    "github:nvlabs/instant-ngp": [
        "https://github.com/NVlabs/instant-ngp",
        "https://github.com/nvlabs/instant-ngp.git",
        "github.com/NVlabs/instant-ngp/blob/master/README.md",
        "https://github.com/NVlabs/instant-ngp.",
    ],
    "youtube:0KslwGsI9X8": [
        "https://www.youtube.com/watch?v=0KslwGsI9X8&t=3",
        "https://youtu.be/0KslwGsI9X8?si=x",
        "https://www.youtube.com/embed/0KslwGsI9X8",
    ],
    "youtube:list/PL8FnQMH2k7jzPrxqdYufoiYVHim8PyZWd": [
        "https://www.youtube.com/playlist?list=PL8FnQMH2k7jzPrxqdYufoiYVHim8PyZWd"
    ],
    "tweet:1428775742943412233": [
        "https://twitter.com/somebody/status/1428775742943412233",
        "https://x.com/i/web/status/1428775742943412233?s=20",
        "https://mobile.twitter.com/somebody/statuses/1428775742943412233/photo/1",
    ],
}


@pytest.mark.parametrize(("name", "url"), [(name, url) for name, urls in SPELLINGS.items() for url in urls])
def test_every_spelling_has_one_identifier(name: str, url: str) -> None:
    """Versions, mirrors, files and schemes of an address do not change what it stands for."""
    assert str(identify(url)) == name


@pytest.mark.parametrize(
    "url",
    [
        "",
        "nerf",
        "http://[",
        "https://github.com/topics/nerf",
        "https://github.com/nvlabs",
        "https://nvlabs.github.io/instant-ngp/",
        "https://twitter.com/somebody",
        "https://www.youtube.com/c/SomeChannel",
        "https://arxiv.org/list/cs.CV/recent",
        "https://example.org/2109",
    ],
)
def test_what_names_no_single_thing_has_none(url: str) -> None:
    """Profiles, lists, project pages and plain words are no identifiers."""
    assert identify(url) is None


@given(st.text() | st.from_regex(r"https?://(arxiv\.org|github\.com|youtu\.be|x\.com)/.{0,40}", fullmatch=True))
def test_any_text_can_be_asked_about(text: str) -> None:
    """No text raises, and an identifier read back is itself."""
    identifier = identify(text)
    canonical(text)
    if identifier is not None:
        assert identify(str(identifier)) == identifier


@pytest.mark.parametrize(
    ("url", "same"),
    [
        ("http://www.example.org/a/", "https://example.org/a#top"),
        ("https://example.org/a?utm_source=x&id=3", "https://Example.org/a?id=3"),
    ],
)
def test_canonical_leaves_out_what_does_not_change_the_target(url: str, same: str) -> None:
    """Scheme, www, tracking, fragment and final slash do not make another address."""
    assert canonical(url) == canonical(same) != ""
