"""Every word the bot says exists in every language."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Message

import bot
from bot.locales import LANGUAGES
from bot.locales.update import extract_messages, read_catalogue, untranslated
from bot.settings import LANGUAGES as CONFIGURABLE

PACKAGE = Path(bot.__file__).parent
MEND = "run `python -m bot.locales.update`, then translate what it prints"


def _said(source: str) -> Iterator[str]:
    """Yield the messages that code names, wherever: the extraction does not look into f-strings."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        match node.func, node.args[0]:
            case (
                ast.Name(id="words") | ast.Attribute(value=ast.Name(id="words"), attr="parts" | "plural"),
                ast.Constant(value=str(message)),
            ):
                yield message


def test_no_message_is_said_that_the_catalogues_cannot_know() -> None:
    """As one inside an f-string would be: it stayed English."""
    known = {form for message in extract_messages() if message.id for form in _strings(message, of_id=True)}
    sources = (path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py"))
    said = {message for source in sources if "from bot.locales import" in source for message in _said(source)}
    assert len(said) > 100
    assert said - known == set()


def test_the_languages_are_those_that_can_be_configured() -> None:
    """A language that can be set is one the bot speaks, and the other way round."""
    assert tuple(LANGUAGES) == CONFIGURABLE


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_holds_the_messages_of_the_code_and_no_others(language: str) -> None:
    """No message of the code is missing in a catalogue, and none stands there in vain."""
    in_code = {message.id for message in extract_messages() if message.id}
    in_catalogue = {message.id for message in read_catalogue(language) if message.id}
    assert in_code
    assert in_catalogue == in_code, MEND


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_left_to_translate(language: str) -> None:
    """Every message has words in every language, none of them guessed."""
    assert untranslated(read_catalogue(language)) == [], MEND


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_has_the_placeholders_of_its_message(language: str) -> None:
    """What a message is filled with can be read in every language."""
    for message in read_catalogue(language):
        expected = [_placeholders(form) for form in _strings(message, of_id=True)]
        assert all(_placeholders(string) in expected for string in _strings(message)), message.string


def test_a_chinese_translation_is_chinese() -> None:
    """Where the English message has words, the Chinese one is not merely the same."""
    same = [message.id for message in read_catalogue("zh") if message.id and message.id == message.string]
    assert same == []


def _strings(message: Message, *, of_id: bool = False) -> tuple[str, ...]:
    value = message.id if of_id else message.string
    return tuple(value) if isinstance(value, list | tuple) else (value,)


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}
