"""What went wrong, said in one plain sentence that tells what to do."""

from __future__ import annotations

from collections.abc import Sequence

from bot.formatters.panel_actions import Setting
from bot.formatters.text import clip
from bot.locales import LANGUAGES, Words
from bot.model.chat import ChatKind, Managers

NAME_LIMIT = 40
"""Characters of somebody's own words that a sentence repeats."""


def no_issue(number: int, latest: int | None, words: Words) -> str:
    """Say that there is no issue of this number."""
    if latest is None:
        return no_issues(words)
    return words("There is no issue {number}; the latest is {latest}.", number=number, latest=latest)


def no_issues(words: Words) -> str:
    """Say that there is nothing yet."""
    return words("There is no issue yet.")


def no_number(words: Words) -> str:
    """Say how an issue is asked for."""
    return words("Write the issue’s number behind the command: /issue 12")


def no_entry(words: Words) -> str:
    """Say that an entry cannot be opened."""
    return words("That entry is no longer there.")


def full_shelf(limit: int, words: Words) -> str:
    """Say that nothing more can be saved."""
    return words.plural("You can save {n} entry.", "You can save {n} entries: remove some first.", limit)


def old_button(words: Words) -> str:
    """Say that what a button stood for cannot be done any more."""
    return words("This button is out of date. Please ask again.")


def no_command(name: str, nearest: str, words: Words) -> str:
    """Say that there is no such command, and which is nearest."""
    name = clip(name, NAME_LIMIT)
    if nearest:
        return words("There is no command /{name}. Did you mean /{nearest}?", name=name, nearest=nearest)
    return words("There is no command /{name}. /help tells what there is.", name=name)


def managers_only(managers: Managers | None, words: Words) -> str:
    """Say who may change what a chat receives; None: administrators of its own."""
    match managers:
        case Managers.MEMBERS:
            return words("Only members of this channel can change that, and no guests.")
        case Managers.ADMINS:
            return words("Only this workspace’s administrators can change that, in channels they are in.")
        case None:
            return words("Only this chat’s administrators can change that.")


def no_chat(name: str, words: Words) -> str:
    """Say that the bot sees no such chat, and what to do."""
    return words(
        "I see no channel or group “{name}”. Take me there first, then try again.",
        name=clip(name, NAME_LIMIT),
    )


def no_person(name: str, words: Words) -> str:
    """Say that a name is a person's."""
    return words(
        "“{name}” is no channel or group. Who wants the issues for themselves sends me /subscribe.",
        name=clip(name, NAME_LIMIT),
    )


def no_voice(title: str, kind: ChatKind, words: Words) -> str:
    """Say that the bot may not write in a chat, and who can change that how."""
    title = clip(title, NAME_LIMIT)
    if kind is ChatKind.CHANNEL:
        return words(
            "I may not post in “{chat}”. Make me an administrator there who may post messages, then try again.",
            chat=title,
        )
    return words("I may not write in “{chat}”. Take me in, or allow me to send messages, then try again.", chat=title)


def not_yours(name: str, words: Words) -> str:
    """Say who may set up a chat that somebody has named."""
    return words("Only the administrators of “{name}” can change what it receives.", name=clip(name, NAME_LIMIT))


def named_in_private(words: Words) -> str:
    """Say where another chat can be set up."""
    return words("Another chat is set up in the private chat with me. In this one, write the command alone.")


def admins_only(words: Words) -> str:
    """Say that a command is for those who run the bot."""
    return words("Only those who run this bot can do that.")


def no_language(words: Words) -> str:
    """Say which languages there are."""
    names = words(", ").join(LANGUAGES.values())
    return words("I speak {languages}.", languages=names)


def no_setting(words: Words) -> str:
    """Say how a setting is written."""
    return words("Write it like /settings hour 20:30, /settings zone Asia/Seoul or /settings quiet 23:00-06:30")


def no_value(setting: Setting, words: Words) -> str:
    """Say how one setting is filled in."""
    match setting:
        case Setting.QUIET:
            return words("Write it like 22:00-07:00, or leave it empty.")
        case Setting.ZONE:
            return words("There is no time zone of this name.")
        case Setting.HOUR:
            return words("Write a time of day, like 09:00.")
        case _:
            return words("This cannot be chosen any more. Please open the settings again.")


def patience(seconds: int, words: Words) -> str:
    """Ask somebody who asked very much to wait a little."""
    return words.plural(
        "That was a lot at once. Please give me {n} second, then ask again.",
        "That was a lot at once. Please give me {n} seconds, then ask again.",
        seconds,
    )


def no_thread(words: Words) -> str:
    """Say how a section is sent to a forum topic."""
    example = "/settings thread SECTION here"
    return words("In the forum topic that a section is to go to, write {example}", example=example)


def no_section(wanted: str, known: Sequence[str], words: Words) -> str:
    """Say that no section, or more than one, is meant by these words, and which there are."""
    names = words(", ").join(clip(title, NAME_LIMIT) for title in known)
    return words("Which section is “{wanted}”? There are {names}.", wanted=clip(wanted, NAME_LIMIT), names=names)


def too_many_watches(limit: int, words: Words) -> str:
    """Say that a chat watches for as much as it can."""
    return words.plural(
        "A chat can watch for {n} thing: take it back first.",
        "A chat can watch for {n} things: take one back first.",
        limit,
    )


def long_watch(limit: int, words: Words) -> str:
    """Say that a standing query is too long."""
    return words.plural("Please say it in {n} character.", "Please say it in {n} characters.", limit)


def nothing_to_watch(words: Words) -> str:
    """Say that there is nothing to watch for in some words."""
    return words("There is nothing to watch for in this.")


def no_watch(wanted: str, words: Words) -> str:
    """Say that a chat does not watch for something."""
    return words("This chat does not watch for “{wanted}”.", wanted=clip(wanted, NAME_LIMIT))


def fault(words: Words) -> str:
    """Say that something went wrong on our side."""
    return words("Something went wrong here. Please try again in a moment.")
