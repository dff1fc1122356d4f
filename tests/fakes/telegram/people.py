"""What people do on Telegram, as a test scripts it: they write, press, add and remove the bot, block it, move a group.

Every act changes the world, stands in the transcript where one would see it, and tells the bot what it would be told.
"""

from __future__ import annotations

from itertools import count
from typing import Any

from tests.fakes.loop import scripted
from tests.fakes.telegram.chats import open_topic, remove_topic
from tests.fakes.telegram.core import Query, TelegramCore
from tests.fakes.telegram.entities import find_entities
from tests.fakes.telegram.world import JSON, Chat, Kind, Message, User, member_json
from tests.fakes.transcript import Button, Record

QUERY_LIMIT = 256  # https://core.telegram.org/bots/api#inlinequery
_query_ids = count(4_700_000_000_000_001)


class People(TelegramCore):
    """The scripted half of the fake: setting up chats, and acting in them."""

    # --- setting up

    @scripted
    def user(self, name: str = "Ada", *, id: int | None = None, username: str = "", language: str = "en") -> User:  # noqa: A002  # the API's own word
        """Make a person."""
        return self.world.add_user(name, id=id, username=username, language=language)

    @scripted
    def private(self, user: User, *, started: bool = True) -> Chat:
        """Make a private chat with the bot; not `started`, the person never wrote to it."""
        chat = self.world.add_chat(Kind.PRIVATE, user.name, id=user.id, user=user, username=user.username)
        chat.started = started
        return chat

    @scripted
    def group(self, title: str = "Lab", *, id: int | None = None, bot: str = "member", members: Any = ()) -> Chat:  # noqa: A002  # the API's own word
        """Make a basic group."""
        return self._people(self.world.add_chat(Kind.GROUP, title, id=id, bot=bot), members)

    @scripted
    def supergroup(
        self,
        title: str = "Lab",
        *,
        id: int | None = None,  # noqa: A002  # the API's own word
        username: str = "",
        bot: str = "member",
        members: Any = (),
        forum: bool = False,
    ) -> Chat:
        """Make a supergroup. `members` are users, or pairs of a user and a status; the first one is its creator."""
        chat = self.world.add_chat(Kind.SUPERGROUP, title, id=id, username=username, bot=bot, forum=forum)
        return self._people(chat, members)

    @scripted
    def channel(
        self,
        title: str = "Digest",
        *,
        id: int | None = None,  # noqa: A002  # the API's own word
        username: str = "",
        bot: str = "administrator",
        members: Any = (),
    ) -> Chat:
        """Make a channel, public with a username."""
        return self._people(self.world.add_chat(Kind.CHANNEL, title, id=id, username=username, bot=bot), members)

    def _people(self, chat: Chat, members: Any) -> Chat:
        for position, member in enumerate(members):
            user, status = member if isinstance(member, tuple) else (member, "member" if position else "creator")
            chat.members[user.id] = status
        return chat

    @scripted
    def topic(self, chat: Chat, name: str, *, by: User | None = None) -> int:
        """Open a topic in a forum, and return its thread id."""
        return open_topic(self, chat, name, by or self.world.bot).id

    @scripted
    def close_topic(self, chat: Chat, thread: int) -> None:
        chat.topics[thread].closed = True

    @scripted
    def reopen_topic(self, chat: Chat, thread: int) -> None:
        chat.topics[thread].closed = False

    @scripted
    def delete_topic(self, chat: Chat, thread: int) -> None:
        """Delete a topic with all that was said in it."""
        remove_topic(self, chat, thread)

    @scripted
    def break_url(self, url: str, description: str) -> None:
        """Let Telegram fail to fetch a picture (`errors.FETCH_FAILED`, `errors.WRONG_CONTENT`)."""
        self.broken_urls[url] = description

    # --- writing and pressing

    @scripted
    def say(
        self,
        chat: Chat,
        user: User,
        text: str,
        *,
        thread: int | None = None,
        reply_to: Record | None = None,
    ) -> Message:
        """Let somebody write into a chat. In groups the bot is told what its privacy mode lets it see."""
        entities = find_entities(text)
        body: JSON = {"text": text} | ({"entities": entities} if entities else {})
        if reply_to is not None:
            body["reply_to_message"] = chat.messages[int(reply_to.message_id)].json
        if chat.kind is Kind.PRIVATE:
            chat.started, chat.blocked = True, False
        elif user.id not in chat.members:
            chat.members[user.id] = "member"
        message = self.place(chat, None if chat.kind is Kind.CHANNEL else user, body, thread=thread)
        if chat.kind is Kind.CHANNEL:
            if chat.bot == "administrator":
                self.updates.push("channel_post", message.json)
        elif self.hears(chat, message):
            self.updates.push("message", message.json)
        return message

    @scripted
    def rewrite(self, message: Message, text: str) -> None:
        """Let somebody edit their own message."""
        self.change(message, message.json | {"text": text, "edit_date": int(self.now())})
        if self.hears(message.chat, message):
            self.updates.push("edited_message", message.json)

    @scripted
    def erase(self, message: Message | Record) -> None:
        """Let somebody delete a message; the bot is never told."""
        self.remove(self._standing(message))

    @scripted
    def press(self, message: Message | Record, button: Button | str, *, by: User | None = None) -> Query:
        """Press a button, by its label or itself. The query that comes back holds the bot's answer, once given."""
        standing = self._standing(message)
        if isinstance(button, str):
            shown = self.transcript.of(standing.chat.id).where(lambda record: record.message_id == standing.id)[-1]
            button = shown.button(button)
        user = by or standing.chat.user or self.user("Presser")
        query = Query(str(next(_query_ids)), self.now(), user)
        self.queries[query.id] = query
        content = {
            "id": query.id,
            "from": user.json(),
            "message": standing.json,
            "chat_instance": str(standing.chat.id * 7),
            "data": button.data,
        }
        self.updates.push("callback_query", content)
        return query

    @scripted
    def share(self, private: Chat, label: str, chat: Chat) -> Message:
        """Choose a chat behind a button in place of the letters: the bot is taken there as it asked, and told.

        Clients offer only chats that suit; so one that does not is a mistake of the test (LookupError).
        """
        rows = (private.letters or {}).get("keyboard", [])
        wanted = {key["text"]: key.get("request_chat") for row in rows for key in row}.get(label)
        if private.user is None or wanted is None:
            raise LookupError(f"no button {label!r} in place of the letters")
        is_channel, asker = chat.kind is Kind.CHANNEL, chat.status_of(private.user.id)
        serves = asker in {"creator", "administrator"}
        if wanted["chat_is_channel"] is not is_channel or (wanted.get("user_administrator_rights") and not serves):
            raise LookupError(f"{chat.title} is not offered behind {label!r}")
        lacking = {"left", "kicked", *(("member",) if wanted.get("bot_administrator_rights") else ())}
        if chat.bot in lacking and (wanted.get("bot_administrator_rights") or wanted.get("bot_is_member")):
            self.add_bot(chat, by=private.user)
        if (private.letters or {}).get("one_time_keyboard"):
            private.letters = None
        shared: JSON = {"request_id": wanted["request_id"], "chat_id": chat.id}
        shared |= {"title": chat.title} if wanted.get("request_title") else {}
        message = self.place(private, private.user, {"chat_shared": shared}, kind="service")
        self.updates.push("message", message.json)
        return message

    def _standing(self, message: Message | Record) -> Message:
        if isinstance(message, Message):
            return message
        return self.world.chats[int(message.chat)].messages[int(message.message_id)]

    @scripted
    def ask_inline(self, user: User, text: str, *, offset: str = "") -> Query:
        """Type the bot's name and something behind it, in any chat. Nothing comes of it while inline mode is off."""
        query = Query(str(next(_query_ids)), self.now(), user)
        self.inline_queries[query.id] = query
        words = text[:QUERY_LIMIT]
        content = {"id": query.id, "from": user.json(), "query": words, "offset": offset, "chat_type": "supergroup"}
        if self.inline:
            self.updates.push("inline_query", content)
        return query

    @scripted
    def choose(self, query: Query, key: str, chat: Chat) -> Message:
        """Choose one of the results of an inline query: it stands in the chat as the chooser's own message."""
        [result] = [one for one in (query.answer or {}).get("results", []) if one["id"] == key]
        said = result["input_message_content"]
        body: JSON = {"text": said["message_text"], "via_bot": self.world.bot.json()}
        body |= {name: said[name] for name in ("entities", "link_preview_options") if name in said}
        body |= {"reply_markup": result["reply_markup"]} if "reply_markup" in result else {}
        return self.place(chat, query.user, body)

    # --- the bot's membership

    @scripted
    def add_bot(self, chat: Chat, *, by: User, status: str = "member", may_post: bool = True) -> None:
        """Add the bot to a group, or make it a channel's administrator."""
        status = "administrator" if chat.kind is Kind.CHANNEL else status
        chat.may_post = may_post
        self._set_bot(chat, by, status)
        if chat.kind is not Kind.CHANNEL:
            service = {"new_chat_members": [self.world.bot.json()], "new_chat_member": self.world.bot.json()}
            self.updates.push("message", self.place(chat, by, service, kind="service").json)

    @scripted
    def remove_bot(self, chat: Chat, *, by: User, status: str = "kicked") -> None:
        """Throw the bot out."""
        if chat.kind is not Kind.CHANNEL:
            service = {"left_chat_member": self.world.bot.json()}
            self.updates.push("message", self.place(chat, by, service, kind="service").json)
        self._set_bot(chat, by, status)

    @scripted
    def promote_bot(self, chat: Chat, *, by: User) -> None:
        self._set_bot(chat, by, "administrator")

    @scripted
    def let_post(self, chat: Chat, *, by: User, may_post: bool = True) -> None:
        """Let the bot post as a channel's administrator, or no longer."""
        before, chat.may_post = chat.may_post, may_post
        self._tell_membership(chat, by, chat.bot, chat.bot, could_post=before)

    @scripted
    def demote_bot(self, chat: Chat, *, by: User) -> None:
        self._set_bot(chat, by, "member")

    @scripted
    def block(self, chat: Chat) -> None:
        """Block the bot in a private chat."""
        chat.blocked = True
        self._tell_membership(chat, self._owner(chat), "member", "kicked")

    @scripted
    def unblock(self, chat: Chat) -> None:
        chat.blocked = False
        self._tell_membership(chat, self._owner(chat), "kicked", "member")

    def _owner(self, chat: Chat) -> User:
        if chat.user is None:
            raise ValueError("only private chats are blocked")
        return chat.user

    def _set_bot(self, chat: Chat, by: User, status: str) -> None:
        before, chat.bot = chat.bot, status
        self._tell_membership(chat, by, before, status)

    def _tell_membership(
        self, chat: Chat, by: User, before: str, after: str, *, could_post: bool | None = None
    ) -> None:
        posted = chat.may_post if could_post is None else could_post
        content = {
            "chat": chat.json(),
            "from": by.json(),
            "date": int(self.now()),
            "old_chat_member": member_json(self.world.bot, before, may_post=posted),
            "new_chat_member": member_json(self.world.bot, after, may_post=chat.may_post),
        }
        self.updates.push("my_chat_member", content)

    # --- the chat itself

    @scripted
    def rename(self, chat: Chat, title: str, *, by: User) -> None:
        chat.title = title
        self.updates.push("message", self.place(chat, by, {"new_chat_title": title}, kind="service").json)

    @scripted
    def migrate(self, chat: Chat, *, by: User, id: int | None = None) -> Chat:  # noqa: A002  # the API's own word
        """Upgrade a group to a supergroup: it gets another id, and the old one only says so."""
        moved = self.world.add_chat(Kind.SUPERGROUP, chat.title, id=id, bot=chat.bot, members=dict(chat.members))
        self.updates.push("message", self.place(chat, by, {"migrate_to_chat_id": moved.id}, kind="service").json)
        chat.migrated_to = moved.id
        self.updates.push("message", self.place(moved, by, {"migrate_from_chat_id": chat.id}, kind="service").json)
        return moved

    @scripted
    def set_status(self, chat: Chat, user: User, status: str) -> None:
        """Make somebody an administrator, a member, or throw them out."""
        before = chat.status_of(user.id)
        chat.members[user.id] = status
        content = {
            "chat": chat.json(),
            "from": user.json(),
            "date": int(self.now()),
            "old_chat_member": member_json(user, before),
            "new_chat_member": member_json(user, status),
        }
        self.updates.push("chat_member", content)

    @scripted
    def revoke_token(self) -> None:
        """Let the token be worth nothing from now on."""
        self.token_valid = False
