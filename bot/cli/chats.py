"""Subscriptions from outside a chat: subscribe, unsubscribe, chats."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import click

from bot.adapters import parse_address
from bot.app import House, open_house
from bot.cli.output import print_json, print_line, print_table
from bot.model.chat import Address, Chat, Layout, Preferences
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
@click.option("--layout", type=click.Choice([layout.value for layout in Layout]), help="How much of an issue it gets.")
@click.option("--language", type=click.Choice(["en", "zh"]), help="The language of the bot's own words there.")
@click.option("--no-images", is_flag=True, help="Links in place of images.")
def subscribe(
    chat: Address, sections: tuple[str, ...], layout: str | None, language: str | None, no_images: bool
) -> None:
    """Subscribe CHAT to new issues, for example telegram:-1001234567890 or slack:C0123ABCD.

    A chat that was subscribed before keeps the settings it had, but for those named here.
    """

    async def act() -> None:
        async with open_house(load_settings()) as house:
            kind, now = await house.kind_of(chat), house.clock.now()
            is_new = await house.chats.subscribe(chat, kind=kind, title="", now=now)
            await _set_preferences(house, chat, sections, layout, language, no_images=no_images)
        print_line(f"{chat} is subscribed." if is_new else f"{chat} was subscribed already.")

    asyncio.run(act())


async def _set_preferences(
    house: House, chat: Address, sections: tuple[str, ...], layout: str | None, language: str | None, *, no_images: bool
) -> None:
    known = await house.chats.get(chat)
    before = known.preferences if known else Preferences()
    after = replace(
        before,
        sections=sections or before.sections,
        layout=Layout(layout) if layout else before.layout,
        language=language or before.language,
        images=before.images and not no_images,
    )
    if after != before:
        await house.chats.set_preferences(chat, after)


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
            ("chat", "kind", "title", "status", "since", "reason"),
            (
                (
                    chat.address,
                    chat.kind.value,
                    chat.title,
                    chat.status.value if chat.status else "not subscribed",
                    f"{chat.subscribed_at:%Y-%m-%d}" if chat.subscribed_at else "",
                    chat.reason,
                )
                for chat in chats
            ),
        )
    else:
        print_line("No chat yet: send /subscribe in one, or run `bot subscribe web:lobby`.")


def _to_json(chat: Chat) -> dict[str, object]:
    return {
        "chat": str(chat.address),
        "kind": chat.kind.value,
        "title": chat.title,
        "status": chat.status.value if chat.status else None,
        "reason": chat.reason,
        "subscribed_at": chat.subscribed_at.isoformat() if chat.subscribed_at else None,
    }
