"""Subscriptions from outside a chat: subscribe, unsubscribe, chats."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import click

from bot.adapters import parse_address, platform
from bot.app import House, open_house
from bot.cli.output import print_json, print_line, print_table
from bot.formatters.panel_actions import Set, Setting
from bot.handlers.preferences import change
from bot.model.chat import Address, Chat, Layout, Preferences
from bot.search.suggest import closest
from bot.settings import load_settings

_EXAMPLES = {
    Setting.LAYOUT: "layout compact",
    Setting.IMAGES: "images off",
    Setting.SOUND: "sound off",
    Setting.LANGUAGE: "language zh",
    Setting.HOUR: "hour 20:30",
    Setting.ZONE: "zone Europe/Berlin",
    Setting.PACE: "pace 30",
    Setting.HOURS: "hours 9:00 18:00",
    Setting.QUIET: "quiet 23:00-7:00",
    Setting.SECTIONS: "sections all",
    Setting.TOPICS: "topics all",
    Setting.WATCHED: "watched off",
    Setting.PLACE: "place channel",
}
"""How each setting is written, for whoever wrote it otherwise."""


class AddressParameter(click.ParamType[Address]):
    """A chat's address."""

    name = "chat"

    def convert(self, value: object, _parameter: click.Parameter | None, _context: click.Context | None) -> Address:
        """Read an address. An unreadable one is told by the group's own errors."""
        return value if isinstance(value, Address) else parse_address(str(value))


@click.command(short_help="Subscribe a chat to new issues.")
@click.argument("chat", type=AddressParameter())
@click.option("--section", "sections", multiple=True, metavar="TITLE", help="Only sections of this title (repeatable).")
@click.option("--topic", "topics", multiple=True, metavar="NAME", help="Only entries on this topic (repeatable).")
@click.option("--watch", "watches", multiple=True, metavar="WORDS", help="Mark entries that match (repeatable).")
@click.option("--watched-only", "watched", flag_value="only", help="Send the entries that match, and no others.")
@click.option("--watched-too", "watched", flag_value="too", help="Send the others, too.")
@click.option("--thread", "threads", multiple=True, metavar="TITLE=THREAD", help="Where a section goes (repeatable).")
@click.option("--threaded", "where", flag_value="thread", help="Sections in the thread of their header (Slack).")
@click.option("--in-channel", "where", flag_value="channel", help="Sections in the channel, behind their header.")
@click.option("--layout", type=click.Choice([layout.value for layout in Layout]), help="How much of an issue it gets.")
@click.option("--language", type=click.Choice(["en", "zh"]), help="The language of the bot's own words there.")
@click.option("--no-images", is_flag=True, help="Links in place of images.")
@click.option(
    "--set", "settings", multiple=True, metavar="WORDS", help='As /settings there: "pace 30", "quiet 23:00-7:00".'
)
def subscribe(chat: Address, **wishes: Any) -> None:
    """Subscribe CHAT to new issues, for example telegram:-1001234567890 or slack:C0123ABCD.

    A chat that was subscribed before keeps the settings it had, but for those named here; an empty value
    (--topic "") takes a choice back. Sections and topics each narrow what it gets. A section can go to a thread of the
    chat, in Telegram to a forum topic by its number: --thread "Jobs=77"; --thread "Jobs=" takes that back.
    """
    wishes["threads"] = [_read_thread(chat, text) for text in wishes["threads"]]

    async def act() -> None:
        async with open_house(load_settings()) as house:
            _check_topics(house, wishes["topics"])
            address = house.canonical(chat)
            kind, now = await house.kind_of(address), house.clock.now()
            is_new = await house.chats.subscribe(address, kind=kind, title="", now=now)
            known = await house.chats.get(address)
            before = known.preferences if known else Preferences()
            if (after := _set(_wished(before, wishes), wishes["settings"])) != before:
                await house.chats.set_preferences(address, after)
        print_line(f"{address} is subscribed." if is_new else f"{address} was subscribed already.")

    asyncio.run(act())


def _read_thread(chat: Address, text: str) -> tuple[str, str | None]:
    """Read which section goes to which thread: None for the thread takes that back, for ("", None) all of it."""
    section, _, thread = text.rpartition("=")
    if text and not section.strip():
        raise click.ClickException(f"{text!r} names no section and its thread: write it like 'Jobs=77'")
    if not thread.strip():
        return section.strip(), None
    return section.strip(), parse_address(f"{replace(chat, thread='')}/{thread.strip()}").thread


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
    if wishes["threads"]:
        changes["threads"] = _led(before.threads, wishes["threads"])
    if wishes["where"]:
        changes["threaded"] = wishes["where"] == "thread"
    if wishes["layout"]:
        changes["layout"] = Layout(wishes["layout"])
    if wishes["language"]:
        changes["language"] = wishes["language"]
    if wishes["watched"]:
        changes["watched_only"] = wishes["watched"] == "only"
    if wishes["no_images"]:
        changes["images"] = False
    return replace(before, **changes)


def _set(before: Preferences, settings: Iterable[str]) -> Preferences:
    """Return what a chat asked for with this said behind /settings there."""
    after = before
    for text in settings:
        name, _, value = text.strip().partition(" ")
        try:
            changed = change(after, Set(Setting(name.casefold()), value))
        except ValueError:
            known = ", ".join(Setting)
            raise click.ClickException(f"there is no setting {name!r}: there are {known}") from None
        if changed is None:
            raise click.ClickException(
                f"{text!r} says nothing that can be set: write it like {_EXAMPLES[Setting(name)]!r}"
            )
        after = changed
    return after


def _led(before: Iterable[tuple[str, str]], wishes: Iterable[tuple[str, str | None]]) -> tuple[tuple[str, str], ...]:
    threads = {section: thread for section, thread in before if ("", None) not in wishes}
    for section, thread in wishes:
        threads = {name: old for name, old in threads.items() if name.casefold() != section.casefold()}
        if thread is not None:
            threads[section] = thread
    return tuple(threads.items())


@click.command()
@click.argument("chat", type=AddressParameter())
def unsubscribe(chat: Address) -> None:
    """End the subscription of CHAT; its settings are kept."""

    async def act() -> bool:
        async with open_house(load_settings()) as house:
            return await house.chats.unsubscribe(house.canonical(chat))

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
                    describe_choice(chat),
                    chat.reason,
                )
                for chat in chats
            ),
        )
    else:
        print_line("No chat yet: send /subscribe in one, or run `bot subscribe web:lobby`.")


def describe_choice(chat: Chat) -> str:
    """Say in one line what of an issue a chat receives, when and where; "" where that is all of it at once."""
    chosen = chat.preferences
    said = (
        ("sections", chosen.sections),
        ("topics", chosen.topics),
        ("only" if chosen.watched_only else "watches", chosen.watches),
        ("threads", [f"{section}={thread or 'main'}" for section, thread in chosen.threads]),
    )
    in_channel = not chosen.threaded and platform(chat.address.platform).has_threads(chat.address)
    beside = (*_describe_times(chosen), *(("silent",) if chosen.silent else ()))
    beside += ("in the channel",) if in_channel else ()
    return "; ".join((*(f"{name}: {', '.join(values)}" for name, values in said if values), *beside))


def _describe_times(chosen: Preferences) -> tuple[str, ...]:
    said = (
        (chosen.post_at, f"at {chosen.post_at}"),
        (chosen.pace_minutes, f"a section every {chosen.pace_minutes} min"),
        (chosen.hours, f"a section at {', '.join(chosen.hours)}"),
        (chosen.quiet_from, f"not {chosen.quiet_from}-{chosen.quiet_until}"),
        (chosen.zone, f"in {chosen.zone}"),
    )
    return tuple(words for is_chosen, words in said if is_chosen)


def _to_json(chat: Chat) -> dict[str, object]:
    return {
        "chat": str(chat.address),
        "kind": chat.kind.value,
        "title": chat.title,
        "status": chat.status.value if chat.status else None,
        "reason": chat.reason,
        "receives": describe_choice(chat),
        "subscribed_at": chat.subscribed_at.isoformat() if chat.subscribed_at else None,
    }
