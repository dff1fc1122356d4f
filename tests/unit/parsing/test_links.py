"""What stands behind a link, and which lines hold nothing else."""

from __future__ import annotations

import pytest

from bot.model.digest import Entry, LinkKind
from bot.parsing import parse_issue


def _entry(body: str, title: str = "A title") -> Entry:
    return parse_issue(f"### Papers\n\n#### {title}\n\n{body}\n", filename="012.md").entries[0]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        # The label decides.
        ("paper: https://example.org/x", LinkKind.PAPER),
        ("arXiv：https://t.co/abc", LinkKind.PAPER),
        ("Project Page: https://github.com/lab/page", LinkKind.PROJECT),
        ("video link: https://twitter.com/ann/status/12", LinkKind.VIDEO),
        ("Code for the paper: https://example.org/x", LinkKind.CODE),
        ("slides (pdf): https://example.org/x.pdf", LinkKind.SLIDES),
        ("论文：https://example.org/x", LinkKind.PAPER),
        ("项目主页：https://example.org/x", LinkKind.PROJECT),
        ("课程视频：https://example.org/x", LinkKind.VIDEO),
        ("视频课程：https://example.org/x", LinkKind.COURSE),
        ("course website: https://example.org/x", LinkKind.COURSE),
        ("dataset: https://github.com/lab/data", LinkKind.DATASET),
        ("Try the demo: https://example.org/x", LinkKind.DEMO),
        # Then its own words.
        ("[code](https://example.org/x)", LinkKind.CODE),
        ("[final video](https://example.org/x)", LinkKind.VIDEO),
        ("See [https://youtu.be/abcdefghijk](https://t.co/abc) for more.", LinkKind.VIDEO),
        # Then its address.
        ("https://arxiv.org/pdf/2101.00001v2.pdf", LinkKind.PAPER),
        ("https://github.com/lab/code", LinkKind.CODE),
        ("https://lab.github.io/thing/", LinkKind.PROJECT),
        ("https://m.youtube.com/watch?v=abc", LinkKind.VIDEO),
        ("https://x.com/ann/status/12", LinkKind.POST),
        ("https://lab.org/blog/thing", LinkKind.POST),
        ("https://medium.com/@ann/thing", LinkKind.POST),
        ("https://cs.example.edu/courses/cs1/", LinkKind.COURSE),
        ("https://colab.research.google.com/drive/1", LinkKind.DEMO),
        ("https://colab.research.google.com/github/lab/x.ipynb", LinkKind.CODE),
        ("https://huggingface.co/datasets/lab/x", LinkKind.DATASET),
        ("https://lab.org/publications/thing", LinkKind.PAPER),
        ("https://lab.org/talk.pptx", LinkKind.SLIDES),
        ("https://en.wikipedia.org/wiki/Mipmap", LinkKind.OTHER),
        ("http://[broken", LinkKind.OTHER),
    ],
)
def test_kind_follows_label_then_words_then_address(body: str, kind: LinkKind) -> None:
    """The nearest word about a link tells its kind; without any, its address does."""
    assert [link.kind for link in _entry(body).links] in ([kind], [] if "[broken" in body else [kind])


def test_website_of_a_course_is_the_course() -> None:
    """What is a project's page elsewhere is the course itself under a course's title."""
    assert _entry("webpage: https://a.example", "A course on light").links[0].kind is LinkKind.COURSE
    assert _entry("webpage: https://a.example", "A talk on light").links[0].kind is LinkKind.PROJECT


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("See https://a.example/x.", "https://a.example/x"),
        ("(https://a.example/x)", "https://a.example/x"),
        ("https://en.wikipedia.org/wiki/Mip_(map)", "https://en.wikipedia.org/wiki/Mip_(map)"),
        ("[https://a.example/x]", "https://a.example/x"),
        ("“https://a.example/x”", "https://a.example/x"),
        ("见https://a.example/x，很好", "https://a.example/x"),
        ("good!)https://a.example/x?a=1&b=2#c", "https://a.example/x?a=1&b=2#c"),
        ("**https://a.example/x**", "https://a.example/x"),
        ("https://x.com/_ann_/status/12", "https://x.com/_ann_/status/12"),
        ("HTTPS://A.Example/X", "HTTPS://A.Example/X"),
        ("<https://a.example/ü>", "https://a.example/ü"),
        ("`https://a.example/x`", None),
        ("ftp://a.example/x", None),
        ("a.example/x", None),
        ("https://", None),
    ],
)
def test_bare_address_is_taken_exactly(text: str, address: str | None) -> None:
    """An address in a text is a link, as written, without the punctuation of its sentence."""
    assert [link.url for link in _entry(f"Words. {text} words").links] == ([address] if address else [])


def test_lines_of_links_leave_the_body() -> None:
    """What is only links and labels stands among the links alone; prose stays, and its links count, too."""
    entry = _entry("Prose with [a paper](https://a.example/1).\n\nabs: https://a.example/2 code: https://a.example/3")
    assert [link.url for link in entry.links] == [f"https://a.example/{n}" for n in (1, 2, 3)]
    assert [link.label for link in entry.links] == ["a paper", "abs", "code"]
    assert len(entry.body.blocks) == 1


def test_link_counts_once_and_names_its_target() -> None:
    """A link said twice is one; a shortened one keeps the address that its writer showed."""
    entry = _entry("paper: [https://arxiv.org/abs/2101.00001](https://t.co/a?amp=1)\n\nAgain: https://t.co/a?amp=1 !")
    assert [(link.url, link.label) for link in entry.links] == [
        ("https://t.co/a?amp=1", "https://arxiv.org/abs/2101.00001")
    ]


def test_mentions_and_hashtags_are_no_links() -> None:
    """A link that only names an account or a tag is none of the entry's."""
    entry = _entry(
        "With [@ann](https://twitter.com/ann), [Bert](https://twitter.com/bert) and"
        " [#NeRF](https://twitter.com/hashtag/NeRF?src=x), #nerf or #3D, not #12, C#x or https://a.example/#part"
    )
    assert [link.url for link in entry.links] == ["https://a.example/#part"]
    assert entry.hashtags == ("NeRF", "3D")


def test_link_to_another_file_is_told_in_words() -> None:
    """An address that leads nowhere from a chat stays readable."""
    [block] = _entry("See [the notes](notes/a.md).").body.blocks
    assert "".join(span.text for span in block.spans) == "See the notes (notes/a.md)."  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("body", "source", "others"),
    [
        ("reference: https://x.com/a/status/1", "https://x.com/a/status/1", []),
        ("Reference：<https://x.com/a/status/1>", "https://x.com/a/status/1", []),
        ("**原文链接：** https://a.example/post", "https://a.example/post", []),
        ("original tweet:\nhttps://x.com/a/status/1", "https://x.com/a/status/1", []),
        ("Text. [source](https://x.com/a/status/1)\n\nmore", "https://x.com/a/status/1", []),
        ("ref: https://x.com/a/status/1\nref: https://x.com/a/status/2", "https://x.com/a/status/1", ["/2"]),
        ("source: https://github.com/lab/code", None, ["code"]),
        ("https://x.com/a/status/1", None, ["/1"]),
    ],
)
def test_source_is_what_is_announced_as_the_post(body: str, source: str | None, others: list[str]) -> None:
    """A reference is the post itself; a post that is merely linked is not."""
    entry = _entry(body)
    assert entry.source_url == source
    assert [link.url.endswith(end) for link, end in zip(entry.links, others, strict=True)] == [True] * len(others)
