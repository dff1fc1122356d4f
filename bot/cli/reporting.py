"""Who got what: the state of deliveries, for people and for programs."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import datetime

import click

from bot.app import open_house
from bot.cli.chats import AddressParameter
from bot.cli.content import found
from bot.cli.output import print_json, print_line, print_table
from bot.model.chat import Address
from bot.model.delivery import PartStatus
from bot.settings import Settings, load_settings
from bot.storage.reports import DeliveryReport

OPEN = (PartStatus.PENDING, PartStatus.SENDING)
_UNSENT = (*OPEN, PartStatus.UNCERTAIN, PartStatus.SKIPPED, PartStatus.FAILED)


@click.command()
@click.option("--issue", "number", type=int, help="Only of this issue.")
@click.option("--chat", type=AddressParameter(), help="Only to this chat, and part by part.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def deliveries(number: int | None, chat: Address | None, *, as_json: bool) -> None:
    """Show who got what, and why not."""
    settings = load_settings()

    async def act() -> tuple[DeliveryReport, ...]:
        async with open_house(settings) as house:
            if number is not None:
                found(await house.issues.get_issue(number), number)
            return await house.reports.deliveries(issue=number, chat=chat)

    reports = asyncio.run(act())
    if as_json:
        print_json([_report_to_json(report) for report in reports])
    elif chat is not None:
        _show_parts(chat, reports)
    elif reports:
        print_table(
            ("issue", "chat", "sent", "of", "state", "why"),
            (
                (
                    report.issue,
                    f"{report.chat} {report.title}".rstrip(),
                    report.count(PartStatus.SENT),
                    len(report.parts),
                    report.status.value,
                    why(report, settings),
                )
                for report in reports
            ),
            numbers=("issue", "sent", "of"),
        )
    else:
        print_line("Nothing was published yet: `bot post --issue N` does it now.")


def _show_parts(chat: Address, reports: Iterable[DeliveryReport]) -> None:
    rows = [
        (
            report.issue,
            part.position,
            part.section or "(header)",
            "" if part.thread is None else part.thread or "(main)",
            " ".join(part.message_ids),
            part.status.value,
            part.attempts,
            part.error if part.status in _UNSENT else "",
        )
        for report in reports
        for part in report.parts
    ]
    if rows:
        columns = ("issue", "part", "section", "thread", "messages", "state", "tries", "why")
        print_table(columns, rows, numbers=("issue", "part", "tries"))
    else:
        print_line(f"Nothing was published to {chat} yet: `bot deliveries` shows which chats there are.")


def why(report: DeliveryReport, settings: Settings) -> str:
    """Say what kept parts from arriving, or from arriving where they were to, or when they are due."""
    errors = (part.error for part in report.parts if part.error and part.status in _UNSENT)
    shut = (f"thread {thread}: {reason}" for thread, reason in report.shut)
    due = (f"due {local(report.due_at, settings)}",) if report.due_at else ()
    return next(iter((*errors, *shut, *due)), "")


def local(moment: datetime, settings: Settings) -> str:
    """Write a moment in the bot's own zone."""
    return f"{moment.astimezone(settings.timezone):%Y-%m-%d %H:%M}"


def _report_to_json(report: DeliveryReport) -> dict[str, object]:
    return {
        "issue": report.issue,
        "chat": str(report.chat),
        "status": report.status.value,
        "parts": [
            {
                "position": part.position,
                "status": part.status.value,
                "message_ids": list(part.message_ids),
                "attempts": part.attempts,
                "error": part.error or None,
            }
            | ({} if part.thread is None else {"thread": part.thread})
            for part in report.parts
        ],
    }
