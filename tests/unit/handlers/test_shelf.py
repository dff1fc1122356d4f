"""What somebody keeps: saved by a button, listed, opened, taken off, had as a file."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.handlers import dispatch
from bot.model.chat import User
from bot.model.command import DATA_LIMIT, Command, Origin, Reply
from bot.model.digest import Issue, Section
from bot.storage import shelf
from tests.unit.handlers.conftest import Talk, actions, text
from tests.unit.handlers.samples import ISSUES, entry


async def opened(talk: Talk, number: int = 0) -> Reply:
    """Open an entry of the latest issue."""
    return await talk.press(actions(await talk.press("section 12 1 0"))[number])


def save_button(reply: Reply) -> tuple[str, str]:
    button = reply.buttons[0][0]
    return button.label, button.action


async def keep(talk: Talk, *numbers: int) -> None:
    for number in numbers:
        await talk.press(save_button(await opened(talk, number))[1])


async def edit(talk: Talk, issue: Issue) -> None:
    """Store an issue as an edited file says it."""
    now = talk.context.clock.now()
    await talk.context.issues.save(issue, content_hash=repr(issue), now=now, publish_at=None)


async def test_an_entry_is_saved_and_removed_where_it_was_opened(talk: Talk) -> None:
    """The button changes in place, a notice tells; what the message says stays."""
    first = await opened(talk)
    label, action = save_button(first)
    assert label == "☆ Save"
    saved = await talk.press(action)
    assert (saved.replace, saved.buttons_only, saved.toast) == (True, True, "Saved")
    assert saved.document == first.document
    assert save_button(saved)[0] == "★ Saved"
    assert save_button(await opened(talk))[0] == "★ Saved"
    removed = await talk.press(save_button(saved)[1])
    assert (removed.toast, save_button(removed)) == ("Removed", (label, action))


async def test_saving_what_is_saved_changes_nothing(talk: Talk) -> None:
    """The button of an older message says what is to be, not the opposite of what is."""
    _, action = save_button(await opened(talk))
    for _ in range(2):
        assert (await talk.press(action)).toast == "Saved"
    assert text(await talk.say("/saved")).startswith("1 saved entry")


async def test_a_random_entry_still_offers_another_when_it_is_saved(talk: Talk) -> None:
    """No button is lost by pressing one."""
    reply = await talk.say("/random")
    assert actions(await talk.press(save_button(reply)[1]))[-1] == "random"


async def test_in_a_group_the_button_is_everybodys_and_the_shelf_each_ones_own(talk: Talk) -> None:
    """Its button tells of nobody's shelf; a notice tells the presser, the message stays as it is for the others."""
    group = talk.in_group()
    label, action = save_button(await opened(group))
    assert label == "Save"
    other = replace(group, user=User("web:other"))
    assert await group.press(action) == Reply(toast="Saved. Press again to remove it.")
    assert await other.press(action) == Reply(toast="Saved. Press again to remove it.")
    assert save_button(await opened(group))[0] == "Save"
    assert await group.press(action) == Reply(toast="Removed")
    assert text(await other.say("/saved")).startswith("1 saved entry")
    assert "nothing yet" in text(await group.say("/saved"))


async def test_what_opens_before_one_reader_shows_their_own_shelf(talk: Talk) -> None:
    """A page that a public button opens for its presser says what they have saved; one turned in place does not."""
    group = talk.in_group()
    _, action = save_button(await opened(group))
    await group.press(action)
    number = action.split()[1]

    async def label(name: str, **where: bool) -> str:
        command = Command(name, number, group.chat, group.kind, group.user, origin=Origin.BUTTON, **where)
        reply = await dispatch(command, talk.context)
        assert reply is not None
        return save_button(reply)[0]

    assert await label("entry") == "Save"
    assert await label("entry", opens_alone=True) == "★ Saved"
    assert await label("turn", opens_alone=True) == "Save"
    assert await label("turn", alone=True) == "★ Saved"


async def test_what_is_saved_is_shown_to_its_owner_alone(talk: Talk) -> None:
    """In private where the platform can, else by a way to the private chat."""
    await keep(talk, 0)
    reply = await talk.in_group().say("/saved")
    assert reply.private
    assert reply.detour is not None
    assert reply.detour.start == "saved"
    assert "DROID-SLAM" in text(await talk.say("/start saved"))
    assert "nothing yet" in text(await replace(talk, user=User("web:other")).say("/saved"))


async def test_a_shelf_is_paged_last_saved_first(talk: Talk) -> None:
    """Five a page, turned in place; every number opens its entry."""
    await keep(talk, *range(7))
    reply = await talk.say("/saved")
    assert text(reply).startswith("7 saved entries\n\n1. NeRF number 6")
    (turn,) = (action for action in actions(reply) if action.startswith("saved"))
    page = await talk.press(turn)
    assert page.replace
    assert "7. DROID-SLAM" in text(page)
    assert all(len(action.encode()) <= DATA_LIMIT for action in (*actions(reply), *actions(page)))
    opening = [action for action in actions(page) if action.startswith("entry")]
    assert "DROID-SLAM" in text(await talk.press(opening[-1]))


async def test_what_is_taken_off_the_list_is_gone_from_it_at_once(talk: Talk) -> None:
    """The page stays open; an empty last page becomes the one before it; a second press is an old button."""
    await keep(talk, *range(6))
    page = await talk.press("saved 5")
    (drop,) = (action for action in actions(page) if action.startswith("drop"))
    after = await talk.press(drop)
    assert (after.replace, after.toast) == (True, "Removed")
    assert text(after).startswith("5 saved entries\n\n1. ")
    assert "out of date" in (await talk.press(drop)).toast


async def test_nobody_takes_off_what_is_anothers(talk: Talk) -> None:
    """An id is no right."""
    await keep(talk, 0)
    (drop,) = (action for action in actions(await talk.say("/saved")) if action.startswith("drop"))
    assert "out of date" in (await replace(talk, user=User("web:other")).press(drop)).toast
    assert text(await talk.say("/saved")).startswith("1 saved entry")


async def test_what_is_saved_survives_an_edit_and_tells_when_it_has_gone(talk: Talk) -> None:
    """An entry that was reworded is the same; of one that was taken out the title stays, and the way to remove it."""
    await keep(talk, 0, 1)
    before = ISSUES[1].sections[1].entries
    renamed = replace(before[0], title="DROID-SLAM, revised")
    await edit(talk, replace(ISSUES[1], sections=(Section("成果推荐及讨论", (entry("New"), renamed, *before[2:])),)))
    reply = await talk.say("/saved")
    assert "DROID-SLAM, revised" in text(reply)
    assert "NeRF number 1\nno longer in issue 12" in text(reply)
    assert [action for action in actions(reply) if action.startswith("entry")] == ["entry 3"]
    gone = next(action for action in actions(reply) if action.startswith("drop"))
    assert text(await talk.press(gone)).startswith("1 saved entry")


async def test_an_entry_that_went_meanwhile_cannot_be_saved(talk: Talk) -> None:
    """It is told."""
    _, action = save_button(await opened(talk))
    await edit(talk, replace(ISSUES[1], sections=()))
    assert (await talk.press(action)).toast == "That entry is no longer there."


async def test_a_shelf_has_an_end(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody fills the disk with a button."""
    monkeypatch.setattr(shelf, "SHELF_LIMIT", 2)
    await keep(talk, 0, 1)
    refused = await talk.press(save_button(await opened(talk, 2))[1])
    assert "remove some first" in refused.toast
    assert save_button(refused)[0] == "☆ Save"


async def test_papers_are_exported_as_bibtex_and_the_others_are_told(talk: Talk) -> None:
    """What links to no paper stands in the answer and in the file, by its title."""
    await keep(talk, 0, 1)
    reply = await talk.press("export bibtex")
    assert reply.private
    assert reply.attachment is not None
    content = reply.attachment.content.decode()
    assert reply.attachment.name == "digest-saved.bib"
    assert "@misc{droidslam2021,\n" in content
    assert "{Shared by Zachary Teed (Issue 12)}" in content
    assert "% NeRF number 1\n" in content
    assert "1 paper, as BibTeX." in text(reply)
    assert "not in the file:\n\n• NeRF number 1" in text(reply)


async def test_everything_is_exported_as_markdown(talk: Talk) -> None:
    """Entries whole, one behind the other; what has gone is told."""
    await keep(talk, 0, 1)
    await edit(talk, replace(ISSUES[1], sections=(Section("成果推荐及讨论", ISSUES[1].sections[1].entries[:1]),)))
    reply = await talk.press("export markdown")
    assert reply.attachment is not None
    content = reply.attachment.content.decode()
    assert content.startswith("# Saved entries\n\n## [DROID-SLAM](https://twitter.com/")
    assert "Deep visual SLAM, see the paper." in content
    assert "no longer there:\n\n• NeRF number 1" in text(reply)


@pytest.mark.parametrize("action", ["export bibtex", "export markdown"])
async def test_an_empty_shelf_makes_no_file(talk: Talk, action: str) -> None:
    """It is told how to fill it."""
    reply = await talk.press(action)
    assert reply.attachment is None
    assert "Open an entry" in text(reply)


@pytest.mark.parametrize(
    "action", ["save x on", "save 3 maybe", "save 999 on", "drop 1 0", "export word", "discussion 9"]
)
async def test_a_damaged_button_is_answered_with_a_notice(talk: Talk, action: str) -> None:
    """Never with silence."""
    reply = await talk.press(action)
    assert reply.toast
    assert not reply.document
