"""The search index: kept with its entries, asked by readers."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, delete, text

from bot.model.digest import Author, Comment, Entry, Issue, Link, LinkKind, Section
from bot.model.richtext import Document, Mark, paragraph
from bot.model.search import NoticeCode, Results, Sort, Topic
from bot.search.glossary import make_glossary
from bot.storage import search as search_module
from bot.storage import search_read
from bot.storage.engine import Database
from bot.storage.issues import IssueStore
from bot.storage.search import SearchIndex
from bot.storage.tables import entries

NOW = datetime(2022, 6, 1, tzinfo=UTC)
SLAM = Topic("slam", (("en", "SLAM"), ("zh", "SLAM 与定位")), ("SLAM", "visual odometry"))
MESH = Topic("mesh", (("en", "Meshes"),), ("mesh", "三角网格"))
GLOSSARY = make_glossary(
    {"三角网格": ["triangle mesh"], "网格": ["mesh"], "招聘": ["hiring"]},
    {"slam": ["bundle adjustment"], "vacancies": ["hiring"]},
)


def _entry(title: str, body: str = "", *, author: str = "", url: str | None = None, **more: object) -> Entry:
    authors = (Author(author, url),) if author else ()
    document = Document((paragraph(body),)) if body else Document()
    return Entry(title, authors=authors, body=document, **more)  # type: ignore[arg-type] # fields by name


def _paper(number: str) -> tuple[Link, ...]:
    return (Link(f"https://arxiv.org/abs/{number}", LinkKind.PAPER, "paper"),)


ISSUES = (
    Issue(
        1,
        "One",
        date(2021, 8, 8),
        date(2021, 8, 21),
        (
            Section(
                "成果推荐",
                (
                    _entry("DROID-SLAM", "Deep visual SLAM.", author="Zachary Teed", links=_paper("2108.10869")),
                    _entry("ViT", "Mesh-free.", author="Keenan Crane", url="https://x.com/keenanisalive/status/1"),
                ),
            ),
            Section("招聘", (_entry("A postdoc", "On geometry, in Zürich. Not about SLAM."),)),
        ),
    ),
    Issue(
        2,
        "Two",
        date(2022, 1, 3),
        None,
        (
            Section(
                "成果推荐",
                (
                    _entry("Yet another look at DROID-SLAM", "Again.", links=_paper("2108.10869v2")),
                    _entry("三角网格", "处理 meshes 的工具 #SGP2022", author="@keenanisalive"),
                    _entry(
                        "Bundle adjustment",
                        "In the large, with differentiable layers.",
                        comments=(Comment("Keenan Crane", 0, Document((paragraph("What of meshes?"),))),),
                        links=(Link("https://github.com/a/ba", LinkKind.CODE),),
                    ),
                    _entry("Neural radiance fields", "A radiance field of a neural kind."),
                    _entry("Radiance field", "It is neural, and it has no mesh."),
                ),
            ),
        ),
    ),
)


@pytest.fixture
async def index(database: Database) -> SearchIndex:
    """The index of two issues."""
    index = SearchIndex(database, (SLAM, MESH), GLOSSARY)
    await _store(database, index, ISSUES)
    return index


async def _store(database: Database, index: SearchIndex, issues: Iterable[Issue], version: str = "1") -> None:
    store = IssueStore(database, indexer=index.index_issues)
    for issue in issues:
        await store.save(issue, content_hash=f"{issue.number}/{version}", now=NOW, publish_at=None)


def _titles(results: Results) -> list[str]:
    return [hit.entry.title for hit in results.hits]


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("radiance", {"Neural radiance fields", "Radiance field"}),
        ('"radiance fields"', {"Neural radiance fields"}),
        ('"Neural Radiance Fields" -mesh', {"Neural radiance fields"}),
        ("radiance -mesh", {"Neural radiance fields"}),
        ("postdoc OR differentiable", {"A postdoc", "Bundle adjustment"}),
        ("zurich", {"A postdoc"}),
        ("has:code", {"Bundle adjustment"}),
        ("has:comments", {"Bundle adjustment"}),
        ("section:招聘", {"A postdoc"}),
        ("#sgp2022", {"三角网格"}),
        ("issue:1 geometry", {"A postdoc"}),
        ("issue:2 geometry", set()),
        ("issue:2..5 radiance", {"Neural radiance fields", "Radiance field"}),
        ("-issue:2 geometry", {"A postdoc"}),
        ("-issue:1 geometry", set()),
        ("-issue:2..9 -slam", {"ViT"}),
        ("-after:2022 -slam", {"ViT"}),
        ("section:vacancies", {"A postdoc"}),
        ("after:2022-01-01 slam", {"Yet another look at DROID-SLAM", "Bundle adjustment"}),
        ("before:2022 issue:1 -slam", {"ViT"}),
        ("topic:mesh -radiance", {"ViT", "三角网格"}),
        ("工具", {"三角网格"}),
        ("网", {"三角网格"}),
        ('"meshes的工"', {"三角网格"}),
        ('"的工具 SGP2022"', {"三角网格"}),
        ("post*", {"A postdoc"}),
        ("geomet*", {"A postdoc"}),
        ("differentia* OR postd*", {"A postdoc", "Bundle adjustment"}),
        ("radiance -neur*", set()),
        ("ajust*", set()),
        ("title:radiance", {"Neural radiance fields", "Radiance field"}),
        ("title:mesh", {"三角网格"}),
        ("title:网格 title:三角", {"三角网格"}),
        ('title:"neural radiance"', {"Neural radiance fields"}),
        ("title:neur*", {"Neural radiance fields"}),
        ("radiance -title:neural", {"Radiance field"}),
        ("title:droid OR title:vit", {"DROID-SLAM", "ViT"}),
        ("title:mesh OR author:teed", {"三角网格", "DROID-SLAM"}),
        ("radiance NOT mesh", {"Neural radiance fields"}),
        ("issue:1 -(slam OR mesh)", set()),
        ("issue:2 NOT (radiance mesh adjustment droid)", set()),
        ("github.com/A/BA", {"Bundle adjustment"}),
        ("https://x.com/other/status/1", {"ViT"}),
        ("author:crane", {"ViT", "三角网格", "Bundle adjustment"}),
        ("@keenanisalive", {"ViT", "三角网格", "Bundle adjustment"}),
        ("author:crane has:code", {"Bundle adjustment"}),
        ("", set()),
    ],
)
async def test_a_query_finds_what_it_asks_for(index: SearchIndex, query: str, titles: set[str]) -> None:
    """Words, phrases, exclusions, choices, filters, addresses, people, one Chinese character."""
    results = await index.search(query, limit=20)
    assert set(_titles(results)) == titles
    assert results.total == len(titles)


async def test_a_beginning_is_one_of_words_as_they_are_spelled(index: SearchIndex) -> None:
    """Not of their stems, and never taken for a slip: ``geometries*`` begins no word of theirs."""
    assert _titles(await index.search("geometry*")) == ["A postdoc"]
    assert not (await index.search("geometries*")).hits
    results = await index.search("radianc*")
    assert results.total == 2
    assert not results.did_you_mean
    bold = [span.text for hit in results.hits for span in hit.snippet if Mark.BOLD in span.marks]
    assert bold == ["radiance"]


async def test_pages_follow_one_another(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every hit stands on one page, whether few match, more than are ranked with care, or more than are looked at."""
    monkeypatch.setattr(search_read, "CANDIDATES", 6)
    monkeypatch.setattr(search_read, "_SPARE", 2)
    monkeypatch.setattr(search_read, "PLENTY", 30)
    index = SearchIndex(database, (SLAM, MESH), GLOSSARY)
    entries = tuple(
        _entry(
            f"Entry {number}{' on nerf' if number % 3 == 0 else ''}",
            "nerf " * (1 + number % 4) + ("slam" if number % 2 else ""),
        )
        for number in range(40)
    )
    await _store(database, index, (Issue(1, "One", date(2022, 1, 1), None, (Section("S", entries),)),))

    for query, total in (("nerf", 40), ("nerf slam", 20), ("nerf -slam", 20)):
        pages = [await index.search(query, limit=3, offset=offset) for offset in range(0, total, 3)]
        titles = [title for page in pages for title in _titles(page)]
        assert len(titles) == len(set(titles)) == total
        assert {page.total for page in pages} == {total}
    assert all("nerf" in title for title in _titles(await index.search("nerf", limit=5)))


@pytest.mark.parametrize(
    "query", ["nerf", "nerf slam", "has:paper", "-gan", "issue:1..4 -gan", '"nerf nerf"', "has:paper -slam"]
)
@pytest.mark.parametrize("sort", list(Sort))
async def test_a_paper_is_counted_once_however_many_match(
    database: Database, monkeypatch: pytest.MonkeyPatch, query: str, sort: Sort
) -> None:
    """And every page up to the total is full: what a reader pages through is what was counted, each paper once."""
    monkeypatch.setattr(search_read, "CANDIDATES", 6)
    monkeypatch.setattr(search_read, "_SPARE", 2)
    monkeypatch.setattr(search_read, "PLENTY", 15)
    monkeypatch.setattr(search_read, "NEWEST", 10)
    index = SearchIndex(database, (SLAM, MESH), GLOSSARY)
    # Some papers stand in every issue, some in two, some once; some entries are about none.
    papers = [
        (number, f"2101.{issue * 7 % (1 + number) + 100 * number:05}") for issue in range(5) for number in range(9)
    ]
    issues = [
        Issue(
            1 + at,
            "One",
            date(2022, 1, 1 + at),
            None,
            (Section("S", tuple(_about(paper, number) for number, paper in papers[9 * at : 9 * at + 9])),),
        )
        for at in range(5)
    ]
    await _store(database, index, issues)

    whole = await index.search(query, limit=1000, sort=sort)
    assert len(whole.hits) == whole.total > 3
    about = [hit.entry.links[0].url for hit in whole.hits if hit.entry.links]
    assert len(about) == len(set(about))
    pages = [await index.search(query, limit=4, offset=offset, sort=sort) for offset in range(0, whole.total, 4)]
    assert [hit.entry.id for page in pages for hit in page.hits] == [hit.entry.id for hit in whole.hits]
    assert {page.total for page in pages} == {whole.total}


def _about(paper: str, number: int) -> Entry:
    links = _paper(paper) if number % 4 else ()
    return _entry(f"Entry {number}", "nerf " * (1 + number % 4) + ("slam" if number % 2 else ""), links=links)


async def test_topics_count_a_paper_once(database: Database) -> None:
    """As the topic's own page does."""
    index = SearchIndex(database, (SLAM, MESH), GLOSSARY)
    both = _entry("SLAM and mesh", links=_paper("2108.00001"))
    issues = [Issue(number, "One", date(2022, 1, number), None, (Section("S", (both,)),)) for number in (1, 2, 3)]
    await _store(database, index, [*issues, *[replace(ISSUES[0], number=4)]])
    counts = {topic.name: count for topic, count in await index.topic_counts()}
    assert counts == {name: (await index.topic(name)).total for name in ("slam", "mesh")} == {"slam": 3, "mesh": 2}


async def test_names_come_before_texts_before_replies(index: SearchIndex) -> None:
    """A person's own posts stand first, newer first among equals, what they only commented on last."""
    assert _titles(await index.search("author:crane")) == ["三角网格", "ViT", "Bundle adjustment"]
    assert _titles(await index.search("keenan crane"))[-1] == "Bundle adjustment"


async def test_sorted_by_date_the_newest_issue_comes_first(index: SearchIndex) -> None:
    """In the order of the issue; only what answers in full."""
    results = await index.search("slam", sort=Sort.NEWEST)
    assert [hit.place.issue for hit in results.hits] == [2, 2, 1]


async def test_a_paper_is_found_once_with_all_its_places(index: SearchIndex) -> None:
    """Whatever version or mirror each entry links to."""
    results = await index.search("droid")
    (hit,) = results.hits
    assert results.total == 1
    assert [place.issue for place in hit.places] == [hit.place.issue, 3 - hit.place.issue]


async def test_pages_follow_each_other(index: SearchIndex) -> None:
    """Every hit on one page, none twice, the same total on each."""
    pages = [await index.search("mesh", limit=1, offset=offset) for offset in range(4)]
    whole = await index.search("mesh", limit=10)
    assert [title for page in pages for title in _titles(page)] == _titles(whole)[:4]
    assert {page.total for page in pages} == {whole.total}


async def test_where_nothing_has_all_words_most_are_enough(index: SearchIndex) -> None:
    """And the answer says so."""
    results = await index.search("neural radiance fields on a mainframe")
    assert results.partial == results.total
    assert _titles(results)[0] == "Neural radiance fields"


async def test_a_misspelt_word_is_corrected(index: SearchIndex) -> None:
    """The hits answer the corrected query; a name in a filter is corrected among names."""
    results = await index.search("differentiabel")
    assert (results.did_you_mean, results.corrected) == ("differentiable", True)
    assert _titles(results) == ["Bundle adjustment"]
    assert (await index.search("author:crene")).did_you_mean == "author:crane"
    assert (await index.search("Keenan Crene")).did_you_mean == "Keenan Crane"
    assert (await index.search("bundel-ajustment OR xyz")).did_you_mean == "bundle-adjustment OR xyz"


async def test_two_words_written_as_one_are_no_slip(index: SearchIndex) -> None:
    """They are found as they stand; nor is another form of a word a correction of it."""
    for query in ("radiancefield", "bundleadjustment", "radiances"):
        results = await index.search(query)
        assert results.hits
        assert not results.did_you_mean


async def test_nothing_found_names_the_nearest_topics(index: SearchIndex) -> None:
    """By likeness of names, else the largest."""
    assert (await index.search("odometer kubernetes")).nearest == (SLAM,)
    assert (await index.search("qwertyuiop")).nearest == (MESH, SLAM)
    assert (await index.search("()")).notices[0].code is NoticeCode.NOTHING


async def test_a_snippet_shows_the_match_in_bold(index: SearchIndex) -> None:
    """In the language it was found in."""
    (hit,) = (await index.search("triangle mesh 工具")).hits[:1]
    assert [span.text for span in hit.snippet if Mark.BOLD in span.marks] == ["meshes", "工具"]


async def test_a_topic_lists_its_entries_newest_first(index: SearchIndex) -> None:
    """With counts, years and the topics it shares entries with."""
    results = await index.topic("mesh")
    assert [hit.place.issue for hit in results.hits] == [2, 2, 1]
    assert await index.topic_counts() == ((SLAM, 2), (MESH, 3))
    assert await index.topic_years("slam") == ((2022, 1), (2021, 1))
    assert await index.related_topics("slam") == ()
    assert (await index.topic("nothing")).notices[0].code is NoticeCode.UNKNOWN_TOPIC


async def test_related_entries_share_what_is_telling(index: SearchIndex) -> None:
    """Not the entry itself, nor its paper elsewhere; nothing for one that is not there."""
    (hit,) = (await index.search('"radiance fields"')).hits
    assert [other.entry.title for other in await index.related(hit.entry.id, limit=1)] == ["Radiance field"]
    (droid,) = (await index.search("droid")).hits
    assert "DROID" not in "".join(other.entry.title for other in await index.related(droid.entry.id))
    assert await index.related(10**9) == ()


async def test_suggestions_come_from_what_entries_say(database: Database) -> None:
    """A hashtag that many entries have and no topic."""
    index = SearchIndex(database, (SLAM,), GLOSSARY)
    sections = (Section("x", tuple(_entry(f"Entry {number}", "On #Polycam") for number in range(3))),)
    await _store(database, index, [Issue(1, "One", sections=sections)])
    assert [suggestion.name for suggestion in await index.suggest_topics()] == ["polycam"]


async def _contents(database: Database) -> dict[str, list[tuple[object, ...]]]:
    names = ("entry_fts", "search_entries", "search_words", "search_compounds", "entry_topics", "entry_people")
    async with database.read() as connection:
        return {
            name: sorted((tuple(row) for row in await connection.execute(text(f"SELECT * FROM {name}"))), key=repr)
            for name in (*names, "person_keys", "person_words")
        }


async def test_an_edited_issue_leaves_the_index_as_if_it_had_always_read_so(
    database: Database, index: SearchIndex
) -> None:
    """No word, name or topic of the old text stays behind."""
    edited = Issue(1, "One", sections=(Section("招聘", (ISSUES[0].sections[1].entries[0], _entry("New", "StyleGAN"))),))
    await _store(database, index, [edited], version="2")
    assert (await index.search("droid issue:1")).total == 0
    assert (await index.search("author:teed")).total == 0
    before = await _contents(database)
    async with database.write() as connection:
        await connection.execute(text("UPDATE search_entries SET fingerprint = 'another'"))
        await connection.execute(text("UPDATE search_words SET term = term || 's'"))
    assert await index.ensure_current() == 2
    assert await _contents(database) == before


async def test_a_removed_issue_takes_its_index_with_it(database: Database, index: SearchIndex) -> None:
    """To the last word."""

    def remove(connection: Connection) -> None:
        connection.execute(delete(entries))
        index.index_issues(connection, [1, 2])

    await database.change(remove)
    assert not any((await _contents(database)).values())


async def test_an_index_of_another_version_is_rebuilt_with_progress(
    database: Database, index: SearchIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the topics change, too; once current, nothing is done."""
    monkeypatch.setattr(search_module, "ISSUES_AT_ONCE", 1)
    other = SearchIndex(database, (SLAM,), GLOSSARY)
    told: list[tuple[int, int]] = []
    assert await other.ensure_current(lambda done, total: told.append((done, total))) == 2
    assert told == [(0, 2), (1, 2), (2, 2)]
    assert await other.topic_counts() == ((SLAM, 2),)
    assert await other.ensure_current() == 0


async def test_who_is_who_is_told_once_for_issues_stored_together(database: Database, index: SearchIndex) -> None:
    """At their end, as if they had been stored one by one; and where that is broken off, before anybody asks."""
    everybody = (await index.search("author:teed")).total
    added = Issue(3, "Three", sections=ISSUES[0].sections)
    store = IssueStore(database, indexer=index.index_issues)
    async with index.together():
        await store.save(added, content_hash="3", now=NOW, publish_at=None)
    assert (await index.search("author:teed")).total >= everybody > 0
    assert await index.ensure_current() == 0

    killed = SearchIndex(database, (SLAM, MESH), GLOSSARY)
    killed._is_together = True  # as a process leaves it that ends before they do
    store = IssueStore(database, indexer=killed.index_issues)
    await store.save(replace(added, number=4), content_hash="4", now=NOW, publish_at=None)
    assert await index.ensure_current() == 1
    assert await index.ensure_current() == 0


async def test_what_was_answered_is_good_until_the_index_changes(database: Database, index: SearchIndex) -> None:
    """The same answer, not worked out again, for the same page; another one once any process has changed the index."""
    first = await index.search("slam")
    assert await index.search("slam") is first
    assert await index.search("slam", offset=1) is not first
    assert await index.search("slam", sort=Sort.NEWEST) is not first

    elsewhere = SearchIndex(database, (SLAM, MESH), GLOSSARY)
    store = IssueStore(database, indexer=elsewhere.index_issues)
    added = Issue(3, "Three", sections=(Section("Talks", (_entry("SLAM in three hours"),)),))
    async with elsewhere.together():
        await store.save(added, content_hash="3", now=NOW, publish_at=None)
    assert (await index.search("slam")).total == first.total + 1
    await store.save(replace(added, sections=()), content_hash="none", now=NOW, publish_at=None)
    assert await index.search("slam") == first

    index.adopt((MESH,), GLOSSARY)
    assert await index.search("slam") is not first


async def test_so_many_answers_are_remembered(database: Database, index: SearchIndex) -> None:
    """The one that was asked for longest ago is worked out anew."""
    forgetful = SearchIndex(database, (SLAM, MESH), GLOSSARY, remembered=2)
    one, two = await forgetful.search("slam"), await forgetful.search("mesh")
    assert await forgetful.search("slam") is one
    await forgetful.search("droid")
    assert await forgetful.search("slam") is one
    assert await forgetful.search("mesh") is not two
    assert await forgetful.search("mesh") == two == await index.search("mesh")


async def test_issues_stored_together_leave_one_place_to_look_for_a_word(
    database: Database, index: SearchIndex
) -> None:
    """A question looks for each word in each segment of the full-text index: what was stored is merged into one."""

    def segments(connection: Connection) -> int:
        # Above the lowest 37 bits of a block's id stands its segment: https://sqlite.org/src/file/ext/fts5/fts5_index.c
        return connection.scalar(text("SELECT count(DISTINCT id >> 37) FROM entry_fts_data WHERE id >> 37 > 0")) or 0

    store = IssueStore(database, indexer=index.index_issues)
    async with index.together():
        for number in range(3, 8):
            added = Issue(number, f"Number {number}", sections=ISSUES[number % 2].sections)
            await store.save(added, content_hash=str(number), now=NOW, publish_at=None)
        assert await database.ask(segments) > 1
    assert await database.ask(segments) == 1


async def test_the_index_is_written_with_the_issue_or_not_at_all(database: Database, index: SearchIndex) -> None:
    """A transaction that fails takes back both."""
    before = await _contents(database)

    def fail(connection: Connection, issue_ids: Sequence[int]) -> None:
        index.index_issues(connection, issue_ids)
        raise RuntimeError

    store = IssueStore(database, indexer=fail)
    with pytest.raises(RuntimeError):
        await store.save(Issue(3, "Three", sections=ISSUES[1].sections), content_hash="3", now=NOW, publish_at=None)
    assert await _contents(database) == before


Ask = Callable[[str], Results]


@pytest.fixture(scope="module")
def ask(_empty_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    """Ask the index of the two issues, from outside an event loop: Hypothesis calls many times."""
    path = shutil.copy(_empty_database, tmp_path_factory.mktemp("search") / "bot.db")
    database = Database(f"sqlite:///{path}")
    index = SearchIndex(database, (SLAM, MESH), GLOSSARY)
    with asyncio.Runner() as runner:
        runner.run(_store(database, index, ISSUES))
        yield lambda query: runner.run(index.search(query))
        runner.run(database.close())


HOSTILE = st.lists(
    st.text(st.characters(codec=None), max_size=6)
    | st.sampled_from(
        ['"', "*", "^", "NEAR(", "AND", "NOT", "OR", "-", ":", "author:", "title:", "#", "@", "{x}:", "\x00", "\ud800"]
    )
    | st.sampled_from(
        ["http://\x00\ud800", "has:code", "渲", "issue:1..", "slam", "(", ")", "'", ";--", "topic:", "mesh"]
    )
).map("".join)


@settings(max_examples=300, deadline=None)
@given(query=HOSTILE)
def test_any_text_can_be_asked(ask: Ask, query: str) -> None:
    """Nothing a reader types is an error, or syntax; a page is never longer than the count."""
    results = ask(query)
    assert len(results.hits) <= results.total


async def test_a_text_of_any_length_can_be_asked(index: SearchIndex) -> None:
    """Long words, many words, many phrases: answered, with a notice that only the beginning was read."""
    for query in ("nerf " * 50_000, "x" * 1_000_000, '"a b" ' * 9_999, "渲" * 100_000, "a OR " * 9_999):
        results = await index.search(query)
        assert NoticeCode.TOO_LONG in {notice.code for notice in results.notices}


async def test_topics_choose_entries_of_an_issue(index: SearchIndex, database: Database) -> None:
    """Those that belong to any of the topics, in that issue alone; an unknown topic has none."""
    assert await titles_of(database, await index.entries_on(["slam"], 1)) == {"DROID-SLAM", "A postdoc"}
    assert await titles_of(database, await index.entries_on(["slam", "mesh"], 2)) == {
        "Yet another look at DROID-SLAM",
        "三角网格",
        "Radiance field",
    }
    assert await index.entries_on(["gardening"], 1) == frozenset()


@pytest.mark.parametrize(
    ("query", "issue", "found"),
    [
        ("slam", 1, {"DROID-SLAM", "A postdoc"}),
        ("slam droid", 2, {"Yet another look at DROID-SLAM"}),
        ("slam gardening", 1, set()),
        ("author:crane", 2, {"三角网格", "Bundle adjustment"}),
        ("has:code", 2, {"Bundle adjustment"}),
        ("-slam", 1, {"ViT"}),
        ("issue:1 slam", 2, set()),
        ('"neural kind"', 2, {"Neural radiance fields"}),
        ("dorid", 1, set()),
        ("", 1, set()),
        ("?!", 1, set()),
    ],
)
async def test_a_standing_query_finds_what_has_all_it_asks_for(
    index: SearchIndex, database: Database, query: str, issue: int, found: set[str]
) -> None:
    """In its issue alone, every entry about a paper, without guesses at what else might have been meant."""
    assert await titles_of(database, await index.entries_matching(query, issue)) == found


async def titles_of(database: Database, ids: Iterable[int]) -> set[str]:
    """Return the titles of entries."""
    async with database.read() as connection:
        return set(
            await connection.scalars(
                entries.select().with_only_columns(entries.c.title).where(entries.c.id.in_(list(ids)))
            )
        )
