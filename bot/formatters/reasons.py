"""Why a chat waits and a message did not arrive, in words. What nobody foresaw is told as the platform says it."""

from __future__ import annotations

from collections.abc import Iterator

from bot.locales import Words

_STATUSES = frozenset({"kicked", "left"})
"""What Telegram calls one who is no member any more."""


def format_reason(reason: str, words: Words) -> str:
    """Return a stored reason in a language."""
    said = reason.casefold()
    said = "the bot was removed" if said in _STATUSES else said
    return next((meaning for signs, meaning in _known(words) if any(sign in said for sign in signs)), reason)


def explain_reason(reason: str, words: Words) -> str:
    """Return a stored reason in a language, and behind it what the platform said: for those who run the bot."""
    meaning = format_reason(reason, words)
    return (
        meaning
        if reason.casefold() in {meaning.casefold(), ""}
        else words("{text} ({detail})", text=meaning, detail=reason)
    )


def _known(words: Words) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield the signs by which a reason is known, in small letters, and what it means; the first that fits is meant."""
    yield from _partings(words)
    yield from _refusals(words)
    yield from _troubles(words)


def _partings(words: Words) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield what keeps the bot out of a chat or a workspace."""
    yield ("blocked by the user", "user_is_blocked"), words("the bot was blocked")
    yield ("user is deactivated", "input_user_deactivated", "user_disabled"), words("the account is no more")
    yield ("group chat was deleted",), words("the group was deleted")
    yield ("initiate conversation",), words("this person has never written to the bot")
    yield ("the bot was removed from the channel",), words("the bot was removed from the channel")
    yield (
        ("the bot was removed", "bot was kicked", "bot is not a member"),
        words("the bot was removed"),
    )
    yield ("is_archived", "the channel was archived"), words("the channel was archived")
    yield ("the channel was deleted",), words("the channel was deleted")
    yield (
        ("the channel is no longer shared with this workspace",),
        words("the channel is no longer shared with this workspace"),
    )
    yield (
        ("channel_not_found", "not_in_channel", "the bot is not in the channel"),
        words("the bot is not in the channel, and has to be invited again"),
    )
    yield (
        ("the app was removed from the workspace", "account_inactive", "token_revoked", "team_access_not_granted"),
        words("the app was removed from the workspace"),
    )


def _refusals(words: Words) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield why a platform does not take a message."""
    yield (
        ("to send photos", "to send media", "chat_send_media", "chat_send_photos"),
        words("pictures are not allowed there"),
    )
    yield (
        (
            "not enough rights",
            "write_forbidden",
            "no write access",
            "no rights to send",
            "admin_required",
            "restricted",
        ),
        words("the bot may not write there"),
    )
    yield ("administrator rights in the channel",), words("the bot may not post in the channel")
    yield ("topic_closed", "topic_deleted", "thread not found"), words("the forum topic is closed or gone")
    yield ("chat not found", "peer_id_invalid", "user not found", "channel_private"), words("the bot sees no such chat")
    yield ("payment_required",), words("messages there cost Stars")
    yield (
        (
            "http url",
            "web page content",
            "webpage_",
            "downloading image",
            "image_process",
            "photo_invalid",
            "the picture",
            "file is too big",
            "entity too large",
        ),
        words("a picture could not be had"),
    )
    yield ("too long", "too_long", "too large"), words("the message was too long")
    yield ("can't parse", "invalid_blocks_format", "no_text"), words("the message was malformed")


def _troubles(words: Words) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield what is nobody's will."""
    yield ("too many requests", "ratelimited", "rate_limited"), words("too much was sent at once; it goes on by itself")
    yield ("timed out", "in time", "before slack answered"), words("no answer came")
    yield ("cannot be reached", "connect"), words("the platform could not be reached")
    yield (
        ("bad gateway", "internal server error", "without a word", "internal_error", "fatal_error"),
        words("the platform had trouble of its own"),
    )
    yield (
        ("unauthorized", "invalid_auth", "not_authed", "does not know this bot"),
        words("the bot’s token is not accepted"),
    )
    yield (
        ("messages may have come since", "are among the last", "is not among the last"),
        words("too many messages stand where it may be"),
    )
    yield ("a fault of the bot's own",), words("a fault of the bot’s own; its log says more")
