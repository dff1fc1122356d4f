"""Telegram's people and places: users, chats, topics, and the messages that stand in them. No protocol here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import count
from typing import Any

from tests.fakes.telegram import errors
from tests.fakes.telegram.errors import ApiError

JSON = dict[str, Any]
GENERAL_TOPIC = 1
SUPERGROUP_BASE = -1_000_000_000_000
_GONE = frozenset({"left", "kicked"})


class Kind(StrEnum):
    """The Bot API's chat types."""

    PRIVATE = "private"
    GROUP = "group"
    SUPERGROUP = "supergroup"
    CHANNEL = "channel"


@dataclass(slots=True, eq=False)
class User:
    """A person (or the bot itself)."""

    id: int
    name: str
    username: str = ""
    language: str = "en"
    is_bot: bool = False

    def json(self) -> JSON:
        known = {"id": self.id, "is_bot": self.is_bot, "first_name": self.name}
        optional = {"username": self.username, "language_code": "" if self.is_bot else self.language}
        return known | {key: value for key, value in optional.items() if value}


@dataclass(slots=True, eq=False)
class Topic:
    """A forum's topic."""

    id: int
    name: str
    closed: bool = False


@dataclass(slots=True, eq=False)
class Message:
    """A message as it stands; `json` is what the Bot API shows of it."""

    id: int
    chat: Chat
    by_bot: bool
    kind: str
    json: JSON
    at: float
    source: str = ""


@dataclass(slots=True, eq=False)
class Chat:
    """A chat, seen from the bot. `bot` is the bot's status there; a private chat has its `user`."""

    id: int
    kind: Kind
    title: str
    username: str = ""
    user: User | None = None
    bot: str = "member"
    members: dict[int, str] = field(default_factory=dict)
    forum: bool = False
    topics: dict[int, Topic] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    started: bool = True
    blocked: bool = False
    deactivated: bool = False
    deleted: bool = False
    migrated_to: int = 0
    may_write: bool = True
    may_send_photos: bool = True
    may_edit_others: bool = True
    """What the bot, as a channel's administrator, may do with the posts of others."""
    may_post: bool = True
    """Whether the bot, as a channel's administrator, may post there."""
    letters: JSON | None = None
    """The keyboard that the bot has put in place of the letters."""
    ids: Iterator[int] = field(default_factory=lambda: count(1))

    def json(self) -> JSON:
        """Return the Bot API's short form."""
        if self.user is not None:
            user = self.user.json()
            shown = {"id": self.id, "type": str(self.kind), "first_name": user["first_name"]}
            return shown | ({"username": self.user.username} if self.user.username else {})
        shown = {"id": self.id, "type": str(self.kind), "title": self.title}
        return (
            shown | ({"username": self.username} if self.username else {}) | ({"is_forum": True} if self.forum else {})
        )

    def check_readable(self) -> None:
        """Raise the refusal of one who may not even look at this chat."""
        if self.kind in {Kind.SUPERGROUP, Kind.CHANNEL}:
            if self.bot == "kicked":
                raise ApiError(f"Forbidden: bot was kicked from the {self.kind} chat")
            if self.bot == "left" and not self.username:
                raise ApiError(f"Forbidden: bot is not a member of the {self.kind} chat")

    def check_writable(self) -> None:
        """Raise the refusal of one who may not write here."""
        if self.kind is Kind.PRIVATE:
            if self.deactivated:
                raise ApiError(errors.DEACTIVATED)
            if not self.started:
                raise ApiError(errors.NOT_STARTED)
            if self.blocked:
                raise ApiError(errors.BLOCKED)
            return
        if self.migrated_to:
            raise ApiError(errors.UPGRADED, migrate_to_chat_id=self.migrated_to)
        if self.deleted:
            raise ApiError(errors.GROUP_DELETED)
        self.check_member()
        if self.kind is Kind.CHANNEL and not (self.bot == "administrator" and self.may_post):
            raise ApiError(errors.NO_CHANNEL_RIGHTS)

    def check_member(self) -> None:
        """Raise the refusal of one who is not in this group or channel."""
        if self.bot in _GONE:
            how = "was kicked from" if self.bot == "kicked" else "is not a member of"
            raise ApiError(f"Forbidden: bot {how} the {self.kind} chat")

    def check_rights(self, kind: str) -> None:
        """Raise the refusal of one who may not send this kind of message here."""
        if self.bot == "administrator":
            return
        if not self.may_write:
            raise ApiError(errors.NO_TEXT_RIGHTS)
        if kind != "text" and not self.may_send_photos:
            raise ApiError(errors.NO_PHOTO_RIGHTS)

    def topic(self, thread: int | None) -> Topic | None:
        """Find the topic a message goes to. Outside forums a thread is ignored, as the real server does."""
        if not self.forum:
            return None
        if thread is None:
            topic = self.topics[GENERAL_TOPIC]
        elif thread == GENERAL_TOPIC or thread not in self.topics:
            raise ApiError(errors.THREAD_NOT_FOUND)
        else:
            topic = self.topics[thread]
        if topic.closed and self.bot != "administrator":
            raise ApiError(errors.TOPIC_CLOSED)
        return topic

    def status_of(self, user_id: int) -> str:
        """Return a member's status."""
        return self.members.get(user_id, "left")


class World:
    """Every user and chat there is."""

    def __init__(self) -> None:
        self.bot = User(987654321, "Digest", "digest_test_bot", is_bot=True)
        self.users: dict[int, User] = {}
        self.chats: dict[int, Chat] = {}
        self._user_ids = count(100_000_001)
        self._group_ids = count(4_100_001)
        self._channel_ids = count(1_900_000_001)
        # Private chats and basic groups share the bot's one mailbox, so that ids in one of them have gaps; supergroups
        # and channels count for themselves, and their first message says that they were made.
        self._mailbox = count(1)

    def add_user(self, name: str, *, id: int | None = None, username: str = "", language: str = "en") -> User:  # noqa: A002  # the API's own word
        user = User(id or next(self._user_ids), name, username, language)
        self.users[user.id] = user
        return user

    def add_chat(self, kind: Kind, title: str, *, id: int | None = None, **fields: Any) -> Chat:  # noqa: A002  # the API's own word
        if id is None and kind is Kind.GROUP:
            id = -next(self._group_ids)  # noqa: A001  # see above
        elif id is None:
            id = SUPERGROUP_BASE - next(self._channel_ids)  # noqa: A001  # see above
        ids = self._mailbox if kind in {Kind.PRIVATE, Kind.GROUP} else count(2)
        chat = Chat(id, kind, title, ids=ids, **fields)
        if chat.forum:
            chat.topics[GENERAL_TOPIC] = Topic(GENERAL_TOPIC, "General")
        self.chats[id] = chat
        return chat

    def find_chat(self, address: str) -> Chat:
        """Find a chat by its id or its @username. Raises ApiError."""
        if not address:
            raise ApiError("chat_id is empty")
        if address.startswith("@"):
            for chat in self.chats.values():
                if chat.username and chat.username.casefold() == address[1:].casefold():
                    chat.check_readable()
                    return chat
            raise ApiError(errors.CHAT_NOT_FOUND)
        try:
            chat = self.chats[int(address)]
        except (KeyError, ValueError):
            raise ApiError(errors.CHAT_NOT_FOUND) from None
        chat.check_readable()
        return chat


def member_json(user: User, status: str, *, may_edit_others: bool = True, may_post: bool = True) -> JSON:
    """Write a chat member as the Bot API does: each status has fields of its own."""
    shown: JSON = {"status": status, "user": user.json()}
    extra: Mapping[str, JSON] = {
        "creator": {"is_anonymous": False},
        "administrator": {
            "can_be_edited": False,
            "is_anonymous": False,
            "can_manage_chat": True,
            "can_delete_messages": True,
            "can_manage_video_chats": True,
            "can_restrict_members": True,
            "can_promote_members": False,
            "can_change_info": True,
            "can_invite_users": True,
            "can_post_stories": False,
            "can_edit_stories": False,
            "can_delete_stories": False,
            "can_post_messages": may_post,
            "can_edit_messages": may_edit_others,
            "can_pin_messages": True,
            "can_manage_topics": True,
        },
        "kicked": {"until_date": 0},
    }
    return shown | extra.get(status, {})
