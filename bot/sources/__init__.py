"""Where issues come from: a folder, or a GitHub repository. A source lists files; it does not read what they say."""

from __future__ import annotations

from pathlib import Path

from bot.clock import Clock
from bot.settings import Settings
from bot.sources.folder import FolderSource, spell
from bot.sources.interface import Listing, Source, SourceError, SourceFile

__all__ = ["Listing", "Source", "SourceError", "SourceFile", "name_source", "open_source"]


def open_source(text: str, *, settings: Settings, clock: Clock) -> Source:
    """Return the source that a setting names. Raises SourceError for one that cannot be understood."""
    if text.startswith("github:"):
        # httpx is imported only where a repository is read.
        from bot.sources.github import GitHubSource  # noqa: PLC0415

        return GitHubSource.parse(text, settings=settings, clock=clock)
    return FolderSource(text)


def name_source(identity: str) -> str:
    """Return how a source is named from here."""
    return identity if identity.startswith("github:") else spell(Path(identity))
