"""Where in a chat a part goes: a pure decision.

A section has a thread of its own where the chat gave it one; elsewhere it stands below the issue's header, where the
platform has threads and the chat wants them; else where the chat is subscribed.
"""

from __future__ import annotations

from bot.model.delivery import Stop


def place(stop: Stop, *, has_threads: bool) -> str | None:
    """Return the thread a part goes to, "" for none; None where it has to wait until its header is settled.

    A thread that was found shut is left out: its section goes where it would without. A header that does not stand
    leads nothing, and its sections stand where it would have.
    """
    own = stop.chat.thread
    if stop.position == 0:
        return own
    mapped = stop.routing.thread_of(stop.section) if stop.section else None
    if mapped is not None and mapped not in stop.shut:
        return mapped
    if not (has_threads and stop.routing.threaded):
        return own
    if stop.lead is None:
        return None
    return stop.lead if stop.lead and stop.lead not in stop.shut else own
