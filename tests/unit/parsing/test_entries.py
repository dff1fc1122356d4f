"""Where entries begin, who posted them, who answers, and what the editors say."""

from __future__ import annotations

import pytest

from bot.model.digest import Comment, Entry, Issue
from bot.parsing import parse, parse_issue
from bot.parsing.plain import plain_text


def _issue(text: str) -> Issue:
    return parse_issue(text, filename="012.md")


def _entries(body: str) -> tuple[Entry, ...]:
    return _issue(f"### Section\n\n{body}\n\n### Another\n").entries


def test_a_title_keeps_what_joins_its_signs() -> None:
    """Families of emoji, and letters that must not join, are held by characters of no width; an edge needs none."""
    family, persian = "\U0001f468\u200d\U0001f469\u200d\U0001f467", "می\u200cخواهم"
    (entry,) = _entries(f"#### {family} and {persian}\u200d\n\ntext")
    assert entry.title == f"{family} and {persian}"


def _said(comments: tuple[Comment, ...]) -> list[tuple[str, int, str]]:
    return [(comment.speaker, comment.depth, plain_text(comment.body.blocks)) for comment in comments]


@pytest.mark.parametrize(
    "body",
    [
        "#### One\n\ntext\n\n#### Two\n\ntext",
        "- ##### One\n\n  text\n\n- ##### Two\n\n  text",
        "- ##### One\n\ntext\n\n- a point\n\n- ##### Two\n\ntext",
        "- **One**\n\n  text\n\n - **Two**\n\n  text",
        "- One\n\ntext\n\n- Two\n\ntext",
        "1. One\n\n   text\n2. Two\n\n   text",
        "1、**One**\n\ntext\n\n2、**Two**\n\ntext",
        "1、One\n\ntext\n\n[a link](https://a.example) in the text\n\n2、Two\n\ntext",
        "(1) One\n\ntext\n\n(2) Two\n\ntext",
        "①\n\nOne\n\n②\n\nTwo",
        "**One**: text\n\n**[Two](https://a.example)**: text",
        "[One](https://a.example/1)\n[Two](https://a.example/2)",
        "- [One](https://a.example/1) – text\n- [Two](https://a.example/2): text",
        "- [One](https://x.com/lab/status/1)\n- [Two](https://x.com/lab/status/2)",
        "###One\n\ntext\n\n###Two\n\ntext".replace("###", "####"),
    ],
)
def test_entries_begin_where_a_reader_sees_them(body: str) -> None:
    """Headings, items with headings, bold and plain items, bold and linked paragraphs each begin an entry."""
    assert [entry.title for entry in _entries(body)] == ["One", "Two"]


def test_words_that_only_contain_a_kind_of_link_are_a_title() -> None:
    """What says no more than that a link leads to a project is its label; a sentence about a project is a title."""
    first, second = _entries(
        "[这个项目可以带来多少收入](https://a.example/1)\n\n[项目主页](https://a.example/2)\n\n[Two](https://b.example)"
    )
    assert (first.title, second.title) == ("这个项目可以带来多少收入", "Two")
    assert [link.url for link in first.links] == ["https://a.example/1", "https://a.example/2"]


def test_group_heading_stands_over_its_entries() -> None:
    """A heading right above a list of entries, or above headings, names their group; one with nothing below is none."""
    entries = _entries(
        "#### Tools\n\n- [A tool](https://a.example)\n- **B tool**: text\n\n"
        "#### Papers\n\n##### A paper\n\ntext\n\n##### B paper\n\ntext\n\n#### Empty"
    )
    assert [(entry.group, entry.title) for entry in entries] == [
        ("Tools", "A tool"),
        ("Tools", "B tool"),
        ("Papers", "A paper"),
        ("Papers", "B paper"),
    ]
    assert "Empty" in parse("### Section\n\n#### Empty\n", filename="012.md").asides


def test_list_below_a_title_is_text() -> None:
    """Bullets under an entry's heading are its own, and no entries."""
    [entry] = _entries("#### A title\n\nThree points:\n\n- one\n- two\n- three")
    assert plain_text(entry.body.blocks) == "Three points:\none\ntwo\nthree"


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ("#### A title\n\n[Ann Lee](https://x.com/annlee)\n\ntext", ["Ann Lee"]),
        ("#### A title\n\n**[Ann Lee](https://x.com/annlee):**\n\ntext", ["Ann Lee"]),
        ("#### A title\n\n[Ann Lee](https://x.com/annlee), [Bo Ek](https://x.com/boek)\n\ntext", ["Ann Lee", "Bo Ek"]),
        ("#### A title\n\nauthor: [Ann Lee](https://x.com/annlee)\n\ntext", ["Ann Lee"]),
        ("#### A title\n\nby Ann Lee\n\ntext", ["Ann Lee"]),
        ("#### A title\n\nAnn Lee\n\ntext", ["Ann Lee"]),
        ("#### A title\n\n##### Ann Lee:\n\ntext", ["Ann Lee"]),
        ("#### A title\n\n##### [Ann Lee](https://x.com/annlee)\n\ntext", ["Ann Lee"]),
        ("#### A title\n\n**Ann Lee:** text", ["Ann Lee"]),
        ("#### A title (from @annlee)\n\ntext", ["annlee"]),
        ("#### A title from [Ann Lee](https://x.com/annlee)\n\ntext", ["Ann Lee"]),
        ("#### A title – [Ann Lee](https://x.com/annlee)\n\ntext", ["Ann Lee"]),
        ("#### [Ann Lee](https://x.com/annlee): A title\n\ntext", ["Ann Lee"]),
        (
            "#### A title\n\n##### original twitter link（from Ann Lee）：\nhttps://x.com/a/status/1\n\ntext",
            ["Ann Lee"],
        ),
        ("#### A title\n\n[Ann Lee](https://ann.example/)\n\ntext", ["Ann Lee"]),
        ("#### A title\n\nWith [@annlee](https://x.com/annlee) we built it. text", []),
        ("#### A title\n\n[Learn more](https://x.com/annlee/status/1)\n\ntext", []),
        ("#### A title\n\nA sentence about text", []),
    ],
)
def test_author_is_who_the_entry_names(body: str, names: list[str]) -> None:
    """Authors stand in the heading, under it, or after "from"; nobody is guessed."""
    [entry] = _entries(body)
    assert entry.title == "A title"
    assert [author.name for author in entry.authors] == names
    assert "text" in plain_text(entry.body.blocks)


def test_linked_heads_are_names_or_titles() -> None:
    """A head that links to a post is a name where the linked heads beside it are, and a title where they are not."""
    names = "- [Ann Lee](https://x.com/annlee/status/1)\n  - text\n- [Noor](https://x.com/xyz/status/2)\n  - text"
    assert [entry.authors[0].name for entry in _entries(names)] == ["Ann Lee", "Noor"]
    titles = "#### [SAVi](https://x.com/xyz/status/1)\n\ntext\n\n#### [On slots](https://x.com/abc/status/2)\n\ntext"
    assert [(entry.title, entry.authors) for entry in _entries(titles)] == [("SAVi", ()), ("On slots", ())]


def test_second_name_goes_on_in_the_same_entry() -> None:
    """Several names with texts of their own are all authors; the text still tells who says what."""
    [entry] = _entries(
        "#### A title\n\n[Ann Lee](https://x.com/annlee/status/1)\n\nOne.\n\n[Bo Ek](https://x.com/boek/status/2)\n\nTwo."
    )
    assert [author.name for author in entry.authors] == ["Ann Lee", "Bo Ek"]
    assert plain_text(entry.body.blocks) == "One.\nBo Ek\nTwo."
    assert entry.source_url == "https://x.com/annlee/status/1"


def test_papers_of_one_author_are_entries_of_their_own() -> None:
    """Items below a name that each have a title and links are entries; parts of one post are not."""
    papers = _entries(
        "- [Ann Lee](https://x.com/annlee/status/1)\n"
        "  - A first fine paper\n    - paper: https://a.example/1\n"
        "  - A second fine paper, paper: https://a.example/2\n"
    )
    assert [entry.title for entry in papers] == ["A first fine paper", "A second fine paper"]
    assert {entry.source_url for entry in papers} == {"https://x.com/annlee/status/1"}
    assert {entry.authors[0].name for entry in papers} == {"Ann Lee"}
    parts = _entries("- [Ann Lee](https://x.com/annlee/status/1)\n  - A fine paper\n  - paper: https://a.example/1\n")
    assert len(parts) == 1


@pytest.mark.parametrize(
    "replies",
    [
        "- **Bo Ek:** one\n  - **Ann Lee:** two\n- **Cy:** three",
        "- **Bo Ek**: one\n    - **Ann Lee**：two\n\n- **Cy**: three",
        "- Bo Ek: one\n  - Ann Lee: two\n- Cy: three",
        "- [Bo Ek](https://x.com/boek): one\n  - Ann Lee: two\n- **Cy：**three",
        "- comments:\n  - Bo Ek: one\n    - Ann Lee: two\n  - Cy: three",
        "* **Bo Ek:**\n  one\n  * **Ann Lee:**\n    two\n* **Cy:**\n  three",
    ],
)
def test_replies_are_comments_with_their_depth(replies: str) -> None:
    """Names before a colon, bold or linked, in lists at any depth, are who speaks."""
    [entry] = _entries(f"#### A title\n\n[Ann Lee](https://x.com/annlee)\n\nSome text of hers.\n\n{replies}")
    assert _said(entry.comments) == [("Bo Ek", 0, "one"), ("Ann Lee", 1, "two"), ("Cy", 0, "three")]
    assert plain_text(entry.body.blocks) == "Some text of hers."


def test_replies_may_be_paragraphs() -> None:
    """Bold names in paragraphs answer, too; what stands below one in its paragraph belongs to it."""
    [entry] = _entries(
        "- **A title**\n\n  ##### Ann Lee:\n\n  text\n\n  **Bo Ek**: one\n  and more\n  **Cy:** two\n  reference: https://x.com/a/status/1"
    )
    assert _said(entry.comments) == [("Bo Ek", 0, "one\nand more"), ("Cy", 0, "two")]
    assert entry.source_url == "https://x.com/a/status/1"


@pytest.mark.parametrize(
    "line",
    [
        "**Key idea:** less is more",
        "**Update:** it works",
        "**Include a photo?**",
        "1.*Group scheduling* Use slots",
        "- **Paper:** soon",
        "- Instant NeRF: fast",
        "**时间地点：** 周五",
        "Note: it works",
    ],
)
def test_bold_words_of_a_text_are_nobody(line: str) -> None:
    """Sub-heads and labels of a body are no speakers."""
    [entry] = _entries(f"#### A title\n\nSome text.\n\n{line}")
    assert entry.comments == ()
    assert line.strip("-*1. ").split("*")[0].rstrip(":：") in plain_text(entry.body.blocks)


@pytest.mark.parametrize(
    ("closing", "remark"),
    [
        ("**评述：** 很有意思。", "很有意思。"),
        ("**评述：**很有意思。", "很有意思。"),
        ("编者按: 很有意思。", "很有意思。"),
        ("**介绍了NeRF的相关知识。**", "介绍了NeRF的相关知识。"),
        ("##### 介绍了相关知识", "介绍了相关知识"),
        ("**Editors' note:** nice", "nice"),
        ("**A bold English line.**", ""),
        ("介绍了相关知识。", ""),
    ],
)
def test_remark_closes_an_entry(closing: str, remark: str) -> None:
    """The editors' own word is labelled, or a bold Chinese line at the end; other last lines are text."""
    [entry] = _entries(f"#### A title\n\nSome text.\n\n{closing}")
    assert plain_text(entry.remark.blocks) == remark


def test_images_belong_to_their_entry() -> None:
    """Pictures in Markdown and in HTML, linked ones, and those in replies are the entry's, in order."""
    [entry] = _entries(
        '#### A title\n\ntext ![a](1.png)\n\n<div align=center><img src="2.png" alt="b" width="75%"/></div>\n\n'
        "[![c](3.png)](https://youtu.be/abcdefghijk)\n\n- **Bo Ek:** look\n  ![d](4.png)\n\n<img src='5.png'>"
    )
    assert [(image.url, image.alt) for image in entry.images] == [
        ("1.png", "a"),
        ("2.png", "b"),
        ("3.png", "c"),
        ("4.png", "d"),
        ("5.png", ""),
    ]
    assert [link.url for link in entry.links] == ["https://youtu.be/abcdefghijk"]


def test_same_section_may_come_twice() -> None:
    """Duplicated sections and entries stay as they are."""
    issue = _issue("### A\n\n- one\n\n### B\n\n### A\n\n- one\n")
    assert [(section.title, len(section.entries)) for section in issue.sections] == [("A", 1), ("B", 0), ("A", 1)]


@pytest.mark.parametrize(
    ("content", "title"),
    [
        ("  - Sun: Light in Time\n  - paper: https://a.example", "Sun: Light in Time"),
        ("  - paper:[Sun and Light in Time](https://a.example)", "Sun and Light in Time"),
        ("  - Our paper “Sun and Light in Time” is out!", "Sun and Light in Time"),
        ("  - We propose a sun, e.g. a star. It shines.", "We propose a sun, e.g. a star"),
        ("  - Wow! We have a sun! It shines.", "Wow! We have a sun!"),
        ("  - 我们提出了太阳。它会发光。", "我们提出了太阳。"),
        ("  - https://sun.example/light", "sun.example/light"),
        ("\n  ![A drawn sun](sun.png)", "A drawn sun"),
        ("", "Section"),
        ("  **Sun and Light**\n\n  text", "Sun and Light"),
    ],
)
def test_title_is_derived_where_none_is_given(content: str, title: str) -> None:
    """A name of a paper, the first sentence, a link or a picture: never just who posted it."""
    assert [entry.title for entry in _entries(f"- ##### [AK](https://x.com/ak/status/1)\n{content}")] == [title]


def test_long_sentence_is_cut_between_words() -> None:
    """A derived title is short, and ends with a whole word."""
    [entry] = _entries(f"- [AK](https://x.com/ak/status/1)\n  - {'word ' * 60}")
    assert len(entry.title) <= 100
    assert entry.title.endswith("word…")
    assert entry.title_derived
