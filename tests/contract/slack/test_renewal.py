"""Tokens that end are renewed in time, by one at a time, whoever needs them: answers, deliveries, another process."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from slack_sdk.oauth.installation_store.sqlalchemy import AsyncSQLAlchemyInstallationStore

from bot.adapters.interface import Adapter
from bot.model.chat import Address, User
from bot.model.delivery import Closed, Halt, Later, Scope, Sent
from bot.storage.engine import StorageError
from tests.contract.slack.browser import installable, installing
from tests.contract.slack.house import House, answers, payload, sending
from tests.fakes.faults import Hang, Refuse, Reset
from tests.fakes.slack import SlackFake, Workspace

HOUR = 3600.0


@pytest.fixture
async def other(slack: SlackFake, house: House) -> Workspace:
    """A workspace that has installed an app whose tokens end."""
    workspace = slack.workspace("Other", installed=False)
    async with installing(slack, house) as (_, browser):
        slack.sign_in(workspace, by=slack.user("Bea", team=workspace), rotating=True)
        assert (await browser.install()).status_code == 200
    slack.clock = house.clock  # from now on, time passes alike for both
    return workspace


@pytest.fixture
async def worker(slack: SlackFake, house: House, other: Workspace) -> AsyncIterator[Adapter]:
    """An adapter that sends alone."""
    async with sending(slack, house, **installable(slack)) as adapter:
        yield adapter


def renewals(slack: SlackFake) -> int:
    """How many tokens were exchanged, beside the first."""
    return slack.counters["oauth.v2.access ok"] - 1


def address(slack: SlackFake, other: Workspace) -> Address:
    return Address("slack", slack.channel(team=other).id, workspace=other.id)


async def test_a_token_is_renewed_before_it_ends(
    slack: SlackFake, house: House, other: Workspace, worker: Adapter
) -> None:
    """A fresh one is left alone; two hours before its end it is exchanged, once, by whoever calls first."""
    chat = address(slack, other)
    assert isinstance(await worker.send(chat, payload(), "part-1"), Sent)
    assert renewals(slack) == 0
    await house.clock.sleep(10.5 * HOUR)
    outcomes = await asyncio.gather(*(worker.send(address(slack, other), payload(), f"part-{n}") for n in range(8)))
    assert all(isinstance(outcome, Sent) for outcome in outcomes)
    assert renewals(slack) == 1
    assert slack.counters["chat.postMessage token_expired"] == 0
    assert slack.violations == []


async def test_an_ended_token_is_renewed_and_the_call_made_again(
    slack: SlackFake, other: Workspace, worker: Adapter
) -> None:
    """Where Slack says that it has ended, whatever the clock says, the message goes out with the next one, once."""
    slack.expire(other)
    chat = address(slack, other)
    assert isinstance(await worker.send(chat, payload(), "part-1"), Sent)
    assert (slack.counters["chat.postMessage token_expired"], renewals(slack)) == (1, 1)
    assert len(list(slack.transcript.of(chat.chat))) == 1


async def test_renewed_tokens_outlive_the_process_and_the_next_one(
    slack: SlackFake, house: House, other: Workspace, database_file: Path
) -> None:
    """Each renewal is stored before it is used, in place of the one before: three days later all goes on."""
    for day in range(6):
        await house.clock.sleep(11 * HOUR)
        async with sending(slack, house, **installable(slack)) as worker:
            assert isinstance(await worker.send(address(slack, other), payload(), f"part-{day}"), Sent)
    assert renewals(slack) == 6
    with sqlite3.connect(database_file) as connection:
        counts = [
            connection.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in ("slack_installations", "slack_bots")
        ]
        assert connection.execute("SELECT renewing_until FROM workspaces").fetchall() == [(None,)]
    connection.close()
    assert counts == [1, 1]


async def test_two_processes_exchange_a_token_once(
    slack: SlackFake, house: House, other: Workspace, database_file: Path
) -> None:
    """What it is exchanged with counts once: the second process waits for the first, and takes what that got."""
    soon = datetime.now(UTC) + timedelta(hours=1)
    with sqlite3.connect(database_file) as connection:
        connection.execute("UPDATE slack_installations SET bot_token_expires_at = ?", (f"{soon:%Y-%m-%d %H:%M:%S.%f}",))
    connection.close()
    async with (
        sending(slack, house, **installable(slack)) as one,
        sending(slack, house, **installable(slack)) as two,
    ):
        sends = [adapter.send(address(slack, other), payload(), "part") for adapter in (one, two)]
        outcomes = await asyncio.gather(*sends)
    assert [type(outcome) for outcome in outcomes] == [Sent, Sent]
    assert renewals(slack) == 1
    assert slack.counters["oauth.v2.access invalid_refresh_token"] == 0


async def test_a_new_token_is_kept_whatever_the_database_says(
    slack: SlackFake, house: House, other: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The old one is worth nothing any more: the call waits until the new one is stored, and then is made."""
    await house.clock.sleep(11 * HOUR)
    keep, failures = AsyncSQLAlchemyInstallationStore.async_save, iter(range(3))

    async def fail(*arguments: object) -> None:
        if next(failures, None) is not None:
            raise StorageError("the disk is full")
        await keep(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(AsyncSQLAlchemyInstallationStore, "async_save", fail)
    async with sending(slack, house, **installable(slack)) as worker:
        assert isinstance(await worker.send(address(slack, other), payload(), "part"), Sent)
    async with sending(slack, house, **installable(slack)) as worker:
        assert worker.health() == ""
        assert isinstance(await worker.send(address(slack, other), payload(), "part"), Sent)
    assert slack.counters["oauth.v2.access invalid_refresh_token"] == 0


async def test_readers_are_answered_after_a_night(slack: SlackFake, house: House, other: Workspace) -> None:
    """A question that comes when the token has ended is answered like any other."""
    bea = next(user for user in other.users.values() if user.name == "Bea")
    channel = slack.channel(team=other, members=[bea])
    async with installing(slack, house):
        await house.clock.sleep(13 * HOUR)
        slack.say(channel, bea, f"{slack.mention(other)} nerf")
        assert (await answers(slack, channel))[0].text == "|nerf"


@pytest.mark.parametrize("fault", [Reset(), Refuse("internal_error"), Hang(accepted=False)])
async def test_a_failed_renewal_costs_nothing_while_the_token_lasts(
    slack: SlackFake, other: Workspace, worker: Adapter, fault: object, caplog: pytest.LogCaptureFixture
) -> None:
    """Slack may be away for a while: messages go out with the old token, and it is tried again a little later."""
    chat = address(slack, other)
    assert isinstance(await worker.send(chat, payload(), "part-0"), Sent)
    clock = worker._services.clock
    caller = worker._workspaces._open[other.id].client._keeper._rotator.client
    caller.session, caller.timeout = None, 0.2  # with a session of its own, the library minds no time-out
    await clock.sleep(10.5 * HOUR)
    slack.fail(with_=fault, method="oauth.v2.access")
    with caplog.at_level(logging.WARNING):
        assert isinstance(await worker.send(chat, payload(), "part-1"), Sent)
        assert isinstance(await worker.send(chat, payload(), "part-2"), Sent)
    assert renewals(slack) == 0
    assert caplog.text.count("could not be renewed") == 1
    await clock.sleep(360)
    assert isinstance(await worker.send(chat, payload(), "part-3"), Sent)
    assert renewals(slack) == 1


async def test_an_ended_token_that_cannot_be_renewed_waits_or_closes(
    slack: SlackFake, house: House, other: Workspace, worker: Adapter
) -> None:
    """What was not sent is certainly not sent: a broken line means later; a worthless refresh token closes."""
    chat = address(slack, other)
    await house.clock.sleep(13 * HOUR)
    slack.fail(with_=Reset(), method="oauth.v2.access")
    outcome = await worker.send(chat, payload(), "part-1")
    assert isinstance(outcome, Later)
    assert outcome.scope is Scope.WORKSPACE
    slack.fail(with_=Refuse("bad_client_secret"), method="oauth.v2.access")
    assert await worker.send(chat, payload(), "part-1") == Halt("bad_client_secret", Scope.WORKSPACE)
    other.refresh_token = "another"
    assert await worker.send(chat, payload(), "part-1") == Closed("invalid_refresh_token", Scope.WORKSPACE)
    assert list(slack.transcript.of(chat.chat)) == []
    assert not await worker.administers(chat, User(f"slack:{other.id}/U1"))
