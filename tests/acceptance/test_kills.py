"""SIGKILL at every step of a delivery, in every kind of chat at once: in the end each part stands once, in order.

A step is made to last by the platforms, which hold the calls of that step, or by whoever else writes into the database.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Any

import pytest

from tests.acceptance.bot_process import Bot, Running
from tests.fakes.faults import AnswerLost, Fault, Hang, Held, Html, Reset, TooMany
from tests.fakes.slack import SlackFake
from tests.fakes.telegram import TelegramFake
from tests.fakes.transcript import Id

WITHIN = 60.0
NUMBER = 20
SECTIONS = ("Meshes", "Radiance fields", "Slam")
ISSUE = f"""---
number: {NUMBER}
title: What stands once
date: 2022-09-05..2022-09-18
---
""" + "".join(f"\n### {title}\n\n#### About {title.lower()}\n\nWords on {title.lower()}.\n" for title in SECTIONS)
PARTS = ("What stands once", *(f"Words on {title.lower()}" for title in SECTIONS))
CONNECTS = {"telegram": ("getMe",), "slack": ()}  # Telegram is the last to be connected
SENDS = {"telegram": ("send[MPADV]*",), "slack": ("chat.postMessage",)}
LOOKS = {
    "telegram": ("editMessage*", "stopMessageLiveLocation"),
    "slack": ("conversations.history", "conversations.replies"),
}
TIDIES = {"telegram": ("deleteMessage",), "slack": ()}
PROBE = "\u2026\u2060\u2026"
Fake = TelegramFake | SlackFake


@dataclass(frozen=True)
class Place:
    """Where an issue goes, and the fake that plays it."""

    fake: Fake
    chat: Id
    thread: Id | None = None

    @property
    def address(self) -> str:
        return f"{self.fake.platform}:{self.chat}" + (f"/{self.thread}" if self.thread else "")

    @property
    def texts(self) -> list[str]:
        """What stands there of the bot's."""
        return self.fake.transcript.standing(self.chat, self.thread).from_bot.texts


@dataclass
class Stage:
    """The bot, its chats of every kind, and what holds it up."""

    bot: Bot
    telegram: TelegramFake
    slack: SlackFake
    places: list[Place] = field(default_factory=list)

    @property
    def fakes(self) -> tuple[Fake, Fake]:
        return self.telegram, self.slack

    @contextmanager
    def holding(
        self, methods: Mapping[str, Sequence[str]], fault: Fault | None = None, *, of: str = ""
    ) -> Iterator[Steps]:
        """Let every call of some methods wait, or let something else befall it; `of` names a part."""
        steps = Steps(self, fault or Held(), of)
        for fake in self.fakes:
            for method in methods[fake.platform]:
                steps.watch(fake, method)
        try:
            yield steps
        finally:
            for fake in self.fakes:
                fake.heal()  # what is held stays so: the server never took it

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Write into the bot's database, for as long as the block takes: nobody else can."""
        connection = sqlite3.connect(self.bot.home / "bot.db", isolation_level=None, timeout=WITHIN)
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            connection.execute("ROLLBACK")
            connection.close()

    @contextmanager
    def posting(self) -> Iterator[Running]:
        """Run `bot post`, and kill it at the end."""
        with self.bot.start("post", "--issue", str(NUMBER)) as running:
            yield running
            running.kill()

    def standing(self) -> dict[str, list[str]]:
        return {place.address: place.texts for place in self.places}


@dataclass
class Steps:
    """Calls that are held, and the chats that they are about."""

    stage: Stage
    fault: Fault
    of: str = ""
    seen: set[str] = field(default_factory=set)

    def watch(self, fake: Fake, method: str) -> None:
        def note(parameters: Mapping[str, Any]) -> bool:
            if self.of not in " ".join(map(str, parameters.values())):
                return False
            self.seen.add(_chat_of(fake, parameters))
            return True

        fake.fail(with_=self.fault, method=method, times=None, where=note)

    def wait_for(self, *places: Place, unless: Steps | None = None) -> None:
        """Wait until a call has come for each of these places, or for some of them a call of other steps instead."""
        for place in places:
            wanted = {f"{place.fake.platform}:{place.chat}", place.fake.platform}
            others = unless.seen if unless else set()
            place.fake.wait(lambda _, wanted=wanted, others=others: wanted & (self.seen | others), within=WITHIN)
        assert self.seen

    def go_on(self) -> None:
        """Let the held calls be carried out."""
        assert isinstance(self.fault, Held)
        for fake in self.stage.fakes:
            fake.release(self.fault)


def _chat_of(fake: Fake, parameters: Mapping[str, Any]) -> str:
    chat = parameters.get("chat_id") or parameters.get("channel")
    return f"{fake.platform}:{chat}" if chat else fake.platform


@pytest.fixture
def stage(bot: Bot, telegram: TelegramFake, slack: SlackFake) -> Stage:
    """A chat of every kind, subscribed; quick leases; the platforms' pace in each chat."""
    (bot.digests / f"{NUMBER:03}.md").write_text(ISSUE, encoding="utf-8")
    bot.settings |= {"BOT_LEASE": "1s", "BOT_LIMITS": "telegram.all=300/1s, slack.all=50/1s"}
    ada = telegram.user("Ada")
    forum = telegram.supergroup("Forum", members=[ada], forum=True)
    plain = telegram.channel("Plain")
    plain.may_edit_others = False
    sam = slack.user("Sam")
    stage = Stage(bot, telegram, slack)
    stage.places = [
        Place(telegram, telegram.private(ada).id),
        Place(telegram, telegram.group("Small", members=[ada]).id),
        Place(telegram, telegram.supergroup("Lab", members=[ada]).id),
        Place(telegram, telegram.channel("Digest").id),
        Place(telegram, plain.id),
        Place(telegram, forum.id, telegram.topic(forum, "papers", by=ada)),
        Place(slack, slack.channel("papers", members=[sam], bot=True).id),
        Place(slack, slack.direct(sam).id),
    ]
    bot.prepare(*(place.address for place in stage.places))
    return stage


def assert_once(stage: Stage) -> None:
    """Each part stands once in each chat, in order, and nothing else of the bot's does."""
    for address, texts in stage.standing().items():
        assert len(texts) == len(PARTS), (address, texts)
        for text, part in zip(texts, PARTS, strict=True):
            assert part in text, (address, texts)


def finish(stage: Stage) -> None:
    done = stage.bot.command("post", "--issue", str(NUMBER), within=120)
    assert done.returncode == 0, done.stdout + done.stderr


def arrived(stage: Stage, parts: int) -> None:
    """Wait until so many parts stand in every chat."""
    for place in stage.places:
        place.fake.wait(lambda _, place=place: len(place.texts) >= parts, within=WITHIN)


@pytest.mark.timeout(400)
def test_killed_at_every_step(stage: Stage) -> None:
    """Before the mark and behind it, behind the call, before the record and behind it, and during a search."""
    with stage.holding(CONNECTS) as steps, stage.posting() as running:
        steps.wait_for(stage.places[0])  # it is planned, and about to connect
        with stage.locked():
            steps.go_on()
            stage.telegram.wait(lambda _: stage.telegram.counters["getMe ok"], within=WITHIN)
            running.kill()
    assert not any(stage.standing().values())

    with stage.holding(SENDS) as steps, stage.posting():
        steps.wait_for(*stage.places)  # marked, and not accepted
    assert not any(stage.standing().values())

    with stage.holding(SENDS, Hang(accepted=True), of=PARTS[0]) as steps, stage.posting():
        steps.wait_for(*stage.places)  # accepted, and not answered

    # Looked for, where nobody knows yet how far these chats have come: asked, told, and message by message.
    # In one whose part was sent a second after it was last asked, it is known, and looked for at once.
    alone = stage.places[2:6]  # chats that number their messages for themselves
    with (
        stage.holding(LOOKS) as looks,
        stage.holding(SENDS, Hang(accepted=True), of=PROBE) as steps,
        stage.posting(),
    ):
        steps.wait_for(*alone, unless=looks)
    with stage.holding(LOOKS) as looks, stage.holding(TIDIES) as steps, stage.posting():
        steps.wait_for(*alone, unless=looks)
    with stage.holding(LOOKS) as steps, stage.posting():
        steps.wait_for(*stage.places)

    with stage.holding(SENDS, of=PARTS[1]) as steps, stage.posting() as running:
        steps.wait_for(*stage.places)
        with stage.locked():
            steps.go_on()
            arrived(stage, 2)  # answered, and not recorded
            running.kill()

    with stage.holding(SENDS, of=PARTS[2]) as steps, stage.posting():
        steps.wait_for(*stage.places[1:6])  # recorded; where a second is waited between two, the next is not marked

    with stage.holding(SENDS, of=PARTS[3]) as steps, stage.posting() as running:
        steps.wait_for(*stage.places)
        with stage.locked():
            steps.go_on()
            arrived(stage, 4)  # the last is answered, and nothing says that all is done
            running.kill()

    finish(stage)
    assert_once(stage)
    assert all(report["status"] == "sent" for report in stage.bot.json("deliveries", "--issue", str(NUMBER)))
    finish(stage)
    assert_once(stage)


FAULTS: Sequence[tuple[Fault, float]] = (
    (AnswerLost(), 0.05),
    (Reset(), 0.05),
    (Html(502), 0.03),
    (Html(502, accepted=True), 0.02),
    (TooMany(1), 0.03),
)
SHARE_OF_LOOKS = 0.2
"""How much rarer a fault is while something is looked for: that is many calls, and one that fails begins them anew."""


@pytest.mark.timeout(400)
def test_killed_at_random_among_faults(stage: Stage) -> None:
    """Answers lost behind acceptance, connections broken before it, pages of a proxy, throttling, and SIGKILL."""
    dice = Random(20)
    for fake in stage.fakes:
        for methods, share in ((SENDS, 1), (LOOKS, SHARE_OF_LOOKS), (TIDIES, 1)):
            for method in methods[fake.platform]:
                for fault, probability in FAULTS:
                    fake.fail(
                        with_=fault,
                        method=method,
                        times=None,
                        probability=probability * share,
                        seed=dice.getrandbits(32),
                    )
    for _ in range(3):
        enough = len(stage.telegram.calls) + dice.randint(4, 40)
        with stage.posting():
            stage.telegram.wait(lambda _, enough=enough: len(stage.telegram.calls) >= enough, within=WITHIN)
    finish(stage)
    assert_once(stage)
    finish(stage)
    assert_once(stage)
