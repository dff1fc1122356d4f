"""Packing and splitting: what holds for every document, and how the cuts read."""

from __future__ import annotations

import time

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model.richtext import (
    Block,
    Byline,
    Code,
    Divider,
    Document,
    Heading,
    Image,
    LinkLine,
    List,
    Paragraph,
    Quote,
    Span,
    link,
    paragraph,
    spans_of,
)
from bot.renderers.splitting import Cost, pack
from tests.unit.renderers.documents import blocks, characters, documents


def cost(block: Block) -> Cost:
    """Return characters and linked runs."""
    match block:
        case Heading(spans=spans) | Paragraph(spans=spans):
            return sum(len(span.text) for span in spans), sum(span.href is not None for span in spans)
        case Code(text=text):
            return len(text), 0
        case Quote(blocks=inner):
            items = [cost(found) for found in inner]
        case List(items=found):
            items = [(2, 0), *(cost(inner) for item in found for inner in item)]
        case _:
            return 3, 0
    return sum(item[0] for item in items), sum(item[1] for item in items)


def total(document: Document) -> Cost:
    costs = [cost(block) for block in document.blocks]
    return sum(item[0] for item in costs) + 2 * (len(costs) - 1), sum(item[1] for item in costs)


def split(*units: Document, limit: int, links: int = 1000) -> list[Document]:
    return pack(units, cost=cost, limit=(limit, links), joint=(2, 0))


def texts(pieces: list[Document]) -> list[str]:
    return ["".join(span.text for span in spans_of(piece.blocks)) for piece in pieces]


def doc(*found: Block) -> Document:
    return Document(found)


@settings(deadline=None)
@given(st.lists(documents, max_size=4), st.integers(12, 300), st.integers(1, 4))
def test_cutting_loses_nothing_and_every_piece_fits(units: list[Document], limit: int, links: int):
    """Every character, mark, address, image and list number survives in order, and no piece exceeds the limit."""
    pieces = split(*units, limit=limit, links=links)
    whole = [block for unit in units for block in unit.blocks]
    assert [read for piece in pieces for read in characters(piece.blocks)] == characters(whole)
    for piece in pieces:
        assert total(piece)[0] <= limit
        assert total(piece)[1] <= links


@settings(deadline=None)
@given(st.lists(documents.filter(bool), max_size=6), st.integers(12, 300))
def test_units_that_fit_stay_whole_in_as_few_pieces_as_possible(units: list[Document], limit: int):
    """Where every unit fits alone and none ends in a heading, none is cut, and filling in order is not beaten."""
    whole = [unit for unit in units if total(unit)[0] <= limit and not _ends_in_heading(unit.blocks)]
    pieces = split(*whole, limit=limit)
    filled: list[tuple[Block, ...]] = []
    for unit in whole:
        if filled and total(Document(filled[-1] + unit.blocks))[0] <= limit:
            filled[-1] += unit.blocks
        else:
            filled.append(unit.blocks)
    assert [piece.blocks for piece in pieces] == filled


def _ends_in_heading(found: tuple[Block, ...]) -> bool:
    match found:
        case (*_, Heading()):
            return True
        case (*_, Quote(blocks=inner)):
            return _ends_in_heading(inner)
        case (*_, List(items=items)):
            return _ends_in_heading(items[-1])
        case _:
            return False


@settings(deadline=None)
@given(st.text(max_size=400), st.integers(20, 60))
def test_no_grapheme_cluster_is_cut(text: str, limit: int):
    """A cut stands between two clusters, as long as one fits a message."""
    clusters = regex.findall(r"\X", text)
    if max((len(cluster) for cluster in clusters), default=0) <= limit and text:
        pieces = texts(split(doc(Paragraph((Span(text),))), limit=limit))
        assert [cluster for piece in pieces for cluster in regex.findall(r"\X", piece)] == clusters


@settings(deadline=None)
@given(st.lists(blocks, max_size=6), st.integers(60, 200))
def test_a_document_that_fits_comes_back_as_it_is(found: list[Block], limit: int):
    """Nothing is rebuilt without need."""
    whole = Document(tuple(found))
    if whole and total(whole)[0] <= limit:
        assert split(whole, limit=limit) == [whole]


def test_nothing_packs_to_nothing():
    """No units, or empty ones, make no document."""
    assert split(limit=10) == []
    assert split(Document(), Document(), limit=10) == []


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("One is here. Two is here. Three.", 20, ["One is here. ", "Two is here. Three."]),
        ("第一句很短。第二句也短。第三句。", 13, ["第一句很短。第二句也短。", "第三句。"]),
        ("他说：“好。”然后走了。再见。", 9, ["他说：“好。”", "然后走了。再见。"]),
        ("By Ada et al. 2021 in Nature. More.", 30, ["By Ada et al. 2021 in Nature. ", "More."]),
        ("words without any full stop here", 14, ["words without ", "any full stop ", "here"]),
        ("没有任何标点的一段很长的中文文字", 6, ["没有任何标点", "的一段很长的", "中文文字"]),
        ("👩‍👩‍👧‍👦👩‍👩‍👧‍👦🇨🇳🇨🇳👍🏽", 12, ["👩‍👩‍👧‍👦", "👩‍👩‍👧‍👦🇨🇳🇨🇳", "👍🏽"]),
        ("ab" + "e\u0301" * 4, 5, ["abe\u0301", "e\u0301e\u0301", "e\u0301"]),
        ("line one\nline two\nline three", 19, ["line one\nline two\n", "line three"]),
    ],
)
def test_where_a_paragraph_is_cut(text: str, limit: int, expected: list[str]):
    """Sentences first, Chinese and English, then words, then clusters."""
    assert texts(split(doc(paragraph(text)), limit=limit)) == expected


def test_a_cluster_longer_than_a_message_is_cut_at_last():
    """The limit holds even against a letter with a thousand accents."""
    pieces = split(doc(paragraph("a" + "\u0301" * 99)), limit=30)
    assert [len(text) for text in texts(pieces)] == [30, 30, 30, 10]


def test_a_link_that_fits_stays_whole():
    """The cut comes before a link rather than inside, even if the message stays short."""
    named = link("a very long name of a paper", "https://example.org")
    pieces = split(doc(paragraph("See ", named, " for more of it")), limit=30)
    assert texts(pieces) == ["See ", "a very long name of a paper ", "for more of it"]
    assert pieces[1].blocks[0] == paragraph(named, " ")


def test_a_link_in_two_styles_is_one_link():
    """A style that changes inside a link is no place to cut it."""
    first, second = link("a very long ", "https://example.org"), link("name", "https://example.org")
    assert texts(split(doc(paragraph("See it in ", first, second)), limit=20)) == ["See it in ", "a very long name"]


def test_a_link_longer_than_a_message_is_cut_between_words_and_keeps_its_address():
    """Only where there is no other way; each part still leads there."""
    pieces = split(doc(paragraph(link("one two three four", "https://example.org"))), limit=10)
    assert texts(pieces) == ["one two ", "three four"]
    assert {span.href for piece in pieces for span in spans_of(piece.blocks)} == {"https://example.org"}


def test_a_heading_is_never_last():
    """A heading moves on with what follows it, from block to block and from unit to unit."""
    title = Heading((Span("Title"),))
    assert texts(split(doc(paragraph("x" * 20), title, paragraph("y" * 20)), limit=30)) == [
        "x" * 20,
        "Title" + "y" * 20,
    ]
    pieces = split(doc(paragraph("x" * 20)), doc(title), doc(title), doc(paragraph("y" * 12)), limit=30)
    assert texts(pieces) == ["x" * 20, "TitleTitle" + "y" * 12]


def test_small_print_stays_with_its_text():
    """Who wrote it stands above at least a sentence of it, where it leads below one; an entry that ends so ends so."""
    title, people = Heading((Span("Title"),)), Byline((Span("Ada"),))
    body, links = paragraph("One two three. Four five six."), LinkLine((Span("Paper"),))
    pieces = split(doc(paragraph("x" * 8), title, people, body, links), limit=40)
    assert texts(pieces) == ["x" * 8 + "TitleAdaOne two three. ", "Four five six.Paper"]
    assert texts(split(doc(title, people), doc(title, people), limit=12)) == ["TitleAda", "TitleAda"]


def test_a_heading_takes_the_beginning_of_a_long_unit_with_it():
    """Where a heading and the next unit do not fit together, the unit is cut; the heading does not stand alone."""
    pieces = split(doc(Heading((Span("Title"),))), doc(paragraph("One two three four five six seven.")), limit=33)
    assert texts(pieces) == ["TitleOne two three four five ", "six seven."]


def test_a_long_unit_fills_what_is_left_of_a_message():
    """A message is not left nearly empty before a unit that must be cut anyway."""
    long = "Some words here. " * 10
    pieces = split(doc(paragraph("Short.")), doc(paragraph(long.strip())), limit=100)
    assert texts(pieces)[0].startswith("Short.Some words here.")
    assert len(pieces) == 2


def test_cut_lists_count_on():
    """A list's second half goes on with the next number; an item that is cut keeps its own."""
    items = tuple((paragraph(f"Item number {number}."),) for number in range(1, 6))
    first, second = split(doc(List(items, ordered=True)), limit=50)
    assert first.blocks == (List(items[:3], ordered=True),)
    assert second.blocks == (List(items[3:], ordered=True, start=4),)
    cut = List(((paragraph("short"),), (paragraph("One sentence. Two sentences."),)), ordered=True, start=7)
    pieces = split(doc(cut), limit=26)
    assert pieces[1].blocks == (List(((paragraph("Two sentences."),),), ordered=True, start=8),)


def test_cut_quotes_and_code_stay_what_they_are():
    """A folded quote goes on folded; code breaks at its lines and keeps its language."""
    quote = Quote((paragraph("One is here."), paragraph("Two is here.")), folded=True)
    assert split(doc(quote), limit=15) == [
        doc(Quote((paragraph("One is here."),), folded=True)),
        doc(Quote((paragraph("Two is here."),), folded=True)),
    ]
    assert split(doc(Code("a = 1\nb = 2\nc = 3", "python")), limit=13) == [
        doc(Code("a = 1\nb = 2\n", "python")),
        doc(Code("c = 3", "python")),
    ]


def test_blocks_without_text_are_kept():
    """Images, rules, and empty paragraphs and items take their place in the order."""
    found = (Image("https://example.org/a.png"), Divider(), Paragraph(()), List(((), (paragraph("x"),))), Quote(()))
    pieces = split(doc(*found), limit=7)
    assert tuple(block for piece in pieces for block in piece.blocks) == found


@pytest.mark.parametrize(
    "shape", ["one big paragraph", "many runs", "one big quote", "a long list", "one endless word"]
)
def test_the_work_grows_with_the_length(shape: str):
    """Twice the text costs about twice the work: counted in characters the cost function looked at."""

    def work(size: int) -> int:
        seen = 0

        def counting(block: Block) -> Cost:
            nonlocal seen
            seen += 1 + cost(block)[0]
            return cost(block)

        text = "Some words in a sentence. "
        big: dict[str, Block] = {
            "one big paragraph": paragraph(text * size),
            "many runs": Paragraph(tuple(link(text, f"https://example.org/{n}") for n in range(size))),
            "one big quote": Quote(tuple(paragraph(text) for _ in range(size))),
            "a long list": List(tuple((paragraph(text),) for _ in range(size))),
            "one endless word": Code("x" * 26 * size),
        }
        pack([Document((big[shape],))], cost=counting, limit=(4096, 100), joint=(2, 0))
        return seen

    assert work(4000) < 2.5 * work(2000)


def test_a_megabyte_is_split_in_seconds():
    """A text of a million characters is no way to stop the bot."""
    begun = time.process_time()
    pieces = split(doc(paragraph("Some words in a sentence. " * 40_000)), limit=4096)
    assert len(pieces) == 255
    assert time.process_time() - begun < 20
