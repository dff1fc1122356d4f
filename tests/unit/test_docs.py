"""The documentation: what it names is there, and what is there is named."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest
from click import Command, Context

from bot.cli import cli
from bot.handlers import menu
from bot.settings import Settings, load_settings

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
EXAMPLE = (ROOT / ".env.example").read_text(encoding="utf-8")
PAGES = (ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md")))

SETTINGS = {
    str(field.validation_alias.choices[0]): name  # type: ignore[union-attr]
    for name, field in Settings.model_fields.items()
}
COMMANDS: dict[str, Command] = {
    name: command for name in cli.list_commands(Context(cli)) if (command := cli.get_command(Context(cli), name))
}
PICTURE_LIMIT = 300_000
"""Bytes: a page is read on a telephone, too."""

_SETTING = re.compile(r"(?:TELEGRAM|SLACK|BOT|GITHUB|DATABASE)_[A-Z_]+[A-Z]")
_FENCE = re.compile(r"^ *```(\w*)\n(.*?)^ *```", re.DOTALL | re.MULTILINE)
_LINK = re.compile(r"\]\((?!\w+:)([^)#\s]*)(#[^)\s]*)?\)|src=\"(?!\w+:)([^\"]+)\"")


def section(text: str, title: str) -> str:
    """Return a page's section of this title."""
    return text.split(f"\n## {title}\n")[1].split("\n## ", maxsplit=1)[0]


def first_cells(table: str) -> Iterator[str]:
    """Yield the first cell of every row."""
    return (row.split(" | ")[0].removeprefix("| ") for row in table.splitlines() if row.startswith("| "))


def example_values() -> dict[str, str]:
    """Return what `.env.example` would set, each line freed of its #."""
    return dict(re.findall(r"^#([A-Z_]+)=(.*)$", EXAMPLE, re.MULTILINE))


def typed_commands() -> Iterator[str]:
    """Yield every `bot` command of the pages' shell examples: lines that one types."""
    for page in PAGES:
        for language, code in _FENCE.findall(page.read_text(encoding="utf-8")):
            if language == "sh":
                lines = (line.partition(" #")[0].partition(" > ")[0].strip() for line in code.splitlines())
                yield from (line.removeprefix(".venv/bin/") for line in lines if re.match(r"(\.venv/bin/)?bot ", line))


def mentioned_commands() -> Iterator[str]:
    """Yield every `bot` command in the pages' sentences and tables, where parts of it may be left open."""
    for page in PAGES:
        prose = _FENCE.sub("", page.read_text(encoding="utf-8"))
        yield from re.findall(r"`(bot [a-z][^`]*)`", prose)


def test_the_readme_tells_every_setting_and_no_other() -> None:
    """What can be set and what the README says can be set are the same."""
    assert set(_SETTING.findall(README)) == SETTINGS.keys()


def test_the_example_tells_every_setting_and_no_other() -> None:
    """`.env.example` has a line for each setting, sets none of them, and knows no other."""
    assert example_values().keys() == SETTINGS.keys()
    assert [line for line in EXAMPLE.splitlines() if line and not line.startswith("#")] == []


def test_the_example_shows_the_defaults(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Whoever takes away every # of `.env.example` has the bot that has no `.env`."""
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    bare = load_settings()
    uncommented = "\n".join(f"{name}={value}" for name, value in example_values().items())
    (tmp_path / ".env").write_text(uncommented, encoding="utf-8")
    assert load_settings() == bare


def test_the_readme_shows_the_defaults() -> None:
    """The README's table of settings has the defaults that `.env.example` has."""
    rows = re.findall(r"^\| `([A-Z_]+)` \| (?:`([^`]*)`)? ?\|", section(README, "Settings"), re.MULTILINE)
    assert len(rows) > 15
    assert dict(rows) == {name: example_values()[name] for name, _ in rows}


def test_every_setting_has_an_effect() -> None:
    """There is no setting that no code reads."""
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "bot").rglob("*.py"))
    assert [setting for setting, name in SETTINGS.items() if not re.search(rf"settings\.{name}\b", code)] == []


def test_the_readme_lists_every_command_of_the_command_line() -> None:
    """The table of the command line has one row for each command, and none for a command that is not there."""
    rows = [cell.split()[1].rstrip("`") for cell in first_cells(section(README, "The command line")) if "`bot" in cell]
    assert sorted(rows) == sorted(COMMANDS)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_the_readme_tells_every_option(name: str) -> None:
    """A command's row shows all of its options, and no other."""
    (row,) = (
        cell for cell in first_cells(section(README, "The command line")) if re.match(rf"`bot {name}\b[^-]", cell)
    )
    options = {option for parameter in COMMANDS[name].params for option in parameter.opts if option[:2] == "--"}
    assert set(re.findall(r"--[a-z-]+", row)) == options


def test_the_readme_lists_every_command_of_the_chat() -> None:
    """What stands in the bot's menu stands in the README."""
    told = set(re.findall(r"`/(\w+)", "\n".join(first_cells(section(README, "What readers can say")))))
    assert {command.name for command in menu("en")} <= told


@pytest.mark.parametrize("command", sorted(set(typed_commands())))
def test_commands_to_be_typed_are_understood(command: str) -> None:
    """Every `bot …` of a shell example is read by the command line, options, values and all."""
    _, name, *arguments = shlex.split(command)
    COMMANDS[name].make_context(name, arguments)


@pytest.mark.parametrize("command", sorted(set(mentioned_commands())))
def test_commands_that_are_mentioned_exist(command: str) -> None:
    """A command that a sentence names is there, and has the options that the sentence gives it."""
    name = command.split()[1]
    assert name in COMMANDS
    known = {option for parameter in COMMANDS[name].params for option in parameter.opts}
    assert set(re.findall(r"--[a-z-]+", command)) <= known


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    """Links between the pages, and to pictures and code, name files that are there."""
    text = _FENCE.sub("", page.read_text(encoding="utf-8"))
    targets = {unquote(path or source) for path, _, source in _LINK.findall(text)} - {""}
    missing = {target for target in targets if not (page.parent / target).exists()}
    assert missing == set()


def test_pictures_are_small() -> None:
    """A picture of the documentation loads quickly, and each of them is shown."""
    pictures = sorted((ROOT / "docs" / "images").iterdir())
    assert [picture.name for picture in pictures if picture.stat().st_size > PICTURE_LIMIT] == []
    text = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    assert [picture.name for picture in pictures if picture.name not in text] == []
