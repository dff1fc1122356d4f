"""Commands as they are typed in Slack: all of the bot's are behind one slash command. Pure.

The house names a command by its slash alone; in Slack ``/settings`` would be somebody else's, or nobody's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from bot.adapters.slack.words import ROOT
from bot.model.command import Reply
from bot.model.richtext import Block, Document, Heading, List, Mark, Paragraph, Quote, Span


def spell_commands(reply: Reply, names: Iterable[str]) -> Reply:
    """Return a reply in which the commands of these names are spelt with the slash command that leads to them."""
    toast = _spell(reply.toast, _pattern(tuple(sorted(names))))
    form = reply.form and replace(reply.form, lead=spell_document(reply.form.lead, names))
    return replace(reply, document=spell_document(reply.document, names), form=form, toast=toast)


def spell_document(document: Document, names: Iterable[str]) -> Document:
    """Return a document spelt so."""
    pattern = _pattern(tuple(sorted(names)))
    return Document(tuple(_spell_block(block, pattern) for block in document.blocks))


def _spell_block(block: Block, pattern: re.Pattern[str]) -> Block:
    match block:
        case Heading(spans=spans) | Paragraph(spans=spans):
            return replace(block, spans=tuple(_spell_span(span, pattern) for span in spans))
        case List(items=items):
            return replace(block, items=tuple(tuple(_spell_block(part, pattern) for part in item) for item in items))
        case Quote(blocks=blocks):
            return replace(block, blocks=tuple(_spell_block(part, pattern) for part in blocks))
        case _:
            return block


def _spell_span(span: Span, pattern: re.Pattern[str]) -> Span:
    if span.href or Mark.CODE in span.marks:
        return span
    return replace(span, text=_spell(span.text, pattern))


def _spell(text: str, pattern: re.Pattern[str]) -> str:
    return pattern.sub(rf"/{ROOT} \1", text) if "/" in text else text


@lru_cache(maxsize=8)
def _pattern(names: tuple[str, ...]) -> re.Pattern[str]:
    # What stands in an address, a path or a fraction is no command.
    return re.compile(rf"(?<![\w/.:~-])/({'|'.join(map(re.escape, names)) or '(?!)'})(?![\w/-]|\.\w)", re.ASCII)
