"""The query language: any text is a query, and a printed query reads back as itself."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.search import Notice, NoticeCode
from bot.search.parser import LONGEST_QUERY, MOST_CLAUSES, parse
from bot.search.query import (
    Address,
    After,
    Before,
    ByAuthor,
    Clause,
    Either,
    Handle,
    Has,
    InIssues,
    InSection,
    InTitle,
    Not,
    NotInIssues,
    OnTopic,
    Phrase,
    Tag,
    Word,
)

PIECES = ["nerf", "OR", "-", '"', "author:", "has:code", "issue:3..6", " ", "#x", "@y", "http://a.b/c", "*", ":", "c++"]
PIECES += ["NOT", "AND", "title:", ")", "-(", "NOT (", "tag:", "作者:", "by:", "lang:", "year:", "title:x)", "|"]
PIECES += ["-issue:2", "-before:2021", "+", "&", "has:"]
PIECES += [".", "C#", "after:2020", "arxiv:2109.08203", "\\", "(", "渲染", "/", "|", "foo:bar", "doi:10.1/x"]
TEXTS = (
    st.text(st.characters(codec=None)) | st.lists(st.sampled_from(PIECES)).map("".join) | st.text('ab-"#@:|OR*. 神_+\\')
)


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("nerf slam", [Word("nerf"), Word("slam")]),
        ("nerf -gan", [Word("nerf"), Not(Word("gan"))]),
        ("-issue:3..6 -has:code", [NotInIssues(InIssues(3, 6)), Not(Has("code"))]),
        ("-after:2022 -before:2021", [Before(date(2022, 1, 1)), After(date(2021, 1, 1))]),
        ("nerf+slam mip&map x^2", [*map(Word, ("nerf", "slam", "mip", "map", "x", "2"))]),
        ("nerf NOT gan", [Word("nerf"), Not(Word("gan"))]),
        ('NOT "point cloud" NOT has:code', [Not(Phrase("point cloud")), Not(Has("code"))]),
        ("NOT -gan NOT", [Not(Word("gan"))]),
        ("nerf AND slam and mesh", [*map(Word, ("nerf", "slam", "and", "mesh"))]),
        ("nerf -(gan OR voxel) mesh", [Word("nerf"), Not(Word("gan")), Not(Word("voxel")), Word("mesh")]),
        ("NOT (gan (a b) has:code) mesh", [*map(Not, (Word("gan"), Word("a"), Word("b"), Has("code"))), Word("mesh")]),
        ("(author:crane OR title:mesh)", [Either((ByAuthor("crane"), InTitle(Word("mesh"))))]),
        ("-foo:bar mesh", [Not(Word("foo")), Not(Word("bar")), Word("mesh")]),
        ("-lang:zh mesh", [Word("mesh")]),
        ('"exact phrase" -"not this"', [Phrase("exact phrase"), Not(Phrase("not this"))]),
        ("“弯引号” 「角引号」", [Phrase("弯引号"), Phrase("角引号")]),
        ("a nerf OR slam", [Word("a"), Either((Word("nerf"), Word("slam")))]),
        ("x|y", [Either((Word("x"), Word("y")))]),
        ("author:crane", [ByAuthor("crane")]),
        ('author:"Michael Black"', [ByAuthor("Michael Black")]),
        ("author: crane", [ByAuthor("crane")]),
        ("by:crane from:crane", [ByAuthor("crane"), ByAuthor("crane")]),
        ("title:nerf title:splat*", [InTitle(Word("nerf")), InTitle(Word("splat", prefix=True))]),
        ('-title:"view synthesis" title:c++', [Not(InTitle(Phrase("view synthesis"))), InTitle(Word("c++"))]),
        ("tag:#ICCV2021 tag:point-cloud", [Tag("ICCV2021"), Tag("pointcloud")]),
        (
            "作者：鲁鹏 标题:三维 栏目:课程 期:4",
            [ByAuthor("鲁鹏"), InTitle(Word("三维")), InSection("课程"), InIssues(4, 4)],
        ),
        ("since:2022 until:2023", [After(date(2022, 1, 1)), Before(date(2023, 1, 1))]),
        ("section:课程", [InSection("课程")]),
        ("topic:slam", [OnTopic("slam")]),
        ("issue:4", [InIssues(4, 4)]),
        ("issue:3..6", [InIssues(3, 6)]),
        ("issue:6-3", [InIssues(3, 6)]),
        ("issue:3..", [InIssues(3, None)]),
        ("issue:..6", [InIssues(None, 6)]),
        ("after:2022-01-01 before:2022", [After(date(2022, 1, 1)), Before(date(2022, 1, 1))]),
        ("after:2022年3月", [After(date(2022, 3, 1))]),
        ("has:code has:images has:Comments", [Has("code"), Has("image"), Has("comments")]),
        ("#ICCV2021 @jbhuang0604", [Tag("ICCV2021"), Handle("jbhuang0604")]),
        ("＃ＩＣＣＶ２０２１　ａｕｔｈｏｒ：ｃｒａｎｅ", [Tag("ICCV2021"), ByAuthor("crane")]),
        ("ner*", [Word("ner", prefix=True)]),
        ("https://arxiv.org/abs/2109.08203v2,", [Address("arxiv:2109.08203")]),
        ("2109.08203", [Address("arxiv:2109.08203")]),
        ("github.com/NVlabs/instant-ngp", [Address("github:nvlabs/instant-ngp")]),
        ("https://x.com/a/status/123", [Address("tweet:123")]),
        ("https://example.org/page?x=1", [Address("https://example.org/page?x=1")]),
        ("C++ c# real-time", [Word("C++"), Word("c#"), Word("real-time")]),
        ("(nerf), [slam]!", [Word("nerf"), Word("slam")]),
        ("NeRF:Representing 10:30", [Word("NeRF"), Word("Representing"), Word("10"), Word("30")]),
        ("- OR , ()", []),
        ("", []),
    ],
)
def test_what_is_typed_means(text: str, clauses: list[Clause]) -> None:
    """Words, phrases, exclusions, choices, filters, tags, handles and addresses, in both scripts and widths."""
    assert list(parse(text).clauses) == clauses


@pytest.mark.parametrize(
    ("text", "notice", "said"),
    [
        ("autor:crane", Notice(NoticeCode.UNKNOWN_FIELD, "autor", "author"), "did you mean 'author'?"),
        ("titel:mesh", Notice(NoticeCode.UNKNOWN_FIELD, "titel", "title"), "did you mean 'title'?"),
        ("year:2022", Notice(NoticeCode.UNKNOWN_FIELD, "year", "after"), "did you mean 'after'?"),
        ("nerf:x", Notice(NoticeCode.NO_FIELD, "nerf"), "no field 'nerf', so it was searched for as a word"),
        ("mesh lang:zh", Notice(NoticeCode.FIELD_LEFT_OUT, "lang"), "no field 'lang', so it was left out"),
        ("title:?", Notice(NoticeCode.EMPTY_FIELD, "title"), "behind the colon"),
        ("has:cod", Notice(NoticeCode.UNKNOWN_FEATURE, "cod", "code"), "did you mean 'code'?"),
        ("issue:four", Notice(NoticeCode.NO_ISSUE, "four"), "issue:3..6"),
        ("after:yesterday", Notice(NoticeCode.NO_DATE, "after:yesterday"), "after:2022-01-31"),
        ("before:2022-02-31", Notice(NoticeCode.NO_DATE, "before:2022-02-31"), "no date"),
        ('author:""', Notice(NoticeCode.EMPTY_FIELD, "author"), "behind the colon"),
        ("nerf has:", Notice(NoticeCode.EMPTY_FIELD, "has"), "behind the colon"),
        ("nerf OR -slam", Notice(NoticeCode.OR_BETWEEN, "-slam"), "left out"),
        ("a " * LONGEST_QUERY, Notice(NoticeCode.TOO_LONG), "only its beginning"),
    ],
)
def test_a_mistaken_filter_is_told(text: str, notice: Notice, said: str) -> None:
    """A mistake is a notice with what to do, never an error, and the rest of the query is searched."""
    assert parse(text).notices == (notice,)
    assert said in str(notice)


@pytest.mark.parametrize("text", ["NeRF: a survey", "NeRF:Representing scenes", "Project link: https://a.b/c", "10:30"])
def test_a_colon_makes_no_field(text: str) -> None:
    """Titles and sentences have colons, too: they are no mistake to tell."""
    assert parse(text).notices == ()


def test_a_misspelt_filter_still_searches_its_value() -> None:
    """What stood behind the unknown field is not lost."""
    assert parse("autor:crane mesh").clauses == (Word("crane"), Word("mesh"))


@given(TEXTS)
def test_a_printed_query_reads_back_as_itself(text: str) -> None:
    """Whatever was typed: what is shown as the query is the query."""
    query = parse(text)
    assert parse(str(query)).clauses == query.clauses


@given(TEXTS)
def test_any_text_is_a_query_of_bounded_size(text: str) -> None:
    """Nothing raises, however long it is, and what comes out can be encoded."""
    query = parse(text * 50)
    assert len(query.clauses) <= MOST_CLAUSES
    str(query).encode()
