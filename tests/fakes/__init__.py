"""Platforms played at the protocol: servers on 127.0.0.1 that the real libraries reach by base URL alone.

They enforce the platforms' limits and rates, keep a transcript of what stands in every chat, and fail on request.
`TelegramFake` is in `tests.fakes.telegram`, `SlackFake` in `tests.fakes.slack`, the faults in `tests.fakes.faults`;
`tests.fakes.transcripts` draws a transcript as the apps would show it.

    async with TelegramFake() as fake: ...      # on the running event loop
    with running(TelegramFake()) as fake: ...   # on an event loop in a thread of its own, beside a real process
"""

from tests.fakes.clock import HandClock
from tests.fakes.server import DeadlineError, FakeServer, running
from tests.fakes.transcript import Action, Button, Record, Transcript

__all__ = ["Action", "Button", "DeadlineError", "FakeServer", "HandClock", "Record", "Transcript", "running"]
