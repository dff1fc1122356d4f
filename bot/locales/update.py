"""Brings the catalogues up to date with the messages in the code: ``python -m bot.locales.update``.

A developer's tool. English is filled in by itself; what is left to translate is printed.
"""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po

from bot.locales.words import LANGUAGES

KEYWORDS = {"words": None, "parts": None, "plural": (1, 2)}
"""The calls that name messages: `words(…)`, `words.parts(…)`, `words.plural(…, …)`."""

_PACKAGE = Path(__file__).resolve().parents[1]


def extract_messages() -> Catalog:
    """Return every message of the modules that speak: those that know of `bot.locales`."""
    catalog = Catalog()
    for path in sorted(_PACKAGE.rglob("*.py")):
        source = path.read_bytes()
        if b"from bot.locales import" in source:
            for _, message, _, _ in extract("python", BytesIO(source), keywords=KEYWORDS):
                catalog.add(message)
    return catalog


def read_catalogue(language: str) -> Catalog:
    """Return a language's catalogue."""
    return read_po(BytesIO(_catalogue_path(language).read_bytes()), locale=language, abort_invalid=True)


def untranslated(catalog: Catalog) -> list[str]:
    """Return the messages that a catalogue has no words for, or only guessed ones."""
    return [str(message.id) for message in catalog if message.id and (message.fuzzy or not _is_complete(message))]


def update_catalogue(language: str) -> Catalog:
    """Rewrite a language's catalogue: new messages in, vanished ones out."""
    catalog = read_catalogue(language)
    catalog.update(extract_messages(), no_fuzzy_matching=True)
    if language == "en":
        for message in catalog:
            message.string = message.id or message.string
    with _catalogue_path(language).open("wb") as file:
        write_po(file, catalog, width=100, sort_output=True, no_location=True, omit_header=True, ignore_obsolete=True)
    return catalog


def _is_complete(message: Message) -> bool:
    strings = message.string if isinstance(message.string, list | tuple) else (message.string,)
    return bool(strings) and all(strings)


def _catalogue_path(language: str) -> Path:
    return _PACKAGE / "locales" / language / "LC_MESSAGES" / "bot.po"


def main() -> int:
    """Update every catalogue; the exit status tells whether something is left to translate."""
    left = [(language, message) for language in LANGUAGES for message in untranslated(update_catalogue(language))]
    sys.stdout.writelines(f"{language}: {message}\n" for language, message in left)
    return 1 if left else 0


if __name__ == "__main__":
    raise SystemExit(main())
