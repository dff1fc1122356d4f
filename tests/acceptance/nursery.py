"""Where the bot's processes come from: forked, each, from one that has imported everything already and done nothing.

Such a process lives and dies like one from a shell, but for the second or two that reading the code takes; that the
`bot` command itself starts is shown in tests/unit/test_cli.py.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Mapping, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TextIO

from bot.cli import main

_NURSERY = multiprocessing.get_context("forkserver")
_NURSERY.set_forkserver_preload(
    ["tests.acceptance.nursery", "bot.service", "bot.adapters.telegram.adapter", "bot.adapters.slack.adapter"]
)


class Child:
    """A process that runs `bot …`; what it prints is read from `out` and `error`, or all of it from `out`."""

    def __init__(
        self, arguments: Sequence[str], *, home: Path, environment: Mapping[str, str], apart: bool = False
    ) -> None:
        self.out, out = _open_stream()
        self.error, error = _open_stream() if apart else (None, out)
        self._process = _NURSERY.Process(
            target=_live, args=(tuple(arguments), home, dict(environment), out, error), daemon=True
        )
        self._process.start()
        for end in {out, error}:
            end.close()

    @property
    def lives(self) -> bool:
        return self._process.is_alive()

    def terminate(self) -> None:
        """Ask it to end: SIGTERM."""
        self._process.terminate()

    def kill(self) -> None:
        """End it: SIGKILL."""
        self._process.kill()

    def wait(self, seconds: float) -> int:
        """Wait for its end; returns its exit status. Raises TimeoutError."""
        self._process.join(seconds)
        if self._process.exitcode is None:
            raise TimeoutError(f"the process did not end within {seconds:g} s")
        return self._process.exitcode


def _open_stream() -> tuple[TextIO, Connection]:
    """Return both ends of a pipe: one to read text from, and one to send to a process."""
    reader, writer = _NURSERY.Pipe(duplex=False)
    with reader:
        return os.fdopen(os.dup(reader.fileno()), encoding="utf-8"), writer


def _live(
    arguments: Sequence[str], home: Path, environment: Mapping[str, str], out: Connection, error: Connection
) -> None:
    """Be `bot …`, in a folder and an environment of one's own."""
    os.setsid()
    os.chdir(home)
    os.environ.clear()
    os.environ.update(environment)
    for stream, end in ((sys.stdout, out), (sys.stderr, error)):
        os.dup2(end.fileno(), stream.fileno())
        stream.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    sys.argv = ["bot", *arguments]
    main()
