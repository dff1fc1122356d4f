"""What a reader typed, as a command."""

from __future__ import annotations

import pytest

from bot.adapters.slack.words import plain_text, read_slash, read_spoken, without_mention
from bot.model.command import CommandInfo

MENU = {
    info.name: info
    for info in (
        CommandInfo("help", "Help"),
        CommandInfo("latest", "The latest issue"),
        CommandInfo("issue", "An issue", "<number>"),
        CommandInfo("search", "Search", "<words>"),
        CommandInfo("subscribe", "Subscribe", "[filters]"),
        CommandInfo("slam", "SLAM"),
    )
}


@pytest.mark.parametrize(
    ("command", "text", "expected"),
    [
        ("/digest", "", ("help", "")),
        ("/digest", "  latest ", ("latest", "")),
        ("/digest", "Issue 12", ("issue", "12")),
        ("/digest", "/search neural  radiance", ("search", "neural  radiance")),
        ("/digest", "slam dynamic", ("slam", "dynamic")),
        ("/digest", "gaussian splatting", ("", "gaussian splatting")),
        ("/digest", "nerf", ("", "nerf")),
        ("/search", "nerf", ("search", "nerf")),
        ("/find", "nerf", ("search", "nerf")),
        ("/slam", "", ("slam", "")),
        ("/SLAM", " dynamic ", ("slam", "dynamic")),
        ("/of_tomorrow", "x", ("of_tomorrow", "x")),
    ],
)
def test_slash_commands(command: str, text: str, expected: tuple[str, str]) -> None:
    """/digest leads to every command, and looks for what is none; any other slash command is the command itself."""
    assert read_slash(command, text, MENU) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ("help", "")),
        ("nerf", ("", "nerf")),
        ("what about nerf?", ("", "what about nerf?")),
        ("/search nerf", ("search", "nerf")),
        ("/Search", ("search", "")),
        ("/digest search nerf", ("search", "nerf")),
        ("/", ("", "/")),
        ("search nerf", ("search", "nerf")),
        ("Search\nnerf", ("search", "nerf")),
        ("latest", ("latest", "")),
        ("latest work on nerf", ("", "latest work on nerf")),
        ("slam", ("slam", "")),
        ("slam in dynamic scenes", ("", "slam in dynamic scenes")),
        ("subscribe topics:slam", ("subscribe", "topics:slam")),
        ("最新", ("", "最新")),
    ],
)
def test_spoken_words(text: str, expected: tuple[str, str]) -> None:
    """Words are looked for, unless they begin with a slash or are a command as it is used."""
    assert read_spoken(text, MENU) == expected


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("a &lt;b&gt; &amp;amp; c", "a <b> &amp; c"),
        ("<https://arxiv.org/abs/2003.08934>", "https://arxiv.org/abs/2003.08934"),
        ("<http://arxiv.org|arxiv.org>", "arxiv.org"),
        ("<mailto:a@e.org|a@e.org>", "a@e.org"),
        ("<mailto:a@e.org>", "a@e.org"),
        ("in <#C01|general>, <#C02>", "in #general, #C02"),
        ("<@U01|ben> and <!here>", "ben and !here"),
        ("1 < 2 > 0", "1 < 2 > 0"),
    ],
)
def test_text_is_as_it_was_typed(text: str, plain: str) -> None:
    """References become what they show, and the three escapes are undone once."""
    assert plain_text(text) == plain


@pytest.mark.parametrize("text", ["<@U0BOT> nerf", "<@U0BOT|digest>  nerf", "nerf <@U0BOT>", " nerf"])
def test_own_mention_is_no_word(text: str) -> None:
    """The bot's own name in a message is not looked for; another's stays."""
    assert without_mention(text, "U0BOT") == "nerf"
    assert without_mention("<@U0BOT> ask <@U01>", "U0BOT") == "ask <@U01>"
