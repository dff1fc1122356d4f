"""Secrets at rest: sealed, opened by any key that ever sealed, by no other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.storage.sealing import MARK, Seal, SealError, make_key

OLD, NEW = make_key(), make_key()


@given(st.text())
def test_what_is_sealed_opens(secret: str) -> None:
    """Any secret comes back as it was, and cannot be read meanwhile; sealed twice is sealed once."""
    seal = Seal(OLD)
    sealed = seal.close(secret)
    if not secret.startswith(MARK):
        assert sealed != secret
        assert seal.open(sealed) == secret
    assert seal.close(sealed) == sealed


def test_a_key_is_changed_without_losing_anything() -> None:
    """Behind the new key the old one still opens, and what it sealed is known to be due for the new."""
    sealed = Seal(OLD).close("xoxb-1")
    both = Seal(f"{NEW}, {OLD}")
    assert both.open(sealed) == "xoxb-1"
    assert not both.is_fresh(sealed)
    assert both.is_fresh(both.close("xoxb-1"))
    assert not both.is_fresh("xoxb-1")
    with pytest.raises(SealError, match="BOT_SECRET_KEY"):
        Seal(NEW).open(sealed)


@pytest.mark.parametrize("keys", ["", "secret", f"{OLD},secret"], ids=["none", "a word", "one of two"])
def test_what_is_no_key_is_refused(keys: str) -> None:
    """A word is no key; it is told how to get one, without being repeated."""
    with pytest.raises(SealError, match="bot secret-key") as caught:
        Seal(keys)
    assert "secret" not in str(caught.value).replace("secret-key", "")
