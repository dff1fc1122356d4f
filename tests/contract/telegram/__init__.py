"""Telegram through its real library, against the Bot API played at the protocol."""
