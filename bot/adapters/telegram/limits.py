"""Telegram's limits, as data. Where one is not documented, the note beside it says where it is known from."""

from __future__ import annotations

from typing import Final

from bot.model.delivery import Limits

# https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this; channels are counted like groups.
PACE: Final = Limits(per_second=30, private=(1, 1.0), group=(20, 60.0), channel=(20, 60.0))

TEXT: Final = 4096  # code points after entities are applied: https://core.telegram.org/bots/api#sendmessage
CAPTION: Final = 1024  # https://core.telegram.org/bots/api#sendphoto

# The server drops further ones without a word: https://core.telegram.org/bots/api#formatting-options
ENTITIES: Final = 100
# What all of a message may take is about 9500: https://github.com/tdlib/telegram-bot-api/issues/165
ENTITY_BYTES: Final = 8000
ENTITY_OVERHEAD: Final = 16  # on Telegram's own wire an entity is three numbers, and a string's length

ALBUM: Final = 10  # https://core.telegram.org/bots/api#sendmediagroup
BUTTONS: Final = 100  # a keyboard's; rows of at most eight; neither is documented
BUTTONS_IN_ROW: Final = 8
TOAST: Final = 200  # https://core.telegram.org/bots/api#answercallbackquery

UPLOAD_BYTES: Final = 50_000_000  # https://core.telegram.org/bots/api#sending-files
PHOTO_BYTES: Final = 10_000_000

INLINE_RESULTS: Final = 50  # https://core.telegram.org/bots/api#answerinlinequery
INLINE_BUTTON: Final = 64  # not documented: what is shown

COMMANDS: Final = 100  # https://core.telegram.org/bots/api#setmycommands
COMMAND_NAME: Final = 32
COMMAND_SUMMARY: Final = 256
DESCRIPTION: Final = 512  # https://core.telegram.org/bots/api#setmydescription
SHORT_DESCRIPTION: Final = 120
