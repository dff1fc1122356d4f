"""What happens to the bot's channels, followed: who comes and goes, what is archived, renamed, shared.

Slack tells what happened, and not what it means for the bot: so the channel is looked at.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.adapters.interface import Services
from bot.adapters.slack import reasons
from bot.adapters.slack.channels import Standing
from bot.adapters.slack.requests import Body, read_membership
from bot.adapters.slack.workspace import Workspace
from bot.model.command import Membership, MembershipChange, Reply


class Following:
    """Takes note of what happens to channels, and says there what is to be said."""

    def __init__(self, services: Services, *, spell: Callable[[Reply], Reply]) -> None:
        self._services = services
        self._spell = spell

    async def follow(self, workspace: Workspace, body: Body) -> None:
        """Work on one event."""
        membership = read_membership(body, workspace.identity.user, workspace=workspace.name)
        if membership is None:
            return
        match membership.change:
            case MembershipChange.ADDED | MembershipChange.RENAMED:
                await self._notice(workspace, membership)
            case MembershipChange.RESTORED:
                await self._look_again(workspace, membership)
            case MembershipChange.MIGRATED if membership.moved_to is not None:
                await self._tell(workspace, membership)
                # A delivery may have found the old address shut before Slack told of the new one.
                moved = replace(membership, chat=membership.moved_to, moved_to=None, reason=reasons.NOT_INSIDE)
                await self._look_again(workspace, replace(moved, change=MembershipChange.RESTORED))
            case _:
                await self._tell(workspace, membership)

    async def _notice(self, workspace: Workspace, membership: Membership) -> None:
        """Slack tells of the bot's own steps, too, and of every public channel that changes."""
        is_entry = membership.change is MembershipChange.ADDED
        if is_entry and membership.user is None and workspace.channels.was_own_step(membership.chat.chat):
            return
        seen = await workspace.channels.look(membership.chat.chat)
        if seen.standing is Standing.INSIDE or (is_entry and seen.standing is Standing.UNKNOWN):
            await self._tell(workspace, replace(membership, chat_title=membership.chat_title or seen.title))

    async def _look_again(self, workspace: Workspace, membership: Membership) -> None:
        """See whether the bot can speak in a channel again, or no longer."""
        seen = await workspace.channels.look(membership.chat.chat)
        membership = replace(membership, chat_title=seen.title)
        match seen.standing:
            case Standing.INSIDE:  # nothing keeps it away
                await self._tell(workspace, replace(membership, reason=""))
            case Standing.OUTSIDE | Standing.UNKNOWN:
                for reason in reasons.all_like(membership.reason):
                    if await self._tell(workspace, replace(membership, reason=reason)):
                        await workspace.channels.enter(membership.chat.chat)
                        break
            case Standing.ARCHIVED | Standing.GONE if membership.reason == reasons.UNSHARED:
                reason = reasons.ARCHIVED if seen.standing is Standing.ARCHIVED else membership.reason
                await self._tell(workspace, replace(membership, change=MembershipChange.REMOVED, reason=reason))
            case _:  # it is archived again, or was never the bot's
                pass

    async def _tell(self, workspace: Workspace, membership: Membership) -> bool:
        """Tell the house; tells whether it had something to say."""
        reply = await self._services.follow(membership)
        if reply is not None:
            await workspace.answering.announce(membership.chat, self._spell(reply))
        return reply is not None
