"""What a query's writer should know, in words."""

from __future__ import annotations

from bot.formatters.text import clip
from bot.locales import Words
from bot.model.search import Notice, NoticeCode

VALUE_LIMIT = 40
"""Characters of somebody's own words that a notice repeats."""


def format_notice(notice: Notice, words: Words) -> str:
    """Say a notice."""
    value = clip(notice.value, VALUE_LIMIT)
    suggestion = clip(notice.suggestion, VALUE_LIMIT)
    sentences = {
        NoticeCode.UNKNOWN_FIELD: words("There is no field “{value}”.", value=value),
        NoticeCode.NO_FIELD: words("There is no field “{value}”, so it was searched for as a word.", value=value),
        NoticeCode.FIELD_LEFT_OUT: words("There is no field “{value}”, so it was left out.", value=value),
        NoticeCode.UNKNOWN_FEATURE: words(
            "has:{value} asks for nothing known: has:code, has:paper, has:video, has:image and has:comments do.",
            value=value,
        ),
        NoticeCode.UNKNOWN_AUTHOR: words("Nobody is known as “{value}”.", value=value),
        NoticeCode.UNKNOWN_SECTION: words("No section has “{value}” in its title.", value=value),
        NoticeCode.UNKNOWN_TOPIC: words("There is no topic “{value}”.", value=value),
        NoticeCode.EMPTY_FIELD: words("“{value}:” needs something behind the colon.", value=value),
        NoticeCode.NO_ISSUE: words("“{value}” is no issue: write issue:4 or issue:3..6.", value=value),
        NoticeCode.NO_DATE: words("“{value}” is no date: write it like after:2022-01-31.", value=value),
        NoticeCode.OR_BETWEEN: words("OR cannot stand before “{value}”, so it was left out.", value=value),
        NoticeCode.TOO_LONG: words("The question is very long: only its beginning was searched."),
        NoticeCode.NOTHING: words("There is nothing to search for in this."),
    }
    said = sentences[notice.code]
    if not suggestion:
        return said
    return words("{said} Did you mean “{suggestion}”?", said=said, suggestion=suggestion)
