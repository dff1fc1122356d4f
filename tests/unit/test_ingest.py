"""Reading the sources into the storage: identities, numbers, and files that cannot be read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from bot import ingest as ingest_module
from bot.ingest import FileChange, Ingest, IngestReport
from bot.model.digest import Entry
from bot.parsing import READER_VERSION
from bot.settings import Settings
from bot.storage.engine import Database
from bot.storage.issues import IssueStore, match_identities
from bot.storage.tables import source_files, sources
from tests.fakes.clock import HandClock

ISSUE = """### Results

#### Alpha

[Ada](https://twitter.com/ada)

The first text.

reference: https://twitter.com/ada/status/1

#### Beta

The second text.

#### Gamma

The third text.
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "digests"
    folder.mkdir()
    return folder


@pytest.fixture
def issues(database: Database) -> IssueStore:
    return IssueStore(database)


@pytest.fixture
def ingest(database: Database, issues: IssueStore, folder: Path) -> Ingest:
    settings = Settings(_env_file=None, BOT_DIGESTS=str(folder))
    return Ingest(
        database, issues, settings=settings, clock=HandClock(), publish_at=lambda now: now + timedelta(hours=1)
    )


def changes(report: IngestReport) -> dict[str, FileChange]:
    return {file.name: file.change for file in report.files}


async def identities(issues: IssueStore, number: int) -> dict[str, int]:
    issue = await issues.get_issue(number)
    assert issue is not None
    return {entry.title: entry.id for entry in issue.entries}


async def test_an_edited_file_updates_its_issue_in_place(ingest: Ingest, issues: IssueStore, folder: Path) -> None:
    """Entries keep their identity through edits, moves and new neighbours; by source address even with a new title."""
    (folder / "001.md").write_text(ISSUE)
    assert changes(await ingest.run()) == {"001.md": FileChange.NEW}
    before = await identities(issues, 1)
    edited = ISSUE.replace("#### Alpha", "#### Alpha, renamed").replace(
        "#### Gamma", "#### Delta\n\nA new one.\n\n#### Gamma"
    )
    (folder / "001.md").write_text(edited.replace("The second text.", "The second text, mended."))
    assert changes(await ingest.run()) == {"001.md": FileChange.CHANGED}
    after = await identities(issues, 1)
    assert after["Alpha, renamed"] == before["Alpha"]
    assert (after["Beta"], after["Gamma"]) == (before["Beta"], before["Gamma"])
    assert after["Delta"] not in before.values()
    assert changes(await ingest.run()) == {"001.md": FileChange.UNCHANGED}


async def test_no_entry_is_given_the_id_of_one_that_is_gone(ingest: Ingest, issues: IssueStore, folder: Path) -> None:
    """A button below an old message opens what it meant, or nothing."""
    (folder / "001.md").write_text(ISSUE)
    await ingest.run()
    before = await identities(issues, 1)
    last = max(before, key=before.__getitem__)
    (folder / "001.md").write_text(ISSUE.replace(f"#### {last}", "#### Another, with words of its own"))
    await ingest.run()
    (folder / "002.md").write_text(ISSUE)
    await ingest.run()
    given = [*(await identities(issues, 1)).values(), *(await identities(issues, 2)).values()]
    assert len(set(given)) == len(given)
    assert before[last] not in given


async def test_a_vanished_file_leaves_its_issue_and_says_so_once(
    ingest: Ingest, issues: IssueStore, folder: Path
) -> None:
    """Nothing stored goes away with its file; when the file comes back, it is the same issue."""
    (folder / "001.md").write_text(ISSUE)
    await ingest.run()
    (folder / "001.md").unlink()
    assert changes(await ingest.run()) == {"001.md": FileChange.GONE}
    assert changes(await ingest.run()) == {}
    assert await issues.get_issue(1) is not None
    (folder / "001.md").write_text(ISSUE)
    assert changes(await ingest.run()) == {"001.md": FileChange.UNCHANGED}


async def test_dated_files_are_numbered_in_the_order_of_their_dates_and_keep_their_numbers(
    ingest: Ingest, issues: IssueStore, folder: Path
) -> None:
    """A number once given never changes, even when an older issue comes later."""
    (folder / "20210919-20211003.md").write_text(ISSUE)
    (folder / "20210808-20210821").mkdir()
    (folder / "20210808-20210821" / "README.md").write_text(ISSUE)
    (folder / "README.md").write_text("# All issues\n\n- [one](20210919-20211003.md)\n")
    await ingest.run()
    assert [(s.number, str(s.starts_on)) for s in await issues.list_issues()] == [(2, "2021-09-19"), (1, "2021-08-08")]
    (folder / "20210101-20210114.md").write_text(ISSUE)
    await ingest.run()
    assert [s.number for s in await issues.list_issues()] == [3, 2, 1]
    assert {s.number: str(s.starts_on) for s in await issues.list_issues()}[3] == "2021-01-01"


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe\x00rubbish", b"\x00" * 99, "Grüße".encode("latin-1"), b"x" * 50_000_000, b"- " * 10_000],
    ids=["empty", "utf-16", "binary", "latin-1", "50 MB", "10,000 nested lists"],
)
async def test_a_file_that_cannot_be_read_is_named_and_the_rest_goes_on(
    ingest: Ingest, issues: IssueStore, folder: Path, content: bytes
) -> None:
    """One clear line names the file and the reason, and the other files are stored."""
    (folder / "001.md").write_text(ISSUE)
    (folder / "002.md").write_bytes(content)
    report = await ingest.run()
    bad = next(file for file in report.files if file.name == "002.md")
    if bad.change is FileChange.UNREADABLE:
        assert bad.describe().startswith(f"{folder}/002.md: ")
        assert "\n" not in bad.describe()
    else:
        assert content.startswith(b"- ")  # what can be read after all is read
    assert await issues.get_issue(1) is not None


async def test_two_files_of_one_number_are_told(ingest: Ingest, folder: Path) -> None:
    """The second file of a number takes nothing from the first, and is told which one that is."""
    (folder / "001-a.md").write_text(ISSUE)
    (folder / "001-b.md").write_text(ISSUE.replace("Alpha", "Other"))
    report = await ingest.run()
    assert changes(report) == {"001-a.md": FileChange.NEW, "001-b.md": FileChange.UNREADABLE}
    assert "001-a.md" in report.files[1].error


async def test_a_folder_is_the_same_from_everywhere(
    ingest: Ingest, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However it is named, and from whichever working directory: it is no rival of its own."""
    (folder / "001.md").write_text(ISSUE)
    (folder.parent / "link").symlink_to(folder)
    assert changes(await ingest.run()) == {"001.md": FileChange.NEW}
    for here, name in ((folder.parent, "digests"), (folder, "."), (folder, "../link"), (folder.parent, "./digests/")):
        monkeypatch.chdir(here)
        assert changes(await ingest.run([name])) == {"001.md": FileChange.UNCHANGED}


@pytest.mark.parametrize("here", ["", "elsewhere"])
async def test_a_folder_that_was_kept_by_its_relative_path_is_known_again(
    ingest: Ingest, database: Database, folder: Path, monkeypatch: pytest.MonkeyPatch, here: str
) -> None:
    """As older versions did; what was first read then is no archive now, and what was read is not read again."""
    (folder / "001.md").write_text(ISSUE)
    await ingest.run()
    async with database.write() as connection:
        for table in (sources, source_files):
            await connection.execute(update(table).values(source="digests"))
    (folder.parent / here).mkdir(exist_ok=True)
    monkeypatch.chdir(folder.parent / here)
    assert changes(await ingest.run()) == {"001.md": FileChange.UNCHANGED}
    async with database.read() as connection:
        assert await connection.scalar(select(sources.c.source)) == str(folder)


@pytest.mark.parametrize("at_once", [1, 4, 300])
async def test_it_makes_no_difference_how_much_is_stored_at_once(
    ingest: Ingest, issues: IssueStore, folder: Path, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    """Numbers, dates, rivals and what cannot be read are told apart alike, inside a transaction and across several."""
    monkeypatch.setattr(ingest_module, "ENTRIES_AT_ONCE", at_once)
    for name in ("001.md", "20210101-20210114.md", "002.md", "20201201-20201214.md", "2-again.md", "5.md"):
        (folder / name).write_text(ISSUE)
    (folder / "4.md").write_bytes(b"\xff\x00")
    report = await ingest.run()
    assert {file.name: (file.change, file.number) for file in report.files} == {
        "001.md": (FileChange.NEW, 1),
        "002.md": (FileChange.NEW, 2),
        "2-again.md": (FileChange.UNREADABLE, 2),
        "20201201-20201214.md": (FileChange.NEW, 6),
        "20210101-20210114.md": (FileChange.NEW, 7),
        "4.md": (FileChange.UNREADABLE, None),
        "5.md": (FileChange.NEW, 5),
    }
    assert [issue.number for issue in await issues.list_issues()] == [7, 6, 5, 2, 1]
    assert set(changes(await ingest.run()).values()) == {FileChange.UNCHANGED, FileChange.UNREADABLE}


async def test_only_what_comes_later_is_scheduled(ingest: Ingest, issues: IssueStore, folder: Path) -> None:
    """What a source holds when it is first read is its archive; what comes later goes out."""
    (folder / "001.md").write_text(ISSUE)
    await ingest.run()
    (folder / "002.md").write_text(ISSUE)
    await ingest.run()
    assert [summary.publish_at is not None for summary in await issues.list_issues()] == [True, False]


async def test_a_missing_folder_is_told(ingest: Ingest, tmp_path: Path) -> None:
    """A source that is not there is one line, and no crash."""
    report = await ingest.run([str(tmp_path / "nowhere")])
    assert report.has_errors
    assert "does not exist" in report.files[0].describe()


entry = st.builds(
    Entry, title=st.sampled_from("abcd"), source_url=st.sampled_from([None, "https://x/1", "https://x/2"])
)


@given(old=st.lists(entry, max_size=6), new=st.lists(entry, max_size=6))
def test_no_identity_is_given_twice(old: list[Entry], new: list[Entry]) -> None:
    """Each stored entry becomes at most one new one, and equal lists match one to one."""
    known: Callable[[list[Entry]], list[tuple[int, str | None, str]]] = lambda entries: [  # noqa: E731 - two words
        (i, entry.source_url, entry.title) for i, entry in enumerate(entries, 1)
    ]
    found = [identity for identity in match_identities(known(old), new) if identity is not None]
    assert len(found) == len(set(found))
    assert None not in match_identities(known(new), new)


async def test_a_better_reader_reads_again(
    ingest: Ingest, issues: IssueStore, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An upgrade that reads files otherwise has all read anew, once; entries keep their identity."""
    (folder / "001.md").write_text(ISSUE, encoding="utf-8")
    await ingest.run()
    before = [entry.id for entry in (await issues.get_issue(1)).entries]
    monkeypatch.setattr("bot.ingest.READER_VERSION", READER_VERSION + 1)
    assert changes(await ingest.run()) == {"001.md": FileChange.CHANGED}
    assert [entry.id for entry in (await issues.get_issue(1)).entries] == before
    assert changes(await ingest.run()) == {"001.md": FileChange.UNCHANGED}
