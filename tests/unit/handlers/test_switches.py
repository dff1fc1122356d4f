"""Switches say what they are to become: an update that a killed process leaves half-way comes again without harm."""

from __future__ import annotations

import pytest

from bot.formatters.panel_actions import Switch
from bot.handlers.settings import switch_section, switch_topic

KNOWN = ("Papers", "Courses", "Jobs")


@pytest.mark.parametrize("wanted", [Switch.ON, Switch.OFF])
@pytest.mark.parametrize("chosen", [(), ("Papers", "Jobs"), ("Courses", "Jobs")])
def test_a_switch_that_is_pressed_twice_is_pressed_once(chosen: tuple[str, ...], wanted: Switch) -> None:
    """Sections and topics alike."""
    once = switch_section("Courses", chosen, KNOWN, wanted=wanted)
    assert switch_section("Courses", once, KNOWN, wanted=wanted) == once
    assert ("Courses" in (once or KNOWN)) is (wanted is Switch.ON)
    picked = switch_topic("Courses", chosen, wanted=wanted)
    assert switch_topic("Courses", picked, wanted=wanted) == picked
    assert ("Courses" in picked) is (wanted is Switch.ON)


def test_an_old_button_turns() -> None:
    """It does not say what it wants."""
    assert switch_topic("slam", switch_topic("slam", ())) == ()
    assert switch_section("Jobs", switch_section("Jobs", (), KNOWN), KNOWN) == ()
