"""Secrets at rest: sealed with `BOT_SECRET_KEY` before they are written, so that a copy of the database is no key.

Several keys, separated by commas, let a key be changed: the first seals, every one of them opens.
"""

from __future__ import annotations

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from bot.storage.engine import StorageError

MARK = "sealed:"
"""How a sealed text begins, so that it is never sealed twice, nor taken for a secret."""


class SealError(StorageError):
    """A secret that cannot be opened. Its text says what to do about it."""


class Seal:
    """Closes and opens secrets."""

    def __init__(self, keys: str) -> None:
        """Take one or more keys, as `bot secret-key` makes them. Raises SealError for what is no key."""
        try:
            self._fernets = [Fernet(key.strip()) for key in keys.split(",") if key.strip()]
            self._any = MultiFernet(self._fernets)
        except ValueError as error:
            raise SealError("BOT_SECRET_KEY is no key: `bot secret-key` makes one") from error

    def close(self, secret: str) -> str:
        """Return a secret sealed with the first key; one that is sealed already stays as it is."""
        return secret if secret.startswith(MARK) else MARK + self._any.encrypt(secret.encode()).decode()

    def open(self, text: str) -> str:
        """Return the secret in a sealed text; one that was never sealed is returned as it is. Raises SealError."""
        if not text.startswith(MARK):
            return text
        try:
            return self._any.decrypt(text.removeprefix(MARK)).decode()
        except InvalidToken as error:
            raise SealError(
                "a stored token was sealed with a key that BOT_SECRET_KEY does not hold: "
                "put that key behind the new one, after a comma, or have the app installed anew"
            ) from error

    def is_fresh(self, text: str) -> bool:
        """Tell whether a text is sealed, and with the first key."""
        try:
            self._fernets[0].decrypt(text.removeprefix(MARK))
        except InvalidToken:
            return False
        return text.startswith(MARK)


def make_key() -> str:
    """Return a new key."""
    return Fernet.generate_key().decode()
