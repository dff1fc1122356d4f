"""The menu of commands, as Telegram takes it."""

from __future__ import annotations

from bot.adapters.telegram.menu import menu_of
from bot.model.command import Audience, CommandInfo


def test_commands_are_told_with_what_stands_behind_them():
    """A hint comes before the summary; what Telegram cannot show is left out."""
    commands = [
        CommandInfo("search", "Find entries", "<words>"),
        CommandInfo("help", "Help"),
        CommandInfo("subscribe", "Receive", audience=Audience.MANAGERS),
        CommandInfo("post", "Post an issue", audience=Audience.ADMINS),
        CommandInfo("搜索", "Find entries"),
        CommandInfo("x" * 33, "Too long"),
        CommandInfo("blank", ""),
    ]
    assert menu_of(commands, {Audience.EVERYBODY}) == (("search", "<words> — Find entries"), ("help", "Help"))
    assert [name for name, _ in menu_of(commands, set(Audience))] == ["search", "help", "subscribe", "post"]


def test_a_menu_has_its_limits():
    """A hundred commands, 256 characters each."""
    menu = menu_of([CommandInfo(f"topic_{n}", "x" * 300) for n in range(150)], {Audience.EVERYBODY})
    assert len(menu) == 100
    assert {len(words) for _, words in menu} == {256}
