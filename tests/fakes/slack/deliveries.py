"""What Slack tells the app, over Socket Mode or signed to an address, and how the app takes it."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from aiohttp import ClientError, ClientSession, ClientTimeout, WSMsgType, web

from bot.clock import Clock
from tests.fakes.loop import scripted
from tests.fakes.slack.core import Arguments, SlackCore
from tests.fakes.slack.desk import ResponseUrl, View
from tests.fakes.slack.errors import SlackError
from tests.fakes.slack.messages import say_back
from tests.fakes.slack.views import push_view, read_view, replace
from tests.fakes.slack.world import JSON, Workspace
from tests.fakes.transcript import Action

ACK_SECONDS = 3.0  # https://docs.slack.dev/interactivity/handling-user-interaction#acknowledgment_response
CLOSE_SECONDS = 1.0  # a client that is gone does not hold the fake up
CONNECTIONS = 10  # https://docs.slack.dev/apis/events-api/using-socket-mode
_HTTP_SECONDS = ClientTimeout(total=10)


@dataclass(slots=True, eq=False)
class Delivery:
    """One thing told to the app. `response` is what it acknowledged it with, `failed` why it never got there."""

    id: str
    kind: str
    payload: JSON
    workspace: Workspace
    place: ResponseUrl | None = None
    view: View | None = None
    attempts: int = 0
    sent_at: float = 0.0
    acked_at: float | None = None
    response: JSON | None = None
    status: int = 0
    failed: str = ""

    @property
    def acknowledged(self) -> bool:
        return self.acked_at is not None

    @property
    def latency(self) -> float:
        """Seconds until it was acknowledged. Raises ValueError before that."""
        if self.acked_at is None:
            raise ValueError("not acknowledged")
        return self.acked_at - self.sent_at


class Deliveries(SlackCore):
    """The half of Slack that speaks to the app."""

    def __init__(self, *, clock: Clock | None = None, rates: bool = True, limits: bool = True) -> None:
        super().__init__(clock=clock, rates=rates, limits=limits)
        self.deliveries: list[Delivery] = []
        self.connections: list[web.WebSocketResponse] = []
        self.request_url = ""
        """Where events go by HTTP, signed; "" sends them over Socket Mode."""
        self._waiting: list[tuple[Delivery, str]] = []
        self._random = Random(7)

    @property
    def listening(self) -> bool:
        return bool(self.connections or self.request_url)

    async def stop(self) -> None:
        for socket in list(self.connections):
            await socket.close()
        await super().stop()

    # --- Socket Mode

    async def link(self, request: web.BaseRequest) -> web.StreamResponse:
        """Take a Socket Mode connection, and hold it until it closes."""
        ticket = request.query.get("ticket", "")
        if ticket not in self.desk.tickets:
            return web.Response(status=403)
        self.desk.tickets.discard(ticket)
        socket = web.WebSocketResponse(timeout=CLOSE_SECONDS)
        await socket.prepare(request)
        if len(self.connections) >= CONNECTIONS:
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await socket.close()
            return socket
        self.connections.append(socket)
        await socket.send_json(self._hello())
        self.changed()
        waiting, self._waiting = self._waiting, []
        for delivery, reason in waiting:
            self.spawn(self._send(delivery, reason))
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._heard(json.loads(message.data))
        finally:
            if socket in self.connections:
                self.connections.remove(socket)
            self.changed()
        return socket

    def _hello(self) -> JSON:
        return {
            "type": "hello",
            "num_connections": len(self.connections),
            "debug_info": {"host": "applink-fake", "build_number": 1, "approximate_connection_time": 18060},
            "connection_info": {"app_id": self.secrets.app_id},
        }

    def _heard(self, message: JSON) -> None:
        envelope = message.get("envelope_id", "")
        for delivery in reversed(self.deliveries):
            if delivery.id == envelope:
                self._acknowledge(delivery, message.get("payload") or {})
                return
        self.violated("socket", None, f"acknowledged {envelope!r}, which was never sent")

    async def refresh(self, *, reason: str = "refresh_requested") -> None:
        """Tell every connection that it will close, and close it, as Slack does every few hours."""
        await self.hop(self._refresh(reason))

    async def _refresh(self, reason: str) -> None:
        for socket in list(self.connections):
            await socket.send_json({"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-fake"}})
            await socket.close()

    async def drop(self) -> None:
        """Break every connection without a word."""
        await self.hop(self._drop())

    async def _drop(self) -> None:
        for socket in list(self.connections):
            # There is no public way to break a connection: closing it would say goodbye.
            request = socket._req  # see above
            if request is not None and request.transport is not None:
                request.transport.abort()

    # --- telling

    def deliver(
        self, kind: str, payload: JSON, workspace: Workspace, place: ResponseUrl | None = None, view: View | None = None
    ) -> Delivery:
        """Tell the app something."""
        delivery = Delivery(str(uuid4()), kind, payload, workspace, place, view)
        self.deliveries.append(delivery)
        self.spawn(self._send(delivery, ""))
        return delivery

    @scripted
    def retry(self, delivery: Delivery, *, reason: str = "timeout") -> None:
        """Tell the app the same thing once more, as Slack does when it heard nothing."""
        self.spawn(self._send(delivery, reason))

    async def _send(self, delivery: Delivery, reason: str) -> None:
        # Latency is a matter of real seconds, whatever the clock says.
        delivery.sent_at = time.monotonic()
        delivery.acked_at = None
        if self.request_url:
            await self._post(delivery, reason)
        elif self.connections:
            delivery.attempts += 1
            envelope = {
                "envelope_id": delivery.id,
                "type": delivery.kind,
                "accepts_response_payload": delivery.kind != "events_api",
                "payload": delivery.payload,
            }
            if delivery.kind == "events_api":
                envelope |= {"retry_attempt": delivery.attempts - 1, "retry_reason": reason}
            await self._random.choice(self.connections).send_json(envelope)
        elif delivery.kind == "events_api":
            self._waiting.append((delivery, "http_error"))
        else:
            delivery.failed = "dispatch_failed"
            self.changed()

    async def _post(self, delivery: Delivery, reason: str) -> None:
        delivery.attempts += 1
        form = {"slash_commands": delivery.payload, "interactive": {"payload": json.dumps(delivery.payload)}}
        is_event = delivery.kind == "events_api"
        body = json.dumps(delivery.payload) if is_event else urlencode(form[delivery.kind])
        headers = self.sign(body) | {
            "Content-Type": "application/json" if is_event else "application/x-www-form-urlencoded"
        }
        if delivery.attempts > 1:
            headers |= {"X-Slack-Retry-Num": str(delivery.attempts - 1), "X-Slack-Retry-Reason": reason}
        try:
            async with (
                ClientSession(timeout=_HTTP_SECONDS) as session,
                session.post(self.request_url, data=body.encode(), headers=headers) as response,
            ):
                delivery.status = response.status
                text = await response.text()
        except (ClientError, TimeoutError) as error:
            delivery.failed = f"http_error: {type(error).__name__}"
            self.changed()
            return
        if 200 <= delivery.status < 300:
            self._acknowledge(delivery, _payload(text))
        else:
            delivery.failed = "http_error"
            self.changed()

    def sign(self, body: str, *, at: float | None = None) -> dict[str, str]:
        """Return the headers that say a request is Slack's own."""
        stamp = str(int(time.time() if at is None else at))
        signature = hmac.new(self.secrets.signing_secret.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256)
        return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={signature.hexdigest()}"}

    # --- being told

    def _acknowledge(self, delivery: Delivery, response: JSON) -> None:
        delivery.acked_at = time.monotonic()
        delivery.response = response
        if delivery.latency > ACK_SECONDS:
            self.violated(delivery.kind, None, f"acknowledged after {delivery.latency:.1f} s")
        try:
            self._carry_out(delivery, response)
        except SlackError as error:
            self.violated(delivery.kind, None, f"{error.code} in an acknowledgement: {error.fields.get('errors', '')}")
        self.changed()

    def _carry_out(self, delivery: Delivery, response: JSON) -> None:
        if delivery.view is not None and delivery.payload.get("type") == "view_submission":
            self._submitted(delivery.view, response)
        elif delivery.place is not None and response:
            say_back(self, Arguments("ack", response, delivery.workspace), delivery.place)

    def _submitted(self, view: View, response: JSON) -> None:
        match response.get("response_action"):
            case "errors":
                return
            case "update":
                replace(self, view, read_view(self, response.get("view"), "modal"))
            case "push":
                push_view(self, view.user.id, read_view(self, response.get("view"), "modal"))
            case "clear":
                self.close_views(lambda other: other.user is view.user)
            case _:
                self.close_views(lambda other: other is view)

    def close_views(self, closes: Callable[[View], bool]) -> None:
        """Take modals off the screen."""
        for view in [view for view in self.desk.views.values() if closes(view)]:
            del self.desk.views[view.id]
            self.note_view(Action.DELETED, view)


def _payload(text: str) -> JSON:
    """Read what an acknowledgement by HTTP says: JSON, plain words, or nothing."""
    if not text.strip():
        return {}
    try:
        content: Any = json.loads(text)
    except ValueError:
        return {"text": text}
    return content if isinstance(content, dict) else {"text": text}
