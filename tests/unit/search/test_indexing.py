"""The index row: every field's words in its column, everything one can filter by among the facets."""

from __future__ import annotations

from bot.model.digest import Author, Comment, Entry, Link, LinkKind
from bot.model.richtext import Document, Image, paragraph
from bot.search.indexing import address_facet, index_entry, paper_of
from bot.search.topics import Topics
from tests.unit.search.test_topics import SLAM

ENTRY = Entry(
    title="DROID-SLAM",
    authors=(Author("Tomasz Malisiewicz", "https://twitter.com/quantombone/status/7"),),
    source_url="https://twitter.com/quantombone/status/7",
    links=(
        Link("https://arxiv.org/abs/2108.10869v2", LinkKind.PAPER, "paper:"),
        Link("https://github.com/princeton-vl/DROID-SLAM", LinkKind.CODE, "code"),
        Link("https://chail.github.io/anyres-gan/", LinkKind.PROJECT, "The project"),
    ),
    images=(Image("a.png", "Cover"),),
    comments=(Comment("Ada", 0, Document((paragraph("what about loops? #loops"),))),),
    hashtags=("ICCV2021",),
    body=Document((paragraph("Deep visual SLAM, see https://hidden.example/word #ICCV2021"),)),
    remark=Document((paragraph("值得一读"),)),
)


def test_every_text_is_in_its_field() -> None:
    """The remark with the body, replies apart, links by their names; addresses are no words."""
    row = index_entry(ENTRY, "成果推荐", Topics((SLAM,)))
    assert " droid slam " in row.title
    assert " droidslam " in row.title
    assert " malisiewicz " in row.authors
    assert " quantombon " in row.authors
    assert " visual slam " in row.body
    assert " 值得 " in row.body
    assert " loop " in row.discussion
    assert {"anyr", "gan", "princeton", "project", "成果"} <= set(row.labels.split())
    assert "hidden" not in row.body
    assert row.topics == ("slam",)
    assert " deep visual slam " in row.surface


def test_everything_to_filter_by_is_a_facet() -> None:
    """Kinds of links, images, replies, tags, section, topics, people, what addresses stand for."""
    facets = set(index_entry(ENTRY, "成果推荐", Topics((SLAM,))).facets.split())
    assert {"has:paper", "has:code", "has:project", "has:image", "has:comments"} <= facets
    assert {"#iccv2021", "#loops", "in:成果推荐", "topic:slam"} <= facets
    assert {"by:name/tomaszmalisiewicz", "by:@quantombone", "with:name/ada"} <= facets
    assert {address_facet("arxiv.org/pdf/2108.10869.pdf"), address_facet("https://x.com/a/status/7")} <= facets


def test_an_entry_is_about_its_only_paper() -> None:
    """Not about one that a reply cites, nor about any of several."""
    assert str(paper_of(ENTRY)) == "arxiv:2108.10869"
    other = Link("https://arxiv.org/abs/2109.08203")
    assert paper_of(Entry("", links=(*ENTRY.links, other))) is None
    assert paper_of(Entry("")) is None


def test_the_vocabulary_has_every_word_with_its_term() -> None:
    """As spelled, for corrections; with its term, for counting."""
    row = index_entry(ENTRY, "", Topics())
    assert row.vocabulary["loops"] == "loop"
    assert row.vocabulary["值得"] == "值得"
