"""Finding something, from a question to what lies behind its answer: real process, real libraries, platforms played."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from tests.acceptance.bot_process import Bot
from tests.fakes.slack import Channel, SlackFake, User, View
from tests.fakes.telegram import TelegramFake
from tests.fakes.transcript import Record

WITHIN = 60.0

DOUBTFUL = "\n\n".join(
    ["---\nnumber: 13\ntitle: Lenses\ndate: 2022-06-01\n---\n\n## Papers"]
    + [f"### Calibration, part {number}\n\nA lens a day." for number in range(1, 11)]
    + ["### On calibraton\n\nSomebody was in a hurry."]
)
"""An issue that says a word ten times, and misspells it once: the misspelt one is found, and doubted."""


class Reader(Protocol):
    """Somebody in a chat."""

    def ask(self, words: str) -> str:
        """Give a command and return what the bot says."""
        ...

    def turn(self, label: str) -> str:
        """Press a button below the last answer and return what takes its place."""
        ...

    def open(self, label: str) -> str:
        """Press a button below what was said or opened last and return what it opens."""
        ...


def find_one_thing_and_another(reader: Reader) -> None:
    """Search, turn the page, sort, open, look for the like; be asked what was meant; look at a topic and another."""
    first = reader.ask("search nerf")
    assert "“nerf”" in first
    assert "1. " in first
    assert "6. " in reader.turn("Next ▶")
    back = reader.turn("◀ Previous")
    assert back == first
    newest = reader.turn("Newest first")
    issues = [int(number) for number in re.findall(r"[Ii]ssue (\d+) ·", newest)]
    assert issues == sorted(issues, reverse=True)
    assert reader.turn("Best first") == first

    title = next(line for line in first.splitlines() if line.startswith("2. ")).removeprefix("2. ")
    assert title in reader.open("2")
    like = reader.open("More like this")
    assert like.startswith("More like")
    assert "1. " in like

    assert "On calibraton" in reader.ask("search calibraton")
    meant = reader.turn("Did you mean “calibration”?")
    assert "entries for “calibration”" in meant
    assert "Calibration, part" in meant

    topic = reader.ask("nerf")
    assert "NeRF and neural fields" in topic
    assert re.search(r"2022: \d", topic)
    assert reader.open("Rendering").startswith("Rendering")

    nothing = reader.ask("search zzzyzx")
    assert "Nothing found" in nothing
    assert "author:" in nothing


@dataclass
class OnTelegram:
    """A private chat on Telegram."""

    fake: TelegramFake
    name: str = "Ada"

    def __post_init__(self) -> None:
        self._ada = self.fake.user(self.name)
        self._chat = self.fake.private(self._ada)
        self._last: Record | None = None

    def ask(self, words: str) -> str:
        return self._see(lambda: self.fake.say(self._chat, self._ada, f"/{words}"), edited=False)

    def turn(self, label: str) -> str:
        return self._see(lambda: self._press(label), edited=True)

    def open(self, label: str) -> str:
        return self._see(lambda: self._press(label), edited=False)

    def _press(self, label: str) -> None:
        assert self._last is not None
        self.fake.press(self._last, self._last.button(label), by=self._ada)

    def _see(self, act: Callable[[], object], *, edited: bool) -> str:
        before = len(self.fake.transcript)
        act()

        def shown(_: object) -> Record | None:
            new = self.fake.transcript[before:].of(self._chat.id).from_bot
            return next(iter(new.edited if edited else new.sent), None)

        self._last = self.fake.wait(shown, within=WITHIN)
        assert self._last is not None
        return self._last.text


@dataclass
class OnSlack:
    """A slash command in a channel of Slack, and the modals that open over it."""

    fake: SlackFake
    ada: User
    channel: Channel

    def __post_init__(self) -> None:
        self._last: Record | View | None = None

    def ask(self, words: str) -> str:
        return self._see(lambda: self.fake.command(self.channel, self.ada, f"/digest {words}"))

    def turn(self, label: str) -> str:
        return self._see(lambda: self._press(label))

    def open(self, label: str) -> str:
        assert self._last is not None
        before = self.fake.view_of(self.ada)
        shown = len(self.fake.screens)
        self._press(label)

        def opened(_: object) -> View | None:
            view = self.fake.view_of(self.ada)
            return view if view is not None and view is not before and len(self.fake.screens) > shown else None

        view = self.fake.wait(opened, within=WITHIN)
        assert view is not None
        self._last = view
        return str(self.fake.screens.of(view.id)[-1].text)

    def _press(self, label: str) -> None:
        assert self._last is not None
        self.fake.press(self._last, label, by=self.ada)

    def _see(self, act: Callable[[], object]) -> str:
        before = len(self.fake.transcript)
        act()
        self._last = self.fake.wait(
            lambda _: next(iter(self.fake.transcript[before:].of(self.channel.id).from_bot), None), within=WITHIN
        )
        assert isinstance(self._last, Record)
        return self._last.text


def test_on_telegram(bot: Bot, telegram: TelegramFake) -> None:
    """In a private chat, pages turn in place and what is opened comes below."""
    (bot.digests / "013.md").write_text(DOUBTFUL, encoding="utf-8")
    with bot.run() as running:
        running.wait_for("telegram is connected")
        find_one_thing_and_another(OnTelegram(telegram))
        assert running.stop() == 0


def test_on_slack(bot: Bot, slack: SlackFake) -> None:
    """In a channel, for the asker alone; what is opened lies over it."""
    (bot.digests / "013.md").write_text(DOUBTFUL, encoding="utf-8")
    ada = slack.user("Ada")
    channel = slack.channel("papers", members=[ada])
    with bot.run() as running:
        running.wait_for("line is open")
        find_one_thing_and_another(OnSlack(slack, ada, channel))
        assert running.stop() == 0
