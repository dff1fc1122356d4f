"""Whatever a file holds, it is read, quickly, and no word of it is lost."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import fields, is_dataclass
from enum import Enum

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from bot.parsing import ParseError, parse
from bot.parsing.markdown import MAX_BRACKETS

WORD = re.compile(r"[a-zà-ÿ0-9]*[a-zà-ÿ][a-zà-ÿ0-9]*|[\u4e00-\u9fff]+", re.IGNORECASE)
"""A run of letters of one script. Numbers alone may be those of list items: these are markup."""

TAG = re.compile(r"</?(?:b|div|br|td)>")

MARKS = """
    # ## ### #### ##### - * + 1. 2) > | --- *** === ``` ` ** __ _ ~~ [ ] ( ) ![ [^1] [^1]: [x]: : ： ， 。 . ! & <
    <b> </b> <div> </div> <br> <td> <T> \\ " ' “ ” 《 》 @ 、
"""
WORDS = st.sampled_from(
    ["alpha", "Beta", "gamma3", "中文", "词", "Élan", "paper", "reference", "comments", "from", "Ann Lee"]
)
ADDRESSES = st.sampled_from(
    [
        "https://arxiv.org/abs/2109.08203",
        "https://x.com/ann/status/12",
        "https://x.com/ann",
        "https://a.example/b_c_d",
        "b.md",
    ]
)
SIGNS = st.sampled_from(MARKS.split())
GAPS = st.sampled_from(["", " ", "  ", "    ", "\n", "\n\n", "\n  ", "\n    ", "\t", "\r\n", "\u3000"])
LINKS = st.builds("[{}]({})".format, WORDS, ADDRESSES)
IMAGES = st.builds("![{}]({})".format, WORDS, ADDRESSES)
MARKDOWN = st.lists(st.one_of(WORDS, SIGNS, GAPS, GAPS, ADDRESSES, LINKS, IMAGES), max_size=60).map("".join)


def _strings(value: object) -> Iterator[str]:
    """Yield every string inside a value."""
    if isinstance(value, Enum):
        return
    if isinstance(value, str):
        yield value
    elif is_dataclass(value):
        for field in fields(value):
            yield from _strings(getattr(value, field.name))
    elif isinstance(value, tuple):
        for item in value:
            yield from _strings(item)


@given(MARKDOWN)
@settings(max_examples=1500, deadline=None)
@example("#### alpha")
@example("- [Ann Lee](https://x.com/ann/status/12)\n  - reference:\n")
@example("|a|\n|-|\n|b|gamma3|")
@example("[^1]: alpha\n\n[^2]: beta [^1]")
@example('[x]: b.md "alpha"')
@example("alpha:，https://arxiv.org/abs/2109.08203")
@example("(alpha) https://arxiv.org/abs/2109.08203")
@example("a-very-long-word-before-the-name [alpha](b.md)[^1]:https://arxiv.org/abs/2109.08203")
def test_no_word_is_lost(markdown: str) -> None:
    """Every word of a text is somewhere in the issue, or among the words that are told to only label or arrange."""
    parsed = parse(markdown, filename="012.md")
    kept = "".join(_strings(parsed.issue)) + " ".join(parsed.asides)
    lost = [word for word in WORD.findall(TAG.sub(" ", markdown)) if word.casefold() not in kept.casefold()]
    assert lost == []


@given(st.text(max_size=300))
@settings(max_examples=500, deadline=None)
def test_any_text_is_an_issue(text: str) -> None:
    """No text is refused for its style."""
    issue = parse(text, filename="012.md").issue
    assert all(entry.title for entry in issue.entries)


HOSTILE = {
    "lists in lists": "".join("  " * depth + "- a\n" for depth in range(2_000)),
    "lists in lists in a line": "- " * 10_000 + "a",
    "quotes in quotes": ">" * 100_000 + " a",
    "open brackets": "[" * 1_000_000,
    "images that never end": "![" * 100_000,
    "stars": "*" * 1_000_000,
    "stars and words": "**a " * 20_000,
    "backticks": "`" * 1_000_000,
    "tags": "<b>" * 20_000,
    "tags that never end": "<a href=" * 20_000,
    "comments": "<!-- a\n\n" * 10_000,
    "an endless address": "https://a.example/" + "(" * 100_000 + ")." * 100_000,
    "colons": "://" * 20_000,
    "one endless line": "a" * 1_000_000,
    "lines": "a\n" * 20_000,
    "spaces": " " * 1_000_000 + "a",
    "headings": "### a\n#### b\n" * 2_000,
    "items": "- a\n" * 4_000,
    "replies": "- **Ann:** a\n" * 2_000,
    "bylines": "(from " * 20_000,
    "tables": "a|b\n-|-\nc|d\n\n" * 1_000,
    "wide tables": "|".join("a" * 10_000) + "\n" + "|".join("-" * 10_000),
    "footnotes": "".join(f"[^{n}]: [^{n + 1}]\n\n" for n in range(4_000)) + "x [^0]",
    "entities": "&amp;" * 20_000,
    "front matter": "---\n" + "a: " * 3_000 + "\n---\n",
    "front matter in brackets": "---\na: " + "[" * 9_000 + "\n---\n",
    "nothing": "\0" * 10_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_read_or_refused(name: str) -> None:
    """What no hand has written is read in a time that its length explains, or refused in one plain sentence."""
    text = HOSTILE[name]
    begun = time.process_time()
    with suppress(ParseError):
        parse(text, filename="012.md")
    assert time.process_time() - begun < 1 + 100e-6 * len(text)


def _nest(depth: int) -> str:
    return "".join(f"{'  ' * level}- a{level}\n" for level in range(depth))


@pytest.mark.parametrize(("deepest", "beyond"), [(_nest(16), _nest(17)), ("> " * 32 + "a15", "> " * 33 + "a15")])
def test_depth_is_kept_up_to_its_limit(deepest: str, beyond: str) -> None:
    """Lists and quotes keep their words down to the deepest that is read; beyond it the text is refused, not cut."""
    assert "a15" in "".join(_strings(parse(deepest, filename="012.md").issue))
    with pytest.raises(ParseError, match="inside one another more than 16 deep"):
        parse(beyond, filename="012.md")


def test_brackets_are_counted_where_they_stand_open() -> None:
    """A long list of links is no trouble: only brackets inside brackets are."""
    links = "[a](https://a.example) [ ] " * 500
    assert len(parse(links, filename="012.md").issue.entries) == 1
    with pytest.raises(ParseError, match="brackets"):
        parse("[" * (MAX_BRACKETS + 1), filename="012.md")


def test_reading_costs_little_more_than_the_markdown_itself() -> None:
    """Time grows with length, not with its square: four times the text takes about four times as long."""
    text = (
        "### Papers\n\n" + "- ##### [Ann Lee](https://x.com/ann/status/1)\n  **A title.** Words, words. #tag\n\n" * 100
    )

    def measure(source: str) -> float:
        begun = time.process_time()
        parse(source, filename="012.md")
        return time.process_time() - begun

    MarkdownIt().parse(text)  # warm
    once = min(measure(text) for _ in range(5))
    longer = min(measure(text * 4) for _ in range(3))
    assert longer < 8 * once + 0.05
