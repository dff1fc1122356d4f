"""The Home tab: a person's front page, published when they open it, and again when what it shows has changed.

https://docs.slack.dev/surfaces/app-home
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.interface import Services
from bot.adapters.slack import limits
from bot.adapters.slack.addresses import chat_address, user_address
from bot.adapters.slack.channels import Channels
from bot.adapters.slack.errors import FAILURES, reason_of
from bot.adapters.slack.governing import Governance
from bot.adapters.slack.messages import compose, degrade
from bot.adapters.slack.people import People
from bot.adapters.slack.places import Place, at_chat
from bot.adapters.slack.presses import ASK
from bot.adapters.slack.runs import JSON
from bot.adapters.slack.spelling import spell_document
from bot.adapters.slack.views import plain
from bot.locales import Words
from bot.model.chat import ChatKind, User
from bot.model.command import Command
from bot.model.delivery import Degradation, Post
from bot.model.home import HomePart

log = logging.getLogger(__name__)

_MOST_KNOWN = 4096
"""People whose Home tab is kept up to date; whoever opens theirs again gets a fresh one anyway."""

_PART_BLOCKS = 40
"""Blocks that one part may take, so that a long one leaves room for the others."""


class Homes:
    """The Home tabs of one workspace."""

    def __init__(
        self,
        client: AsyncWebClient,
        services: Services,
        *,
        channels: Channels,
        people: People,
        governance: Governance,
        workspace: str,
    ) -> None:
        self._client = client
        self._services = services
        self._channels = channels
        self._people = people
        self._governance = governance
        self._workspace = workspace
        self._direct: OrderedDict[str, str] = OrderedDict()

    async def open(self, user: str, direct: str) -> None:
        """Publish the tab of a person who opened it; `direct` is the id of their direct messages with the bot."""
        self._direct[user] = direct
        self._direct.move_to_end(user)
        if len(self._direct) > _MOST_KNOWN:
            self._direct.popitem(last=False)
        await self.refresh(user)

    async def refresh(self, user: str) -> None:
        """Publish a person's tab anew, if they have ever seen it."""
        direct = self._direct.get(user)
        if direct is None:
            return
        person = await self._people.introduce(User(user_address(user, workspace=self._workspace)))
        chat = chat_address(direct, workspace=self._workspace)
        command = Command("home", "", chat, ChatKind.PRIVATE, person, chat_title=person.name)
        places = [chat_address(one, workspace=self._workspace) for one in await self._channels.of_user(user)]
        names = [info.name for info in self._services.menu(person.language)]
        shown = await self._services.show_home(command, places)
        parts = [replace(part, document=spell_document(part.document, names)) for part in shown]
        if not parts:
            return
        place = Place(chat, ChatKind.PRIVATE, person.name)
        words = await self._services.words(command)
        if rule := await self._governance.show(person, words):
            behind_chats = max((number for number, part in enumerate(parts, 1) if part.chat), default=len(parts))
            parts.insert(behind_chats, rule)
        for keep in (Degradation.NONE, Degradation.NO_IMAGES):
            try:
                await self._client.views_publish(user_id=user, view=make_home(parts, place, words, keep=keep))
            except FAILURES as error:
                log.info("a Home tab was not published: %s", reason_of(error))
            else:
                return


def make_home(parts: Sequence[HomePart], place: Place, words: Words, *, keep: Degradation = Degradation.NONE) -> JSON:
    """Return a Home tab: the first part, a field to search with, then the others, as many as Slack has room for."""
    blocks: list[JSON] = []
    for number, part in enumerate(parts):
        rendered = _part_blocks(part, number, keep)
        if len(blocks) + len(rendered) + 1 > limits.VIEW_BLOCKS:
            break
        is_near = number > 1 and part.chat is not None and parts[number - 1].chat is not None
        blocks += [*([] if is_near or not blocks else [{"type": "divider"}]), *rendered]
        if number == 0:
            blocks += [{"type": "divider"}, _search_field(words)]
    return {"type": "home", "private_metadata": place.write(), "blocks": blocks}


def _part_blocks(part: HomePart, number: int, keep: Degradation) -> list[JSON]:
    """Render a part; the ids of its rows of buttons tell which chat they speak for."""
    payloads = compose(Post(None, (part.document,), part.buttons))
    shown = [degrade(payload, keep) or payload for payload in payloads]
    blocks = [block for payload in shown for block in payload["blocks"]]
    actions = [block for block in blocks if block["type"] == "actions"]
    room = _PART_BLOCKS - len(actions)
    content = [block for block in blocks if block["type"] != "actions"][:room]
    if part.chat is not None:
        actions = [_named(block, at_chat(part.chat.chat, f"{number}.{row}")) for row, block in enumerate(actions)]
    return [*content, *actions]


def _named(block: Mapping[str, Any], block_id: str) -> JSON:
    return {**block, "block_id": block_id}


def _search_field(words: Words) -> JSON:
    return {
        "type": "input",
        "dispatch_action": True,
        "label": plain(words("Search the digest")),
        "element": {
            "type": "plain_text_input",
            "action_id": f"{ASK}:search",
            "placeholder": plain(words('nerf, "view synthesis", author:davison has:code …')),
            "dispatch_action_config": {"trigger_actions_on": ["on_enter_pressed"]},
        },
    }
