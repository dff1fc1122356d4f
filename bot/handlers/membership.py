"""What happens to the bot in a chat: added, removed, moved, renamed. A chat that comes back finds its settings."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

from bot.formatters.help import format_channel, format_greeting, format_muted
from bot.formatters.subscription import Subscribed, format_missed
from bot.handlers.about import go_on_about
from bot.handlers.context import Context
from bot.handlers.language import choose_words
from bot.handlers.subscribe import confirm
from bot.model.chat import Address, Chat, ChatKind, SubscriptionStatus
from bot.model.command import Ability, Membership, MembershipChange, Reply
from bot.storage.closing import ClosingStore


async def follow(membership: Membership, context: Context, closing: ClosingStore) -> Reply | None:
    """Take note of a change; what is to be said about it in the chat, if anything."""
    now = context.clock.now()
    match membership.change:
        case MembershipChange.ADDED | MembershipChange.PROMOTED:
            return await _arrive(membership, context, closing)
        case MembershipChange.RESTORED:
            return await _return(membership, context, closing)
        case MembershipChange.REMOVED:
            reason = membership.reason or "the bot was removed"
            await closing.suspend_chat(membership.chat, reason, now=now)
        case MembershipChange.MIGRATED if membership.moved_to is not None:
            await closing.move(membership.chat, membership.moved_to, now=now)
        case MembershipChange.WORKSPACE_RENAMED if membership.moved_to is not None:
            await closing.rename_workspace(membership.chat, membership.moved_to, now=now)
        case MembershipChange.RENAMED:
            await context.chats.meet(membership.chat, kind=membership.kind, title=membership.chat_title, now=now)
        case MembershipChange.WORKSPACE_LEFT:
            reason = membership.reason or "the app was removed from the workspace"
            await closing.suspend_workspace(membership.chat, reason, now=now)
        case _:  # demoted: what it may still do shows when it does it
            pass
    return None


async def welcome_back(
    membership: Membership, context: Context, closing: ClosingStore
) -> AsyncIterator[tuple[Address, Reply]]:
    """Bring back the chats of a workspace that was left and entered again; yield what to say to those that missed.

    With a reason, those alone that waited for that.
    """
    for chat in await closing.resume_workspace(membership.chat, reason=membership.reason):
        if chat.kind is not ChatKind.CHANNEL and (missed := await context.missed(chat.address)):
            yield chat.address, format_missed(missed, choose_words(chat, chat.kind, None, context.settings))


async def _return(membership: Membership, context: Context, closing: ClosingStore) -> Reply | None:
    """Come back to a chat that was suspended for a reason which is over; others were not away."""
    if not await closing.resume(membership.chat, reason=membership.reason):
        return None
    chat = await context.chats.meet(
        membership.chat, kind=membership.kind, title=membership.chat_title, now=context.clock.now()
    )
    if membership.kind is ChatKind.CHANNEL:
        return None
    words = choose_words(chat, membership.kind, membership.user, context.settings)
    return await confirm(Subscribed.AGAIN, chat, words, context)


async def _arrive(membership: Membership, context: Context, closing: ClosingStore) -> Reply | None:
    """Come back to a chat, or greet a new group; one that was subscribed meanwhile is told so."""
    came_back = membership.is_open and await closing.resume(membership.chat)
    chat = await context.chats.meet(
        membership.chat, kind=membership.kind, title=membership.chat_title, now=context.clock.now()
    )
    if membership.kind is ChatKind.CHANNEL:
        return await _arrive_in_channel(membership, chat, context, came_back=came_back)
    words = choose_words(chat, membership.kind, membership.user, context.settings)
    if came_back:
        return await confirm(Subscribed.AGAIN, chat, words, context)
    if membership.kind is not ChatKind.GROUP or membership.change is not MembershipChange.ADDED:
        return None
    if chat.status is SubscriptionStatus.ACTIVE:
        return await confirm(Subscribed.NEW, chat, words, context)
    return format_greeting(words)


async def _arrive_in_channel(membership: Membership, chat: Chat, context: Context, *, came_back: bool) -> Reply | None:
    """Come back to a channel, or offer to bring it the issues, once the bot may post there.

    A channel is no place for a bot's own words, since all would be notified: what is said of one is for who took the
    bot there, in private.
    """
    if Ability.LEAD_HOME not in context.able(chat.address):
        return None
    words = choose_words(None, ChatKind.PRIVATE, membership.user, context.settings)
    if not membership.is_open:
        return format_muted(chat, words) if membership.change is MembershipChange.ADDED else None
    if came_back:
        reply = await confirm(Subscribed.AGAIN, chat, words, context, afar=True)
        return replace(reply, buttons=go_on_about(chat, reply.buttons))
    return None if chat.status is SubscriptionStatus.ACTIVE else format_channel(chat, words)
