"""What belongs to one entry -> the entry: who posted it, what it says, where it leads, what others said.

Reads line by line, in the order of the source. A line that holds nothing but links, a reference, a name or an image is
moved out of the body; whatever is not understood stays in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bot.model.digest import Author, Comment, Entry
from bot.model.richtext import Block, Document, Heading, Image, List, Paragraph, Quote, Span, Spans, bold, spans_of
from bot.parsing.draft import Draft
from bot.parsing.heads import names_author, read_head, take_from
from bot.parsing.labels import COLONS, find_remark, is_comments, is_content, is_reference
from bot.parsing.links import find_links, holds_links_only, is_label
from bot.parsing.people import Speech, is_post, looks_like_name, may_be_name, read_speech
from bot.parsing.section import EntrySource
from bot.parsing.spans import cut, first_line, join_lines, lines_of, squeeze, strip, text_of

_GLUED_BULLET = re.compile(r"[-*+•](?=[^\s\d*+-])")


@dataclass(frozen=True, slots=True)
class Reading:
    """An entry, and the words of its source that only label."""

    entry: Entry
    asides: tuple[str, ...]


@dataclass(slots=True)
class _Announced:
    """A label that waits for its addresses; where none come, its block is text after all."""

    label: str
    block: Block
    used: bool = False


def read_entry(source: EntrySource, section: str) -> Reading:
    """Return the entry that a piece of the source holds."""
    reader = _Reader(source)
    draft = reader.read()
    return Reading(draft.finish(section), tuple(draft.asides))


class _Reader:
    """Walks the blocks of one entry and fills its draft."""

    def __init__(self, source: EntrySource) -> None:
        self._source = source
        self._draft = Draft(group=source.group)
        self._announced: _Announced | None = None
        self._prose: list[Spans] = []
        self._has_spoken = False

    def read(self) -> Draft:
        """Return what the entry holds."""
        self._draft.note_hashtags((*self._source.head, *spans_of(self._source.rest)))
        owner = next(find_links(self._source.owner), None)
        if owner:
            self._draft.add_author(Author(owner.words, owner.url))
        if self._source.head:
            self._head(self._source.head)
        for block in self._source.rest:
            self._block(block)
        self._settle()
        return self._draft

    def _head(self, line: Spans) -> None:
        head = read_head(line, self._source.lead, trust_looks=self._source.trust_looks)
        self._draft.title = head.title
        if head.author:
            self._draft.add_author(head.author)
        for found in head.title_links:
            if is_post(found.url) and not self._draft.title_post:
                self._draft.title_post = found.url
            else:
                self._draft.add_link(found, head.label)
        if head.label and not head.title_links:
            self._announced = _Announced(head.label, Paragraph((Span(head.label),)))
        elif head.label:
            self._draft.asides.append(head.label)
        self._paragraph(head.rest)

    def _block(self, block: Block) -> None:
        match block:
            case Paragraph(spans=spans):
                self._paragraph(spans)
            case Image():
                self._draft.images.append(block)
            case Heading():
                self._heading(block)
            case List():
                self._settle()
                self._list(block)
            case _:
                self._settle()
                self._draft.body.extend(self._keep((block,)))

    # --- lines

    def _paragraph(self, spans: Spans) -> None:
        lines = [_unglue(line) for line in lines_of(spans)]
        for index, line in enumerate(lines):
            if self._move(line):
                continue
            following = lines[index + 1 :]
            speech = self._speech(line)
            if speech:
                self._flush()
                self._comment(speech, following, (), depth=0)
                return
            if following and _is_label_line(line) and _is_address_line(following[0]):
                self._settle()
                self._announced = _Announced(text_of(line), Paragraph(line))
            else:
                self._say(line)
        self._flush()

    def _move(self, line: Spans) -> bool:
        """Take a line that another field holds whole. Return whether it was one."""
        return self._remark(line) or self._reference(line) or self._author(line) or self._links(line)

    def _say(self, line: Spans) -> None:
        if line:
            self._settle_announced()
            self._prose.append(line)
            self._draft.add_links(line)
            self._has_spoken = True

    def _flush(self) -> None:
        if self._prose:
            self._draft.body.append(Paragraph(join_lines(self._prose)))
            self._prose = []

    def _settle(self) -> None:
        self._settle_announced()
        self._flush()

    def _settle_announced(self) -> None:
        """Give up waiting for the addresses that a label announced."""
        announced, self._announced = self._announced, None
        if announced is None or announced.used:
            return
        self._flush()
        if is_content(announced.label):
            self._draft.asides.append(announced.label)
        else:
            self._draft.body.append(announced.block)

    def _remark(self, line: Spans) -> bool:
        length = find_remark(text_of(line))
        if not length:
            return False
        self._settle()
        self._draft.asides.append(text_of(cut(line, 0, length)))
        words = strip(cut(line, length))
        self._draft.remark.extend(self._keep((Paragraph(words),) if words else ()))
        return True

    def _reference(self, line: Spans) -> bool:
        """Take "reference: https://…", or the label alone where its address stands on the next line."""
        links = list(find_links(line))
        text = text_of(line)
        label = text.partition(links[0].words)[0] if links else text
        if not is_reference(label) or len(links) > 1 or not label.rstrip().endswith(tuple(COLONS)):
            return False
        if links:
            self._draft.refer(links[0].url, squeeze(label))
            return not text.partition(links[0].words)[2].strip(" .。)）")
        self._settle()
        self._announced = _Announced(text, Paragraph(line))
        return True

    def _author(self, line: Spans) -> bool:
        """Take a linked name: at the beginning who posted it, further down who goes on."""
        found = next(find_links(line), None)
        if found is None or not squeeze(text_of(line)).startswith(found.words):
            return False
        if not names_author(found.words, found.url, trust_looks=True) or found.is_bare:
            return False
        if found.is_mention and (self._has_spoken or text_of(line).strip() != found.words):
            return False
        rest = strip(cut(line, text_of(line).find(found.words) + len(found.words)))
        if not self._has_spoken and not self._draft.authors and not text_of(rest).startswith(tuple(COLONS)):
            self._draft.add_author(Author(found.words, found.url))
            self._say(rest)
            return True
        if rest or not is_post(found.url):
            return False
        self._settle()
        self._draft.add_author(Author(found.words, found.url))
        self._draft.body.append(Paragraph((bold(found.words, found.url),)))
        return True

    def _links(self, line: Spans) -> bool:
        """Take a line of nothing but links and their labels."""
        if not holds_links_only(line):
            return False
        found = list(find_links(line))
        announced = self._announced
        if announced and _is_address_line(line) and not found[0].label:
            announced.used = True
            if is_reference(take_from(announced.label)[0]):
                self._draft.refer(found[0].url, announced.label)
                return True
        else:
            self._settle_announced()
            announced = None
        self._flush()
        if not self._has_spoken and len(found) == 1 and not found[0].is_bare:
            self._draft.leading_name = self._draft.leading_name or found[0].words
        self._draft.add_links(line, announced.label.rstrip(COLONS) if announced else "")
        return True

    def _speech(self, line: Spans) -> Speech | None:
        """Return who answers in a line. The first to speak, under a title without a name, is who posted it."""
        speech = read_speech(line)
        if speech is None or not (speech.is_sure or self._is_known(speech.speaker)):
            return None
        if self._has_spoken or self._draft.authors:
            return speech
        self._draft.add_author(Author(speech.speaker, speech.url))
        self._say(speech.words)
        return None

    def _is_known(self, name: str) -> bool:
        return any(comment.speaker == name for comment in self._draft.comments)

    def _heading(self, heading: Heading) -> None:
        self._settle()
        text = squeeze(text_of(heading.spans))
        label, name = take_from(text)
        if name:
            self._draft.add_author(Author(name))
        if self._author(heading.spans) or self._remark(heading.spans) or self._reference(heading.spans):
            return
        if any(find_links(heading.spans)):
            self._draft.add_links(heading.spans)
            self._draft.body.append(heading)
        elif text.endswith(tuple(COLONS)) and looks_like_name(label.rstrip(COLONS)):
            self._name_line(label.rstrip(COLONS).strip())
        else:
            self._announced = _Announced(text, heading)

    def _name_line(self, name: str) -> None:
        self._draft.add_author(Author(name))
        if self._has_spoken:
            self._draft.body.append(Paragraph((bold(name),)))

    # --- lists

    def _list(self, block: List, *, depth: int = 0, is_discussion: bool = False) -> None:
        """Read replies as comments, and leave the other items in the body."""
        trusts_plain = is_discussion or self._is_discussion(block)
        left: list[tuple[Block, ...]] = []
        for item in block.items:
            speech = read_speech(first_line(item))
            if speech and self._answers(speech, trusts_plain=trusts_plain):
                first, *others = item
                lines = lines_of(first.spans)[1:] if isinstance(first, Paragraph | Heading) else []
                self._comment(speech, lines, others, depth=depth)
            elif blocks := self._item(item):
                left.append(tuple(blocks))
        match left:
            case []:
                pass
            case [only] if len(block.items) > 1:
                self._draft.body.extend(only)
            case _:
                self._draft.body.append(replace(block, items=tuple(left)))

    def _item(self, item: Sequence[Block]) -> list[Block]:
        """Read one item of a list in the body; return what stays of it."""
        outer, self._draft.body = self._draft.body, []
        is_discussion = is_comments(text_of(first_line(item)))
        if is_discussion:
            self._draft.asides.append(text_of(first_line(item)))
        for block in item[1:] if is_discussion else item:
            if is_discussion and isinstance(block, List):
                self._list(block, is_discussion=True)
            else:
                self._block(block)
        self._settle()
        inner, self._draft.body = self._draft.body, outer
        return inner

    def _is_discussion(self, block: List) -> bool:
        """Tell whether plain names before colons are speakers here: every item has one."""
        speeches = [read_speech(first_line(item)) for item in block.items]
        return len(speeches) > 1 and all(speech and _is_full_name(speech) for speech in speeches)

    def _answers(self, speech: Speech, *, trusts_plain: bool) -> bool:
        if speech.is_sure or self._is_known(speech.speaker):
            return True
        known = any(author.name == speech.speaker for author in self._draft.authors)
        return known or (trusts_plain and may_be_name(speech.speaker))

    def _comment(self, speech: Speech, lines: Iterable[Spans], blocks: Sequence[Block], *, depth: int) -> None:
        """Note what somebody answers, and below it what others answer to that."""
        words = [speech.words, *(line for line in lines if not self._reference(line))]
        said: list[Block] = [Paragraph(join_lines(filter(None, words)))] if any(words) else []
        replies: list[List] = []
        for block in blocks:
            own, answers = self._part_replies(block)
            said.extend(own)
            replies.extend(answers)
        self._draft.comments.append(Comment(speech.speaker, depth, Document(tuple(self._keep(said))), speech.url))
        self._has_spoken = True
        for block in replies:
            self._list(block, depth=depth + 1, is_discussion=True)

    def _part_replies(self, block: Block) -> tuple[list[Block], list[List]]:
        """Part a block of a comment into what is said in it and the replies to it."""
        match block:
            case List(items=items):
                answers = tuple(item for item in items if self._is_reply(item))
                own = tuple(item for item in items if not self._is_reply(item))
                kept: list[Block] = [replace(block, items=own)] if own else []
                return kept, [replace(block, items=answers)] if answers else []
            case Paragraph(spans=spans):
                lines = [line for line in lines_of(spans) if not self._reference(line)]
                return ([Paragraph(join_lines(lines))] if lines else []), []
            case _:
                return [block], []

    def _is_reply(self, item: Sequence[Block]) -> bool:
        speech = read_speech(first_line(item))
        return speech is not None and (speech.is_sure or looks_like_name(speech.speaker))

    def _keep(self, blocks: Iterable[Block]) -> list[Block]:
        """Note links and images of blocks that stay as they are; return them without the images."""
        kept: list[Block] = []
        for block in blocks:
            match block:
                case Image():
                    self._draft.images.append(block)
                    continue
                case Paragraph(spans=spans) | Heading(spans=spans):
                    self._draft.add_links(spans)
                    kept.append(block)
                case List(items=items):
                    kept.append(replace(block, items=tuple(tuple(self._keep(item)) for item in items)))
                case Quote(blocks=inner):
                    kept.append(replace(block, blocks=tuple(self._keep(inner))))
                case _:
                    kept.append(block)
        return kept


def _unglue(line: Spans) -> Spans:
    """Take off a bullet that stands too close to its words to be one in Markdown: ``-[Title](address)``."""
    found = _GLUED_BULLET.match(text_of(line))
    return cut(line, found.end()) if found and len(line) > 1 else line


def _is_full_name(speech: Speech) -> bool:
    return speech.is_sure or (looks_like_name(speech.speaker) and " " in speech.speaker)


def _is_label_line(line: Spans) -> bool:
    text = text_of(line).rstrip()
    return text.endswith(tuple(COLONS)) and is_label(text) and not any(find_links(line))


def _is_address_line(line: Spans) -> bool:
    """Tell whether a line is one bare address."""
    found = list(find_links(line))
    return len(found) == 1 and found[0].is_bare and holds_links_only(line)
