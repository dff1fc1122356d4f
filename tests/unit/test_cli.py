"""The command line: what it prints, and how it says what is wrong."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest

from bot.cli import COMMANDS, main
from bot.cli.indexing import bring_up_to_date
from bot.storage.search import ISSUES_AT_ONCE

if TYPE_CHECKING:
    from bot.app import House

SAMPLE = Path(__file__).resolve().parents[2] / "digests"
TOKENS = ("TELEGRAM_BOT_TOKEN", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "BOT_CANARY")

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], database_file: Path
) -> Run:
    """Run `bot …` in a folder with two issues; returns exit status, standard output and standard error."""
    (tmp_path / "digests").mkdir()
    for name in ("011.md", "012.md", "topics.toml"):
        shutil.copy(SAMPLE / name, tmp_path / "digests")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{database_file}")
    for name in TOKENS:
        monkeypatch.delenv(name, raising=False)

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["bot", *arguments])
        with pytest.raises(SystemExit) as stop:
            main()
        said = capsys.readouterr()
        return int(stop.value.code or 0), said.out, said.err

    return run


def assert_plain(outcome: tuple[int, str, str], *, says: str) -> None:
    """Exit status 2, and one line on standard error that says what is wrong."""
    status, _, error = outcome
    assert status == 2
    assert error.startswith("bot: ")
    assert error.count("\n") == 1
    assert "Traceback" not in error
    assert says in error


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("show", "99"), "there is no issue 99"),
        (("post", "--issue", "99"), "there is no issue 99"),
        (("deliveries", "--issue", "99"), "there is no issue 99"),
        (("amend", "--issue", "99"), "there is no issue 99"),
        (("parse", "nowhere.md"), "nowhere.md cannot be read"),
        (("subscribe", "lobby"), "telegram:-1001234567890"),
        (("subscribe", "irc:#lab"), "no such platform 'irc'"),
        (("subscribe", "telegram:lab"), "is no Telegram chat"),
        (("subscribe", "web:lobby", "--topic", "slma"), "there is no topic slma: did you mean slam?"),
        (("subscribe", "telegram:-1001", "--thread", "77"), "write it like 'Jobs=77'"),
        (("subscribe", "telegram:-1001", "--thread", "Jobs=seventy"), "is no Telegram chat"),
        (("subscribe", "web:lobby", "--thread", "Jobs=77"), "is no room"),
        (("subscribe", "web:lobby", "--set", "speed 9"), "there is no setting 'speed': there are layout, "),
        (("subscribe", "web:lobby", "--set", "quiet nights"), "write it like 'quiet 23:00-7:00'"),
        (("unsubscribe", "web:lobby"), "is not subscribed"),
        (("reconcile", "--resend", "--message", "12"), "--message goes with --sent"),
        (("post", "--issue", "12", "--to", "telegram:1"), "TELEGRAM_BOT_TOKEN"),
        (("post", "--issue", "12", "--section", "9"), "there is no section 9"),
        (("post",), "--issue"),
        (("fly",), "No such command 'fly'"),
        (("slack-manifest", "--topic", "nosuch"), "there is no topic nosuch"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_mistake_is_told_in_one_line(run: Run, arguments: tuple[str, ...], says: str) -> None:
    """Whatever is asked wrongly: exit status 2, one line, no traceback, and what to do."""
    run("ingest")
    assert_plain(run(*arguments), says=says)


def test_unreadable_files_are_named_and_the_rest_is_read(run: Run, tmp_path: Path) -> None:
    """A file that is no text is told by name with the reason; exit status 1; the others are stored."""
    (tmp_path / "digests" / "013.md").write_bytes(b"\x89PNG\r\n\x1a\n")
    (tmp_path / "digests" / "014.md").write_bytes("Grüße".encode("latin-1"))
    status, out, _ = run("ingest")
    assert status == 1
    assert "013.md: " in out
    assert "014.md: " in out
    assert [issue["number"] for issue in json.loads(run("issues", "--json")[1])] == [12, 11]


def test_a_database_from_the_future_is_left_alone(run: Run, database_file: Path) -> None:
    """A database that a newer version of the bot has changed is not touched."""
    with sqlite3.connect(database_file) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    before = database_file.read_bytes()
    assert_plain(run("issues"), says="newer than this bot")
    assert database_file.read_bytes() == before


def test_a_locked_database_is_waited_for_and_then_told(
    run: Run, database_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When another program holds the database, nothing is lost and one line says so."""
    monkeypatch.setattr("bot.storage.engine.BUSY_SECONDS", 0.05)
    holder = sqlite3.connect(database_file, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    try:
        assert_plain(run("ingest"), says="is locked")
    finally:
        holder.close()
    assert run("ingest")[0] == 0


def test_a_file_that_is_no_database_is_told(run: Run, database_file: Path) -> None:
    """A file of another kind is not taken for a database, nor harmed."""
    database_file.write_text("not a database, and long enough to be looked at " * 99)
    assert_plain(run("issues"), says="is no SQLite database")
    assert database_file.read_text().startswith("not a database")


def test_posting_prints_who_got_what(run: Run) -> None:
    """`bot post` delivers, sums up, and does nothing the second time; --dry-run sends nothing."""
    run("ingest")
    run("subscribe", "web:lobby")
    assert "1 chat on web" in run("post", "--issue", "12", "--dry-run")[1]
    assert json.loads(run("deliveries", "--json")[1]) == []
    status, out, progress = run("post", "--issue", "12")
    (report,) = json.loads(run("deliveries", "--json")[1])
    parts = len(report["parts"])
    assert status == 0
    assert f"{parts} of {parts} parts sent to 1 chat." in out
    assert f"{parts}/{parts}" in progress
    assert report["status"] == "sent"
    assert set(report["parts"][0]) == {"position", "status", "message_ids", "attempts", "error"}
    status, out, _ = run("post", "--issue", "12")
    assert (status, "nothing new" in out) == (0, True)


def test_amending_edits_what_was_delivered(run: Run, tmp_path: Path) -> None:
    """After an edit of the file, amend shows and then makes the change where it was delivered; then there is none."""
    run("ingest")
    run("post", "--issue", "12", "--to", "web:lobby")
    file = tmp_path / "digests" / "012.md"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("Neural Dual Contouring", "Neural Dual Contouring, mended"), encoding="utf-8")
    assert "web:lobby" in run("amend", "--issue", "12", "--dry-run")[1]
    status, out, _ = run("amend", "--issue", "12")
    assert (status, "1 chat amended" in out) == (0, True)
    assert "what the file says" in run("amend", "--issue", "12")[1]


def test_an_added_section_changes_no_other_message_and_is_sent_when_one_says_so(run: Run, tmp_path: Path) -> None:
    """Wherever it stands in the file: it comes behind what was delivered."""
    run("ingest")
    run("post", "--issue", "12", "--to", "web:lobby")
    file = tmp_path / "digests" / "012.md"
    before, heading, after = file.read_text(encoding="utf-8").partition("\n### ")
    file.write_text(f"{before}\n### News\n\n#### New\n\nNews.\n{heading}{after}", encoding="utf-8")
    parts = len(json.loads(run("deliveries", "--json")[1])[0]["parts"])
    out = run("amend", "--issue", "12", "--dry-run")[1]
    assert re.search(r"web:lobby +1 +1 +0 +the header", out), out
    assert "`bot post --issue 12` sends it" in run("amend", "--issue", "12")[1]
    assert "1 part planned" in run("post", "--issue", "12")[1]
    (report,) = json.loads(run("deliveries", "--json")[1])
    assert (report["status"], len(report["parts"])) == ("sent", parts + 1)


def test_json_has_the_promised_shape(run: Run) -> None:
    """Programs find in show, parse and search what the interface promises."""
    run("ingest")
    shown = json.loads(run("show", "12", "--json")[1])
    parsed = json.loads(run("parse", "digests/012.md", "--json")[1])
    assert [section["title"] for section in shown["sections"]] == [section["title"] for section in parsed["sections"]]
    entry = shown["sections"][-1]["entries"][0]
    assert set(entry) >= {
        *("title", "group", "authors", "source_url", "links", "images", "comments", "remark", "hashtags", "text"),
    }
    found = json.loads(run("search", "mesh", "--json", "--limit", "3")[1])
    assert set(found) == {"query", "total", "did_you_mean", "results"}
    assert set(found["results"][0]) == {"issue", "section", "title", "text", "source_url", "score"}


def test_a_search_says_what_it_understood(run: Run) -> None:
    """How many there are beside those shown, what was misspelt, what is no field, where to look if nothing is found."""
    run("ingest")
    said = run("search", "renderng", "--limit", "1")[1]
    assert said.startswith("Nothing has 'renderng' as it was typed; this is for 'rendering'.")
    assert "found; the first 1:" in said
    assert "there is no field 'lang', so it was left out" in run("search", "mesh lang:zh")[1]
    nothing = run("search", "slam title:qwertyuiop")[1]
    assert nothing.splitlines() == ["nothing found", "Topics to look at: topic:slam"]


async def test_a_long_rebuild_of_the_index_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """In one line where no terminal shows a bar; what one transaction does is not worth a word."""

    class Index:
        async def ensure_current(self, progress: Callable[[int, int], None]) -> None:
            for done in range(0, issues + 1, ISSUES_AT_ONCE):
                progress(done, issues)

    house = cast("House", SimpleNamespace(index=Index()))
    issues = ISSUES_AT_ONCE
    await bring_up_to_date(house)
    assert capsys.readouterr().err == ""
    issues = 3 * ISSUES_AT_ONCE
    await bring_up_to_date(house)
    assert capsys.readouterr().err.splitlines() == ["bot: building the search index of 60 issues anew"]


def test_a_command_imports_what_it_uses() -> None:
    """Reading a file needs no database and no platform: it begins in the time that reading takes."""
    names = ("sqlalchemy", "telegram", "slack_bolt", "starlette", "rich", "bot.app")
    script = (
        "import sys; from bot.cli import cli; cli.main(['parse', sys.argv[1]], standalone_mode=False);"
        f"print([name for name in {names} if name in sys.modules])"
    )
    said = subprocess.run(
        [sys.executable, "-c", script, str(SAMPLE / "012.md")], capture_output=True, text=True, check=True
    )
    assert said.stdout.splitlines()[-1] == "[]"


def test_every_command_explains_itself(run: Run) -> None:
    """Each command has a help text of its own."""
    for name in COMMANDS:
        status, out, _ = run(name, "--help")
        assert status == 0
        assert "Usage: bot" in out
        assert len(out.splitlines()) > 4


def test_the_overview_finishes_its_sentences(run: Run) -> None:
    """In a terminal of eighty columns no command's summary is cut."""
    _, out, _ = run("--help")
    summaries = out.partition("Commands:")[2].split("\n")[1:]
    assert len([line for line in summaries if line.endswith(".") and not line.endswith("...")]) == len(COMMANDS)


def test_a_chat_is_subscribed_to_what_it_wants(run: Run) -> None:
    """Choices are kept until others are named, and an empty one takes them back; `bot chats` shows them."""

    def receives() -> str:
        ((chat),) = json.loads(run("chats", "--json")[1])
        return str(chat["receives"])

    run("subscribe", "web:lobby", "--topic", "slam", "--watch", "gaussian splatting", "--watch", "author:crane")
    assert receives() == "topics: slam; watches: gaussian splatting, author:crane"
    run("subscribe", "web:lobby", "--watched-only", "--topic", "")
    assert receives() == "only: gaussian splatting, author:crane"
    run("subscribe", "web:lobby", "--watched-too", "--watch", "")
    assert receives() == ""


def test_what_settings_say_in_a_chat_can_be_said_outside(run: Run) -> None:
    """In the same words; what was said is listed."""
    wanted = ("hour 7:30", "zone seoul", "pace 30", "quiet 23:00-7:00", "sound off")
    run("subscribe", "web:lobby", *(word for text in wanted for word in ("--set", text)))
    (chat,) = json.loads(run("chats", "--json")[1])
    assert chat["receives"] == "at 07:30; a section every 30 min; not 23:00-07:00; in Asia/Seoul; silent"


def test_a_chat_has_one_address_however_it_is_written(run: Run, database_file: Path) -> None:
    """The id of the workspace that needs none is left away, whichever command it is written to."""
    with sqlite3.connect(database_file) as connection:
        connection.execute("INSERT INTO workspaces (platform, name, team) VALUES ('slack', '', 'T1')")
    connection.close()
    assert run("subscribe", "slack:T1/C1")[1] == "slack:C1 is subscribed.\n"
    assert run("subscribe", "slack:C1")[1] == "slack:C1 was subscribed already.\n"
    assert run("subscribe", "slack:T2/C1")[1] == "slack:T2/C1 is subscribed.\n"
    assert run("unsubscribe", "slack:T1/C1")[0] == 0
    statuses = {chat["chat"]: chat["status"] for chat in json.loads(run("chats", "--json")[1])}
    assert statuses == {"slack:C1": "ended", "slack:T2/C1": "active"}


def test_what_a_chat_chose_comes_and_nothing_else(run: Run) -> None:
    """The whole way from the index to the room: topics narrow, standing queries mark."""
    run("ingest")
    run("subscribe", "web:lobby", "--topic", "slam")
    run("subscribe", "web:all", "--watch", "topic:slam")
    assert run("post", "--issue", "12")[0] == 0
    found = json.loads(run("search", "topic:slam issue:12", "--json")[1])
    (lobby, everything) = sorted(json.loads(run("deliveries", "--json")[1]), key=lambda report: len(report["parts"]))
    assert (lobby["chat"], everything["chat"]) == ("web:lobby", "web:all")
    assert 0 < found["total"] < 10
    assert len(lobby["parts"]) < len(everything["parts"])


def test_sections_are_given_threads(run: Run) -> None:
    """One by one; the general topic is the group itself; they are taken back one by one, or all at once."""

    def receives() -> str:
        ((chat),) = json.loads(run("chats", "--json")[1])
        return str(chat["receives"])

    run("subscribe", "telegram:-1001/5", "--thread", "Jobs=77", "--thread", "A=B=78", "--thread", "News=1")
    assert receives() == "threads: Jobs=77, A=B=78, News=main"
    run("subscribe", "telegram:-1001/5", "--thread", "jobs=79", "--thread", "News=")
    assert receives() == "threads: A=B=78, jobs=79"
    run("subscribe", "telegram:-1001/5", "--thread", "", "--thread", "Jobs=80")
    assert receives() == "threads: Jobs=80"


def test_a_channel_can_have_its_sections_beside_the_header(run: Run) -> None:
    """Where the platform has threads, bot chats says which of the two it is."""
    run("subscribe", "slack:C0123ABCD", "--in-channel")
    run("subscribe", "web:lobby", "--in-channel")
    lines = run("chats")[1].splitlines()
    assert ["in the channel" in line for line in lines if "slack:" in line or "web:" in line] == [True, False]
