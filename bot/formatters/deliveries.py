"""Who got an issue, and who did not: for those who run the bot."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.formatters.actions import button
from bot.formatters.admin_actions import AskUncertain, OpenDeliveries, PostIssue, RetryFailed, Settle, Word
from bot.formatters.buttons import turning_rows
from bot.formatters.issue import name_issue
from bot.formatters.posting import Prospect, lead_admins, say_schedule, schedule_row
from bot.formatters.reasons import explain_reason
from bot.formatters.text import BREAK, clip, join, note
from bot.locales import Words
from bot.model.chat import Address
from bot.model.command import Button, Buttons, Reply
from bot.model.delivery import PartStatus
from bot.model.richtext import Block, Document, Heading, List, Paragraph, Span, bold, italic, paragraph
from bot.storage.settling import OpenQuestion
from bot.storage.summaries import Delivery, DeliveryPage

PAGE = 8
"""Chats on a page."""

REASON_LIMIT = 120
"""Characters of a platform's own words."""


def format_deliveries(prospect: Prospect, page: DeliveryPage, words: Words, *, in_place: bool = False) -> Reply:
    """Return how an issue stands, chat by chat, with what can be done about it."""
    summary = prospect.summary
    blocks: tuple[Block, ...] = (
        Heading((Span(name_issue(summary.number, summary.title, words)),), level=2),
        *_tally(page, words),
        *say_schedule(prospect, words),
        *((List(tuple((_line(one, words),) for one in page.deliveries)),) if page.deliveries else ()),
    )
    turns = turning_rows(
        words, lambda to: OpenDeliveries(summary.number, to), offset=page.offset, size=PAGE, total=page.total
    )
    rows = (*turns, *_doing_rows(prospect, page, words))
    return Reply(
        Document(blocks),
        rows,
        replace=in_place,
        private=True,
        detour=lead_admins(f"deliveries_{summary.number}", words),
    )


def format_question(
    questions: Sequence[OpenQuestion], issue: int, words: Words, *, offset: int = 0, toast: str = ""
) -> Reply:
    """Ask about one part that may or may not have arrived; told when there is none left."""
    back = (button(words("‹ Back"), OpenDeliveries(issue, 0)),)
    if not questions:
        done = Document((paragraph(words("Nothing of issue {number} is uncertain.", number=issue)),))
        return Reply(done, (back,), replace=True, toast=toast, private=True)
    one = questions[offset]
    blocks = (
        paragraph(
            *words.parts(
                "Part {part} of issue {number} may or may not have arrived in {chat}.",
                part=one.position + 1,
                number=issue,
                chat=bold(str(one.chat)),
            )
        ),
        *((paragraph(italic(clip(explain_reason(one.error, words), REASON_LIMIT))),) if one.error else ()),
        paragraph(words("Look into the chat. Is it there?")),
        *((note(words("If it is, its sections go to the channel, not into its thread.")),) if one.is_answered else ()),
    )
    answers = (
        button(words("It is there"), Settle(issue, one.part_id, Word.ARRIVED)),
        button(words("It is not: send it"), Settle(issue, one.part_id, Word.LOST)),
    )
    turns = turning_rows(words, lambda to: AskUncertain(issue, to), offset=offset, size=1, total=len(questions))
    return Reply(Document(blocks), (answers, *turns, back), replace=True, toast=toast, private=True)


def say_retried(chats: int, words: Words) -> str:
    """Say how many chats are sent again what failed."""
    if not chats:
        return words("Nothing can be sent again: suspended chats get what they missed when they come back.")
    return words.plural("Sent again to {n} chat.", "Sent again to {n} chats.", chats)


def _tally(page: DeliveryPage, words: Words) -> Iterator[Paragraph]:
    if not page.total:
        yield note(words("It has not been posted yet."))
        return
    whole = page.states.get(PartStatus.SENT, 0)
    of_all = words("{n} of {total}", n=words.number(whole), total=words.number(page.total))
    other = ((status, n) for status, n in page.states.items() if status is not PartStatus.SENT)
    amiss = ((Span(f"{_name(status, words)}: {words.number(n)}"),) for status, n in other)
    got = words.parts("{count} chats have all of it", count=bold(of_all))
    first = tuple(Span(part) if isinstance(part, str) else part for part in got)
    yield Paragraph(join((first, *amiss)))


def _line(one: Delivery, words: Words) -> Paragraph:
    counted = words("{n} of {total}", n=words.number(one.sent), total=words.number(one.total))
    facts = join(((Span(counted),), (Span(_name(one.status, words)),)))
    is_amiss = one.error and one.status is not PartStatus.SENT
    why = (italic(clip(explain_reason(one.error, words), REASON_LIMIT)),) if is_amiss else ()
    return Paragraph(join(((bold(_title(one.chat, one.title)),), facts, why), BREAK))


def _title(chat: Address, title: str) -> str:
    return f"{title} ({chat})" if title else str(chat)


def _doing_rows(prospect: Prospect, page: DeliveryPage, words: Words) -> Buttons:
    number = prospect.summary.number
    stuck = page.states.get(PartStatus.FAILED, 0) + page.states.get(PartStatus.SKIPPED, 0)
    mending: list[Button] = []
    if stuck:
        mending.append(button(words("Send again what failed"), RetryFailed(number)))
    if page.states.get(PartStatus.UNCERTAIN, 0):
        mending.append(button(words("Settle what is uncertain"), AskUncertain(number)))
    looking = [button(words("Refresh"), OpenDeliveries(number, page.offset))]
    if prospect.chats:
        looking.append(button(words("Post it"), PostIssue(number)))
    rows = (*((one,) for one in mending), tuple(looking), schedule_row(prospect, words))
    return tuple(row for row in rows if row)


def _name(status: PartStatus, words: Words) -> str:
    names = {
        PartStatus.PENDING: words("waiting"),
        PartStatus.SENDING: words("being sent"),
        PartStatus.UNCERTAIN: words("uncertain"),
        PartStatus.SENT: words("sent"),
        PartStatus.SKIPPED: words("left out"),
        PartStatus.FAILED: words("failed"),
    }
    return names[status]
