"""Subscriptions from outside a chat: subscribe, unsubscribe, chats."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import click

from bot.adapters import parse_address
from bot.app import House, open_house
from bot.cli.output import print_json, print_line, print_table
from bot.model.chat import Address, Chat, Layout, Preferences
from bot.search.suggest import closest
from bot.settings import load_settings


class AddressParameter(click.ParamType[Address]):
    """A chat's address."""

    name = "chat"

    def convert(self, value: object, _parameter: click.Parameter | None, _context: click.Context | None) -> Address:
        """Read an address. An unreadable one is told by the group's own errors."""
        return value if isinstance(value, Address) else parse_address(str(value))


@click.command()
@click.argument("chat", type=AddressParameter())
@click.option("--section", "sections", multiple=True, metavar="TITLE", help="Only sections of this title (repeatable).")
@click.option("--topic", "topics", multiple=True, metavar="NAME", help="Only entries on this topic (repeatable).")
@click.option("--watch", "watches", multiple=True, metavar="WORDS", help="Mark entries that match (repeatable).")
@click.option("--watched-only/--watched-too", default=None, help="Send the entries that match alone; or all again.")
@click.option("--layout", type=click.Choice([layout.value for layout in Layout]), help="How much of an issue it gets.")
@click.option("--language", type=click.Choice(["en", "zh"]), help="The language of the bot's own words there.")
@click.option("--no-images", is_flag=True, help="Links in place of images.")
def subscribe(chat: Address, **wishes: Any) -> None:
    """Subscribe CHAT to new issues, for example telegram:-1001234567890 or slack:C0123ABCD.

    A chat that was subscribed before keeps the settings it had, but for those named here; an empty value
    (--topic "") takes a choice back. Sections and topics each narrow what it gets.
    """

    async def act() -> None:
        async with open_house(load_settings()) as house:
            _check_topics(house, wishes["topics"])
            kind, now = await house.kind_of(chat), house.clock.now()
            is_new = await house.chats.subscribe(chat, kind=kind, title="", now=now)
            known = await house.chats.get(chat)
            before = known.preferences if known else Preferences()
            if (after := _wished(before, wishes)) != before:
                await house.chats.set_preferences(chat, after)
        print_line(f"{chat} is subscribed." if is_new else f"{chat} was subscribed already.")

    asyncio.run(act())


def _check_topics(house: House, names: Iterable[str]) -> None:
    known = [topic.name for topic in house.topics]
    for name in filter(None, names):
        if name not in known:
            near = closest(name, known)
            meant = f": did you mean {near}?" if near else ": `bot topics` lists those there are"
            raise click.ClickException(f"there is no topic {name}{meant}")


def _wished(before: Preferences, wishes: Mapping[str, Any]) -> Preferences:
    """Return what a chat asked for, with what is wished now: nothing means as before, empty values mean none."""
    lists = ("sections", "topics", "watches")
    changes: dict[str, Any] = {name: tuple(filter(None, wishes[name])) for name in lists if wishes[name]}
    if wishes["layout"]:
        changes["layout"] = Layout(wishes["layout"])
    if wishes["language"]:
        changes["language"] = wishes["language"]
    if wishes["watched_only"] is not None:
        changes["watched_only"] = wishes["watched_only"]
    if wishes["no_images"]:
        changes["images"] = False
    return replace(before, **changes)


@click.command()
@click.argument("chat", type=AddressParameter())
def unsubscribe(chat: Address) -> None:
    """End the subscription of CHAT; its settings are kept."""

    async def act() -> bool:
        async with open_house(load_settings()) as house:
            return await house.chats.unsubscribe(chat)

    if not asyncio.run(act()):
        raise click.ClickException(f"{chat} is not subscribed: `bot chats` lists those that are")
    print_line(f"{chat} is not subscribed any more.")


@click.command(name="chats")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_chats(*, as_json: bool) -> None:
    """List the chats the bot knows, and whether they receive."""

    async def act() -> tuple[Chat, ...]:
        async with open_house(load_settings()) as house:
            return await house.chats.list_chats()

    chats = asyncio.run(act())
    if as_json:
        print_json([_to_json(chat) for chat in chats])
    elif chats:
        print_table(
            ("chat", "kind", "title", "status", "since", "receives", "reason"),
            (
                (
                    chat.address,
                    chat.kind.value,
                    chat.title,
                    chat.status.value if chat.status else "not subscribed",
                    f"{chat.subscribed_at:%Y-%m-%d}" if chat.subscribed_at else "",
                    describe_choice(chat.preferences),
                    chat.reason,
                )
                for chat in chats
            ),
        )
    else:
        print_line("No chat yet: send /subscribe in one, or run `bot subscribe web:lobby`.")


def describe_choice(preferences: Preferences) -> str:
    """Say in one line what of an issue a chat receives, "" where that is all of it."""
    said = (
        ("sections", preferences.sections),
        ("topics", preferences.topics),
        ("only" if preferences.watched_only else "watches", preferences.watches),
    )
    return "; ".join(f"{name}: {', '.join(values)}" for name, values in said if values)


def _to_json(chat: Chat) -> dict[str, object]:
    return {
        "chat": str(chat.address),
        "kind": chat.kind.value,
        "title": chat.title,
        "status": chat.status.value if chat.status else None,
        "reason": chat.reason,
        "receives": describe_choice(chat.preferences),
        "subscribed_at": chat.subscribed_at.isoformat() if chat.subscribed_at else None,
    }
