"""Errors made for people."""

from __future__ import annotations


class PlainError(Exception):
    """Something a person has to know: its text is one plain line that says what is wrong and what to do, no secret."""
