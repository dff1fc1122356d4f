"""Mending deliveries: settle what nobody could tell, edit what was delivered."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import click

from bot.adapters import platform
from bot.app import open_house
from bot.cli.chats import AddressParameter
from bot.cli.content import found
from bot.cli.delivering import PATIENCE, drain, require_configured
from bot.cli.output import many, print_line, print_table
from bot.delivery.amend import Amended, Amender, Difference
from bot.delivery.duty import Rank
from bot.model.chat import Address
from bot.settings import load_settings
from bot.storage.settling import OpenQuestion

A_LOOK = timedelta(seconds=20)
"""How long is tried to look for parts where the platform does not let itself be asked."""


@click.command()
@click.option("--issue", "number", type=int, help="Only parts of this issue.")
@click.option("--chat", type=AddressParameter(), help="Only parts of this chat.")
@click.option("--part", type=int, help="Only the part at this position, as `bot deliveries --json` counts.")
@click.option("--sent", "word", flag_value="sent", help="They have arrived: you have seen them in the chat.")
@click.option("--message", help="With --sent: which message it is, by its link; `none` where nobody knows.")
@click.option("--resend", "word", flag_value="resend", help="They have not arrived: send them.")
@click.pass_context
def reconcile(
    context: click.Context,
    number: int | None,
    chat: Address | None,
    part: int | None,
    *,
    word: str | None,
    message: str | None,
) -> None:
    """Settle parts that may or may not have arrived.

    Without --sent or --resend they are looked for once more. Exit status 1 when some stay open.
    """
    if message is not None and word != "sent":
        raise click.UsageError("--message goes with --sent")
    context.exit(asyncio.run(_reconcile(number, chat, part, word=word, message=message)))


async def _reconcile(
    number: int | None, chat: Address | None, part: int | None, *, word: str | None, message: str | None
) -> int:
    async with open_house(load_settings()) as house:
        chat = house.canonical(chat) if chat else None
        questions = await house.settling.questions(issue=number, chat=chat, position=part)
        if not questions:
            print_line("No part is uncertain.")
            return 0
        now = house.clock.now()
        if word == "sent":
            await house.settling.declare_sent(questions, now=now, message_id=_message(questions, message))
        else:
            for name in sorted({question.chat.platform for question in questions}):
                require_configured(house.settings, name)
                await house.connect(name)
            change = house.settling.declare_lost if word == "resend" else house.settling.look_again
            await change(questions, now=now)
            for issue in sorted({question.issue for question in questions}):
                delivery = house.make_delivery(issue_id=await house.publications.issue_id(issue))
                await drain(delivery, patience=PATIENCE if word == "resend" else A_LOOK)
        left = await house.settling.questions(issue=number, chat=chat, position=part)
        _show_questions(questions, left)
        for issue in sorted({question.issue for question in questions}) if word == "sent" else ():
            if await house.reports.platforms(await house.publications.issue_id(issue)):
                print_line(f"What waited goes on with `bot run`, or with `bot post --issue {issue}`.")
        return 1 if left else 0


def _message(questions: Sequence[OpenQuestion], message: str | None) -> str:
    """Return the message that a part is, "" where nobody knows; for a header that is answered, somebody has to."""
    if message is None:
        for one in questions:
            if one.is_answered and platform(one.chat.platform).has_threads(one.chat):
                this = f"--issue {one.issue} --chat {one.chat} --part {one.position}"
                raise click.ClickException(
                    f"the sections of issue {one.issue} are to answer this header in {one.chat}: copy the link to its "
                    f"message and run `bot reconcile {this} --sent --message LINK`; "
                    "with `--message none` they go to the channel"
                )
        return ""
    if len(questions) > 1:
        raise click.ClickException(
            f"{len(questions)} parts are meant, --message names one: add --issue, --chat and --part"
        )
    return "" if message == "none" else platform(questions[0].chat.platform).read_message(message)


def _show_questions(before: Sequence[OpenQuestion], left: Sequence[OpenQuestion]) -> None:
    open_now = {question.part_id: question for question in left}
    print_table(
        ("issue", "chat", "part", "now", "why"),
        (
            (
                question.issue,
                question.chat,
                question.position,
                "uncertain" if question.part_id in open_now else "settled",
                open_now[question.part_id].error if question.part_id in open_now else "",
            )
            for question in before
        ),
        numbers=("issue", "part"),
    )
    if left:
        print_line("Look into these chats, then run `bot reconcile` with --sent or --resend.")


@click.command(short_help="Edit in place what was delivered of an issue.")
@click.option("--issue", "number", type=int, required=True, help="The issue's number.")
@click.option("--dry-run", is_flag=True, help="Say what would change where, and change nothing.")
@click.option("--resend", is_flag=True, help="Send the parts that the edit added, behind the others.")
@click.pass_context
def amend(context: click.Context, number: int, *, dry_run: bool, resend: bool) -> None:
    """Edit in place what was delivered of an issue, after its file was edited.

    No message is added or removed, unless --resend says so. Exit status 1 when some could not be edited.
    """
    context.exit(asyncio.run(_amend(number, dry_run=dry_run, resend=resend)))


async def _amend(number: int, *, dry_run: bool, resend: bool) -> int:
    async with open_house(load_settings()) as house:
        await house.make_ingest().run()
        issue = found(await house.issues.get_issue(number), number)
        roster = house.make_roster(Rank.AMENDING)
        amender = house.make_amender(roster)
        differences = await amender.differences(issue)
        if not differences:
            print_line(f"Issue {number}: what was delivered is what the file says.")
            return 0
        if dry_run:
            await _show_differences(amender, differences)
            return 0
        for name in sorted({difference.edition.audience.platform for difference in differences}):
            require_configured(house.settings, name)
            await house.connect(name)
        try:
            results = [
                amended
                for difference in differences
                async for amended in amender.amend(issue, difference, resend=resend)
            ]
        finally:
            await roster.leave()
        if resend:
            await drain(house.make_delivery(issue_id=await house.publications.issue_id(number)))
        elif any(difference.added for difference in differences):
            print_line(f"What is new was not sent: `bot post --issue {number}` sends it.")
        return _summarise(results)


async def _show_differences(amender: Amender, differences: Sequence[Difference]) -> None:
    rows = []
    for difference in differences:
        titles = dict.fromkeys(difference.content[i].title or "the header" for i in difference.changed)
        async for delivered in amender.deliveries(difference):
            edits = sum(part.position in difference.changed for part in delivered.parts)
            rows.append((delivered.chat, edits, difference.added, difference.removed, ", ".join(titles)))
    print_table(("chat", "to edit", "new", "gone", "what"), rows, numbers=("to edit", "new", "gone"))
    if any(difference.added for difference in differences):
        print_line("What is new comes with --resend, behind the rest.")
    if any(difference.removed for difference in differences):
        print_line("What has gone from the file stays in the chats.")


def _summarise(results: Sequence[Amended]) -> int:
    print_table(
        ("chat", "edited", "of", "why not"),
        ((result.chat, result.edited, result.wanted, result.error) for result in results),
        numbers=("edited", "of"),
    )
    failed = [result for result in results if result.error]
    print_line(f"{many(len(results) - len(failed), 'chat')} amended" + (f", {len(failed)} not." if failed else "."))
    return 1 if failed else 0
