"""What somebody keeps: the list of it, and the files it can be had as. For its owner's eyes alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.formatters.actions import DropSaved, ExportKind, ExportShelf, OpenEntry, OpenShelf, button
from bot.formatters.buttons import PER_ROW, in_rows, number_rows, turning_rows
from bot.formatters.entry import author_spans, format_entry, place_spans, title_spans
from bot.formatters.text import BREAK, clip, join, note
from bot.locales import Words
from bot.model.chat import Layout
from bot.model.command import Attachment, Button, Buttons, Detour, Reply
from bot.model.richtext import Block, Document, Heading, List, Mark, Paragraph, Span, bold, italic, paragraph
from bot.renderers.bibtex import Reference, write_bibtex, write_comment
from bot.renderers.markdown import render_markdown
from bot.storage.issues import StoredEntry
from bot.storage.shelf import SavedEntry, ShelfPage

PAGE = 5
"""Entries on a page."""

NAMED = 5
"""Entries named of those that cannot be exported; the file names them all."""

TITLE_LIMIT = 80
"""Characters of such a title."""

DROP = "✕ "


def format_shelf(page: ShelfPage, words: Words, *, in_place: bool = False, toast: str = "") -> Reply:
    """Return a page of what somebody keeps, with buttons that open it, take it off, or make a file of it all."""
    detour = _detour(words)
    if not page.total:
        return Reply(_empty(words), replace=in_place, toast=toast, private=True, detour=detour, page=words("Saved"))
    title = words.plural("{n} saved entry", "{n} saved entries", page.total)
    lines = (_line(number, one, words) for number, one in enumerate(page.saved, start=page.offset + 1))
    document = Document((paragraph(bold(title)), *lines))
    buttons = (*_opening_rows(page), *_dropping_rows(page), *_turning_rows(page, words), _export_row(words))
    return Reply(document, buttons, replace=in_place, toast=toast, private=True, detour=detour, page=words("Saved"))


def format_export(kind: ExportKind, shelf: ShelfPage, words: Words) -> Reply:
    """Return all that somebody keeps as a file."""
    if not shelf.total:
        return Reply(_empty(words), private=True, detour=_detour(words))
    there = [one.stored for one in shelf.saved if one.stored is not None]
    gone = [one.title for one in shelf.saved if one.stored is None]
    match kind:
        case ExportKind.BIBTEX:
            blocks, text = _bibtex(there, words)
        case ExportKind.MARKDOWN:
            blocks, text = _markdown(there, words)
    if gone:
        said = words.plural("{n} entry is no longer there:", "{n} entries are no longer there:", len(gone))
        blocks = (*blocks, *_named(said, gone))
    name = {ExportKind.BIBTEX: "digest-saved.bib", ExportKind.MARKDOWN: "digest-saved.md"}[kind]
    file = Attachment(name, text.encode())
    return Reply(Document(blocks), private=True, detour=_detour(words), attachment=file)


def _bibtex(there: Sequence[StoredEntry], words: Words) -> tuple[tuple[Block, ...], str]:
    found = write_bibtex(Reference(one.entry, _note(one, words)) for one in there)
    said = words.plural("{n} paper, as BibTeX.", "{n} papers, as BibTeX.", found.count)
    if not found.left_out:
        return (paragraph(said),), found.text
    titles = [entry.title for entry in found.left_out]
    missing = words.plural(
        "{n} entry links to no arXiv number or DOI, so it is not in the file:",
        "{n} entries link to no arXiv number or DOI, so they are not in the file:",
        len(titles),
    )
    comment = write_comment((missing, *titles))
    return (paragraph(said), *_named(missing, titles)), "\n".join(filter(None, (found.text, comment)))


def _markdown(there: Sequence[StoredEntry], words: Words) -> tuple[tuple[Block, ...], str]:
    said = words.plural("{n} entry, as Markdown.", "{n} entries, as Markdown.", len(there))
    title = Heading((Span(words("Saved entries")),), level=1)
    whole = (format_entry(one.entry, words=words, layout=Layout.FULL, base=one.base, place=one.place) for one in there)
    document = Document((title, *(_raise_title(block) for one in whole for block in one.blocks)))
    return (paragraph(said),), f"{render_markdown(document)}\n"


def _raise_title(block: Block) -> Block:
    """An entry's title stands right below the file's."""
    return replace(block, level=2) if isinstance(block, Heading) and block.level == 3 else block


def _note(stored: StoredEntry, words: Words) -> str:
    """Say who shared a paper, and where."""
    names = words(", ").join(author.name for author in stored.entry.authors)
    where = words("Issue {number}", number=stored.place.issue)
    return words("Shared by {names} ({where})", names=names, where=where) if names else where


def _line(number: int, one: SavedEntry, words: Words) -> Paragraph:
    when = (Span(words("saved {date}", date=words.date(one.saved_at.date()))),)
    if one.stored is None:
        gone = (italic(words("no longer in issue {number}", number=one.issue)),)
        return Paragraph(join(((bold(f"{number}. "), Span(one.title)), join((gone, when))), BREAK))
    entry = one.stored.entry
    title = (bold(f"{number}. "), *(replace(span, marks=span.marks | {Mark.BOLD}) for span in title_spans(entry)))
    facts = join((place_spans(one.stored.place, words), author_spans(entry.authors, words), when))
    return Paragraph(join((title, facts), BREAK))


def _opening_rows(page: ShelfPage) -> Buttons:
    return number_rows(
        (page.offset + at, OpenEntry(one.stored.place.entry_id))
        for at, one in enumerate(page.saved, start=1)
        if one.stored is not None
    )


def _dropping_rows(page: ShelfPage) -> Buttons:
    numbered = enumerate(page.saved, start=page.offset + 1)
    return in_rows((button(f"{DROP}{number}", DropSaved(one.id, page.offset)) for number, one in numbered), PER_ROW)


def _turning_rows(page: ShelfPage, words: Words) -> Buttons:
    return turning_rows(words, OpenShelf, offset=page.offset, size=PAGE, total=page.total)


def _export_row(words: Words) -> tuple[Button, ...]:
    return (
        button(words("As BibTeX"), ExportShelf(ExportKind.BIBTEX)),
        button(words("As Markdown"), ExportShelf(ExportKind.MARKDOWN)),
    )


def _named(said: str, titles: Sequence[str]) -> Iterator[Block]:
    """Say which entries are meant; of many, the first."""
    yield paragraph(said)
    shown = [clip(title, TITLE_LIMIT) for title in titles[:NAMED]]
    yield List(tuple((paragraph(title),) for title in (*shown, *(["…"] if len(titles) > NAMED else []))))


def _empty(words: Words) -> Document:
    return Document((note(words("You have saved nothing yet. Open an entry and press “Save”.")),))


def _detour(words: Words) -> Detour:
    said = words("What you have saved is for your eyes alone.")
    return Detour("saved", Document((paragraph(said),)), words("Open in private"))
