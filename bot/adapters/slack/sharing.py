"""Sharing: what one was answered alone, said again for a whole channel, in the name of who shares it.

Slack keeps no message that one person alone sees. So the button below it bears the command line that asks again, and
what everybody gets to see is a fresh answer with buttons that live.
"""

from __future__ import annotations

from dataclasses import replace

from bot.adapters.slack import limits
from bot.adapters.slack.messages import compose
from bot.adapters.slack.requests import Question
from bot.adapters.slack.runs import JSON
from bot.locales import Words
from bot.model.chat import ChatKind
from bot.model.command import Button, Command, Origin, Reply
from bot.model.delivery import Payload, Post
from bot.model.richtext import Document, Span, paragraph

SHARE = "share"
"""The command behind the button. No line but the bot's own buttons leads to it."""

_SHUT_OUT = frozenset({"channel_not_found", "not_in_channel"})


def line_of(command: Command) -> str:
    """Return the command line that asks the same again."""
    return f"{command.name} {command.argument}".strip() if command.name else f"search {command.argument}"


def with_sharing(reply: Reply, kind: ChatKind, line: str, words: Words) -> Reply:
    """Return a reply with the button that shares it, where there is a channel to share it in; `line` asks for it."""
    line = f"{SHARE} {line}"
    if kind is ChatKind.PRIVATE or reply.private or not reply.document or len(line) > limits.BUTTON_VALUE:
        return reply
    return replace(reply, buttons=(*reply.buttons, (Button(words("Share in channel"), action=line),)))


def shared_command(question: Question) -> Command | None:
    """Return the command whose answer is to be shared; None where nothing is."""
    command = question.command
    if command.name != SHARE or command.origin is not Origin.BUTTON:
        return None
    name, _, argument = command.argument.partition(" ")
    return replace(command, name=name, argument=argument, alone=False)


def compose_shared(reply: Reply, question: Question, words: Words) -> list[Payload]:
    """Return an answer as messages for all, the first of which says who shares it."""
    sharer = Span(f"@{question.command.user.name or question.asker}")
    byline = paragraph(*words.parts("Shared by {who}", who=sharer))
    first, *others = compose(Post(None, (Document((byline, *reply.document.blocks)),), reply.buttons))
    blocks = [_with_mention(first["blocks"][0], sharer.text, question.asker), *first["blocks"][1:]]
    return [{**first, "blocks": blocks}, *others]


def confirm_shared(words: Words) -> str:
    """Say that something is shared, to who cannot see that behind a modal."""
    return words("Shared in the channel.")


def explain_refusal(reason: str, name: str, words: Words) -> str:
    """Say why nothing could be posted in a channel, and what to do about it."""
    if reason in _SHUT_OUT:
        return words(
            "I am not in this channel, so I cannot post in it. Type /invite @{name} here, then press again.", name=name
        )
    return words("Slack does not let me post here ({reason}).", reason=reason)


def _with_mention(block: JSON, name: str, user: str) -> JSON:
    """Return a paragraph in which a person's name is a mention of them."""
    section = block["elements"][0]
    runs = [{"type": "user", "user_id": user} if run.get("text") == name else run for run in section["elements"]]
    return {**block, "elements": [{**section, "elements": runs}]}
