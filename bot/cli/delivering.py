"""Deliveries: post an issue now."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import click

from bot.adapters import AdapterError, platform
from bot.app import EVERYBODY, House, open_house
from bot.cli.chats import AddressParameter
from bot.cli.content import found
from bot.cli.indexing import bring_up_to_date
from bot.cli.output import make_console, many, print_line, print_table
from bot.cli.reporting import OPEN, local, why
from bot.delivery.publish import section_indices
from bot.delivery.release import Hold, Try
from bot.delivery.whole import Delivery
from bot.model.chat import Address, Variant
from bot.model.delivery import PartStatus
from bot.model.digest import Issue
from bot.settings import Settings, load_settings
from bot.storage.publishing import Planned, PlannedPart, Target
from bot.storage.reports import DeliveryReport

SHOWN = 40
"""Chats the summary lists; with more, only those where something is amiss."""

PATIENCE = timedelta(minutes=2)
"""How long `bot post` waits for a chat, or for a platform that is down; a minute's limit in a group is shorter."""


@click.command(short_help="Publish an issue now and deliver it.")
@click.option("--issue", "number", type=int, required=True, help="The issue's number.")
@click.option(
    "--to", "chats", type=AddressParameter(), multiple=True, help="Only to this chat, subscribed or not (repeatable)."
)
@click.option(
    "--section", "sections", type=int, multiple=True, help="Only this section, from 1, and the header (repeatable)."
)
@click.option("--release", is_flag=True, help="Send it to everybody, though it is held or was not tried in BOT_CANARY.")
@click.option("--dry-run", is_flag=True, help="Say what would be sent, and send nothing.")
@click.option("--no-wait", is_flag=True, help="Plan it and leave the sending to `bot run`.")
@click.pass_context
def post(
    context: click.Context,
    number: int,
    chats: tuple[Address, ...],
    sections: tuple[int, ...],
    *,
    release: bool,
    dry_run: bool,
    no_wait: bool,
) -> None:
    """Publish an issue now and deliver it; done a second time, nothing new is sent.

    Exit status 0 when every part was sent, 1 when some were not, 2 when nothing could be done.
    """
    order = _Order(number, chats, sections, release=release, dry_run=dry_run, no_wait=no_wait)
    context.exit(asyncio.run(_post(load_settings(), order)))


@dataclass(frozen=True, slots=True)
class _Order:
    """What `bot post` is asked to do."""

    number: int
    chats: tuple[Address, ...]
    sections: tuple[int, ...]
    release: bool
    dry_run: bool
    no_wait: bool


async def _post(settings: Settings, order: _Order) -> int:
    async with open_house(settings) as house:
        order = replace(order, chats=tuple(map(house.canonical, order.chats)))
        await bring_up_to_date(house)
        issue = await house.issues.get_issue(order.number)
        if issue is None:
            # Posting is often the first thing done with a file that was just written.
            await house.make_ingest().run()
            issue = found(await house.issues.get_issue(order.number), order.number)
        try:
            wanted = section_indices(issue, order.sections)
        except ValueError as error:
            raise click.ClickException(str(error)) from error
        if order.dry_run:
            await _show_plan(house, issue, order.chats, wanted)
            return 0
        target = await _target(house, order.chats)
        if order.chats or wanted is not None or order.release:
            now = house.clock.now()
            planned = await house.publisher.publish(issue, target=target, now=now, sections=wanted, at_once=True)
            await house.issues.mark_published(order.number, now=now)
        else:
            planned = await _release(house, issue, no_wait=order.no_wait)
        told = f"{many(planned.parts, 'part')} planned for {many(planned.publications, 'chat')}."
        print_line(f"Issue {order.number}: {told if planned.parts else 'nothing new to send.'}")
        left = None if order.no_wait else await _deliver(house, order.number, target)
        status = _summarise(await house.reports.deliveries(issue=order.number), order.chats, settings)
        if left is not None and left > house.clock.now():
            print_line(f"The rest is due from {local(left, settings)} on: `bot run` sends it then.")
        elif left is not None:
            print_line("The rest waits: `bot run` sends it, or the same command again.")
        if isinstance(verdict := await house.judge(order.number), Hold) and not (order.release or order.chats):
            print_line(
                f"Issue {order.number} is held ({verdict.detail}): "
                f"`bot post --issue {order.number} --release` sends it to everybody."
            )
            return 1
        return 0 if order.no_wait else status


async def _target(house: House, chats: tuple[Address, ...]) -> Target:
    """Return the target that the named chats are, met if need be; everybody where none is named."""
    for chat in chats:
        require_configured(house.settings, chat.platform)
        await house.chats.meet(chat, kind=await house.kind_of(chat), title="", now=house.clock.now())
    return await house.publications.target(chats) if chats else EVERYBODY


async def _release(house: House, issue: Issue, *, no_wait: bool) -> Planned:
    """Publish to everybody, by way of the canary chat if there is one."""
    planned = await house.release(issue, at_once=True)
    if no_wait or not isinstance(await house.judge(issue.number or 0), Try):
        return planned
    await _deliver(house, issue.number or 0, EVERYBODY)
    return planned + await house.release(issue, at_once=True)


async def _show_plan(house: House, issue: Issue, chats: tuple[Address, ...], sections: frozenset[int] | None) -> None:
    rows: list[tuple[object, object]] = []
    if chats:
        having = {report.chat for report in await house.reports.deliveries(issue=issue.number)}
        for address in chats:
            known = await house.chats.get(address)
            variant = Variant.of(known.preferences) if known else Variant()
            edition = await house.publisher.make_edition(issue, address.platform, variant)
            rows.append((address, "has it already" if address in having else _count(edition, sections)))
    else:
        async for audience, edition in house.publisher.editions(issue, EVERYBODY):
            rows.append(
                (
                    f"{many(audience.count, 'chat')} on {audience.platform}, {audience.variant.layout}",
                    _count(edition, sections),
                )
            )
    if rows:
        print_table(("to", "parts each"), rows, numbers=("parts each",))
    else:
        print_line(f"Issue {issue.number}: every subscribed chat has it already.")


def _count(edition: list[PlannedPart], sections: frozenset[int] | None) -> int:
    return sum(sections is None or part.section is None or part.section in sections for part in edition)


async def _deliver(house: House, number: int, target: Target) -> datetime | None:
    """Send what is planned, with a progress bar, until all is done or the user has had enough.

    Returns when the rest is due: of chats that want it at their own pace, or where a platform asks for a long wait.
    """
    issue_id = await house.publications.issue_id(number)
    before = await house.reports.tally(issue_id, target)
    if not any(before.get(status, 0) for status in (PartStatus.PENDING, PartStatus.SENDING, PartStatus.UNCERTAIN)):
        return None
    for name in await house.reports.platforms(issue_id):
        require_configured(house.settings, name)
        await house.connect(name)
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn  # noqa: PLC0415 - slow

    total = sum(before.values())
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=make_console(stderr=True)) as progress:
        bar = progress.add_task(f"issue {number}", total=total)

        async def report() -> None:
            now = await house.reports.tally(issue_id, target)
            progress.update(bar, completed=sum(n for status, n in now.items() if status not in OPEN))

        await report()
        delivery = house.make_delivery(issue_id=issue_id, report=report)
        for sign in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(sign, delivery.stop)
        left = await drain(delivery)
        await report()
        return left


async def drain(delivery: Delivery, *, patience: timedelta = PATIENCE) -> datetime | None:
    """Have everything sent that is due soon, here or by another process; returns when the rest is due."""
    for holder in await delivery.look_around():
        host, process, _ = holder.rsplit(".", 2)
        print_line(f"Process {process} on {host} is sending; this one looks on.")
    return await delivery.drain(patience=patience)


def require_configured(settings: Settings, name: str) -> None:
    """Refuse a platform whose settings are missing. Raises AdapterError."""
    if not platform(name).is_configured(settings):
        raise AdapterError(platform(name).missing(settings))


def _summarise(reports: Iterable[DeliveryReport], chats: tuple[Address, ...], settings: Settings) -> int:
    """Print who got what; returns the exit status."""
    meant = [report for report in reports if not chats or report.chat in chats]
    shown = meant if len(meant) <= SHOWN else [report for report in meant if report.status is not PartStatus.SENT]
    if shown:
        print_table(
            ("chat", "sent", "of", "state", "why"),
            (
                (
                    f"{report.chat} {report.title}".rstrip(),
                    report.count(PartStatus.SENT),
                    len(report.parts),
                    report.status.value,
                    why(report, settings),
                )
                for report in shown[:SHOWN]
            ),
            numbers=("sent", "of"),
        )
    if not meant:
        print_line("No chat is subscribed: send /subscribe in one, or name one with --to.")
        return 0
    sent = sum(report.count(PartStatus.SENT) for report in meant)
    total = sum(len(report.parts) for report in meant)
    print_line(f"{sent} of {many(total, 'part')} sent to {many(len(meant), 'chat')}.")
    if uncertain := sum(report.count(PartStatus.UNCERTAIN) for report in meant):
        settle = f"`bot reconcile --issue {meant[0].issue}` looks again, or takes your word"
        print_line(f"{many(uncertain, 'part')} may or may not have arrived: {settle}.")
    return 0 if sent == total else 1
