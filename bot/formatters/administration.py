"""What administrators are told: issues that wait for them, and what their commands did."""

from __future__ import annotations

from bot.formatters.actions import button
from bot.formatters.admin_actions import OpenDeliveries, ReleaseIssue
from bot.locales import Words
from bot.model.command import Reply
from bot.model.richtext import Document, bold, paragraph


def format_late(number: int, words: Words) -> Reply:
    """Tell that an issue was not sent, because its time is long past."""
    blocks = (
        paragraph(*words.parts("Issue {number} was not sent at its time.", number=bold(str(number)))),
        paragraph(words("The bot was not running then. Send it now?")),
    )
    return Reply(Document(blocks), ((button(words("Send it now"), ReleaseIssue(number)),),))


def format_canary(number: int, detail: str, words: Words) -> Reply:
    """Tell that an issue is held, because it did not arrive whole in the canary chat."""
    blocks = (
        paragraph(*words.parts("Issue {number} is held: it did not arrive whole.", number=bold(str(number)))),
        paragraph(detail),
        paragraph(words("Send it to everybody all the same?")),
    )
    return Reply(Document(blocks), ((button(words("Send it now"), ReleaseIssue(number)),),))


def format_shut(chat: str, section: str, reason: str, words: Words) -> Reply:
    """Tell that a section did not go to its own topic, because that is closed or gone."""
    sentence = words.parts(
        "{section} goes to the main place of {chat}: its own topic cannot be written to.",
        section=bold(section),
        chat=bold(chat),
    )
    return Reply(Document((paragraph(*sentence), paragraph(reason))))


def format_suspended(chat: str, reason: str, words: Words) -> Reply:
    """Tell that a group or a channel receives nothing any more, because the bot cannot write there."""
    sentence = words.parts("{chat} receives nothing any more: the bot cannot write there.", chat=bold(chat))
    kept = words("Its settings are kept. Once the bot may write there again, /subscribe brings it back.")
    return Reply(Document((paragraph(*sentence), paragraph(reason), paragraph(kept))))


def format_removed(workspace: str, reason: str, words: Words) -> Reply:
    """Tell that no chat of a workspace receives anything any more."""
    sentence = words.parts("No chat of {workspace} receives anything any more.", workspace=bold(workspace))
    kept = words("Subscriptions and settings are kept. When the app is installed there again, they go on.")
    return Reply(Document((paragraph(*sentence), paragraph(reason), paragraph(kept))))


def format_posted(number: int, chats: int, words: Words) -> Reply:
    """Confirm that an issue is being sent, in place of the question whether to."""
    if not chats:
        said = words("Issue {number}: every chat has it already.", number=number)
    else:
        said = words.plural(
            "Issue {number} is on its way to {n} chat.",
            "Issue {number} is on its way to {n} chats.",
            chats,
            number=number,
        )
    row = (button(words("Who got it"), OpenDeliveries(number)),)
    return Reply(Document((paragraph(said),)), (row,), replace=True)
