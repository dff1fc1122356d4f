"""The first words to somebody new, and the list of all that can be asked."""

from __future__ import annotations

from collections.abc import Sequence

from bot.formatters.actions import command_button
from bot.formatters.results import how_to_ask
from bot.locales import Words
from bot.model.chat import Chat
from bot.model.command import Button, Buttons, CommandInfo, Introduction, Reply, Where
from bot.model.richtext import Block, Document, Heading, List, Paragraph, Span, bold, paragraph
from bot.model.search import Topic

HELLO = "hello"
"""What the bot is told where a button took it: it has said hello there already."""

TOPICS_NAMED = 5
"""Topics named as examples."""


def format_start(words: Words, *, is_subscribed: bool = False, can_be_taken: bool = False) -> Reply:
    """Greet, say what the bot is for, and offer the first steps; whoever took them is offered the settings."""
    document = Document(
        (
            paragraph(bold(words("Hello!"))),
            paragraph(
                words(
                    "I bring each issue of the research digest to this chat, section by section, and answer questions "
                    "from everything it ever held. Just send me words to search for."
                )
            ),
            paragraph(words("/help tells all that I can do.")),
        )
    )
    buttons: Buttons = (
        (command_button(words("Latest issue"), "latest"), command_button(words("Topics"), "topics")),
        (command_button(words("Settings"), "settings"),)
        if is_subscribed
        else (command_button(words("Subscribe"), "subscribe"),),
    )
    taking: Buttons = (
        (
            Button(words("Add me to a group"), HELLO, where=Where.GROUP),
            Button(words("Add me to a channel"), HELLO, where=Where.CHANNEL),
        ),
    )
    return Reply(document, (*buttons, *taking) if can_be_taken else buttons)


def format_channel(chat: Chat, words: Words) -> Reply:
    """Offer whoever took the bot into a channel to set it up, in private: the channel's readers need not read that."""
    said = words.parts("I can write in {channel} now. Shall each new issue go there?", channel=bold(chat.title))
    buttons = (
        Button(words("Subscribe"), f"about {chat.id} subscribe"),
        Button(words("Settings"), f"about {chat.id} panel"),
    )
    return Reply(Document((paragraph(*said),)), (buttons,))


def format_muted(chat: Chat, words: Words) -> Reply:
    """Tell whoever took the bot into a channel what it lacks there."""
    said = words.parts(
        "I am in {channel} now, and may not post there yet: in its list of administrators, allow me to post messages.",
        channel=bold(chat.title),
    )
    return Reply(Document((paragraph(*said),)))


def format_introduction(words: Words) -> Introduction:
    """Say what the bot is for, to those who have not met it yet."""
    return Introduction(
        words(
            "I bring each issue of the research digest to your chat, group or channel, section by section, and answer "
            "questions from everything it ever held: send me words to search for, or /latest."
        ),
        words("Brings each issue of the research digest, and searches all of them."),
    )


def format_greeting(words: Words) -> Reply:
    """Say one short thing to a group, and who can set the bot up there."""
    said = words("Hello! An administrator can have each new issue sent here: /subscribe. /help tells what I can do.")
    return Reply(Document((paragraph(said),)), ((command_button(words("Subscribe"), "subscribe"),),))


def format_help(commands: Sequence[CommandInfo], topics: Sequence[Topic], words: Words) -> Reply:
    """Return all commands, and how to search."""
    blocks: list[Block] = [
        Heading((Span(words("What you can ask")),), level=2),
        List(tuple((command_line(command),) for command in commands)),
    ]
    if topics:
        names = words(", ").join(f"/{topic.name}" for topic in topics[:TOPICS_NAMED])
        blocks.append(paragraph(words("Every topic is a command, too: {names} …", names=names)))
    blocks += [Heading((Span(words("How to search")),), level=3), *how_to_ask(words)]
    return Reply(Document(tuple(blocks)))


def format_first_help(commands: Sequence[CommandInfo], words: Words) -> Reply:
    """Return a few commands, for a chat of many; a button leads to all of them in private."""
    document = Document(
        (
            Heading((Span(words("What you can ask")),), level=2),
            List(tuple((command_line(command),) for command in commands)),
        )
    )
    return Reply(document, ((Button(words("Everything else in private"), "help", where=Where.PRIVATE),),))


def command_line(command: CommandInfo) -> Paragraph:
    """Return how a command is given, and what it does."""
    hint = f" {command.hint}" if command.hint else ""
    return paragraph(bold(f"/{command.name}"), f"{hint} — {command.summary}")
