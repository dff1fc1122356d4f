"""The bot's own words in every language it speaks.

English stands in the code (``words("The latest issue")``) and is each message's name. A catalogue per language,
``<language>/LC_MESSAGES/bot.po``, holds the words and is read as it is: nothing is compiled. After messages changed,
``python -m bot.locales.update`` rewrites the catalogues and prints what is left to translate. A value of type `Words`
is always called ``words``: by that name the messages are found.
"""

from bot.locales.words import LANGUAGES, Words, match_language, open_words

__all__ = ["LANGUAGES", "Words", "match_language", "open_words"]
