"""The library's coming types, as the adapter asks for them."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _library_durations(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the library give durations as such, as the adapter has it."""
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
