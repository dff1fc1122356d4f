"""Whatever the bot says is in the catalogues: no sentence goes to a chat past them, and none is looked up by chance."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.locales.update import KEYWORDS, extract_messages

BOT = Path(__file__).resolve().parents[3] / "bot"
SPEAKING = ("formatters", "handlers", "adapters", "site")
SOURCES = sorted(path for room in SPEAKING for path in (BOT / room).rglob("*.py"))

SAYING = {"paragraph", "bold", "italic", "note", "link", "Span", "Button", "button", "command_button"}
SAYING |= {"choice", "switch", "leading", "label", "said", "panel_page"}
"""The calls whose texts a reader gets to see."""

_WORD = re.compile(r"[A-Za-z]{2,}|[\u4e00-\u9fff]")
_ADDRESS = re.compile(r"\w+:\S*|/\w+")
"""Addresses, and commands as one types them, are the same in every language."""


def unspoken(source: str) -> Iterator[str]:
    """Yield the literal words of a source that a reader would see in one language alone."""
    for call in ast.walk(ast.parse(source)):
        if not isinstance(call, ast.Call):
            continue
        name = getattr(call.func, "id", getattr(call.func, "attr", ""))
        shown = [*call.args[:1]] if name in SAYING else []
        shown += [keyword.value for keyword in call.keywords if keyword.arg == "toast"]
        if name in {"paragraph", "said"}:
            shown += call.args[1:]
        if name == "Detour":  # the first is what its link bears
            shown += call.args[1:]
        yield from (text for value in shown for text in literals(value) if _WORD.search(_ADDRESS.sub("", text)))


def literals(value: ast.expr) -> Iterator[str]:
    """Yield the texts that an expression holds itself, those that a call inside it makes left aside."""
    match value:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=parts):
            yield from (text for part in parts for text in literals(part))
        case ast.BinOp(left=left, right=right) | ast.IfExp(body=left, orelse=right):
            yield from (*literals(left), *literals(right))


def unreadable(source: str) -> Iterator[str]:
    """Yield the calls for a message that the catalogues cannot know: its words are not there to be read."""
    tree = ast.parse(source)
    speaks = "from bot.locales import" in source
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call):
            continue
        by_name = isinstance(call.func, ast.Name) and call.func.id == "words"
        of_words = isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value) == "words"
        if not by_name and not (of_words and call.func.attr in KEYWORDS):  # type: ignore[union-attr]
            continue
        messages = call.args[: 2 if of_words and call.func.attr == "plural" else 1]  # type: ignore[union-attr]
        known = messages and all(isinstance(one, ast.Constant) and isinstance(one.value, str) for one in messages)
        if not (known and speaks):
            yield ast.unparse(call)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(BOT)))
def test_nothing_is_said_past_the_catalogues(path: Path) -> None:
    """Every sentence, label and notice comes from `words`."""
    assert list(unspoken(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(BOT)))
def test_every_message_can_be_read_from_the_code(path: Path) -> None:
    """A message put together while the bot runs would be in no catalogue."""
    assert list(unreadable(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "source",
    [
        'Reply(toast="Done")',
        'paragraph("Hello, ", name)',
        'paragraph(name, " says hello")',
        'bold(f"{n} entries")',
        'button("Next" if more else "Last", action)',
        'Button(label="x", url=u) if False else Button("打开", url=u)',
    ],
)
def test_a_sentence_past_the_catalogues_is_found(source: str) -> None:
    """The test above can fail."""
    assert list(unspoken(source))


@pytest.mark.parametrize(
    "source", ['paragraph(words("Hello"))', 'bold(f"{n}. ")', 'code("author:crane")', 'bold(f"/{name}")', "note(said)"]
)
def test_what_is_no_sentence_is_left_alone(source: str) -> None:
    """Signs, figures, commands, and what comes from the catalogues."""
    assert not list(unspoken(source))


@pytest.mark.parametrize(
    "source", ["words(name)", 'words.plural("one", many, n)', 'words(f"{n} entries")', 'words("Hi")']
)
def test_a_message_that_nobody_can_read_is_found(source: str) -> None:
    """Made while the bot runs, or in a module that the catalogues do not look into."""
    assert list(unreadable(source))
    assert not list(unreadable('from bot.locales import Words\nwords("Hi")'))


def test_messages_of_adapters_are_in_the_catalogues() -> None:
    """What an adapter says itself is known, as all else is."""
    known = {message.id for message in extract_messages() if message.id}
    assert "Connection lost. Trying again…" in known
    assert "Please invite me first: type /invite @{name} here, then ask again." in known
