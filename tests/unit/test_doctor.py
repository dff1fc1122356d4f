"""The doctor finds what is wrong, says what to do, and changes nothing."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.app import open_house
from bot.doctor import Finding, Verdict, examine
from bot.model.chat import Address, ChatKind
from bot.settings import load_settings

SAMPLE = Path(__file__).resolve().parents[2] / "digests"
LOBBY = Address("web", "lobby")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database_file: Path) -> Path:
    """Work in a folder with one issue and one topic file, without any token."""
    (tmp_path / "digests").mkdir()
    for name in ("012.md", "topics.toml"):
        shutil.copy(SAMPLE / name, tmp_path / "digests")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{database_file}")
    for name in ("TELEGRAM_BOT_TOKEN", "SLACK_BOT_TOKEN", "BOT_DIGESTS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("BOT_WEB_PORT", "9")  # the discard service, which nobody runs
    monkeypatch.setenv("BOT_ADMINS", "web:ada")
    return tmp_path


async def findings(*, subscribed: bool = True) -> Mapping[str, Finding]:
    async with open_house(load_settings()) as house:
        if subscribed:
            await house.chats.subscribe(LOBBY, kind=ChatKind.PRIVATE, title="", now=house.clock.now())
        return {finding.subject: finding async for finding in examine(house)}


async def test_a_well_bot_is_found_well() -> None:
    """Where all is there, only the platforms that are not set up and the missing process are told of."""
    found = await findings()
    troubled = {subject: finding.verdict for subject, finding in found.items() if finding.verdict is not Verdict.WELL}
    assert troubled == {"telegram": Verdict.OFF, "slack": Verdict.OFF, "bot run": Verdict.DOUBTFUL}
    assert "TELEGRAM_BOT_TOKEN" in found["telegram"].said


async def test_a_source_that_cannot_be_read_is_ill(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """A folder that is not there does not work; an empty one is doubtful; each is told with what to do."""
    (folder / "empty").mkdir()
    monkeypatch.setenv("BOT_DIGESTS", "nowhere,empty,digests")
    found = await findings()
    verdicts = [found[f"source {name}"].verdict for name in ("nowhere", "empty", "digests")]
    assert verdicts == [Verdict.ILL, Verdict.DOUBTFUL, Verdict.WELL]
    assert "BOT_DIGESTS" in found["source nowhere"].said


async def test_a_refused_token_is_ill(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is no token at all is found without a network, and not repeated."""
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "not-a-token")
    found = await findings()
    assert found["telegram"].verdict is Verdict.ILL
    assert "TELEGRAM_BOT_TOKEN" in found["telegram"].said
    assert "not-a-token" not in found["telegram"].said


async def test_what_a_person_must_settle_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Held issues, no administrators, no subscribers: each with the command that helps."""
    monkeypatch.delenv("BOT_ADMINS")
    async with open_house(load_settings()) as house:
        await house.make_ingest().run()
        await house.issues.hold(12, "late: 9 h late")
    found = await findings(subscribed=False)
    assert "BOT_ADMINS" in found["administrators"].said
    assert "/subscribe" in found["subscriptions"].said
    assert "bot post --issue 12 --release" in found["issue 12"].said


async def test_open_secrets_are_told(folder: Path) -> None:
    """A .env that everybody on the machine can read is doubtful; one's own is not spoken of."""
    env = folder / ".env"
    env.write_text("#\n")
    env.chmod(0o644)
    assert "chmod 600" in (await findings())[".env"].said
    env.chmod(0o600)
    assert ".env" not in await findings()


async def test_nothing_is_changed(folder: Path) -> None:
    """Looking at the sources stores no issue."""
    await findings()
    async with open_house(load_settings()) as house:
        assert await house.issues.list_issues() == ()
