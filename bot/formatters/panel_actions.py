"""What the buttons of a chat's settings ask for; `bot.formatters.actions` writes and reads them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Setting(StrEnum):
    """What a chat can set, by a button or in words."""

    LAYOUT = "layout"
    IMAGES = "images"
    SOUND = "sound"
    LANGUAGE = "language"
    HOUR = "hour"
    ZONE = "zone"
    PACE = "pace"
    HOURS = "hours"
    QUIET = "quiet"
    SECTIONS = "sections"
    TOPICS = "topics"
    WATCHED = "watched"
    PLACE = "place"


class Switch(StrEnum):
    """What a switch is to become. A button says which, so that an update that comes twice changes nothing more."""

    ON = "on"
    OFF = "off"
    TURN = "turn"


class PanelPage(StrEnum):
    """The pages of the settings."""

    MAIN = "main"
    SECTIONS = "sections"
    TOPICS = "topics"
    WATCHES = "watches"
    THREADS = "threads"
    TIMES = "times"
    HOUR = "hour"
    ZONE = "zone"
    PACE = "pace"
    QUIET = "quiet"


@dataclass(frozen=True, slots=True)
class TurnPanel:
    """A page of a chat's settings, in place."""

    page: PanelPage = PanelPage.MAIN
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Set:
    """One setting of a chat."""

    setting: Setting
    value: str


@dataclass(frozen=True, slots=True)
class SwitchSection:
    """A section to receive or to leave out, by the id that stands for its title; its page stays open."""

    title: int
    offset: int = 0
    wanted: Switch = Switch.TURN


@dataclass(frozen=True, slots=True)
class SwitchTopic:
    """A topic to receive entries of, or no longer; its page stays open."""

    name: str
    offset: int = 0
    wanted: Switch = Switch.TURN


@dataclass(frozen=True, slots=True)
class DropWatch:
    """A standing query taken back, by the id that stands for its words; its page stays open."""

    query: int
    offset: int = 0


@dataclass(frozen=True, slots=True)
class DropThread:
    """A section that goes where all others go again, by the id that stands for its title."""

    title: int
