"""Asking about chats and their members, leaving them, and a forum's topics."""

from __future__ import annotations

from tests.fakes.telegram import errors
from tests.fakes.telegram.arguments import Arguments
from tests.fakes.telegram.core import Result, TelegramCore
from tests.fakes.telegram.errors import ApiError
from tests.fakes.telegram.world import GENERAL_TOPIC, Chat, Kind, Topic, User, member_json

TOPIC_NAME = 128  # https://core.telegram.org/bots/api#createforumtopic
_SERVED = frozenset({"creator", "administrator"})


def _readable(core: TelegramCore, arguments: Arguments) -> Chat:
    return core.world.find_chat(arguments.text("chat_id"))


def get_chat(core: TelegramCore, arguments: Arguments) -> Result:
    chat = _readable(core, arguments)
    return chat.json() | {
        "accent_color_id": 1,
        "max_reaction_count": 11,
        "accepted_gift_types": {
            "unlimited_gifts": False,
            "limited_gifts": False,
            "unique_gifts": False,
            "premium_subscription": False,
            "gifts_from_channels": False,
        },
        "permissions": {"can_send_messages": chat.may_write, "can_send_photos": chat.may_send_photos},
    }


def _member(core: TelegramCore, chat: Chat, user_id: int) -> User:
    user = core.world.bot if user_id == core.world.bot.id else core.world.users.get(user_id)
    if user is None:
        raise ApiError("invalid user_id specified")
    return user


def get_chat_member(core: TelegramCore, arguments: Arguments) -> Result:
    chat = _readable(core, arguments)
    user = _member(core, chat, arguments.number("user_id", 0))
    if user is core.world.bot:
        return member_json(user, chat.bot, may_edit_others=chat.may_edit_others, may_post=chat.may_post)
    if chat.kind is not Kind.PRIVATE:
        chat.check_member()
    return member_json(user, "member" if chat.user is user else chat.status_of(user.id))


def get_chat_administrators(core: TelegramCore, arguments: Arguments) -> Result:
    chat = _readable(core, arguments)
    if chat.kind is Kind.PRIVATE:
        raise ApiError("there are no administrators in the private chat")
    chat.check_member()
    people = [(core.world.users[user_id], status) for user_id, status in chat.members.items() if status in _SERVED]
    shown = [member_json(user, status) for user, status in people]
    return [*shown, *([member_json(core.world.bot, chat.bot)] if chat.bot in _SERVED else [])]


def get_chat_member_count(core: TelegramCore, arguments: Arguments) -> Result:
    chat = _readable(core, arguments)
    return sum(status not in {"left", "kicked"} for status in [*chat.members.values(), chat.bot])


def leave_chat(core: TelegramCore, arguments: Arguments) -> Result:
    chat = _readable(core, arguments)
    chat.check_member()
    chat.bot = "left"
    return True


def send_chat_action(core: TelegramCore, arguments: Arguments) -> Result:
    core.writable_chat(arguments)
    return True


def _forum(core: TelegramCore, arguments: Arguments) -> Chat:
    chat = core.writable_chat(arguments)
    if not chat.forum:
        raise ApiError("the chat is not a forum")
    if chat.bot != "administrator":
        raise ApiError("not enough rights to create a topic")
    return chat


def _topic(core: TelegramCore, arguments: Arguments) -> Topic:
    topic = _forum(core, arguments).topics.get(arguments.number("message_thread_id", GENERAL_TOPIC))
    if topic is None:
        raise ApiError(errors.THREAD_NOT_FOUND)
    return topic


def create_forum_topic(core: TelegramCore, arguments: Arguments) -> Result:
    chat = _forum(core, arguments)
    name = arguments.text("name")
    if not 1 <= len(name) <= TOPIC_NAME:
        raise ApiError("TOPIC_TITLE_EMPTY")
    topic = open_topic(core, chat, name, core.world.bot)
    return {"message_thread_id": topic.id, "name": name, "icon_color": 0x6FB9F0}


def open_topic(core: TelegramCore, chat: Chat, name: str, by: User) -> Topic:
    """Open a topic: it is named by the id of the message that says so."""
    body = {"forum_topic_created": {"name": name, "icon_color": 0x6FB9F0}}
    message = core.place(chat, by, body, kind="service")
    topic = Topic(message.id, name)
    chat.topics[topic.id] = topic
    return topic


def edit_forum_topic(core: TelegramCore, arguments: Arguments) -> Result:
    _topic(core, arguments).name = arguments.text("name")
    return True


def close_forum_topic(core: TelegramCore, arguments: Arguments) -> Result:
    _topic(core, arguments).closed = True
    return True


def reopen_forum_topic(core: TelegramCore, arguments: Arguments) -> Result:
    _topic(core, arguments).closed = False
    return True


def delete_forum_topic(core: TelegramCore, arguments: Arguments) -> Result:
    chat = _forum(core, arguments)
    remove_topic(core, chat, _topic(core, arguments).id)
    return True


def remove_topic(core: TelegramCore, chat: Chat, thread: int) -> None:
    """Let a topic be gone, with all that was said in it."""
    del chat.topics[thread]
    for message in [message for message in chat.messages.values() if message.json.get("message_thread_id") == thread]:
        core.remove(message)


METHODS = {
    "getChat": get_chat,
    "getChatMember": get_chat_member,
    "getChatAdministrators": get_chat_administrators,
    "getChatMemberCount": get_chat_member_count,
    "leaveChat": leave_chat,
    "sendChatAction": send_chat_action,
    "createForumTopic": create_forum_topic,
    "editForumTopic": edit_forum_topic,
    "closeForumTopic": close_forum_topic,
    "reopenForumTopic": reopen_forum_topic,
    "deleteForumTopic": delete_forum_topic,
}
