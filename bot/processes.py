"""Processes that share a database: how they are named there, and whether one that is named there still runs."""

from __future__ import annotations

import os
import secrets
import socket

_HOST_LENGTH = 16


def name_process() -> str:
    """Name this process: readable in the database, and never the same twice."""
    return f"{_host()}.{os.getpid()}.{secrets.token_hex(3)}"


def is_running(name: str) -> bool:
    """Tell whether another process, by its name, still runs on this machine.

    Of one on another machine nothing is known, and it counts as gone; so does every one where the system cannot be
    asked. One that had this process's own number was there before, as in a container that was started again.
    """
    rest, _, _ = name.rpartition(".")
    host, _, number = rest.rpartition(".")
    if host != _host() or not number.isdecimal() or int(number) == os.getpid() or os.name != "posix":
        return False
    try:
        os.kill(int(number), 0)  # asks, and does nothing
    except PermissionError:  # another user's
        return True
    except (ProcessLookupError, OverflowError):
        return False
    return True


def _host() -> str:
    return socket.gethostname()[:_HOST_LENGTH]
