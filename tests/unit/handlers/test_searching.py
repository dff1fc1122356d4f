"""Questions and their answers, page by page."""

from __future__ import annotations

from bot.model.command import DATA_LIMIT
from tests.unit.handlers.conftest import Talk, actions, text


async def test_a_search_answers_with_the_best_five(talk: Talk) -> None:
    """Title, place, author and snippet of each; the number of all."""
    reply = await talk.say("/search radiance")
    assert text(reply).startswith("12 entries for “radiance”")
    assert text(reply).count("Issue 12 · 成果推荐及讨论 · Jia-Bin Huang") == 5
    assert len([action for action in actions(reply) if action.startswith("entry ")]) == 5


async def test_an_answer_is_turned_in_place_to_its_last_page(talk: Talk) -> None:
    """Each hit is met once, and the last page goes no further."""
    reply, seen = await talk.say("/search radiance"), []
    while True:
        seen += [action for action in actions(reply) if action.startswith("entry ")]
        pages = [button for row in reply.buttons for button in row if button.label == "Next ▶"]
        if not pages:
            break
        reply = await talk.press(pages[0].action)
        assert reply.replace
    assert len(seen) == len(set(seen)) == 12


async def test_an_answer_can_be_had_newest_first_and_best_first_again(talk: Talk) -> None:
    """The order is a button, and so is the other one."""
    reply = await talk.say("/search radiance")
    (newest,) = (button for row in reply.buttons for button in row if button.label == "Newest first")
    turned = await talk.press(newest.action)
    assert "Best first" in [button.label for row in turned.buttons for button in row]


async def test_the_words_of_a_question_of_any_length_are_kept_for_its_buttons(talk: Talk) -> None:
    """A button carries an id: words do not fit."""
    reply = await talk.say("/search radiance field " + "OR radiance " * 20)
    turning = [action for action in actions(reply) if action.startswith("page")]
    assert turning
    assert all(len(action.encode()) <= DATA_LIMIT for action in turning)
    assert "entries for" in text(await talk.press(turning[0]))


async def test_what_cannot_be_stored_is_left_out_of_a_question(talk: Talk) -> None:
    """Half a surrogate pair, a NUL, a book pasted into the search: all are answered, buttons and all."""
    for junk in ("\ud83d", "\x00", "y" * 100_000):
        reply = await talk.say(f"/search radiance OR {junk}")
        turns = [action for action in actions(reply) if action.startswith("page")]
        if turns:
            assert (await talk.press(turns[0])).document


async def test_a_page_that_is_no_more_is_the_first(talk: Talk) -> None:
    """Entries may have gone since the button was made."""
    reply = await talk.say("/search radiance")
    turn = next(action for action in actions(reply) if action.startswith("page"))
    question = turn.split()[1]
    assert "1. " in text(await talk.press(f"page {question} 500 best"))


async def test_a_misspelt_word_is_answered_as_it_was_meant(talk: Talk) -> None:
    """And it is told that nothing has it as it was typed."""
    reply = await talk.say("/search rebutal")
    assert text(reply).startswith("1 entry for “rebuttal”\n\nNothing has “rebutal” as it was typed.")
    assert "How to write a rebuttal" in text(reply)


async def test_nothing_found_offers_topics(talk: Talk) -> None:
    """A question that finds nothing still leads somewhere."""
    reply = await talk.say("/search qqqqqqq")
    assert text(reply).startswith("Nothing found for “qqqqqqq”.")
    assert actions(reply) == ["topic nerf", "topic slam"]


async def test_a_search_for_nothing_is_asked_what_for(talk: Talk) -> None:
    """And told how to ask."""
    reply = await talk.say("/search")
    assert text(reply).startswith("What shall I search for?")
    assert "author:davison" in text(reply)


async def test_a_topic_lists_its_entries_with_years_and_pages(talk: Talk) -> None:
    """Newest first; the pages turn in place."""
    reply = await talk.say("/nerf")
    assert text(reply).startswith("Radiance fields\n\n12 entries · 2022: 12")
    page = await talk.press("topic nerf 10")
    assert page.replace
    assert "12. NeRF number" in text(page)
    assert not (await talk.press("topic nerf")).replace


async def test_all_topics_are_counted(talk: Talk) -> None:
    """The fullest first."""
    reply = await talk.say("/topics")
    assert actions(reply) == ["topic nerf", "topic slam"]
    assert "/slam · SLAM\u00a0·\u00a02" in text(reply)
