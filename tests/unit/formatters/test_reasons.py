"""Why something did not arrive, in words."""

from __future__ import annotations

import pytest

from bot.formatters.reasons import explain_reason, format_reason
from bot.locales import open_words

ENGLISH, CHINESE = open_words("en"), open_words("zh")

# As the platforms say it (see their adapters' errors), or as this bot keeps it.
SAID = [
    "Forbidden: bot was blocked by the user",
    "blocked by the user",
    "Forbidden: user is deactivated",
    "Forbidden: bot was kicked from the supergroup chat",
    "kicked",
    "left",
    "Forbidden: bot can't initiate conversation with a user",
    "Chat not found",
    "Not enough rights to send text messages to the chat",
    "Not enough rights to send photos to the chat",
    "Need administrator rights in the channel chat",
    "Topic_closed",
    "Message thread not found",
    "Allow_payment_required_5",
    "Message is too long",
    "Entities_too_long",
    "Can't parse entities: unsupported start tag",
    "Failed to get HTTP URL content",
    "Wrong type of the web page content",
    "Request Entity Too Large",
    "Flood control exceeded. Too Many Requests: retry after 7",
    "Timed out (ServerTimeoutError)",
    "Bad Gateway",
    "is_archived",
    "not_in_channel",
    "account_inactive",
    "ratelimited",
    "invalid_auth",
    "restricted_action_read_only_channel",
    "msg_blocks_too_long",
    "invalid_blocks: downloading image failed",
    "Slack did not answer in time",
    "Slack cannot be reached (ClientConnectorError)",
    "Slack answered HTTP 502 without a word",
    "more than 400 messages may have come since",
    "a fault of the bot's own, its log says more",
]


@pytest.mark.parametrize("said", SAID)
def test_what_platforms_say_has_words_in_each_language(said: str) -> None:
    """No English stands in a Chinese answer but what was said, and that behind the words."""
    meaning = format_reason(said, CHINESE)
    assert not set("abcdefghijklmnopqrstuvwxyz") & set(meaning.replace("Stars", ""))
    assert explain_reason(said, CHINESE) == f"{meaning}（{said}）"
    assert format_reason(said, ENGLISH) != said


def test_what_nobody_foresaw_is_told_as_it_was_said() -> None:
    """Once."""
    assert format_reason("the moon is full, and what is left is right", ENGLISH) == (
        "the moon is full, and what is left is right"
    )
    assert explain_reason("strange_thing", CHINESE) == "strange_thing"
    assert explain_reason("the channel was archived", ENGLISH) == "the channel was archived"
    assert explain_reason("", ENGLISH) == ""
