"""Workspaces and what Slack's library keeps of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from slack_sdk.oauth.installation_store.sqlalchemy import SQLAlchemyInstallationStore
from slack_sdk.oauth.state_store.sqlalchemy import SQLAlchemyOAuthStateStore
from sqlalchemy import MetaData, Table

from bot.model.chat import Managers
from bot.storage.engine import Database
from bot.storage.installations import slack_bots, slack_installations, slack_oauth_states
from bot.storage.workspaces import WorkspaceStore

NOW = datetime(2030, 1, 1, tzinfo=UTC)


def shape(table: Table) -> tuple[object, ...]:
    columns = [(column.name, column.nullable, column.primary_key) for column in table.columns]
    return table.name, columns, [(index.name, index.columns.keys()) for index in table.indexes]


def test_the_library_finds_the_tables_it_expects() -> None:
    """Ours have its names, columns and indexes, whatever version of the library is installed."""
    theirs = MetaData()
    expected = [
        SQLAlchemyInstallationStore.build_installations_table(theirs, slack_installations.name),
        SQLAlchemyInstallationStore.build_bots_table(theirs, slack_bots.name),
        SQLAlchemyOAuthStateStore.build_oauth_states_table(theirs, slack_oauth_states.name),
    ]
    ours = (slack_installations, slack_bots, slack_oauth_states)
    assert [shape(table) for table in ours] == [shape(table) for table in expected]


async def test_a_workspace_keeps_what_it_has_set(database: Database) -> None:
    """Met again under another title it is the same; what it set is its own, and members may manage at first."""
    store = WorkspaceStore(database)
    await store.meet("slack", "T1", team="T1", title="Lab")
    await store.meet("slack", "T2", team="T2", title="Other")
    await store.set_managers("slack", "T1", managers=Managers.ADMINS)
    await store.meet("slack", "T1", team="T1", title="The Lab")
    assert await store.managers("slack", "T1") is Managers.ADMINS
    assert await store.managers("slack", "T2") is Managers.MEMBERS
    assert await store.managers("slack", "T3") is Managers.MEMBERS
    assert (await store.name_of("slack", "T1"), await store.team_of("slack", "T2")) == ("T1", "T2")
    assert await store.name_of("slack", "T3") is None


async def test_one_name_goes_to_another_workspace(database: Database) -> None:
    """Where the token in the settings becomes another workspace's, the empty name goes with it; settings stay put."""
    store = WorkspaceStore(database)
    await store.meet("slack", "", team="T1", title="Test")
    await store.set_managers("slack", "", managers=Managers.ADMINS)
    await store.meet("slack", "", team="T2", title="Lab")
    assert (await store.team_of("slack", ""), await store.name_of("slack", "T1")) == ("T2", "T1")
    assert await store.managers("slack", "") is Managers.MEMBERS
    await store.meet("slack", "", team="T1", title="Test")
    assert (await store.team_of("slack", ""), await store.name_of("slack", "T2")) == ("T1", "T2")
    assert await store.managers("slack", "") is Managers.ADMINS


async def test_the_workspace_without_a_name_has_two_spellings(database: Database) -> None:
    """Its id means the same as no name, for whoever has met it and for a process that begins after that."""
    store, other = WorkspaceStore(database), WorkspaceStore(database)
    assert store.plain("slack", "T1") == "T1"
    await store.meet("slack", "", team="T1", title="Lab")
    await store.meet("slack", "T2", team="T2", title="Other")
    await other.recall_homes()
    for one in (store, other):
        assert [one.plain("slack", name) for name in ("", "T1", "T2")] == ["", "", "T2"]
        assert one.plain("other", "T1") == "T1"


async def test_one_process_at_a_time_renews(database: Database) -> None:
    """Whoever claims first has it, until it gives it back or its time is over."""
    store = WorkspaceStore(database)
    await store.meet("slack", "T1", team="T1", title="Lab")
    later = NOW + timedelta(minutes=2)
    assert await store.claim_renewal("slack", "T1", now=NOW, until=later)
    assert not await store.claim_renewal("slack", "T1", now=NOW, until=later)
    await store.end_renewal("slack", "T1")
    assert await store.claim_renewal("slack", "T1", now=NOW, until=later)
    assert await store.claim_renewal("slack", "T1", now=later, until=later + timedelta(minutes=2))
