"""What of an issue a chat wants: pages to choose sections and topics, and to see what it watches for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.formatters.actions import button
from bot.formatters.buttons import in_rows, label, turning_rows
from bot.formatters.panel import back, choice, panel_page, switch
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
from bot.formatters.text import note
from bot.locales import Words
from bot.model.command import Buttons, Reply
from bot.model.richtext import Document, List, bold, code, paragraph

SECTIONS, TOPICS, WATCHES = 6, 12, 5
"""Things on a page: with the buttons that turn it and lead back, about eight rows."""

DROP = "✕ "

EXAMPLES = ("/watch gaussian splatting", "/watch author:davison has:code", "/watch #ICCV2021 -survey")


@dataclass(frozen=True, slots=True)
class Option:
    """Something that can be chosen; `id` stands for its title in a button, where the title itself has no room."""

    title: str
    is_chosen: bool
    id: int = 0
    name: str = ""


@dataclass(frozen=True, slots=True)
class Watch:
    """A standing query, by the id that stands for its words, and how many entries of the latest issue match it."""

    query: str
    id: int
    matches: int


def format_sections(options: Sequence[Option], words: Words, *, offset: int = 0) -> Reply:
    """Return the choice of sections; a press switches one on or off."""
    shown = options[offset : offset + SECTIONS]
    rows = tuple((switch(one.title, SwitchSection(one.id, offset, _other(one)), is_on=one.is_chosen),) for one in shown)
    everything = Set(Setting.SECTIONS, "all")
    is_all = all(one.is_chosen for one in options)
    turns = _turns(PanelPage.SECTIONS, words, offset=offset, size=SECTIONS, total=len(options))
    last = (choice(words("All sections"), everything, is_chosen=is_all), back(words))
    how = paragraph(words("Press a section to receive it, or to leave it out."))
    return Reply(panel_page(words("Sections this chat receives"), how), (*rows, *turns, last), replace=True)


def _other(option: Option) -> Switch:
    return Switch.OFF if option.is_chosen else Switch.ON


def format_topic_choice(options: Sequence[Option], words: Words, *, offset: int = 0) -> Reply:
    """Return the choice of topics; none chosen means everything."""
    shown = options[offset : offset + TOPICS]
    switches = (switch(one.title, SwitchTopic(one.name, offset, _other(one)), is_on=one.is_chosen) for one in shown)
    is_all = not any(one.is_chosen for one in options)
    turns = _turns(PanelPage.TOPICS, words, offset=offset, size=TOPICS, total=len(options))
    last = (choice(words("Everything"), Set(Setting.TOPICS, "all"), is_chosen=is_all), back(words))
    how = paragraph(words("Choose topics to receive only their entries."))
    page = panel_page(words("Topics this chat receives"), how)
    return Reply(page, (*in_rows(switches, 2), *turns, last), replace=True)


def format_watches(
    watches: Sequence[Watch],
    words: Words,
    *,
    issue: int | None,
    is_private: bool,
    watched_only: bool,
    offset: int = 0,
    in_place: bool = False,
    toast: str = "",
) -> Reply:
    """Return what a chat watches for, each with a button that takes it back; `issue` is the one they were tried on."""
    lines = tuple((paragraph(code(one.query), *_counted(one, issue, words)),) for one in watches)
    what = paragraph(words("Entries that match are marked in what this chat receives."))
    how = (paragraph(words("Add what can be searched for:")), List(tuple((paragraph(code(one)),) for one in EXAMPLES)))
    blocks = (what, *((List(lines),) if lines else how))
    shown = watches[offset : offset + WATCHES]
    rows: Buttons = tuple((button(label(DROP + one.query), DropWatch(one.id, offset)),) for one in shown)
    turns = _turns(PanelPage.WATCHES, words, offset=offset, size=WATCHES, total=len(watches))
    only: Buttons = ()
    if is_private and watches:
        wanted = Set(Setting.WATCHED, "off" if watched_only else "on")
        only = ((switch(words("Receive only these"), wanted, is_on=watched_only),),)
    document = panel_page(words("What this chat watches for"), *blocks)
    return Reply(document, (*rows, *turns, *only, (back(words),)), replace=in_place, toast=toast)


def format_watching(watch: Watch, words: Words, *, issue: int | None, is_subscribed: bool) -> Reply:
    """Confirm a standing query, and tell how much it would have brought."""
    blocks = [paragraph(*words.parts("Watching for {query}.", query=bold(watch.query)))]
    if issue is not None:
        blocks.append(paragraph(_tried(watch.matches, issue, words)))
    rows: Buttons = ((button(words("What this chat watches for"), TurnPanel(PanelPage.WATCHES)),),)
    if not is_subscribed:
        blocks.append(note(words("This chat is not subscribed yet: /subscribe has new issues come here.")))
    return Reply(Document(tuple(blocks)), rows)


def format_threads(threads: Sequence[tuple[int, str, str]], words: Words, *, in_place: bool = True) -> Reply:
    """Return which sections go to which topics of a forum: for each the id of its title, the title and the topic."""
    lines = tuple(
        (paragraph(*words.parts("{section} goes to forum topic {topic}", section=bold(title), topic=topic)),)
        for _, title, topic in threads
    )
    how = words(
        "In the forum topic that a section is to go to, write {example}", example="/settings thread SECTION here"
    )
    rows = tuple((button(label(DROP + title), DropThread(section)),) for section, title, _ in threads)
    blocks = (*((List(lines),) if lines else ()), paragraph(how))
    return Reply(panel_page(words("Sections in forum topics"), *blocks), (*rows, (back(words),)), replace=in_place)


def _tried(matches: int, issue: int, words: Words) -> str:
    if not matches:
        return words("Nothing in issue {issue} matches.", issue=issue)
    return words.plural(
        "{n} entry of issue {issue} matches.", "{n} entries of issue {issue} match.", matches, issue=issue
    )


def _counted(watch: Watch, issue: int | None, words: Words) -> tuple[str, ...]:
    if issue is None:
        return ()
    counted = words("{n} in issue {issue}", n=words.number(watch.matches), issue=issue)
    return (f" · {counted}",)


def _turns(page: PanelPage, words: Words, *, offset: int, size: int, total: int) -> Buttons:
    return turning_rows(words, lambda to: TurnPanel(page, to), offset=offset, size=size, total=total)
