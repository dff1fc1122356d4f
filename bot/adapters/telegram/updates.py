"""Updates as what the house understands: commands, and what happened to the bot in a chat. Pure.

Edited messages are not read: a command counts as it was sent.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Final

from telegram import CallbackQuery, Chat, ChatMember, ChatMemberUpdated, InlineQuery, Message, Update, constants
from telegram import User as TelegramUser

from bot.adapters.telegram.addresses import address, kind_of_type, user_address
from bot.adapters.telegram.choosing import is_poster, read_choice
from bot.model.cards import Inquiry
from bot.model.chat import Address, ChatKind, User
from bot.model.command import Command, Membership, MembershipChange, Origin

ALLOWED: Final = ("message", "channel_post", "callback_query", "inline_query", "my_chat_member")
"""The kinds of updates that are asked for."""

_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,64})(?:@([A-Za-z0-9_]+))?(?:\s+(.*))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Asked:
    """A command with what its answer needs: the message that asked or whose button was pressed, and the press's id."""

    command: Command
    message_id: int | None = None
    query_id: str | None = None


@dataclass(frozen=True, slots=True)
class Press:
    """A button pressed where no chat is known to answer in; the presser still waits for the button to come to rest."""

    query_id: str


@dataclass(frozen=True, slots=True)
class Typed:
    """A question typed behind the bot's name, in whatever chat."""

    query_id: str
    inquiry: Inquiry


Event = Asked | Membership | Press | Typed


def read_update(update: Update, bot_name: str) -> Event | None:
    """Return what an update asks or tells, None for one that is nobody's business."""
    if update.callback_query is not None:
        return _press(update.callback_query)
    if update.inline_query is not None:
        return _typed(update.inline_query)
    if update.my_chat_member is not None:
        return _membership(update.my_chat_member)
    message = update.message or update.channel_post
    if message is None:
        return None
    return _service(message) or _choice(message) or _command(message, bot_name)


def queue_of(update: Update) -> Hashable:
    """Return what an update's order is kept in: its chat; what belongs to none waits for nobody."""
    chat = update.effective_chat
    return chat.id if chat is not None else ("update", update.update_id)


def _command(message: Message, bot_name: str) -> Asked | None:
    if message.is_automatic_forward or not message.text:  # a channel's post comes again into its discussion group
        return None
    text, private = message.text.strip(), message.chat.type == constants.ChatType.PRIVATE
    if match := _COMMAND.fullmatch(text):
        name, to, argument = match.groups()
        if to and to.casefold() != bot_name.casefold():
            return None
        said = (name.lower(), (argument or "").strip(), private or bool(to))
    else:
        words, mentions = re.subn(rf"(?<!\w)@{re.escape(bot_name)}\b", " ", text, flags=re.IGNORECASE)
        if not private and not mentions:
            return None
        said = ("", " ".join(words.split()) if mentions else text, True)
    name, argument, addressed = said
    command = Command(
        name,
        argument,
        _place(message),
        _kind(message.chat),
        _sender(message),
        addressed=addressed,
        chat_title=_title(message.chat),
    )
    return Asked(command, message.message_id)


def _choice(message: Message) -> Asked | None:
    """Read which chat somebody chose from those they were offered."""
    choice = read_choice(message.chat_shared) if message.chat_shared is not None else None
    if choice is None:
        return None
    name, chosen = choice
    place, kind = _place(message), _kind(message.chat)
    return Asked(Command(name, chosen, place, kind, _sender(message), chat_title=_title(message.chat)))


def _press(query: CallbackQuery) -> Asked | Press:
    message = query.message
    if message is None or not query.data:
        return Press(query.id)
    name, _, argument = query.data.partition(" ")
    command = Command(
        name,
        argument,
        _place(message) if isinstance(message, Message) else address(message.chat.id),
        _kind(message.chat),
        _user(query.from_user),
        origin=Origin.BUTTON,
        chat_title=_title(message.chat),
    )
    return Asked(command, message.message_id, query.id)


def _typed(query: InlineQuery) -> Typed:
    asker = _user(query.from_user)
    return Typed(query.id, Inquiry(query.query, asker, address(query.from_user.id), query.offset))


def _service(message: Message) -> Membership | None:
    """Read what a chat says of itself: it moved, it was renamed."""
    chat, kind, user = address(message.chat.id), _kind(message.chat), _sender(message)
    if message.migrate_to_chat_id is not None:
        moved_to = address(message.migrate_to_chat_id)
        return Membership(
            chat, kind, MembershipChange.MIGRATED, user, chat_title=_title(message.chat), moved_to=moved_to
        )
    if message.new_chat_title is not None:
        return Membership(chat, kind, MembershipChange.RENAMED, user, chat_title=message.new_chat_title)
    return None


def _membership(update: ChatMemberUpdated) -> Membership | None:
    before, after = update.old_chat_member, update.new_chat_member
    kind = _kind(update.chat)
    serves = is_poster if kind is ChatKind.CHANNEL else _is_administrator
    change = _change(before, after, serves)
    if change is None:
        return None
    blocked = kind is ChatKind.PRIVATE and change is MembershipChange.REMOVED
    return Membership(
        address(update.chat.id),
        kind,
        change,
        _user(update.from_user),
        chat_title=_title(update.chat),
        reason="blocked by the user" if blocked else str(after.status) if change is MembershipChange.REMOVED else "",
        is_open=kind is not ChatKind.CHANNEL or is_poster(after),
    )


def _change(before: ChatMember, after: ChatMember, serves: Callable[[ChatMember], bool]) -> MembershipChange | None:
    """Tell what happened; `serves` tells whether a member may do more than others there, as posting in a channel is."""
    match _is_present(before), _is_present(after), serves(before), serves(after):
        case False, True, _, _:
            return MembershipChange.ADDED
        case True, False, _, _:
            return MembershipChange.REMOVED
        case True, True, False, True:
            return MembershipChange.PROMOTED
        case True, True, True, False:
            return MembershipChange.DEMOTED
        case _:
            return None


def _is_administrator(member: ChatMember) -> bool:
    return member.status == ChatMember.ADMINISTRATOR


def _is_present(member: ChatMember) -> bool:
    if member.status == ChatMember.RESTRICTED:
        return bool(getattr(member, "is_member", False))
    return member.status not in {ChatMember.LEFT, ChatMember.BANNED}


def _place(message: Message) -> Address:
    # Outside forums a thread is only a chain of answers.
    return address(message.chat.id, message.message_thread_id if message.is_topic_message else None)


def _sender(message: Message) -> User:
    """Return who speaks: a person, or a chat (an administrator who stays anonymous speaks as the chat itself)."""
    if message.sender_chat is not None:
        return User(user_address(message.sender_chat.id), message.sender_chat.effective_name or "")
    if message.from_user is not None:
        return _user(message.from_user)
    return User(user_address(message.chat.id), _title(message.chat))


def _user(user: TelegramUser) -> User:
    return User(user_address(user.id), user.full_name, user.language_code or "")


def _kind(chat: Chat) -> ChatKind:
    return kind_of_type(chat.type)


def _title(chat: Chat) -> str:
    return chat.effective_name or ""
