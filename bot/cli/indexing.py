"""The search index, brought up to date before a command uses it; where that takes long, it is told how far it is."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack

from bot.app import House
from bot.cli.output import make_console, many, print_error
from bot.storage.search import ISSUES_AT_ONCE


async def bring_up_to_date(house: House) -> None:
    """Index anew what another version of the bot, or with other topics, has indexed; standard error tells how far."""
    with ExitStack() as stack:
        await house.index.ensure_current(_Telling(stack))


class _Telling:
    """Shows a bar on a terminal, says a line elsewhere; neither where one transaction does it all."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self._update: Callable[[int], None] | None = None

    def __call__(self, done: int, total: int) -> None:
        if total > ISSUES_AT_ONCE:
            self._update = self._update or self._begin(total)
            self._update(done)

    def _begin(self, total: int) -> Callable[[int], None]:
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn  # noqa: PLC0415 - slow

        console = make_console(stderr=True)
        if not console.is_terminal:
            print_error(f"building the search index of {many(total, 'issue')} anew")
            return lambda _done: None
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("issues"))
        progress = self._stack.enter_context(Progress(*columns, console=console, transient=True))
        bar = progress.add_task("building the search index anew", total=total)
        return lambda done: progress.update(bar, completed=done)
