"""An entry is said whole."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.formatters.entry import DEEPEST, FOLD_AFTER, format_entry
from bot.locales import open_words
from bot.model.chat import Layout
from bot.model.digest import Author, Comment, Entry, Link, LinkKind
from bot.model.richtext import (
    Block,
    Byline,
    Document,
    Fold,
    Heading,
    Image,
    LinkLine,
    List,
    Opening,
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
from bot.model.search import Place
from bot.renderers.plain import render_plain
from tests.unit.formatters.samples import BARE, BASE, PAPER, PENROSE, POST, RICH

EN, ZH = open_words("en"), open_words("zh")

WORDS = st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=30)
URLS = st.from_regex(r"https://[a-z]{1,8}\.org/[a-zA-Z0-9/]{0,12}", fullmatch=True)
RUNS = st.builds(Span, WORDS, st.just(frozenset()), st.none() | URLS)
BODIES = st.builds(
    Document, st.lists(st.builds(Paragraph, st.lists(RUNS, max_size=3).map(tuple)), max_size=3).map(tuple)
)
ENTRIES = st.builds(
    Entry,
    title=WORDS,
    group=st.none() | WORDS,
    authors=st.lists(st.builds(Author, WORDS, st.none() | URLS), max_size=2).map(tuple),
    source_url=st.none() | URLS,
    links=st.lists(st.builds(Link, URLS, st.sampled_from(LinkKind), WORDS), max_size=4).map(tuple),
    images=st.lists(st.builds(Image, URLS, WORDS), max_size=3).map(tuple),
    comments=st.lists(st.builds(Comment, WORDS, st.integers(0, 9), BODIES), max_size=4).map(tuple),
    remark=BODIES,
    hashtags=st.lists(st.from_regex(r"[A-Za-z0-9]{1,9}", fullmatch=True), max_size=3).map(tuple),
    body=BODIES,
    title_derived=st.booleans(),
)


def text_of(document: Document) -> str:
    return "".join(span.text for span in spans_of(document.blocks))


@given(ENTRIES, st.sampled_from(Layout))
def test_nothing_of_an_entry_is_lost(entry: Entry, layout: Layout) -> None:
    """Every word, link, picture, reply and remark of an entry is there, in every layout."""
    said = format_entry(entry, words=EN, layout=layout, base=BASE)
    text = text_of(said)
    hrefs = {span.href for span in spans_of(said.blocks)}
    pictures = {block.url for block in walk(said.blocks) if isinstance(block, Image)}
    assert pictures == {image.url for image in entry.images}
    assert {one.url for one in entry.links} <= hrefs
    assert {author.url for author in entry.authors} <= hrefs | {None}
    for words in (
        entry.title,
        entry.group or "",
        *(author.name for author in entry.authors),
        *(comment.speaker for comment in entry.comments),
        *(f"#{tag}" for tag in entry.hashtags),
        *(span.text for comment in entry.comments for span in spans_of(comment.body.blocks)),
        *(span.text for span in spans_of(entry.remark.blocks)),
        *(() if entry.title_derived else (span.text for span in spans_of(entry.body.blocks))),
    ):
        assert words in text


def test_an_entry_has_its_parts_in_the_order_they_are_read() -> None:
    """Title, people, text, remark, pictures, links with hashtags, discussion."""
    said = format_entry(RICH, words=EN, layout=Layout.COMPACT, base=BASE, place=Place(12, "意见性分享", 7))
    heading, people, *_ = said.blocks
    assert heading == Heading((Span(RICH.title, href=POST),), level=3)
    assert people == Byline(
        (
            Span("Keenan Crane", href="https://twitter.com/keenanisalive"),
            Span(", "),
            Span("Wode Ni"),
            Span(" · "),
            Span("工具分享"),
            Span(" · "),
            Span("Issue 12"),
            Span(" · "),
            Span("意见性分享"),
        )
    )
    assert [type(block).__name__ for block in said.blocks[2:]] == [
        "Paragraph",
        "Paragraph",
        "Paragraph",
        "Image",
        "Image",
        "LinkLine",
        "Quote",
    ]
    assert said.blocks[-2] == LinkLine(
        (
            link("Paper", PAPER),
            Span(" · "),
            Span("Code: "),
            link("penrose/penrose", PENROSE),
            Span(", "),
            link("keenancrane/fcpw", "https://github.com/keenancrane/fcpw"),
            Span(" · "),
            link("the docs", "https://penrose.cs.cmu.edu/docs"),
            Span(" · "),
            Span("#SIGGRAPH2022 #3D"),
        )
    )


def test_the_full_layout_names_the_original_post() -> None:
    """Last of the links; an entry opened alone has a button for it."""
    place = Place(12, "意见性分享", 7)
    for where, names in ((None, True), (place, False)):
        said = format_entry(RICH, words=EN, layout=Layout.FULL, base=BASE, place=where)
        (links,) = (block for block in said.blocks if isinstance(block, LinkLine))
        assert (link("Original post", POST) in links.spans) is names


def test_pictures_have_absolute_addresses() -> None:
    """Whoever sends a picture need not know where the digest lies."""
    said = format_entry(RICH, words=EN, layout=Layout.FULL, base=BASE)
    assert [block.url for block in said.blocks if isinstance(block, Image)] == [
        "file:///digests/images/penrose.png",
        "https://pbs.twimg.com/media/FDG.jpg",
    ]


def test_a_title_alone_is_an_entry() -> None:
    """What an entry does not have leaves no trace."""
    assert format_entry(BARE, words=EN, layout=Layout.FULL, base=BASE) == Document((Heading((Span("只有标题"),)),))


def test_a_title_without_a_post_leads_to_the_first_link() -> None:
    """A title can be opened wherever there is something to open."""
    entry = Entry("Title", links=(Link(PAPER, LinkKind.PAPER),))
    said = format_entry(entry, words=EN, layout=Layout.COMPACT, base=BASE)
    assert said.blocks[0] == Heading((Span("Title", href=PAPER),))


@pytest.mark.parametrize("layout", [Layout.FULL, Layout.COMPACT])
def test_a_long_body_is_folded_and_a_short_one_open(layout: Layout) -> None:
    """A body that would push the next entry out of sight opens on demand."""
    short, long = (Document((paragraph("x" * n),)) for n in (FOLD_AFTER[layout], FOLD_AFTER[layout] + 1))
    assert format_entry(Entry("T", body=short), words=EN, layout=layout, base=BASE).blocks[1:] == short.blocks
    assert format_entry(Entry("T", body=long), words=EN, layout=layout, base=BASE).blocks[1:] == (Fold(long.blocks),)


def test_a_long_body_in_chinese_is_folded_at_half_as_many_characters() -> None:
    """What counts is how much room a text takes."""
    short, long = (Document((paragraph("深" * n),)) for n in (280, 281))
    folded = [format_entry(Entry("T", body=body), words=ZH, layout=Layout.COMPACT, base=BASE) for body in (short, long)]
    assert [isinstance(said.blocks[1], Fold) for said in folded] == [False, True]


def test_what_is_folded_can_be_opened_where_an_entry_stands_among_others() -> None:
    """A stored entry's folded text and discussion name what shows them whole; the entry alone is whole already."""
    long = Document((paragraph("word " * 300),))
    entry = Entry("T", body=long, comments=(Comment("Ada", 0, long), Comment("Bob", 1, long)), id=34)

    def openings(**more: Any) -> list[Opening | None]:
        said = format_entry(replace(entry, **more), words=EN, layout=Layout.COMPACT, base=BASE)
        return [block.opening for block in said.blocks if isinstance(block, Fold)]

    assert openings() == [Opening("Read more", "entry 34"), Opening("Discussion (2)", "discussion 34")]
    assert openings(id=0) == [None, None]
    alone = format_entry(entry, words=EN, layout=Layout.FULL, base=BASE, place=Place(12, "意见性分享", 34))
    assert [block.opening for block in alone.blocks if isinstance(block, Fold)] == [None, None]


def test_replies_stand_below_what_they_reply_to() -> None:
    """A discussion nests as the source does, each reply under its speaker's name."""
    said = format_entry(RICH, words=ZH, layout=Layout.FULL, base=BASE)
    (discussion,) = (block for block in said.blocks if isinstance(block, Quote))
    assert discussion.blocks == (
        Talk(
            (
                (
                    paragraph(bold("Ada："), "Does it do 3D?"),
                    Talk(((paragraph(bold("Keenan Crane：", POST), "Not yet."), paragraph("But soon.")),)),
                ),
                (paragraph(bold("Bob："), "Lovely "), paragraph(link("example", "https://example.org/blog"))),
            )
        ),
    )


def test_a_discussion_is_folded_when_it_is_long() -> None:
    """Three words need no folding, three hundred do: then their number is told above."""
    for n, folded in ((3, False), (300, True)):
        entry = Entry("T", comments=(Comment("Ada", 0, Document((paragraph("word " * n),))),))
        said = format_entry(entry, words=EN, layout=Layout.FULL, base=BASE)
        (quote,) = (block for block in said.blocks if isinstance(block, Quote))
        assert quote.folded is folded
        assert (quote.blocks[0] == paragraph(bold("Discussion (1)"))) is folded


def test_depths_that_jump_or_never_end_are_still_a_list() -> None:
    """However deep a source nests, a phone shows it."""
    comments = tuple(Comment(f"S{n}", n * 7, Document((paragraph("hm"),))) for n in range(2000))
    said = format_entry(Entry("T", comments=comments), words=EN, layout=Layout.FULL, base=BASE)
    deepest, block = 0, said.blocks[1].blocks[1]
    while isinstance(block, List):
        deepest, block = deepest + 1, block.items[-1][-1]
    assert deepest <= DEEPEST + 1


def test_a_speaker_without_a_name_has_no_label() -> None:
    """A reply of nobody is a reply all the same."""
    entry = Entry("T", comments=(Comment("", 0, Document((paragraph("yes"),))),))
    said = format_entry(entry, words=EN, layout=Layout.FULL, base=BASE)
    assert render_plain(said).endswith("> • yes")


@pytest.mark.parametrize(
    ("body", "left"),
    [
        ("First words. And more.", "And more."),
        ("First words.\nAnd more.", "And more."),
        ("First words.", ""),
        ("First words.x And more.", "First words.x And more."),
        ("First words.。然后。", "然后。"),
        ("Other words. First words.", "Other words. First words."),
    ],
)
def test_a_title_taken_from_the_text_is_not_said_twice(body: str, left: str) -> None:
    """Where the title is the text's own first sentence, the text goes on from there."""
    entry = Entry("First words.", body=Document((paragraph(body),)), title_derived=True)
    said = format_entry(entry, words=EN, layout=Layout.FULL, base=BASE)
    assert said.blocks[1:] == ((paragraph(left),) if left else ())


@pytest.mark.parametrize(
    ("body", "left"),
    [
        (paragraph("A long title that ", bold("goes"), " on and on."), paragraph("… ", bold("goes"), " on and on.")),
        (paragraph("A long title that, well, goes on."), paragraph("…", ", well, goes on.")),
        (
            List(((paragraph("A long title that goes on."),), (paragraph("b"),))),
            List(((paragraph("… ", "goes on."),), (paragraph("b"),))),
        ),
        (Quote((paragraph("A long title that"),)), None),
    ],
)
def test_a_text_goes_on_where_its_title_was_cut(body: Block, left: Block | None) -> None:
    """A title is cut at a word; what follows it is the beginning of the text."""
    entry = Entry("A long title that…", body=Document((body,)), title_derived=True)
    said = format_entry(entry, words=EN, layout=Layout.FULL, base=BASE)
    assert said.blocks[1:] == ((left,) if left else ())


def test_a_paragraph_all_in_bold_is_said_calmly() -> None:
    """Where everything is bold nothing is; a label in bold stays one."""
    loud = Document((paragraph(bold("Everything in here, from the first word to the last one, is said very loudly.")),))
    [said] = format_entry(Entry("T", body=loud), words=EN, layout=Layout.FULL, base=BASE).blocks[1:]
    assert [span.marks for span in spans_of([said])] == [frozenset()]
    label = Document((paragraph(bold("When and where")), paragraph("Tomorrow.")))
    assert format_entry(Entry("T", body=label), words=EN, layout=Layout.FULL, base=BASE).blocks[1:] == label.blocks


def test_an_address_in_a_text_is_shown_by_a_name() -> None:
    """Short, and it leads where the source said."""
    long = "https://github.com/keenancrane/fcpw/blob/master/a/very/long/path.cpp"
    body = Document((paragraph("see ", link(long, long), " and https://t.co/AbC?s=20, arxiv.org/abs/2109.08203."),))
    said = format_entry(Entry("T", body=body), words=EN, layout=Layout.FULL, base=BASE)
    arxiv = link("arXiv:2109.08203", "https://arxiv.org/abs/2109.08203")
    tail = (Span(" and "), link("t.co/AbC?s=20", "https://t.co/AbC?s=20"), Span(", "), arxiv, Span("."))
    assert said.blocks[1:] == (Paragraph((Span("see "), link("keenancrane/fcpw", long), *tail)),)


def test_what_only_a_reply_leads_to_is_the_replys_own() -> None:
    """The line of links is the entry's; what somebody recommended stands where they said it."""
    said = Comment("Ada", 0, Document((paragraph("try ", link("this", PENROSE)),)))
    entry = Entry("T", links=(Link(PENROSE, LinkKind.CODE), Link(PAPER, LinkKind.PAPER)), comments=(said,))
    shown = format_entry(entry, words=EN, layout=Layout.FULL, base=BASE)
    assert [block for block in shown.blocks if isinstance(block, LinkLine)] == [LinkLine((link("Paper", PAPER),))]


def test_several_links_that_stand_open_in_the_text_need_no_list() -> None:
    """A lone paper keeps its name among the links, where readers look for it; of many, a list would say all again."""
    papers = [f"https://arxiv.org/abs/2109.0820{n}" for n in range(3)]
    links = tuple(Link(url, LinkKind.PAPER) for url in papers)

    def listed(length: int, *urls: str) -> list[LinkLine]:
        body = Document((paragraph("word " * length, *(link(url[-4:], url) for url in urls)),))
        said = format_entry(
            Entry("T", "", (), POST, links[: len(urls)], body=body), words=EN, layout=Layout.COMPACT, base=BASE
        )
        return [block for block in said.blocks if isinstance(block, LinkLine)]

    assert listed(1, *papers) == []
    assert listed(1, papers[0]) == [LinkLine((link("Paper", papers[0]),))]
    assert len(listed(300, *papers)) == 1


@pytest.mark.parametrize("alt", ["Cover", "image", "图片", "Selection_162", "IMG_2041.png", "1", "…"])
def test_a_description_that_describes_nothing_is_left_away(alt: str) -> None:
    """That there is a picture can be seen."""
    entry = Entry("T", images=(Image("https://x.org/a.png", alt), Image("https://x.org/b.png", "A bunny")))
    said = format_entry(entry, words=EN, layout=Layout.FULL, base=BASE)
    assert [block.alt for block in said.blocks if isinstance(block, Image)] == ["", "A bunny"]


def test_a_first_sentence_with_a_link_stays() -> None:
    """What stands in the text and not in the title is never dropped with it."""
    body = Document((paragraph(link("First words.", PAPER), " And more."),))
    entry = Entry("First words.", body=body, title_derived=True)
    assert format_entry(entry, words=EN, layout=Layout.FULL, base=BASE).blocks[1:] == body.blocks


def test_a_picture_of_the_text_is_shown_where_it_stands() -> None:
    """A picture is shown once."""
    body = Document((paragraph("look:"), Image("https://x.org/a.png")))
    entry = Entry("T", body=body, images=(Image("https://x.org/a.png"), Image("https://x.org/b.png")))
    said = format_entry(entry, words=EN, layout=Layout.FULL, base=BASE)
    assert said.blocks[1:] == (*body.blocks, Image("https://x.org/b.png"))


def test_a_hashtag_of_the_text_is_not_repeated() -> None:
    """A tag is listed unless it stands in the text, whole."""
    body = Document((paragraph("at #3DV2021"),))
    entry = Entry("T", body=body, hashtags=("3DV2021", "3DV"))
    said = format_entry(entry, words=EN, layout=Layout.FULL, base=BASE)
    assert said.blocks[1:] == (*body.blocks, LinkLine((Span("#3DV"),)))
