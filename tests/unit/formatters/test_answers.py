"""Answers in a chat: what they say, and where their buttons lead."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest

from bot.formatters import errors
from bot.formatters.actions import Way
from bot.formatters.browsing import format_contents, format_issues, format_section
from bot.formatters.help import format_help, format_start
from bot.formatters.notices import format_notice
from bot.formatters.opened import format_opened
from bot.formatters.results import PAGE, format_nothing, format_related, format_results
from bot.formatters.subscription import (
    Subscribed,
    format_language_set,
    format_languages,
    format_subscribed,
    format_unsubscribed,
)
from bot.formatters.topics import BUTTONS, format_topic, format_topics
from bot.locales import open_words
from bot.model.chat import Layout
from bot.model.command import DATA_LIMIT, CommandInfo, Reply
from bot.model.digest import Comment, Entry, Link
from bot.model.richtext import (
    Byline,
    Document,
    Heading,
    LinkLine,
    Mark,
    Paragraph,
    Span,
    bold,
    link,
    paragraph,
    spans_of,
)
from bot.model.search import Notice, NoticeCode, Results, Sort, Topic
from bot.renderers.plain import render_plain
from bot.storage.issues import IssueSummary, StoredEntry
from tests.unit.formatters.samples import BASE, HIT, ISSUE, NERF, RICH, SLAM, results

EN, ZH = open_words("en"), open_words("zh")


def actions(reply: Reply) -> list[list[str]]:
    return [[button.action for button in row] for row in reply.buttons]


def labels(reply: Reply) -> list[list[str]]:
    return [[button.label for button in row] for row in reply.buttons]


def said(reply: Reply) -> str:
    return render_plain(reply.document)


# An issue to leaf through.


def test_an_issues_contents_have_a_button_for_each_section() -> None:
    """A section that is empty has none; a press turns the message into the section."""
    reply = format_contents(ISSUE, EN)
    assert labels(reply) == [["意见性分享 · 2", "成果推荐及讨论 · 12"]]
    assert actions(reply) == [["section 12 0 0", "section 12 2 0"]]


def test_buttons_stand_side_by_side_where_all_are_seen_whole() -> None:
    """One long name puts them below each other."""
    long = replace(ISSUE.sections[0], title="课程和报告分享/课程和会议预告")
    reply = format_contents(replace(ISSUE, sections=(long, *ISSUE.sections[1:])), EN)
    assert labels(reply) == [["课程和报告分享/课程和会议预告 · 2"], ["成果推荐及讨论 · 12"]]


def test_a_section_is_turned_ten_titles_at_a_time() -> None:
    """Numbers in the list are those on the buttons, across pages."""
    first, second = (format_section(ISSUE, 2, EN, offset=offset) for offset in (0, 10))
    assert actions(first) == [
        [f"entry {n}" for n in range(101, 106)],
        [f"entry {n}" for n in range(106, 111)],
        ["section 12 2 10"],
        ["contents 12"],
    ]
    assert labels(second) == [["11", "12"], ["◀ Previous"], ["Contents"]]
    assert actions(second) == [["entry 111", "entry 112"], ["section 12 2 0"], ["contents 12"]]
    assert said(second).endswith("11. Result 11\n12. Result 12")


def test_the_issues_are_listed_newest_first_and_open_by_number() -> None:
    """The button of an issue bears the issue's own number."""
    day = date(2022, 1, 10)
    summaries = [IssueSummary(n, f"Title {n}", day, None, sections=3, entries=n) for n in range(12, 0, -1)]
    reply = format_issues(summaries, EN)
    assert labels(reply) == [["12", "11", "10", "9", "8"], ["7", "6", "5", "4", "3"], ["Next ▶"]]
    assert actions(reply)[0][0] == "issue 12"
    assert actions(reply)[-1] == ["issues 10"]
    assert "Issue 12: Title 12\nJan 10, 2022 · 12 entries" in said(reply)
    assert actions(format_issues(summaries, EN, offset=10))[-1] == ["issues 0"]


def test_no_issue_is_said_plainly() -> None:
    """An empty digest is no error."""
    assert said(format_issues([], EN)) == errors.no_issues(EN)


def test_an_opened_entry_leads_on() -> None:
    """Onto a shelf, to what is like it, its source, its issue and neighbours, and to another if picked at random."""
    stored = StoredEntry(RICH, HIT.place, BASE, before=6, after=8)
    reply = format_opened(stored, EN, layout=Layout.FULL, is_saved=False)
    assert actions(reply) == [["save 7 on", "related 7"], [""], ["turn 6", "issue 12", "turn 8"]]
    assert reply.buttons[1][0].url == RICH.source_url
    another = format_opened(stored, EN, layout=Layout.FULL, is_saved=True, way=Way.RANDOM)
    assert (actions(another)[0], actions(another)[-1]) == (["save 7 off random", "related 7"], ["random"])


@pytest.mark.parametrize("source", [None, "mailto:a@b.org", "javascript:x", "https://a.org/" + "x" * 3000])
def test_a_button_opens_what_any_platform_can_open(source: str | None) -> None:
    """A source that no button can carry is led to by the title alone."""
    reply = format_opened(StoredEntry(replace(RICH, source_url=source), HIT.place, BASE), EN, layout=Layout.FULL)
    assert actions(reply)[0][1:] == ["related 7"]
    assert actions(reply)[1] == ["issue 12"]


def test_links_of_a_discussion_go_with_it() -> None:
    """Where it is a button away, they are not taken for the entry's own."""
    talk = Comment("Ada", 0, Document((paragraph("x" * 2000, link("this", "https://a.org/said")),)))
    entry = Entry("T", comments=(talk,), links=(Link("https://a.org/said"), Link("https://a.org/own")))
    reply = format_opened(StoredEntry(entry, HIT.place, BASE), EN, layout=Layout.FULL)
    assert "a.org/own" in said(reply)
    assert "a.org/said" not in said(reply)
    assert "Issue 12 · 意见性分享" in said(reply)


# Search.


def test_a_hit_tells_title_place_author_snippet_and_links() -> None:
    """All that is needed to choose, set like an entry; the match is bold, the title leads to the post."""
    reply = format_results(Results("drawing", (HIT,), 1), EN, question=0, sort=Sort.BEST)
    _, title, *lines = (render_plain(Document((block,))) for block in reply.document.blocks)
    assert title == f"1. {RICH.title} ({RICH.source_url})"
    assert lines[0].startswith("Issue 12 · 意见性分享 · Keenan Crane")
    assert lines[0].endswith(" · Also in issues 9, 3")
    assert lines[1] == "The whole system is open source"
    assert lines[2].startswith("Paper (https://arxiv.org/abs/2201.03545) · Code: penrose/penrose")
    assert [type(block) for block in reply.document.blocks[1:]] == [Heading, Byline, Paragraph, LinkLine]
    assert [span.text for span in spans_of(reply.document.blocks[2:]) if Mark.BOLD in span.marks] == ["open"]


def test_a_snippet_that_repeats_the_title_is_left_out() -> None:
    """A line that says nothing new is none."""
    hit = replace(HIT, snippet=(bold("Drawing"), Span(" figures with Penrose")))
    lines = said(format_results(Results("drawing", (hit,), 1), EN, question=0, sort=Sort.BEST)).split("\n\n")
    assert lines[3].startswith("Paper")
    snippet = (bold("Drawing"), Span(" figures with Penrose. See https://github.com/penrose/penrose"))
    begun = replace(HIT, entry=replace(RICH, title_derived=True), snippet=snippet)
    lines = said(format_results(Results("drawing", (begun,), 1), EN, question=0, sort=Sort.BEST)).split("\n\n")
    assert lines[3] == "See penrose/penrose (https://github.com/penrose/penrose)"


def test_the_pages_of_an_answer_are_turned_in_the_same_order() -> None:
    """Previous and next keep the question and its order; another order begins at the first page."""
    reply = format_results(results(offset=5), EN, question=4, sort=Sort.NEWEST, in_place=True)
    assert reply.replace
    assert labels(reply) == [["6", "7", "8", "9", "10"], ["◀ Previous", "Next ▶"], ["Best first"]]
    assert actions(reply)[1:] == [["page 4 0 newest", "page 4 10 newest"], ["page 4 0 best"]]


def test_an_answer_of_one_page_has_nothing_to_turn() -> None:
    """Five hits need neither pages nor another order."""
    assert actions(format_results(results(total=PAGE), EN, question=0, sort=Sort.BEST)) == [["entry 7"] * 5]


def test_a_correction_is_a_button() -> None:
    """One press asks what was meant."""
    found = Results("nerv", (HIT,), 1, did_you_mean="nerf")
    reply = format_results(found, EN, question=0, sort=Sort.BEST, correction=9)
    assert labels(reply)[-1] == ["Did you mean “nerf”?"]
    assert actions(reply)[-1] == ["page 9 0 best"]


def test_an_answer_to_the_corrected_question_says_so() -> None:
    """Where nothing has the words as typed, the answer tells which words it is for, and asks nothing."""
    found = Results("nerv", (HIT,), 1, did_you_mean="nerf", corrected=True)
    reply = format_results(found, EN, question=0, sort=Sort.BEST, correction=9)
    assert said(reply).startswith("1 entry for “nerf”\n\nNothing has “nerv” as it was typed.")
    assert actions(reply) == [["entry 7"]]


def test_it_is_told_when_most_of_the_words_were_enough() -> None:
    """A reader who asked for all the words is told how many entries have them."""
    for partial, note in ((0, ""), (1, "1 of them has all of these words"), (2, "No entry has all of these words")):
        found = Results("a b", (HIT, HIT), 2, partial=partial)
        answer = said(format_results(found, EN, question=0, sort=Sort.BEST))
        assert note in answer
        assert ("these words" in answer) == bool(note)


def test_nothing_found_offers_what_is_near_and_says_how_to_ask() -> None:
    """No answer is a dead end."""
    reply = format_nothing(Results("qq", did_you_mean="qr", nearest=(SLAM, NERF)), EN, correction=9)
    assert said(reply).startswith("Nothing found for “qq”.")
    assert "author:davison has:project" in said(reply)
    assert actions(reply) == [["page 9 0 best"], ["topic slam", "topic nerf"]]


def test_a_question_of_any_length_fits_the_answer() -> None:
    """What is repeated is cut, and says that it is."""
    endless = "x" * 5000
    for reply in (
        format_results(Results(endless, (HIT,), 9, did_you_mean=endless), EN, question=1, sort=Sort.BEST, correction=2),
        format_nothing(Results(endless, did_you_mean=endless), EN, correction=2),
        format_related([], EN, title=endless),
        format_related([HIT], EN, title=endless),
    ):
        assert "x…" in said(reply)
        assert len(said(reply)) < 1000
        assert all(len(label) <= 40 for row in labels(reply) for label in row)


@pytest.mark.parametrize("code", NoticeCode)
@pytest.mark.parametrize("words", [EN, ZH])
def test_every_notice_is_said(code: NoticeCode, words) -> None:
    """Whatever the query language has to tell is told in every language, with what was typed and what was meant."""
    sentence = format_notice(Notice(code, "autor", "author"), words)
    assert "author" in sentence
    if "{value}" in code.value:
        assert "autor" in sentence


def test_what_is_like_an_entry_can_be_opened() -> None:
    """Related entries open by number."""
    assert actions(format_related([HIT, HIT], EN, title="T")) == [["entry 7", "entry 7"]]


# Topics.


def test_topics_are_listed_fullest_first() -> None:
    """Each with its command, its title and its count; an empty one has no button."""
    empty = Topic("empty", (("en", "Empty"),), ())
    reply = format_topics([(SLAM, 4), (NERF, 1200), (empty, 0)], ZH)
    assert said(reply).replace("\u00a0", " ").split("\n\n")[1].split("\n") == [
        "• /nerf · 辐射场 · 1,200",
        "• /slam · 同时定位与建图 · 4",
        "• /empty · Empty · 0",
    ]
    assert actions(reply) == [["topic nerf", "topic slam"]]


def test_no_more_topics_have_buttons_than_a_platform_shows() -> None:
    """The rest are in the list."""
    many = [Topic(f"t{n}", (("en", f"T{n}"),), ()) for n in range(60)]
    reply = format_topics([(topic, 1) for topic in many], EN)
    assert sum(map(len, reply.buttons)) == BUTTONS
    assert "/t59" in said(reply)


def test_a_topic_tells_its_years_and_neighbours() -> None:
    """How much there is, when, and what lies next to it."""
    reply = format_topic(SLAM, results(offset=5), EN, years=[(2022, 8), (2021, 4)], related=[NERF])
    assert said(reply).startswith("SLAM\n\n12 entries · 2022: 8 · 2021: 4\n\n6. ")
    assert actions(reply)[1:] == [["topic slam 0", "topic slam 10"], ["topic nerf"]]


# The rest.


@pytest.mark.parametrize("outcome", Subscribed)
def test_a_subscription_says_when_issues_come_and_offers_the_latest(outcome: Subscribed) -> None:
    """A new subscriber need not wait for something to read."""
    reply = format_subscribed(outcome, ZH, post_at=time(9), zone="Asia/Shanghai", latest=ISSUE)
    assert "新一期会在 09:00（上海）送到这里。" in said(reply)
    assert actions(reply) == [["issue 12", "settings"]]


def test_a_subscription_to_nothing_yet_offers_the_settings_alone() -> None:
    """Before the first issue there is nothing to read."""
    reply = format_subscribed(Subscribed.NEW, EN, post_at=time(9), zone="UTC", latest=None)
    assert actions(reply) == [["settings"]]


def test_the_end_of_a_subscription_is_confirmed() -> None:
    """It is told how to come back, and that there was nothing to end."""
    assert "/subscribe" in said(format_unsubscribed(EN, was_subscribed=True))
    assert said(format_unsubscribed(EN, was_subscribed=False)) == "This chat was not subscribed."


def test_a_language_is_chosen_by_its_own_name() -> None:
    """Who does not read the present language finds theirs."""
    assert labels(format_languages(EN)) == [["English", "中文"]]
    assert actions(format_languages(EN)) == [["lang en", "lang zh"]]
    assert said(format_language_set(ZH)) == "好的，今后我在这里说中文。"


def test_help_names_every_command_and_some_topics() -> None:
    """A command stands with what may follow it and what it does."""
    reply = format_help([CommandInfo("search", "Search all entries", "WORDS")], [SLAM, NERF], EN)
    assert "• /search WORDS — Search all entries" in said(reply)
    assert "/slam, /nerf" in said(reply)


def test_every_button_fits_its_platform() -> None:
    """Actions stay within what a button may carry, labels within what it shows."""
    long = Topic("t" * 32, (("en", "T" * 200),), ())
    for reply in (format_start(EN), format_topics([(long, 1)], EN), format_contents(ISSUE, EN)):
        for button in (button for row in reply.buttons for button in row):
            assert len(button.action.encode()) <= DATA_LIMIT
            assert 0 < len(button.label) <= 40


@pytest.mark.parametrize("words", [EN, ZH])
def test_an_error_says_what_to_do(words) -> None:
    """A wrong number names the latest, a wrong command the nearest."""
    assert "12" in errors.no_issue(99, 12, words)
    assert errors.no_issue(99, None, words) == errors.no_issues(words)
    assert "/search" in errors.no_command("serch", "search", words)
    assert "/help" in errors.no_command("x" * 500, "", words)
    assert len(errors.no_command("x" * 500, "", words)) < 120
