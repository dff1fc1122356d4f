"""Sending and mending messages: where they go, how they stand, what becomes of a call."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.adapters.telegram import PLATFORM
from bot.adapters.telegram.requests import Patience
from bot.model.chat import User
from bot.model.command import (
    Button,
)
from bot.model.delivery import (
    Closed,
    Degradation,
    Halt,
    Later,
    Moved,
    Post,
    Refused,
    Scope,
    Sent,
    Uncertain,
)
from bot.model.richtext import Document, Heading, Image, Span, link, paragraph
from tests.contract.telegram.house import House, address, payload
from tests.fakes.faults import AnswerLost, Hang, Html, Migrate, Refuse, Reset, TooMany
from tests.fakes.telegram import Chat, errors

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360000000000500"
    "01a5f645400000000049454e44ae426082"
)


async def test_messages_go_to_every_kind_of_chat(house: House):
    """A private chat, a group, a channel by number and by name, a topic, and the general topic, which is not named."""
    fake = house.fake
    user = fake.user("Ada", id=42)
    forum = fake.supergroup("Forum", members=(user,), forum=True)
    topic = fake.topic(forum, "NeRF", by=user)
    channel = fake.channel("News", username="vision_news")
    chats = [
        (fake.private(user), ""),
        (fake.group(members=(user,)), ""),
        (channel, ""),
        (forum, f"/{topic}"),
        (forum, "/1"),
    ]
    async with house.sending() as adapter:
        for chat, thread in chats:
            outcome = await adapter.send(PLATFORM.parse_address(f"{chat.id}{thread}"), payload("Hello"), "r")
            assert outcome == Sent((str(fake.transcript[-1].message_id),))
            assert fake.transcript[-1].chat == chat.id
        assert isinstance(await adapter.send(PLATFORM.parse_address("@vision_news"), payload("Hello"), "r"), Sent)
    assert [record.thread for record in fake.transcript.of(forum.id).from_bot.where(lambda one: bool(one.text))] == [
        topic,
        None,
    ]
    assert len(fake.transcript.of(channel.id)) == 2


async def test_a_message_stands_as_it_was_composed(house: House, private: Chat):
    """Entities, the large preview, the buttons."""
    blocks = (
        Heading((Span("👩‍👩‍👧‍👦 NeRF"),)),
        paragraph(link("paper", "https://arxiv.org/abs/2003.08934")),
        Image("https://e.org/a.png"),
    )
    [message] = PLATFORM.compose(Post(0, (Document(blocks),), ((Button("More", action="entry 1"),),)))
    async with house.sending() as adapter:
        await adapter.send(address(private), message, "r")
    content = house.fake.transcript[-1].content
    assert content["text"] == "👩‍👩‍👧‍👦 NeRF\npaper\n🖼"
    assert content["entities"] == message["entities"]
    assert content["link_preview_options"]["url"] == "https://e.org/a.png"
    assert house.fake.transcript[-1].button("More").data == "entry 1"


async def test_a_local_picture_is_uploaded_once(house: House, tmp_path: Path, private: Chat):
    """Afterwards Telegram's own id is sent; a file that changed is another file."""
    path = tmp_path / "plot.png"
    path.write_bytes(PIXEL)
    photo = payload(Image(path.as_uri(), "A plot"))
    async with house.sending() as adapter:
        for _ in range(2):
            assert isinstance(await adapter.send(address(private), photo, "r"), Sent)
        path.write_bytes(PIXEL + b"changed")
        assert isinstance(await adapter.send(address(private), photo, "r"), Sent)
    calls = [call for call in house.fake.calls if call.method == "sendPhoto"]
    [known, _] = house.files.values()
    assert calls[1].parameters["photo"] == known
    assert calls[0].parameters.get("photo") != known
    assert house.fake.transcript[-1].content["caption"] == "A plot"


async def test_an_album_is_one_part_with_several_ids(house: House, tmp_path: Path, private: Chat):
    """Pictures from the web and from here go together, the text below them."""
    path = tmp_path / "plot.png"
    path.write_bytes(PIXEL)
    album = payload(Heading((Span("NeRF"),)), Image("https://e.org/a.png"), Image(path.as_uri()))
    async with house.sending() as adapter:
        outcome = await adapter.send(address(private), album, "r")
    assert outcome == Sent(tuple(str(record.message_id) for record in house.fake.transcript))
    assert [record.text for record in house.fake.transcript] == ["NeRF", ""]
    assert len(house.files) == 1


async def test_an_animation_is_sent_as_one(house: House, private: Chat):
    """GIFs move."""
    async with house.sending() as adapter:
        assert isinstance(await adapter.send(address(private), payload("x", Image("https://e.org/a.gif")), "r"), Sent)
    assert "animation" in house.fake.transcript[-1].content


async def test_a_picture_that_cannot_be_read_is_left_away(house: House, tmp_path: Path, private: Chat):
    """Nothing is sent; without the picture the part goes."""
    photo = payload("words", Image((tmp_path / "gone.png").as_uri()))
    async with house.sending() as adapter:
        outcome = await adapter.send(address(private), photo, "r")
        assert outcome == Refused("gone.png cannot be read: No such file or directory", Degradation.NO_IMAGES)
        plainer = PLATFORM.degrade(photo, Degradation.NO_IMAGES)
        assert plainer is not None
        assert isinstance(await adapter.send(address(private), plainer, "r"), Sent)
    assert house.fake.transcript[-1].text == "words\n\n🖼 gone.png"


async def test_a_picture_that_telegram_cannot_fetch_is_left_away(house: House, private: Chat):
    """The refusal names the images, and the plainer form passes."""
    album = payload("words", Image("https://e.org/a.png"), Image("https://e.org/b.png"))
    house.fake.break_url("https://e.org/b.png", errors.WRONG_CONTENT)
    async with house.sending() as adapter:
        outcome = await adapter.send(address(private), album, "r")
        assert isinstance(outcome, Refused)
        assert outcome.keep is Degradation.NO_IMAGES
        plainer = PLATFORM.degrade(album, outcome.keep)
        assert plainer is not None
        assert isinstance(await adapter.send(address(private), plainer, "r"), Sent)


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (TooMany(7), Later),
        (Refuse(errors.BLOCKED), Closed),
        (Refuse(errors.CHAT_NOT_FOUND), Later),  # until others say that they know the bot
        (Refuse(errors.TOPIC_CLOSED), Closed),
        (Refuse(errors.ENTITIES_TOO_LONG), Refused),
        (Migrate(-100777), Moved),
        (Html(502), Uncertain),
        (Html(502, accepted=True), Uncertain),
        (Html(200, accepted=True), Uncertain),
        (Html(429), Later),
        (Reset(), Uncertain),
        (AnswerLost(), Uncertain),
        (Hang(), Uncertain),
        (Hang(accepted=True), Uncertain),
    ],
)
async def test_what_becomes_of_a_call(house: House, private: Chat, fault: object, expected: type):
    """Each answer has its outcome, and no call is repeated by itself."""
    house.fake.fail(with_=fault, method="sendMessage")  # type: ignore[arg-type]
    async with house.sending(Patience(text=0.2)) as adapter:
        outcome = await adapter.send(address(private), payload("x"), "r")
    assert isinstance(outcome, expected)
    assert len([call for call in house.fake.calls if call.method == "sendMessage"]) == 1


async def test_what_never_left_is_sent_later(house: House, private: Chat):
    """No connection: certainly not delivered."""
    async with house.sending() as adapter:
        await house.fake.go_down()
        await adapter.send(address(private), payload("x"), "r")  # finds out that its open connection is dead
        assert isinstance(await adapter.send(address(private), payload("x"), "r"), Later)
        await house.fake.come_back()
        assert isinstance(await adapter.send(address(private), payload("x"), "r"), Sent)


async def test_a_revoked_token_stops_sends_and_is_told(house: House, private: Chat):
    """The chat is not to blame; once the token works again so does the platform."""
    async with house.sending() as adapter:
        house.fake.revoke_token()
        assert isinstance(await adapter.send(address(private), payload("x"), "r"), Halt)
        assert "TELEGRAM_BOT_TOKEN" in adapter.health()
        house.fake.token_valid = True
        assert isinstance(await adapter.send(address(private), payload("x"), "r"), Sent)
        assert adapter.health() == ""


async def test_delivered_parts_are_mended_in_place(house: House, private: Chat):
    """A text, a caption; a second time nothing changes, and that counts as done; a message that is gone does not."""
    photo = payload("caption", Image("https://e.org/a.gif"))
    async with house.sending() as adapter:
        await adapter.send(address(private), payload("tpyo"), "r")
        await adapter.send(address(private), photo, "r")
        for _ in range(2):
            assert await adapter.edit(address(private), ["1"], payload("typo")) == Sent(("1",))
            assert await adapter.edit(address(private), ["2"], payload("mended", Image("https://e.org/a.gif"))) == Sent(
                ("2",)
            )
        assert isinstance(await adapter.edit(address(private), ["9"], payload("typo")), Refused)
    assert house.fake.transcript.standing().texts == ["typo", "mended"]
    assert len(house.fake.transcript.edited) == 2


async def test_who_administers(house: House, private: Chat, lab: Chat):
    """Creators and administrators; whoever speaks as the chat itself; everybody at home; no other chat."""
    fake = house.fake
    fake.set_status(lab, fake.user("Eve", id=44), "administrator")
    fake.user("Stranger", id=45)
    async with house.sending() as adapter:

        async def may(chat: Chat, user: int) -> bool:
            return await adapter.administers(address(chat), User(f"telegram:{user}"))

        assert [await may(lab, user) for user in (42, 43, 44, 45)] == [True, False, True, False]
        assert await may(lab, lab.id)
        assert not await may(lab, -100900)
        assert await may(private, 42)
        fake.fail(with_=Html(502), method="getChatMember")
        assert not await may(lab, 42)


async def test_a_topic_that_is_shut_is_told_from_its_chat(house: House):
    """Closed or deleted, it concerns nobody who receives elsewhere in the group."""
    fake = house.fake
    user = fake.user("Ada", id=42)
    forum = fake.supergroup("Forum", members=[user], forum=True)
    closed, deleted, open_ = (fake.topic(forum, name, by=user) for name in ("Jobs", "Papers", "Other"))
    fake.close_topic(forum, closed)
    fake.delete_topic(forum, deleted)
    async with house.sending() as adapter:
        for topic in (closed, deleted):
            outcome = await adapter.send(address(forum, topic), payload("x"), "r")
            assert isinstance(outcome, Closed)
            assert outcome.scope is Scope.THREAD
        assert isinstance(await adapter.send(address(forum, open_), payload("x"), "r"), Sent)
        assert isinstance(await adapter.send(address(forum), payload("x"), "r"), Sent)
