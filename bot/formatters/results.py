"""What a search found: a few entries with their places, and buttons that open them, turn pages or ask again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.formatters.actions import OpenEntry, OpenTopic, TurnPage, button
from bot.formatters.buttons import in_rows, label, number_rows, turning_rows
from bot.formatters.entry import author_spans, place_spans, title_spans
from bot.formatters.links import best_links, link_spans, name_runs
from bot.formatters.notices import format_notice
from bot.formatters.repetition import after_title
from bot.formatters.text import clip, line, note
from bot.locales import Words
from bot.model.command import Button, Buttons, Reply, Where
from bot.model.richtext import (
    Block,
    Document,
    Heading,
    LinkLine,
    List,
    Paragraph,
    Span,
    Spans,
    bold,
    code,
    italic,
    paragraph,
)
from bot.model.search import Hit, Results, Sort

PAGE = 5
"""Hits on a page."""

FEW = 3
"""Hits that a chat of many is shown, where the rest can be had in private."""

LINKS = 5
"""Links of a hit; opened, an entry shows all of them."""

QUERY_LIMIT = 80
"""Characters of a question that an answer repeats."""

EXAMPLES = ('nerf "view synthesis"', "author:davison has:project", "slam issue:3..6 -survey", "三维重建")
"""Questions that show what can be asked."""


def format_results(
    results: Results, words: Words, *, question: int, sort: Sort, correction: int = 0, in_place: bool = False
) -> Reply:
    """Return a page of hits.

    `question` is the id that stands for the query in a button, `correction` the one that stands for `did_you_mean`.
    """
    blocks = (*_notices(results, words), *_summary(results, words), *hit_list(results.hits, words, results.offset))
    turns = turning_rows(
        words, lambda to: TurnPage(question, to, sort), offset=results.offset, size=PAGE, total=results.total
    )
    other = Sort.NEWEST if sort is Sort.BEST else Sort.BEST
    name = words("Newest first") if other is Sort.NEWEST else words("Best first")
    sorting: Buttons = ((button(name, TurnPage(question, 0, other)),),) if results.total > PAGE else ()
    correcting = correction_rows(results, correction, words)
    buttons = (*hit_buttons(results.hits, results.offset), *turns, *sorting, *correcting)
    return Reply(Document(blocks), buttons, replace=in_place, page=words("Search"))


def format_few(results: Results, words: Words, *, question: int, correction: int = 0) -> Reply:
    """Return the first hits alone, for a chat of many; a button leads to the rest in private."""
    few = results.hits[:FEW]
    blocks = (*_notices(results, words), *_summary(results, words), *hit_list(few, words))
    more: Buttons = ()
    if results.total > FEW:
        more = ((Button(words("More in private"), f"search {question}", where=Where.PRIVATE),),)
    buttons = (*hit_buttons(few), *more, *correction_rows(results, correction, words))
    return Reply(Document(blocks), buttons, page=words("Search"))


def format_nothing(results: Results, words: Words, *, correction: int = 0, in_place: bool = False) -> Reply:
    """Return what to do where nothing was found: the corrected query, the nearest topics, how to ask."""
    query = clip(results.query, QUERY_LIMIT)
    blocks = (
        paragraph(bold(words("Nothing found for “{query}”.", query=query))),
        *_notices(results, words),
        *how_to_ask(words),
    )
    topics = (button(label(topic.title(words.language)), OpenTopic(topic.name)) for topic in results.nearest)
    buttons = (*correction_rows(results, correction, words), *in_rows(topics, 3))
    return Reply(Document(blocks), buttons, replace=in_place, page=words("Search"))


def format_question(words: Words) -> Reply:
    """Ask what to search for, and say how."""
    return Reply(Document((paragraph(bold(words("What shall I search for?"))), *how_to_ask(words))))


def format_related(hits: Sequence[Hit], words: Words, *, title: str) -> Reply:
    """Return the entries that are like one of this title."""
    title = clip(title, QUERY_LIMIT)
    if not hits:
        nothing = note(words("Nothing else is quite like “{title}”.", title=title))
        return Reply(Document((nothing,)), page=words("More like this"))
    head = paragraph(bold(words("More like “{title}”", title=title)))
    return Reply(Document((head, *hit_list(hits, words))), hit_buttons(hits), page=words("More like this"))


def hit_list(hits: Sequence[Hit], words: Words, offset: int = 0) -> tuple[Block, ...]:
    """Return numbered hits, each as an entry: its title, where it stands in small print, what was found, its links."""
    numbered = enumerate(hits, start=offset + 1)
    return tuple(block for number, hit in numbered for block in _hit_blocks(number, hit, words))


def hit_buttons(hits: Sequence[Hit], offset: int = 0) -> Buttons:
    """Return the buttons that open hits by their numbers."""
    return number_rows((offset + at, OpenEntry(hit.place.entry_id)) for at, hit in enumerate(hits, start=1))


def correction_rows(results: Results, correction: int, words: Words) -> Buttons:
    """Return the button that asks the corrected question, unless there is none or it is answered already."""
    if not results.did_you_mean or results.corrected or not correction:
        return ()
    text = words("Did you mean “{query}”?", query=clip(results.did_you_mean, QUERY_LIMIT))
    return ((button(label(text), TurnPage(correction, 0, Sort.BEST)),),)


def how_to_ask(words: Words) -> tuple[Block, ...]:
    """Say what one can type."""
    said = words(
        "Ask with words, “exact phrases”, -words to leave out, OR, and filters: author:, title:, section:, issue:, "
        "after:2022, has:code."
    )
    return (paragraph(said), List(tuple((paragraph(code(example)),) for example in EXAMPLES)))


def _summary(results: Results, words: Words) -> Iterator[Paragraph]:
    query = clip(results.did_you_mean if results.corrected else results.query, QUERY_LIMIT)
    yield paragraph(
        bold(words.plural("{n} entry for “{query}”", "{n} entries for “{query}”", results.total, query=query))
    )
    if results.corrected:
        yield note(words("Nothing has “{query}” as it was typed.", query=clip(results.query, QUERY_LIMIT)))
    if 0 < results.partial < results.total:
        complete = results.total - results.partial
        yield note(
            words.plural(
                "{n} of them has all of these words, the others have most of them.",
                "{n} of them have all of these words, the others have most of them.",
                complete,
            )
        )
    elif results.partial:
        yield note(words("No entry has all of these words; these have most of them."))


def _notices(results: Results, words: Words) -> Iterator[Paragraph]:
    return (note(format_notice(notice, words)) for notice in results.notices)


def _hit_blocks(number: int, hit: Hit, words: Words) -> Iterator[Block]:
    yield Heading((Span(f"{number}. "), *title_spans(hit.entry)))
    authors = author_spans(hit.entry.authors, words)
    yield from line((place_spans(hit.place, words), authors, _other_places(hit, words)))
    left = after_title(hit.snippet, hit.entry.title)
    if snippet := name_runs(left if hit.entry.title_derived or not left else hit.snippet):
        yield Paragraph(snippet)
    if links := link_spans(best_links(hit.entry.links, LINKS), words):
        yield LinkLine(links)


def _other_places(hit: Hit, words: Words) -> Spans:
    numbers = sorted({place.issue for place in hit.places if place != hit.place}, reverse=True)
    listed = words(", ").join(str(number) for number in numbers)
    said = words.plural("Also in issue {issues}", "Also in issues {issues}", len(numbers), issues=listed)
    return (italic(said),) if numbers else ()
