"""What belongs to one entry -> the entry: who posted it, what it says, where it leads, what others said.

Reads in the order of the source. A line that holds nothing but links, a reference, a name or an image is moved out of
the body, and a list in which people answer becomes comments; whatever is not understood stays in the body.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.model.digest import Entry
from bot.model.richtext import Block, Heading, Image, List, Paragraph, Span, Spans, spans_of
from bot.parsing.draft import Draft
from bot.parsing.heads import read_head
from bot.parsing.labels import is_comments
from bot.parsing.lines import LineReader
from bot.parsing.names import read_byline
from bot.parsing.pieces import EntrySource
from bot.parsing.social import is_post
from bot.parsing.spans import first_line, join_lines, lines_of, text_of
from bot.parsing.speech import Speech, read_answer, read_speech
from bot.parsing.titles import is_titular


@dataclass(frozen=True, slots=True)
class Reading:
    """An entry, and the words of its source that only label."""

    entry: Entry
    asides: tuple[str, ...]


def read_entry(source: EntrySource, section: str) -> Reading:
    """Return the entry that a piece of the source holds."""
    draft = Draft(group=source.group)
    _EntryReader(draft).read(source)
    return Reading(draft.finish(section), tuple(draft.asides))


class _EntryReader:
    """Walks the blocks of one entry and fills its draft."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._lines = LineReader(draft)

    def read(self, source: EntrySource) -> None:
        """Read all that belongs to the entry."""
        self._draft.note_hashtags((*source.head, *spans_of(source.rest)))
        owner = read_byline(source.owner, trust_looks=True)
        for author in owner.authors if owner else ():
            self._draft.add_author(author)
        if source.head:
            self._head(source)
        for block in source.rest:
            self._block(block)
        self._lines.settle()

    def _head(self, source: EntrySource) -> None:
        head = read_head(source.head, source.lead, trust_looks=source.trust_looks)
        self._draft.title = head.title
        for words in head.asides:
            self._draft.note_aside(words)
        for author in head.authors:
            self._draft.add_author(author)
        for found in head.title_links:
            if is_post(found.url) and not self._draft.title_post:
                self._draft.title_post = found.url
                self._draft.note_aside(head.label)
            else:
                self._draft.add_link(found, head.label)
        if head.label and not head.title_links:
            self._lines.announce(head.label, Paragraph((Span(head.label),)))
        if head.authors and source.units and is_titular(text_of(head.rest)):
            self._draft.affiliation = text_of(head.rest)
        self._lines.read(head.rest)

    def _block(self, block: Block) -> None:
        match block:
            case Paragraph(spans=spans):
                self._lines.read(spans)
            case Heading():
                self._lines.heading(block)
            case Image():
                self._draft.images.append(block)
            case List():
                self._lines.settle()
                self._list(block)
            case _:
                self._lines.settle()
                self._draft.body.extend(self._draft.keep((block,)))

    def _list(self, block: List, *, depth: int = 0, is_discussion: bool = False) -> None:
        """Read replies as comments, and leave the other items in the body."""
        read = read_answer if is_discussion and not depth else read_speech
        trusts_plain = is_discussion or self._is_discussion(block)
        left: list[tuple[Block, ...]] = []
        for item in block.items:
            speech = read(first_line(item))
            if speech and self._answers(speech, trusts_plain=trusts_plain):
                self._comment(speech, item, depth=depth)
            elif blocks := self._item(item):
                left.append(tuple(blocks))
        if len(left) == 1 and len(block.items) > 1:
            self._draft.body.extend(left[0])
        elif left:
            self._draft.body.append(replace(block, items=tuple(left)))

    def _item(self, item: Sequence[Block]) -> list[Block]:
        """Read an item of a list in the body; return what stays of it there."""
        outer, self._draft.body = self._draft.body, []
        if is_comments(text_of(first_line(item))) and len(item) > 1:
            self._draft.note_aside(text_of(first_line(item)))
            for block in item[1:]:
                if isinstance(block, List):
                    self._list(block, is_discussion=True)
                else:
                    self._block(block)
        else:
            for block in item:
                self._block(block)
        self._lines.settle()
        inner, self._draft.body = self._draft.body, outer
        return inner

    def _is_discussion(self, block: List) -> bool:
        """Tell whether plain words before colons are names here: every item has some, and they look like it."""
        speeches = [read_speech(first_line(item)) for item in block.items]
        heard = [speech for speech in speeches if speech]
        if len(heard) < len(speeches) or not self._lines.has_spoken:
            return False
        if len(heard) == 1:
            return heard[0].is_sure or heard[0].is_named
        return sum(speech.is_full for speech in heard) * 2 >= len(heard)

    def _answers(self, speech: Speech, *, trusts_plain: bool) -> bool:
        if speech.is_sure or self._draft.knows_speaker(speech.speaker):
            return True
        return trusts_plain

    def _comment(self, speech: Speech, item: Sequence[Block], *, depth: int) -> None:
        """Note what somebody answers, and below it what others answer to that."""
        first, *blocks = item
        below = lines_of(first.spans)[1:] if isinstance(first, Paragraph | Heading) else []
        said = [line for line in (speech.words, *self._said(below)) if line]
        kept: list[Block] = [Paragraph(join_lines(said))] if said else []
        replies: list[List] = []
        for block in blocks:
            match block:
                case List():
                    own, answers = _part_replies(block)
                    kept.extend(own)
                    replies.extend(answers)
                case Paragraph(spans=spans):
                    lines = self._said(lines_of(spans))
                    kept.extend([Paragraph(join_lines(lines))] if lines else [])
                case _:
                    kept.append(block)
        self._draft.add_comment(speech, kept, depth=depth)
        self._lines.has_spoken = True
        for block in replies:
            self._list(block, depth=depth + 1, is_discussion=True)

    def _said(self, lines: Sequence[Spans]) -> list[Spans]:
        """Return lines without those that another field holds: below the last answer they often stand in its list."""
        return [line for line in lines if not self._lines.take(line)]


def _part_replies(block: List) -> tuple[list[Block], list[List]]:
    """Part a list below an answer into the items that belong to it and those that answer to it."""
    answers = tuple(item for item in block.items if _is_reply(item))
    own = tuple(item for item in block.items if not _is_reply(item))
    return [replace(block, items=own)] if own else [], [replace(block, items=answers)] if answers else []


def _is_reply(item: Sequence[Block]) -> bool:
    speech = read_speech(first_line(item))
    return speech is not None and (speech.is_sure or speech.looks_named)
