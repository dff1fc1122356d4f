"""What people do on Slack, as a test scripts it: they write, type commands, press, fill in forms.

Every act changes the world, stands in the transcript where one would see it, and tells the app what it would be told.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from tests.fakes.loop import scripted
from tests.fakes.slack.deliveries import Delivery
from tests.fakes.slack.desk import ResponseUrl, Trigger, View
from tests.fakes.slack.forms import Answer, answer, elements_of, state
from tests.fakes.slack.reading import find_button
from tests.fakes.slack.stage import Stage
from tests.fakes.slack.world import JSON, Channel, Kind, Message, User, Workspace
from tests.fakes.transcript import Action, Button, Record

_LINK = re.compile(r"https?://[^\s<>|]+")


class People(Stage):
    """The scripted half of the fake: acting in its channels."""

    # --- writing

    @scripted
    def say(self, channel: Channel, user: User, text: str, *, thread: str = "") -> Message:
        """Let somebody write. The app is told of mentions, direct messages and links of its domains."""
        team = self.world.workspaces[channel.team]
        channel.members.add(user.id)
        message = self.place(channel, user, {"text": text}, thread=thread)
        event = message.json | {"channel": channel.id, "event_ts": message.ts, "client_msg_id": f"m{self.number()}"}
        if channel.kind is Kind.DIRECT:
            self._tell(team, "message.im", event | {"channel_type": "im"})
        elif f"<@{team.bot.id}>" in text and team.bot.id in channel.members:
            self._tell(team, "app_mention", event | {"type": "app_mention"})
        links = [url for url in _LINK.findall(text) if urlsplit(url).hostname in self.unfurl_domains]
        if links:
            shown = [{"url": url, "domain": urlsplit(url).hostname} for url in links]
            shared = {"type": "link_shared", "channel": channel.id, "user": user.id, "message_ts": message.ts}
            self._tell(team, "link_shared", shared | {"links": shown, "event_ts": message.ts})
        return message

    def mention(self, team: Workspace | None = None) -> str:
        """Return what mentions the app in a text."""
        return f"<@{(team or self.team).bot.id}>"

    @scripted
    def command(self, channel: Channel, user: User, line: str) -> Delivery:
        """Type a slash command. It cannot be typed in a thread."""
        name, _, text = line.partition(" ")
        team = self.world.workspaces[channel.team]
        place = self._response_url(channel, user)
        payload = {
            "token": "verification",
            "team_id": team.id,
            "team_domain": team.name.lower(),
            "channel_id": channel.id,
            "channel_name": "directmessage" if channel.kind is Kind.DIRECT else channel.name,
            "user_id": user.id,
            "user_name": user.name.lower(),
            "command": name,
            "text": text,
            "api_app_id": self.secrets.app_id,
            "is_enterprise_install": "true" if team.whole_organisation else "false",
            **({"enterprise_id": team.organisation} if team.organisation else {}),
            "response_url": f"{self.url}/response/{place.id}",
            "trigger_id": self._trigger(user),
        }
        return self.deliver("slash_commands", payload, team, place)

    @scripted
    def erase(self, message: Message | Record) -> None:
        """Let somebody delete a message."""
        self.remove(self._standing(message))

    # --- pressing and filling in

    @scripted
    def press(self, place: Message | Record | View, button: Button | str, *, by: User) -> Delivery:
        """Press a button of a message, a modal or a Home tab, by its label or itself."""
        blocks = self._blocks(place)
        if isinstance(button, str):
            found = [pair for pair in elements_of(blocks) if pair[0].get("text", {}).get("text") == button]
            if not found:
                raise LookupError(f"no button {button!r}")
            element, block = found[0]
        else:
            element, block = find_button(blocks, button)
        done = {"text": element["text"]} | ({"value": element["value"]} if "value" in element else {})
        return self._act(place, by, element, block, done)

    @scripted
    def choose(self, place: Message | Record | View, action_id: str, value: Answer, *, by: User) -> Delivery:
        """Choose in a menu, or tick boxes."""
        for element, block in elements_of(self._blocks(place)):
            if element.get("action_id") == action_id:
                return self._act(place, by, element, block, answer(element, value))
        raise LookupError(f"no element {action_id!r}")

    def _act(self, place: Message | Record | View, user: User, element: JSON, block: JSON, done: JSON) -> Delivery:
        team = self.world.workspaces[user.team]
        action: JSON = {"type": element["type"], "action_id": element["action_id"], "block_id": block["block_id"]}
        action |= done | {"action_ts": self.world.timestamp(self.now())}
        payload = self._interaction("block_actions", user, team) | {"actions": [action], "state": {"values": {}}}
        if isinstance(place, View):
            shown = place.shown(team) | {"state": state(place.json["blocks"], {})}
            payload |= {"view": shown, "container": {"type": "view", "view_id": place.id}}
            return self.deliver("interactive", payload, team, view=place)
        message = self._standing(place)
        channel = message.channel
        reply = self._response_url(channel, user, message)
        container: JSON = {"type": "message", "message_ts": message.ts, "channel_id": channel.id}
        is_ephemeral = message.ts not in channel.messages
        container |= {"is_ephemeral": is_ephemeral}
        if "thread_ts" in message.json:
            container["thread_ts"] = message.json["thread_ts"]
        payload |= {
            "container": container,
            "channel": {"id": channel.id, "name": "directmessage" if channel.kind is Kind.DIRECT else channel.name},
            **({} if is_ephemeral else {"message": message.json}),  # Slack keeps no message that one alone sees
            "response_url": f"{self.url}/response/{reply.id}",
        }
        return self.deliver("interactive", payload, team, reply)

    @scripted
    def submit(self, view: View, *, by: User, answers: Mapping[str, Answer] | None = None) -> Delivery:
        """Send a modal off, with answers by action id; what is not answered stays as the modal came."""
        team = self.world.workspaces[by.team]
        shown = view.shown(team) | {"state": state(view.json["blocks"], answers or {})}
        payload = self._interaction("view_submission", by, team) | {"view": shown, "response_urls": []}
        return self.deliver("interactive", payload, team, view=view)

    @scripted
    def suggest(self, view: View, action_id: str, text: str, *, by: User) -> Delivery:
        """Type into a menu whose options the app suggests."""
        team = self.world.workspaces[by.team]
        for element, block in elements_of(view.json["blocks"]):
            if element.get("action_id") == action_id:
                payload = self._interaction("block_suggestion", by, team) | {
                    "action_id": action_id,
                    "block_id": block["block_id"],
                    "value": text,
                    "view": view.shown(team),
                    "container": {"type": "view", "view_id": view.id},
                }
                del payload["trigger_id"]
                return self.deliver("interactive", payload, team)
        raise LookupError(f"no element {action_id!r}")

    @scripted
    def close(self, view: View, *, by: User) -> None:
        """Close a modal without sending it off."""
        team = self.world.workspaces[by.team]
        self.close_views(lambda other: other is view)
        if view.json.get("notify_on_close"):
            payload = self._interaction("view_closed", by, team) | {"view": view.shown(team), "is_cleared": False}
            self.deliver("interactive", payload, team)

    @scripted
    def shortcut(self, callback_id: str, *, by: User, message: Message | Record | None = None) -> Delivery:
        """Choose a shortcut, of a message or from anywhere."""
        team = self.world.workspaces[by.team]
        payload = self._interaction("shortcut" if message is None else "message_action", by, team)
        payload |= {"callback_id": callback_id, "action_ts": self.world.timestamp(self.now())}
        place = None
        if message is not None:
            standing = self._standing(message)
            place = self._response_url(standing.channel, by, standing)
            payload |= {
                "message": standing.json,
                "message_ts": standing.ts,
                "channel": {"id": standing.channel.id, "name": standing.channel.name},
                "response_url": f"{self.url}/response/{place.id}",
            }
        return self.deliver("interactive", payload, team, place)

    @scripted
    def open_home(self, user: User, *, tab: str = "home") -> None:
        """Open the app's Home tab, or another one of its tabs."""
        team = self.world.workspaces[user.team]
        event = {"type": "app_home_opened", "user": user.id, "tab": tab, "channel": self.direct(user).id}
        home = self.desk.homes.get(user.id)
        self._tell(team, "app_home_opened", event | ({"view": home.shown(team)} if home else {}))

    def view_of(self, user: User) -> View | None:
        """Return the modal on top of somebody's screen."""
        views = [view for view in self.desk.views.values() if view.user is user]
        return views[-1] if views else None

    # --- what every payload holds

    def _tell(self, team: Workspace, kind: str, event: JSON) -> None:
        if kind not in self.subscriptions:
            return
        payload = {
            "token": "verification",
            "team_id": team.id,
            "context_team_id": team.id,
            "context_enterprise_id": team.organisation or None,
            "api_app_id": self.secrets.app_id,
            "event": event,
            "type": "event_callback",
            "event_id": f"Ev0EVENT{self.number():05}",
            "event_time": int(self.now()),
            "authorizations": [
                {
                    "enterprise_id": team.organisation or None,
                    "team_id": team.id,
                    "user_id": team.bot.id,
                    "is_bot": True,
                    "is_enterprise_install": team.whole_organisation,
                }
            ],
            "is_ext_shared_channel": False,
        }
        self.deliver("events_api", payload, team)

    def _interaction(self, kind: str, user: User, team: Workspace) -> dict[str, Any]:
        return {
            "type": kind,
            "token": "verification",
            "api_app_id": self.secrets.app_id,
            "team": {"id": team.id, "domain": team.name.lower()},
            "enterprise": {"id": team.organisation, "name": team.name} if team.organisation else None,
            "is_enterprise_install": team.whole_organisation,
            "user": {"id": user.id, "username": user.name.lower(), "name": user.name.lower(), "team_id": team.id},
            "trigger_id": self._trigger(user),
        }

    def _trigger(self, user: User) -> str:
        trigger = Trigger(f"{self.number()}.{self.number()}.abcdef", user, self.now())
        self.desk.triggers[trigger.id] = trigger
        return trigger.id

    def _response_url(self, channel: Channel, user: User, message: Message | None = None) -> ResponseUrl:
        place = ResponseUrl(f"r{self.number()}", channel, user, self.now(), message)
        self.desk.response_urls[place.id] = place
        return place

    def _standing(self, message: Message | Record) -> Message:
        if isinstance(message, Message):
            return message
        for team in self.world.workspaces.values():
            channel = team.channels.get(str(message.chat))
            if channel is not None:
                standing = channel.messages.get(str(message.message_id))
                # An ephemeral message stands nowhere but on one screen: the record is all there is of it.
                return standing or self._ephemeral(channel, message)
        raise LookupError(f"no channel {message.chat}")

    def _ephemeral(self, channel: Channel, record: Record) -> Message:
        if not record.audience or record.action is Action.DELETED:
            raise LookupError(f"no message {record.message_id} in {channel.id}")
        content = dict(record.content)
        return Message(str(record.message_id), channel, record.by_bot, record.author, content, None, record.audience)

    def _blocks(self, place: Message | Record | View) -> list[JSON]:
        if isinstance(place, View):
            return list(place.json["blocks"])
        return list(self._standing(place).json.get("blocks", []))
