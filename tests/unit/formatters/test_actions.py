"""What a button sends is what the handler reads."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.formatters.actions import (
    LARGEST,
    Action,
    OpenEntry,
    OpenIssue,
    OpenIssues,
    OpenRelated,
    OpenSection,
    OpenShelf,
    OpenTopic,
    Save,
    SetLanguage,
    TurnPage,
    TurnToContents,
    TurnToEntry,
    Way,
    read_action,
    write_action,
    write_start,
)
from bot.formatters.panel_actions import (
    DropThread,
    DropWatch,
    PanelPage,
    Set,
    Setting,
    Switch,
    SwitchSection,
    SwitchTopic,
    TurnPanel,
)
from bot.model.command import DATA_LIMIT
from bot.model.search import Sort

IDS = st.integers(min_value=0, max_value=LARGEST)
OFFSETS = st.none() | IDS
NAMES = st.from_regex(r"[a-z0-9_]{1,32}", fullmatch=True)
ACTIONS = st.one_of(
    st.builds(OpenIssue, IDS),
    st.builds(TurnToContents, IDS),
    st.builds(OpenSection, IDS, IDS, OFFSETS),
    st.builds(OpenIssues, OFFSETS),
    st.builds(OpenEntry, IDS),
    st.builds(OpenRelated, IDS),
    st.builds(OpenTopic, NAMES, OFFSETS),
    st.builds(TurnPage, IDS, IDS, st.sampled_from(Sort)),
    st.builds(SetLanguage, st.sampled_from(["en", "zh"])),
    st.builds(TurnToEntry, IDS),
    st.builds(Save, IDS, st.sampled_from(Switch), st.none() | st.sampled_from(Way)),
    st.builds(OpenShelf, OFFSETS),
    st.builds(TurnPanel, st.sampled_from(PanelPage), IDS),
    st.builds(SwitchSection, IDS, IDS, st.sampled_from(Switch)),
    st.builds(SwitchTopic, NAMES, st.integers(0, 10**4), st.sampled_from(Switch)),
    st.builds(DropWatch, IDS, IDS),
    st.builds(DropThread, IDS),
    st.builds(Set, st.sampled_from(Setting), NAMES),
)


@given(ACTIONS)
def test_an_action_is_read_as_it_was_written(action: Action) -> None:
    """Writing and reading are each other's inverse."""
    name, _, argument = write_action(action).partition(" ")
    assert read_action(name, argument) == action


@given(ACTIONS)
def test_every_action_fits_a_button(action: Action) -> None:
    """A line of ids never outgrows what a platform lets a button carry."""
    assert len(write_action(action).encode()) <= DATA_LIMIT


@given(st.sampled_from(["issue", "section", "issues", "entry", "topic", "page", "lang", "search", ""]), st.text())
def test_any_text_may_be_read(name: str, argument: str) -> None:
    """What somebody types in a button's place is an action or none, never a fault."""
    read_action(name, argument)


@pytest.mark.parametrize(
    ("name", "argument"),
    [
        ("entry", ""),
        ("entry", "-1"),
        ("entry", "１２"),
        ("entry", "12 13"),
        ("entry", "9" * 5000),
        ("page", "1 2"),
        ("page", "1 2 worst"),
        ("section", "12"),
        ("open", "12"),
    ],
)
def test_a_damaged_line_is_no_action(name: str, argument: str) -> None:
    """A line with too few, too many or impossible words stands for nothing."""
    assert read_action(name, argument) is None


@pytest.mark.parametrize(
    ("action", "start"),
    [
        (OpenEntry(34), "entry_34"),
        (OpenSection(12, 1), "section_12_1"),
        (OpenTopic("differentiable_rendering"), "topic_differentiable_rendering"),
        (OpenSection(12, 1, 0), ""),
        (TurnToContents(12), ""),
    ],
)
def test_a_link_bears_what_a_button_opens(action: Action, start: str) -> None:
    """What turns its own message stays where it is."""
    name, _, argument = write_action(action).partition(" ")
    assert write_start(name, argument) == start
