"""The page's own words. What the bot says comes from the house, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping

from bot.locales import Words


def page_words(words: Words) -> Mapping[str, str]:
    """Return what the page's template and script say, by the names they use."""
    return {
        "bot": words("Digest bot"),
        "rooms": words("Rooms"),
        "messages": words("Messages"),
        "new_room": words("New room"),
        "open": words("Open"),
        "room_rule": words("Small letters a–z, digits and hyphens"),
        "you": words("You"),
        "write": words("Write a message, or / for a command"),
        "send": words("Send"),
        "commands": words("Commands"),
        "earlier": words("Earlier messages"),
        "new": words("New messages"),
        "to_the_end": words("To the latest message"),
        "working": words("The bot is working on it"),
        "edited": words("edited"),
        "only_you": words("Only you can see this"),
        "dismiss": words("Dismiss"),
        "image": words("Image"),
        "today": words("Today"),
        "yesterday": words("Yesterday"),
        "reconnecting": words("Connection lost. Trying again…"),
        "failed": words("That did not arrive. Check that the bot is running, and try again."),
        "empty": words("Nothing has been said in this room yet."),
        "empty_hint": words("Try one of these:"),
        "needs_script": words("This chat needs JavaScript."),
    }
