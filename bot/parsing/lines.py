"""The lines of an entry, one by one: what another field holds whole is moved there, what nobody understands stays."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.model.digest import Author
from bot.model.richtext import Block, Heading, Mark, Paragraph, Spans, bold
from bot.parsing.draft import Draft
from bot.parsing.labels import COLONS, find_remark, is_content, is_reference
from bot.parsing.links import find_links, holds_links_only, is_address_line, is_label
from bot.parsing.names import looks_like_name, read_byline, read_plain_byline, take_credit
from bot.parsing.references import read_reference
from bot.parsing.social import is_post
from bot.parsing.spans import cut, join_lines, lines_of, squeeze, strip, text_of
from bot.parsing.speech import Speech, read_speech
from bot.parsing.titles import is_titular

_LONGEST_LABEL = 80
"""Characters that may stand before the first link of a line that is not text."""

_GLUED_BULLET = re.compile(r"[-*+•](?=[^\s\d*+-])")


@dataclass(slots=True)
class _Announced:
    """A label that waits for its addresses; where none come, its block is text after all."""

    label: str
    block: Block
    used: bool = False


class LineReader:
    """Reads paragraphs and headings into a draft."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._announced: _Announced | None = None
        self._prose: list[Spans] = []
        self.has_spoken = False

    def read(self, spans: Spans) -> None:
        """Read a paragraph. Once somebody answers in it, the lines below belong to the answer."""
        lines = deque(_unglue(line) for line in lines_of(spans))
        while lines:
            line = lines.popleft()
            if self._move(line):
                continue
            speech = read_speech(line)
            if speech and self._answers(speech):
                said = [speech.words]
                while lines and not _interrupts(lines[0]):
                    said.append(lines.popleft())
                self._answer(speech, said)
            elif speech and self._leads(speech):
                self._draft.add_author(Author(speech.speaker, speech.url))
                self._say(speech.words)
            elif lines and _is_label_line(line) and is_address_line(lines[0]):
                self.announce(text_of(line), Paragraph(line))
            else:
                self._say(line)
        self._flush()

    def heading(self, heading: Heading) -> None:
        """Read a heading inside an entry: a name, a label, or one of the text's own."""
        self.settle()
        text = squeeze(text_of(heading.spans))
        if self._byline(heading.spans) or self.take(heading.spans):
            return
        credit = take_credit(text)
        label = credit.text.rstrip(COLONS).strip()
        if credit.name:
            self._draft.add_author(Author(credit.name))
        if find_links(heading.spans):
            self._draft.add_links(heading.spans)
            self._draft.body.append(heading)
        elif text.endswith(tuple(COLONS)) and looks_like_name(label):
            self._go_on((Author(label),))
        else:
            self.announce(text, heading)

    def take(self, line: Spans) -> bool:
        """Take a line that belongs to the entry wherever it stands: a reference, a remark."""
        return self._remark(line) or self._reference(line)

    def announce(self, label: str, block: Block) -> None:
        """Wait for the addresses that a label announces."""
        self.settle()
        self._announced = _Announced(label, block)

    def settle(self) -> None:
        """End what is under way: a paragraph, a label that waits."""
        self._settle_announced()
        self._flush()

    def _settle_announced(self) -> None:
        announced, self._announced = self._announced, None
        if announced is None or announced.used:
            return
        self._flush()
        if is_content(announced.label):
            self._draft.asides.append(announced.label)
        else:
            self._draft.body.append(announced.block)

    def _say(self, line: Spans) -> None:
        if line:
            self._settle_announced()
            self._prose.append(line)
            self._draft.add_links(line)
            self.has_spoken = True

    def _flush(self) -> None:
        if self._prose:
            self._draft.body.append(Paragraph(join_lines(self._prose)))
            self._prose = []

    def _answers(self, speech: Speech) -> bool:
        """Tell whether somebody answers: the entry has its author or its own words already."""
        if not (speech.is_sure or self._draft.knows_speaker(speech.speaker)):
            return False
        return self.has_spoken or bool(self._draft.authors)

    def _leads(self, speech: Speech) -> bool:
        """Tell whether the first to speak, under a title without a name, is who posted it."""
        return speech.is_sure and not self.has_spoken and not self._draft.authors

    def _answer(self, speech: Speech, said: Iterable[Spans]) -> None:
        self.settle()
        self.has_spoken = True
        words = join_lines(filter(None, said))
        self._draft.add_comment(speech, [Paragraph(words)] if words else [], depth=0)

    def _move(self, line: Spans) -> bool:
        """Take a line that another field holds whole. Return whether it was one."""
        if _begins_as_prose(line):
            return self._remark(line)
        return self.take(line) or self._byline(line) or self._links(line) or self._title(line)

    def _remark(self, line: Spans) -> bool:
        length = find_remark(text_of(line))
        if not length:
            return False
        self.settle()
        words = strip(cut(line, length))
        self._draft.add_remark(text_of(cut(line, 0, length)), [Paragraph(words)] if words else [])
        return True

    def _reference(self, line: Spans) -> bool:
        reference = read_reference(line)
        if reference is None:
            return False
        if reference.name:
            self._draft.add_author(Author(reference.name))
        if reference.url:
            self._draft.refer(reference.url, reference.label)
        else:
            self.announce(text_of(line), Paragraph(line))
        return True

    def _byline(self, line: Spans) -> bool:
        """Take names in a line of their own: at the beginning who posted it, further down who goes on."""
        is_first = not self.has_spoken and not self._draft.authors
        byline = read_byline(line, trust_looks=True)
        if byline is None:
            byline = read_plain_byline(line) if is_first and self._draft.title else None
        if byline is None:
            return False
        if byline.is_mention and (not is_first or byline.rest):
            return False
        rest = text_of(byline.rest)
        if is_first and (not rest.startswith(tuple(COLONS)) or not rest.strip(COLONS)):
            self._draft.note_aside(byline.words)
            for author in byline.authors:
                self._draft.add_author(author)
            self._say(strip(byline.rest, left=COLONS))
            return True
        if rest or not any(author.url and is_post(author.url) for author in byline.authors):
            return False
        self._draft.note_aside(byline.words)
        self._go_on(byline.authors)
        return True

    def _title(self, line: Spans) -> bool:
        """Take a bold title in a line of its own, below the name of who posted it."""
        is_first = not self.has_spoken and self._draft.authors and not self._draft.title
        text = squeeze(text_of(line))
        if not is_first or not all(Mark.BOLD in span.marks for span in line) or not is_titular(text):
            return False
        self._draft.title = text
        self._draft.add_links(line)
        return True

    def _go_on(self, authors: Sequence[Author]) -> None:
        """Note who goes on, and where in the text."""
        self.settle()
        for author in authors:
            self._draft.add_author(author)
            if self.has_spoken:
                self._draft.body.append(Paragraph((bold(author.name, author.url),)))

    def _links(self, line: Spans) -> bool:
        """Take a line of nothing but links and their labels."""
        if not holds_links_only(line):
            return False
        first, *others = find_links(line)
        announced = None if any(found.label for found in (first, *others)) else self._announced
        if announced:
            announced.used = True
        else:
            self._settle_announced()
        self._flush()
        if announced and is_reference(take_credit(announced.label).text):
            self._draft.refer(first.url, announced.label)
            for found in others:
                self._draft.add_link(found)
            return True
        if not self.has_spoken and not first.is_bare:
            self._draft.leading_name = self._draft.leading_name or first.words
        self._draft.add_links(line, announced.label.rstrip(COLONS) if announced else "")
        return True


def _begins_as_prose(line: Spans) -> bool:
    """Tell at a glance that a line can only be text: no label, name or title has so many plain words."""
    return not line[0].href and not line[0].marks and len(line[0].text) > _LONGEST_LABEL


def _unglue(line: Spans) -> Spans:
    """Take off a bullet that stands too close to its words to be one in Markdown: ``-[Title](address)``."""
    found = _GLUED_BULLET.match(text_of(line))
    return cut(line, found.end()) if found and len(line) > 1 else line


def _interrupts(line: Spans) -> bool:
    """Tell whether a line below an answer is no part of it."""
    speech = read_speech(line)
    return (speech is not None and speech.is_sure) or find_remark(text_of(line)) > 0 or read_reference(line) is not None


def _is_label_line(line: Spans) -> bool:
    text = text_of(line).rstrip()
    return text.endswith(tuple(COLONS)) and is_label(text) and not find_links(line)
