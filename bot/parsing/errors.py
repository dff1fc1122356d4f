"""What can be wrong with a file, each told in one plain line."""

from __future__ import annotations

from bot.errors import PlainError


class ParseError(PlainError, ValueError):
    """A text that cannot be read as an issue. Its message is one plain sentence."""


class UnreadableFile(PlainError, ValueError):  # noqa: N818  (named by what it is: the file is at fault, the reader is not)
    """A file that holds no text. Its message names the file and says why."""
