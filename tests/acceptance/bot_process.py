"""The real `bot`, as a process of its own: started, asked, stopped, killed."""

from __future__ import annotations

import asyncio
import json
import os
import queue
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.adapters import parse_address
from bot.app import open_house
from bot.settings import Settings
from tests.acceptance.nursery import Child

START_SECONDS = 40.0
"""Deadline for a process to come up on a busy machine; it is not waited out."""


@dataclass(frozen=True)
class Done:
    """What a process left behind."""

    returncode: int
    stdout: str
    stderr: str


@dataclass
class Bot:
    """A bot's home: a folder with its database and its digests, and the settings its processes get."""

    home: Path
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def digests(self) -> Path:
        return self.home / "digests"

    def environment(self) -> dict[str, str]:
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("BOT_", "TELEGRAM_", "SLACK_"))
        }
        return kept | {
            "DATABASE_URL": f"sqlite:///{self.home / 'bot.db'}",
            "BOT_DIGESTS": str(self.digests),
            "BOT_WEB_PORT": "0",
            "BOT_LEASE": "2s",
            "BOT_POLL_SECONDS": "1",
            **self.settings,
        }

    def prepare(self, *addresses: str) -> None:
        """Read the digest and subscribe chats, as `bot ingest` and `bot subscribe` do, without a process for each."""
        asyncio.run(self._prepare(addresses))

    async def _prepare(self, addresses: Sequence[str]) -> None:
        settings = Settings(DATABASE_URL=f"sqlite:///{self.home / 'bot.db'}", BOT_DIGESTS=str(self.digests))
        async with open_house(settings) as house:
            await house.make_ingest().run()
            for address in map(parse_address, addresses):
                kind = await house.kind_of(address)
                await house.chats.subscribe(address, kind=kind, title="", now=house.clock.now())

    def command(self, *arguments: str, within: float = START_SECONDS) -> Done:
        """Run `bot …` to its end."""
        child = Child(arguments, home=self.home, environment=self.environment(), apart=True)
        assert child.error is not None
        with child.out, child.error, ThreadPoolExecutor(2) as readers:
            said = [readers.submit(stream.read) for stream in (child.out, child.error)]
            try:
                status = child.wait(within)
            finally:
                child.kill()
            return Done(status, *(text.result() for text in said))

    def ok(self, *arguments: str) -> str:
        """Run a command that must succeed; returns what it printed."""
        done = self.command(*arguments)
        assert done.returncode == 0, f"bot {' '.join(arguments)}: exit {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def json(self, *arguments: str) -> Any:
        """Run a command with --json; returns what it printed."""
        return json.loads(self.ok(*arguments, "--json"))

    def wait_for(self, condition: Callable[[], bool], *, within: float) -> None:
        """Ask the bot until a condition holds. Each question is a process: there is nothing to sleep for."""
        deadline = time.monotonic() + within
        while not condition():
            assert time.monotonic() < deadline, f"it did not happen within {within:g} s"

    @contextmanager
    def start(self, *arguments: str, settings: Mapping[str, str] | None = None) -> Iterator[Running]:
        """Start a process; it is killed at the end if it still runs."""
        environment = self.environment() | dict(settings or {})
        running = Running(Child(arguments, home=self.home, environment=environment))
        try:
            yield running
        finally:
            running.kill()

    @contextmanager
    def run(self) -> Iterator[Running]:
        """Start `bot run` and wait until it is up."""
        with self.start("run") as running:
            running.url = running.wait_for(r"web chat on (http://\S+)").group(1)
            yield running


class Running:
    """A process of the bot with its log."""

    def __init__(self, child: Child) -> None:
        self._child = child
        self._lines: queue.Queue[str | None] = queue.Queue()
        self.log: list[str] = []
        self.url = ""
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        with self._child.out as lines:
            for line in lines:
                self._lines.put(line.rstrip("\n"))
        self._lines.put(None)

    def wait_for(self, pattern: str, *, within: float = START_SECONDS) -> re.Match[str]:
        """Wait for a line of the log that a pattern matches. Fails at the deadline, or when the process has ended."""
        for line in self.log:
            if match := re.search(pattern, line):
                return match
        deadline = time.monotonic() + within
        while (left := deadline - time.monotonic()) > 0:
            try:
                line = self._lines.get(timeout=left)
            except queue.Empty:
                break
            if line is None:
                self._lines.put(None)
                break
            self.log.append(line)
            if match := re.search(pattern, line):
                return match
        raise AssertionError(f"no line like {pattern!r}; the log:\n" + "\n".join(self.log[-40:]))

    def stop(self, *, within: float = 20) -> int:
        """End it as an operator would; returns its exit status."""
        self._child.terminate()
        return self._end(within)

    def kill(self) -> None:
        """End it at once, wherever it is: SIGKILL."""
        if self._child.lives:
            self._child.kill()
        self._end(10)

    def finish(self, *, within: float = START_SECONDS) -> int:
        """Wait for its own end; returns its exit status."""
        return self._end(within)

    def _end(self, within: float) -> int:
        status = self._child.wait(within)
        while (line := self._lines.get(timeout=5)) is not None:
            self.log.append(line)
        self._lines.put(None)
        return status
