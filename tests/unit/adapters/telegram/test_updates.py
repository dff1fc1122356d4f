"""Updates as commands and memberships: who is meant, where the answer goes, who asks."""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest
from telegram import Update

from bot.adapters.telegram.updates import Asked, Press, queue_of, read_update
from bot.model.chat import Address, ChatKind, User
from bot.model.command import Command, Membership, MembershipChange, Origin

ADA = {"id": 42, "is_bot": False, "first_name": "Ada", "last_name": "L.", "language_code": "zh-hans"}
BOT = {"id": 987, "is_bot": True, "first_name": "Digest", "username": "digest_bot"}
PRIVATE = {"id": 42, "type": "private", "first_name": "Ada"}
GROUP = {"id": -100500, "type": "supergroup", "title": "Lab"}
BASIC = {"id": -7, "type": "group", "title": "Old lab"}
CHANNEL = {"id": -100900, "type": "channel", "title": "News"}
ANONYMOUS = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}

numbers = count(1)


def update(kind: str = "message", **content: Any) -> Update:
    return Update.de_json({"update_id": next(numbers), kind: content}, None)


def message(text: str | None, chat: dict[str, Any] = PRIVATE, *, kind: str = "message", **extra: Any) -> Update:
    sender = {} if chat is CHANNEL else {"from": ADA}
    content = {"message_id": 5, "date": 1, "chat": chat, **sender, **extra}
    return update(kind, **content, **({} if text is None else {"text": text}))


def command(*args: Any, **kwargs: Any) -> Command:
    event = read_update(message(*args, **kwargs), "digest_bot")
    assert isinstance(event, Asked)
    return event.command


@pytest.mark.parametrize(
    ("text", "name", "argument"),
    [
        ("/help", "help", ""),
        ("/Search NeRF  in the wild ", "search", "NeRF  in the wild"),
        ("/search@Digest_Bot nerf", "search", "nerf"),
        ("/search\nnerf\nslam", "search", "nerf\nslam"),
        ("/start issue_12", "start", "issue_12"),
        ("/slam", "slam", ""),
        ("gaussian splatting", "", "gaussian splatting"),
        ("/", "", "/"),
        ("/搜索 nerf", "", "/搜索 nerf"),
        ("/search-nerf", "", "/search-nerf"),
    ],
)
def test_what_is_said_to_the_bot_in_private(text: str, name: str, argument: str):
    """A slash and a name make a command; everything else is plain words."""
    said = command(text)
    assert (said.name, said.argument, said.addressed) == (name, argument, True)


def test_who_asks_and_where():
    """A command knows its chat, and its user with the language."""
    event = read_update(message("/latest"), "digest_bot")
    assert event == Asked(
        Command(
            "latest",
            "",
            Address("telegram", "42"),
            ChatKind.PRIVATE,
            User("telegram:42", "Ada L.", "zh-hans"),
            chat_title="Ada",
        ),
        message_id=5,
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/slam", ("slam", "", False)),
        ("/slam@digest_bot loop", ("slam", "loop", True)),
        ("@digest_bot nerf", ("", "nerf", True)),
        ("what about nerf, @Digest_Bot?", ("", "what about nerf, ?", True)),
        ("/slam@other_bot", None),
        ("nerf is nice", None),
        ("mail me at ada@digest_bot.org", None),
    ],
)
def test_who_is_meant_in_a_group(text: str, expected: tuple[str, str, bool] | None):
    """Other bots' commands and people's talk are nobody's business; a bare command may be another's."""
    event = read_update(message(text, GROUP), "digest_bot")
    if expected is None:
        assert event is None
    else:
        assert isinstance(event, Asked)
        assert (event.command.name, event.command.argument, event.command.addressed) == expected


@pytest.mark.parametrize(
    ("extra", "thread"),
    [
        ({"message_thread_id": 77, "is_topic_message": True}, "77"),
        ({"message_thread_id": 1, "is_topic_message": True}, ""),
        ({"message_thread_id": 77}, ""),
        ({}, ""),
    ],
)
def test_topics(extra: dict[str, Any], thread: str):
    """A forum's topic is answered in; the general one and chains of answers are no topics."""
    assert command("/latest", GROUP, **extra).chat == Address("telegram", "-100500", thread=thread)


def test_who_speaks_for_a_chat():
    """Anonymous administrators and channels speak as the chat; another chat speaks as itself."""
    anonymous = message("/subscribe", GROUP, sender_chat=GROUP)
    event = read_update(anonymous, "digest_bot")
    assert isinstance(event, Asked)
    assert event.command.user == User("telegram:-100500", "Lab")
    assert command("/subscribe", GROUP, sender_chat=CHANNEL).user == User("telegram:-100900", "News")
    posted = command("/subscribe", CHANNEL, kind="channel_post", sender_chat=CHANNEL)
    assert (posted.user, posted.kind) == (User("telegram:-100900", "News"), ChatKind.CHANNEL)
    assert command("/subscribe", CHANNEL, kind="channel_post").user == User("telegram:-100900", "News")


@pytest.mark.parametrize(
    "silent",
    [
        message("/latest", kind="edited_message", edit_date=2),
        message("/latest", CHANNEL, kind="edited_channel_post", edit_date=2),
        message(None),
        message(None, new_chat_members=[BOT]),
        message("/latest", GROUP, sender_chat=CHANNEL, is_automatic_forward=True),
        Update(1),
    ],
)
def test_what_is_not_read(silent: Update):
    """Edits, pictures, service messages, and a channel's post as it comes again into its discussion group."""
    assert read_update(silent, "digest_bot") is None


def pressed(**extra: Any) -> Update:
    base = {"id": "77", "from": ADA, "chat_instance": "1", "data": "page 2 17"}
    return update("callback_query", **(base | extra))


def test_a_pressed_button_is_a_command():
    """Its data is a command line; the chat and topic are those of its message, the user who pressed."""
    shown = {"message_id": 9, "date": 1, "chat": GROUP, "from": BOT, "message_thread_id": 7, "is_topic_message": True}
    event = read_update(pressed(message=shown | {"text": "x"}), "digest_bot")
    assert isinstance(event, Asked)
    assert (event.message_id, event.query_id) == (9, "77")
    assert (event.command.name, event.command.argument, event.command.origin) == ("page", "2 17", Origin.BUTTON)
    assert event.command.chat == Address("telegram", "-100500", thread="7")
    assert event.command.user.address == "telegram:42"


def test_an_old_button_still_knows_its_chat():
    """Telegram shows nothing of an old message but where it stood."""
    event = read_update(pressed(message={"message_id": 9, "date": 0, "chat": GROUP}), "digest_bot")
    assert isinstance(event, Asked)
    assert event.command.chat == Address("telegram", "-100500")


@pytest.mark.parametrize("extra", [{"inline_message_id": "x"}, {"message": None, "game_short_name": "x", "data": None}])
def test_a_button_without_a_chat_comes_to_rest(extra: dict[str, Any]):
    """There is nowhere to answer, but somebody pressed it."""
    assert read_update(pressed(**extra), "digest_bot") == Press("77")


def member(status: str, **extra: Any) -> dict[str, Any]:
    rights = dict.fromkeys(
        (
            "can_be_edited", "is_anonymous", "can_manage_chat", "can_delete_messages", "can_manage_video_chats",
            "can_restrict_members", "can_promote_members", "can_change_info", "can_invite_users", "can_post_stories",
            "can_edit_stories", "can_delete_stories",
        ),
        True,
    )  # fmt: skip
    full = {"administrator": rights, "kicked": {"until_date": 0}, "restricted": _restricted()}.get(status, {})
    return {"status": status, "user": BOT, **full, **extra}


def _restricted() -> dict[str, Any]:
    names = (
        "can_send_messages", "can_send_audios", "can_send_documents", "can_send_photos", "can_send_videos",
        "can_send_video_notes", "can_send_voice_notes", "can_send_polls", "can_send_other_messages",
        "can_add_web_page_previews", "can_change_info", "can_invite_users", "can_pin_messages", "can_manage_topics",
        "can_edit_tag", "can_react_to_messages",
    )  # fmt: skip
    return dict.fromkeys(names, False) | {"until_date": 0}


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        (member("left"), member("member"), MembershipChange.ADDED),
        (member("kicked"), member("administrator"), MembershipChange.ADDED),
        (member("member"), member("kicked"), MembershipChange.REMOVED),
        (member("administrator"), member("left"), MembershipChange.REMOVED),
        (member("restricted", is_member=True), member("restricted", is_member=False), MembershipChange.REMOVED),
        (member("left"), member("restricted", is_member=True), MembershipChange.ADDED),
        (member("member"), member("administrator"), MembershipChange.PROMOTED),
        (member("administrator"), member("member"), MembershipChange.DEMOTED),
        (member("administrator"), member("restricted", is_member=True), MembershipChange.DEMOTED),
        (member("left"), member("kicked"), None),
        (member("administrator"), member("administrator"), None),
    ],
)
def test_what_happens_to_the_bot(before: dict[str, Any], after: dict[str, Any], change: MembershipChange | None):
    """Coming, going, rising and falling; everything else is no change."""
    told = update("my_chat_member", chat=GROUP, date=1, old_chat_member=before, new_chat_member=after, **{"from": ADA})
    event = read_update(told, "digest_bot")
    if change is None:
        assert event is None
    else:
        assert isinstance(event, Membership)
        assert event.change is change
        assert (event.chat, event.kind, event.chat_title) == (Address("telegram", "-100500"), ChatKind.GROUP, "Lab")
        assert event.user is not None
        assert event.user.address == "telegram:42"


def test_why_the_bot_went():
    """A user blocks, a group kicks or is left."""

    def reason(chat: dict[str, Any], after: str) -> str:
        told = {"chat": chat, "date": 1, "old_chat_member": member("member"), "new_chat_member": member(after)}
        event = read_update(update("my_chat_member", **told, **{"from": ADA}), "digest_bot")
        assert isinstance(event, Membership)
        return event.reason

    assert reason(PRIVATE, "kicked") == "blocked by the user"
    assert reason(GROUP, "kicked") == "kicked"
    assert reason(GROUP, "left") == "left"


def test_a_group_moves_and_is_renamed():
    """The old chat says where it went; the new one repeats it, which is no news."""
    event = read_update(message(None, BASIC, migrate_to_chat_id=-100500), "digest_bot")
    assert isinstance(event, Membership)
    assert (event.change, event.chat, event.moved_to) == (
        MembershipChange.MIGRATED,
        Address("telegram", "-7"),
        Address("telegram", "-100500"),
    )
    assert read_update(message(None, GROUP, migrate_from_chat_id=-7), "digest_bot") is None
    renamed = read_update(message(None, GROUP, new_chat_title="Vision lab"), "digest_bot")
    assert isinstance(renamed, Membership)
    assert (renamed.change, renamed.chat_title) == (MembershipChange.RENAMED, "Vision lab")


def test_updates_are_ordered_by_chat():
    """What belongs to no chat waits for nobody."""
    assert queue_of(message("/latest", GROUP)) == -100500
    assert queue_of(pressed(message={"message_id": 9, "date": 0, "chat": GROUP})) == -100500
    assert queue_of(Update(1)) != queue_of(Update(2))
