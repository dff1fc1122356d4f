"""Why a chat waits, for its readers. What a platform says in words that nobody foresaw is told as it is."""

from __future__ import annotations

from bot.locales import Words


def format_reason(reason: str, words: Words) -> str:
    """Return a stored reason in a language."""
    outside = words("the bot is not in the channel, and has to be invited again")
    gone = words("the app was removed from the workspace")
    known = {
        "the bot was removed": words("the bot was removed"),
        "the bot was removed from the channel": words("the bot was removed from the channel"),
        "the channel was archived": words("the channel was archived"),
        "the channel was deleted": words("the channel was deleted"),
        "the channel is no longer shared with this workspace": words(
            "the channel is no longer shared with this workspace"
        ),
        "the app was removed from the workspace": gone,
        # As Slack refuses a call.
        "is_archived": words("the channel was archived"),
        "channel_not_found": outside,
        "not_in_channel": outside,
        "account_inactive": gone,
        "token_revoked": gone,
    }
    return known.get(reason, reason)
