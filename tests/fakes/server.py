"""What both fakes share: their life as servers, the calls they took, faults on request, waiting for something."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random
from types import TracebackType
from typing import Any, Self, TypeVar

from aiohttp import web

from bot.clock import Clock, SystemClock
from tests.fakes.faults import AnswerLost, Fault, FaultScript, Hang, Held, Html, Parameters, Reset, Rule, Slow
from tests.fakes.loop import HOP_SECONDS, OneLoop, scripted
from tests.fakes.transcript import Id, Transcript

HELD_SECONDS = 600.0
UPLOAD_LIMIT = 64 * 1024 * 1024
HTML_PAGE = "<html><head><title>{0}</title></head><body><center><h1>{0}</h1></center><hr>nginx</body></html>"

R = TypeVar("R")
ServerT = TypeVar("ServerT", bound="FakeServer")


class DeadlineError(AssertionError):
    """What was waited for did not happen in time. Its text shows what happened instead."""


@dataclass(frozen=True, slots=True)
class Call:
    """One API call as it came in, and how it was answered. `status` is 0 where no answer was given."""

    at: float
    method: str
    chat: Id | None
    parameters: Parameters
    status: int
    error: str = ""
    fault: Fault | None = None


@dataclass(frozen=True, slots=True)
class Violation:
    """Something a well-behaved client does not do: a limit or a rate not kept, a rule not followed."""

    at: float
    method: str
    chat: Id | None
    rule: str


@dataclass(frozen=True, slots=True)
class Incoming:
    """A call that is about to be answered."""

    method: str
    chat: Id | None
    parameters: Parameters


class FakeServer(OneLoop):
    """A server on 127.0.0.1 that plays a platform. Subclasses answer the calls."""

    platform = ""

    def __init__(self, *, clock: Clock | None = None) -> None:
        super().__init__()
        self.clock: Clock = clock or SystemClock()
        self.transcript = Transcript()
        self.violations: list[Violation] = []
        self.calls: list[Call] = []
        self.counters: Counter[str] = Counter()
        self._faults = FaultScript()
        self._runner: web.ServerRunner | None = None
        self._site: web.TCPSite | None = None
        self._port = 0
        self._stopping = asyncio.Event()
        self._released: set[Held] = set()

    # --- life

    async def start(self) -> None:
        """Listen on a free port of 127.0.0.1."""
        self.bind()
        self._stopping.clear()
        server = web.Server(self._receive, request_factory=_request, access_log=None)
        self._runner = web.ServerRunner(server, shutdown_timeout=1.0)
        await self._runner.setup()
        await self.come_back()

    async def stop(self) -> None:
        """Close every connection and stop listening."""
        self._stopping.set()
        self.changed()
        if self._runner is not None:
            await self._runner.cleanup()
        self._runner = self._site = None
        await self.unbind()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    @property
    def url(self) -> str:
        """The server's root, without a slash at its end."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def listening(self) -> bool:
        """Whether the bot is connected and would hear at once what happens."""
        raise NotImplementedError

    async def go_down(self) -> None:
        """Refuse connections and break those there are, as a dead network does."""
        await self.hop(self._close_port())

    async def come_back(self) -> None:
        """Listen again, on the same port."""
        await self.hop(self._open_port())

    async def _open_port(self) -> None:
        if self._runner is None:
            raise RuntimeError("the fake is not running")
        self._site = web.TCPSite(self._runner, "127.0.0.1", self._port, reuse_address=True)
        await self._site.start()
        self._port = self._runner.addresses[-1][1]

    async def _close_port(self) -> None:
        if self._site is None or self._runner is None or self._runner.server is None:
            raise RuntimeError("the fake is not listening")
        await self._site.stop()
        for connection in self._runner.server.connections:
            connection.force_close()

    # --- waiting

    async def wait_for(self, condition: Callable[[Transcript], R], *, within: float) -> R:
        """Wait until a condition on the transcript holds, and return what it returned. Raises DeadlineError."""
        return await self.hop(self._wait(condition, within))

    def wait(self, condition: Callable[[Transcript], R], *, within: float) -> R:
        """Wait as `wait_for` does, on a thread without an event loop."""
        if self._loop is None or not self.is_elsewhere:
            raise RuntimeError("wait() would block the fake's own loop: use wait_for()")
        return asyncio.run_coroutine_threadsafe(self._wait(condition, within), self._loop).result(within + HOP_SECONDS)

    async def quiet(self, *, seconds: float, within: float) -> None:
        """Wait until nothing has happened for some seconds. Raises DeadlineError."""
        await self.hop(self._still(seconds, within))

    async def _wait(self, condition: Callable[[Transcript], R], within: float) -> R:
        try:
            return await self.until(lambda: condition(self.transcript), within=within)
        except TimeoutError:
            raise DeadlineError(f"it did not happen within {within:g} s; {self._tail()}") from None

    async def _still(self, seconds: float, within: float) -> None:
        try:
            await self.until_still(seconds, within=within)
        except TimeoutError:
            raise DeadlineError(f"something happened all the time for {within:g} s; {self._tail()}") from None

    def _tail(self) -> str:
        records = [
            f"{record.action} {record.chat}#{record.message_id}: {record.text[:60]!r}"
            for record in self.transcript[-8:]
        ]
        calls = [f"{call.method}({call.chat}) {call.status} {call.error}".rstrip() for call in self.calls[-12:]]
        lines = ["the last records were", *records, "and the last calls", *calls]
        return "\n  ".join(lines)

    # --- faults, rules

    @scripted
    def fail(
        self,
        *,
        with_: Fault,
        method: str = "*",
        chat: Any = None,
        times: int | None = 1,
        after: int = 0,
        probability: float = 1.0,
        seed: int = 0,
        where: Callable[[Parameters], bool] | None = None,
    ) -> Rule:
        """Let calls go wrong.

        `method` may hold `*`; `chat` is one's id, or what stands for it; `times` is how often (None: always); `after`
        so many went well; with a `probability`, drawn from a `seed`; `where` the parameters meet a condition.
        """
        return self._faults.add(
            Rule(
                with_,
                method=method,
                chat=getattr(chat, "id", chat),
                times=times,
                after=after,
                probability=probability,
                random=Random(seed),
                where=where,
            )
        )

    @scripted
    def release(self, held: Held) -> None:
        """Let held calls go on, those that are waiting and those that come."""
        self._released.add(held)
        self.changed()

    @scripted
    def heal(self, rule: Rule | None = None) -> None:
        """Take one rule back, or all."""
        if rule is None:
            self._faults.clear()
        else:
            self._faults.remove(rule)

    def now(self) -> float:
        """The fake's time, in seconds since 1970."""
        return self.clock.now().timestamp()

    def violated(self, method: str, chat: Id | None, rule: str) -> None:
        """Note that a rule was not kept."""
        self.violations.append(Violation(self.now(), method, chat, rule))
        self.changed()

    # --- calls

    async def _receive(self, request: web.BaseRequest) -> web.StreamResponse:
        raise NotImplementedError

    def _refusal(self, fault: Fault) -> tuple[web.Response, str]:
        """Say a fault in the platform's words: the response, and its error."""
        raise NotImplementedError

    async def answer(
        self,
        request: web.BaseRequest,
        call: Incoming,
        perform: Callable[[], Awaitable[tuple[web.StreamResponse, str]]],
    ) -> web.StreamResponse:
        """Answer a call, or let happen to it what the script says; note it either way."""
        fault = self._faults.draw(call.method, call.chat, call.parameters)
        response: web.StreamResponse | None
        match fault:
            case None:
                response, error = await perform()
            case Slow(seconds=seconds):
                await self.clock.sleep(seconds)
                response, error = await perform()
            case Held():
                self.changed()
                await self.until(lambda: fault in self._released or self._stopping.is_set(), within=HELD_SECONDS)
                response, error = (None, "held to the end") if self._stopping.is_set() else await perform()
            case Reset():
                response, error = None, "reset"
            case AnswerLost():
                _, error = await perform()
                response = None
            case Hang(accepted=accepted):
                error = (await perform())[1] if accepted else "hang"
                self._note(call, None, error, fault)
                await self._stopping.wait()
                return self._broken(request)
            case Html(status=status, accepted=accepted):
                error = (await perform())[1] if accepted else f"HTML {status}"
                page = HTML_PAGE.format(f"{status} Bad Gateway")
                response = web.Response(status=status, text=page, content_type="text/html")
            case _:
                response, error = self._refusal(fault)
        self._note(call, response, error, fault)
        return self._broken(request) if response is None else response

    def _note(self, call: Incoming, response: web.StreamResponse | None, error: str, fault: Fault | None) -> None:
        status = 0 if response is None else response.status
        self.calls.append(Call(self.now(), call.method, call.chat, call.parameters, status, error, fault))
        self.counters[call.method] += 1
        self.counters[f"{call.method} {error}" if error else f"{call.method} ok"] += 1
        self.changed()

    def _broken(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.transport is not None:
            request.transport.abort()
        return web.Response()


def _request(*args: Any) -> web.BaseRequest:
    loop = asyncio.get_running_loop()
    return web.BaseRequest(*args, loop=loop, client_max_size=UPLOAD_LIMIT)  # type: ignore[misc]  # no loop among *args


@contextmanager
def running(fake: ServerT) -> Iterator[ServerT]:
    """Run a fake on an event loop in a thread of its own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name=f"fake {fake.platform}", daemon=True)
    thread.start()
    try:
        asyncio.run_coroutine_threadsafe(fake.start(), loop).result(HOP_SECONDS)
        try:
            yield fake
        finally:
            asyncio.run_coroutine_threadsafe(fake.stop(), loop).result(HOP_SECONDS)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
