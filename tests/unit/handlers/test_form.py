"""The settings as a form: as things are, set at once or not at all, and what is wrong told by field."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.handlers import fill_in, suggest
from bot.handlers.zones import find_zones
from bot.model.chat import ChatKind, Layout, Preferences, User
from bot.model.command import Ability, Command, Reply
from bot.model.form import Field, FieldKind, Form, Mistakes
from tests.unit.handlers.conftest import READER, Talk, text


async def form_of(talk: Talk) -> Form:
    reply = await talk.say("/settings")
    assert reply.form is not None
    return reply.form


async def field_of(talk: Talk, name: str) -> Field:
    return next(field for field in (await form_of(talk)).fields if field.name == name)


async def fill(talk: Talk, **answers: str | tuple[str, ...]) -> Reply | Mistakes | None:
    given = {name: (value,) if isinstance(value, str) else value for name, value in answers.items()}
    return await fill_in(Command("settings", "", talk.chat, talk.kind, talk.user), given, talk.context)


async def preferences(talk: Talk) -> Preferences:
    chat = await talk.chat_now()
    assert chat is not None
    return chat.preferences


async def test_the_form_shows_things_as_they_are(talk: Talk) -> None:
    """Every field stands at what the chat has, the bot's own where it chose nothing; empty choices mean everything."""
    fields = {field.name: field for field in (await form_of(talk)).fields}
    assert list(fields) == [
        *("layout", "switches", "sections", "topics", "watches"),
        *("hour", "zone", "pace", "quiet", "language"),
    ]
    assert fields["layout"].chosen == ("compact",)
    assert fields["switches"].chosen == ("images",)
    assert fields["sections"].chosen == fields["topics"].chosen == ()
    assert (fields["hour"].chosen, fields["zone"].chosen, fields["pace"].chosen) == (("09:00",), ("UTC",), ("pace 0",))
    assert fields["zone"].kind is FieldKind.LOOKED_UP


async def test_all_is_set_at_once(talk: Talk) -> None:
    """What was filled in is what the chat has, and the form shows it again."""
    sections = (await field_of(talk, "sections")).options
    done = await fill(
        talk,
        layout="full",
        switches=("watched",),
        sections=sections[0].value,
        topics="slam",
        watches=("gaussian splatting", "author:davison"),
        hour="20:30",
        zone="Asia/Shanghai",
        pace="hours 09:00,18:00",
        quiet="22:00 - 07:00",
        language="zh",
    )
    assert done is None
    now = await preferences(talk)
    assert (now.layout, now.images, now.silent, now.watched_only) == (Layout.FULL, False, False, True)
    assert (now.sections, now.topics) == ((sections[0].label,), ("slam",))
    assert now.watches == ("gaussian splatting", "author:davison")
    assert (now.post_at, now.zone, now.hours, now.pace_minutes) == ("20:30", "Asia/Shanghai", ("09:00", "18:00"), 0)
    assert (now.quiet_from, now.quiet_until, now.language) == ("22:00", "07:00", "zh")
    assert (await field_of(talk, "pace")).chosen == ("hours 09:00,18:00",)
    assert (await field_of(talk, "sections")).chosen == (sections[0].value,)


async def test_what_is_emptied_is_everything_again(talk: Talk) -> None:
    """No sections, no topics, no quiet hours, no hour and no zone of its own: as the bot does it."""
    sections = (await field_of(talk, "sections")).options
    await fill(talk, sections=sections[0].value, topics="slam", quiet="22:00-07:00", hour="20:30", zone="Asia/Tokyo")
    assert await fill(talk, sections=(), topics=(), quiet=(), hour=(), zone=()) is None
    assert await preferences(talk) == Preferences()
    assert await fill(talk, sections=tuple(one.value for one in sections)) is None
    assert (await preferences(talk)).sections == ()


async def test_mistakes_are_told_and_nothing_is_set(talk: Talk) -> None:
    """Each field that cannot be meant says so; what was right beside it is not kept either."""
    result = await fill(
        talk,
        layout="full",
        quiet="at night",
        zone="Atlantis",
        watches=("autor:davison",),
        sections="99999",
        topics="cooking",
        pace="pace fast",
        nonsense="x",
    )
    assert isinstance(result, dict)
    assert set(result) == {"quiet", "zone", "watches", "sections", "topics", "pace", "nonsense"}
    assert result["quiet"] == "Write it like 22:00-07:00, or leave it empty."
    assert result["zone"] == "There is no time zone of this name."
    assert result["watches"].startswith("autor:davison: There is no field “autor”.")
    assert await preferences(talk) == Preferences()


async def test_too_many_watches_are_a_mistake(talk: Talk) -> None:
    """As many as can be asked of every issue."""
    result = await fill(talk, watches=tuple(f"word{number}" for number in range(21)))
    assert isinstance(result, dict)
    assert "20" in result["watches"]


async def test_watching_for_nothing_is_not_all_one_gets(talk: Talk) -> None:
    """Who takes back what they watch for receives everything."""
    await fill(talk, watches="nerf", switches=("watched",))
    await fill(talk, watches=())
    assert not (await preferences(talk)).watched_only


async def test_only_administrators_fill_in(talk: Talk) -> None:
    """In a chat of many others get no form, and what they send off is refused."""
    group = talk.in_group()
    assert (await group.say("/settings")).form is None
    refused = await fill(group, layout="full")
    assert isinstance(refused, Reply)
    assert "administrators" in text(refused)
    talk.administrators.add(READER.address)
    assert await fill(group, layout="full") is None
    assert "watched" not in [one.value for one in (await field_of(group, "switches")).options]


async def test_zones_are_looked_up(talk: Talk) -> None:
    """By their beginning first, by any of their words, in every language; nothing else is looked up."""
    command = Command("settings", "", talk.chat, ChatKind.PRIVATE, User("web:reader", language="zh"))
    found = await suggest(command, "zone", "shang", talk.context)
    assert found[0].value == "Asia/Shanghai"
    assert "UTC+8" in found[0].label
    assert await suggest(command, "topics", "slam", talk.context) == ()


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("上海", "Asia/Shanghai"),
        ("new y", "America/New_York"),
        ("zur", "Europe/Zurich"),
        ("beijing", "Asia/Shanghai"),
        ("utc+8", "Etc/GMT-8"),
        ("Europe/Ber", "Europe/Berlin"),
    ],
)
def test_a_zone_is_found_as_people_write_it(typed: str, first: str) -> None:
    """Whatever one begins to type."""
    assert find_zones(typed, limit=5)[0] == first


def test_nonsense_finds_no_zone() -> None:
    """And as many as asked for are found at most."""
    assert find_zones("atlantis", limit=5) == ()
    assert len(find_zones("a", limit=5)) == 5


async def test_a_chat_with_threads_can_choose_where_sections_come(talk: Talk) -> None:
    """A switch that only some platforms' chats have."""
    threaded = replace(talk, context=replace(talk.context, has_threads=lambda _: True))
    assert (await field_of(threaded, "switches")).chosen == ("images", "place")
    assert await fill(threaded, switches=("images",)) is None
    assert not (await preferences(talk)).threaded


async def test_where_messages_can_come_without_a_sound_that_can_be_chosen(talk: Talk) -> None:
    """Nobody is offered what their platform does not do; what was set stays so where it is not shown."""
    quiet = replace(talk, context=replace(talk.context, able=lambda _: frozenset({Ability.HUSH})))
    assert (await field_of(quiet, "switches")).chosen == ("images", "sound")
    assert await fill(quiet, switches=("images",)) is None
    assert (await preferences(talk)).silent
    assert await fill(talk, switches=("watched",)) is None
    assert (await preferences(talk)).silent
