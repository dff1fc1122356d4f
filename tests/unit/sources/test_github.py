"""The GitHub source against an HTTP server that speaks the contents API."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from pydantic import SecretStr

from bot.settings import Settings
from bot.sources import Source, SourceError, open_source
from bot.sources.interface import Listing
from tests.fakes.github import FakeGitHub, Fault

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


class ImpatientClock:
    """Stands still, and writes down how long it was asked to wait."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    def now(self) -> datetime:
        return NOW

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


@pytest.fixture
def clock() -> ImpatientClock:
    return ImpatientClock()


@pytest.fixture
async def github() -> AsyncIterator[FakeGitHub]:
    async with FakeGitHub() as fake:
        fake.put("digests/012.md", "### Papers\n\n- a paper")
        fake.put("digests/20210919-20211003/README.md", "### Papers")
        fake.put("digests/20210919-20211003/materials/1.jpg", b"\xff\xd8")
        fake.put("digests/.drafts/README.md", "hidden")
        fake.put("digests/images/README.md", "no issue")
        fake.put("digests/notes.txt", "no issue")
        fake.put("README.md", "the project")
        yield fake


def _open(text: str, github: FakeGitHub, clock: ImpatientClock, token: str | None = None) -> Source:
    settings = Settings(GITHUB_API_URL=github.url, GITHUB_TOKEN=SecretStr(token) if token else None)
    return open_source(text, settings=settings, clock=clock)


def _names(listing: Listing) -> list[str]:
    return [file.name for file in listing.files or ()]


async def test_lists_both_layouts(github: FakeGitHub, clock: ImpatientClock) -> None:
    """Files and folders with a README.md are found, in the order of their names; hidden and other ones are not."""
    listing = await _open("github:lab/digests:digests", github, clock).look("")
    assert _names(listing) == ["012.md", "20210919-20211003/README.md"]


async def test_file_tells_where_its_images_are(github: FakeGitHub, clock: ImpatientClock) -> None:
    """Relative images resolve against the raw address of the file's folder, without the token in its query."""
    listing = await _open("github:lab/digests:digests", github, clock).look("")
    assert [file.base for file in listing.files or ()] == [
        "https://raw.example.com/lab/digests/main/digests/",
        "https://raw.example.com/lab/digests/main/digests/20210919-20211003/",
    ]


async def test_reads_content(github: FakeGitHub, clock: ImpatientClock) -> None:
    """A file's bytes come as they were committed."""
    listing = await _open("github:lab/digests:digests", github, clock).look("")
    assert listing.files
    assert await listing.files[0].read() == b"### Papers\n\n- a paper"


async def test_unchanged_repository_costs_one_conditional_request(github: FakeGitHub, clock: ImpatientClock) -> None:
    """The second look asks once, is told 304, and lists the same files with the same versions."""
    source = _open("github:lab/digests:digests", github, clock)
    first = await source.look("")
    github.forget_requests()
    second = await source.look(first.state)
    assert [(request.status, request.is_conditional) for request in github.requests] == [(304, True)]
    assert [(file.name, file.version, file.base) for file in second.files or ()] == [
        (file.name, file.version, file.base) for file in first.files or ()
    ]


async def test_only_the_changed_folder_is_listed_again(github: FakeGitHub, clock: ImpatientClock) -> None:
    """After an edit the parent and the changed folder are asked for, and only the edited file's version differs."""
    source = _open("github:lab/digests:digests", github, clock)
    github.put("digests/20211017-20211030/README.md", "### More")
    first = await source.look("")
    github.put("digests/20211017-20211030/README.md", "### Much more")
    github.forget_requests()
    second = await source.look(first.state)
    assert [request.path for request in github.requests] == ["digests", "digests/20211017-20211030"]
    versions = {file.name: file.version for file in first.files or ()}
    changed = [file.name for file in second.files or () if file.version != versions[file.name]]
    assert changed == ["20211017-20211030/README.md"]


async def test_vanished_file_is_no_longer_listed(github: FakeGitHub, clock: ImpatientClock) -> None:
    """What was removed from the repository is not in the next listing."""
    source = _open("github:lab/digests:digests", github, clock)
    first = await source.look("")
    github.remove("digests/012.md")
    assert _names(await source.look(first.state)) == ["20210919-20211003/README.md"]


async def test_foreign_state_is_no_obstacle(github: FakeGitHub, clock: ImpatientClock) -> None:
    """A state that cannot be read counts as none."""
    source = _open("github:lab/digests:digests", github, clock)
    for state in ("nonsense", "[]", '{"digests": {"etag": 1}}', '{"digests": 7}'):
        assert len(_names(await source.look(state))) == 2


async def test_branch_and_single_file(clock: ImpatientClock) -> None:
    """``@ref`` is asked for with every request, and a path may lead to one file."""
    async with FakeGitHub(branches=("v2/next",)) as github:
        github.put("issues/012.md", "text")
        listing = await _open("github:lab/digests@v2/next:issues/012.md", github, clock).look("")
        assert _names(listing) == ["012.md"]
        assert listing.files
        assert await listing.files[0].read() == b"text"
        assert {request.ref for request in github.requests} == {"v2/next"}


async def test_token_is_sent_and_never_told(github: FakeGitHub, clock: ImpatientClock) -> None:
    """A private repository opens with its token; a wrong one is refused in a line that does not hold it."""
    async with FakeGitHub(token="right") as private:
        private.put("012.md", "text")
        assert _names(await _open("github:lab/digests", private, clock, token="right").look("")) == ["012.md"]
        with pytest.raises(SourceError, match="GITHUB_TOKEN") as caught:
            await _open("github:lab/digests", private, clock, token="wrong-secret").look("")
    assert "wrong-secret" not in str(caught.value)


@pytest.mark.parametrize("fault", [Fault(500), Fault(502), Fault(503), Fault(0)])
async def test_passing_trouble_is_waited_out(github: FakeGitHub, clock: ImpatientClock, fault: Fault) -> None:
    """A server error or a broken connection is tried again, each time after a longer wait."""
    github.fail(fault, fault)
    listing = await _open("github:lab/digests:digests", github, clock).look("")
    assert len(_names(listing)) == 2
    assert clock.slept == [1.0, 2.0]


async def test_lasting_trouble_is_told(github: FakeGitHub, clock: ImpatientClock) -> None:
    """After the last try there is one plain line."""
    github.fail(*[Fault(503)] * 10)
    with pytest.raises(SourceError, match=r"^GitHub answers with status 503$"):
        await _open("github:lab/digests:digests", github, clock).look("")
    assert clock.slept == [1.0, 2.0, 4.0]


@pytest.mark.parametrize("status", [403, 429])
async def test_short_limit_is_waited_out(github: FakeGitHub, clock: ImpatientClock, status: int) -> None:
    """Retry-After is kept to the second."""
    github.fail(Fault(status, {"Retry-After": "7"}))
    assert len(_names(await _open("github:lab/digests:digests", github, clock).look(""))) == 2
    assert clock.slept == [7.0]


async def test_used_up_rate_limit_tells_until_when(github: FakeGitHub, clock: ImpatientClock) -> None:
    """A limit that lasts longer than anybody wants to wait is told with the time it ends, and asked for once."""
    reset = str(int(NOW.timestamp()) + 34 * 60)
    github.fail(Fault(403, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": reset}))
    with pytest.raises(SourceError, match=r"until 12:34 UTC"):
        await _open("github:lab/digests:digests", github, clock).look("")
    assert len(github.requests) == 1
    assert clock.slept == []


async def test_refusal_without_a_limit_is_final(github: FakeGitHub, clock: ImpatientClock) -> None:
    """403 without a word of a limit is not asked again."""
    github.fail(Fault(403))
    with pytest.raises(SourceError, match="refuses"):
        await _open("github:lab/digests:digests", github, clock).look("")
    assert clock.slept == []


@pytest.mark.parametrize("text", ["github:lab/nothing", "github:lab/digests@gone", "github:lab/digests:nowhere"])
async def test_what_is_not_there_is_told(github: FakeGitHub, clock: ImpatientClock, text: str) -> None:
    """An unknown repository, branch or folder gives one plain line."""
    with pytest.raises(SourceError, match="no such repository, branch or folder"):
        await _open(text, github, clock).look("")


async def test_answer_that_is_no_listing_is_told(github: FakeGitHub, clock: ImpatientClock) -> None:
    """A proxy's HTML page is no listing."""
    github.fail(Fault(200, body=b"<html>"))
    with pytest.raises(SourceError, match="cannot be understood"):
        await _open("github:lab/digests:digests", github, clock).look("")


async def test_unreachable_server_is_told(clock: ImpatientClock) -> None:
    """Nobody listens: one plain line after the last try."""
    async with FakeGitHub() as github:
        source = _open("github:lab/digests", github, clock)
    with pytest.raises(SourceError, match="cannot be reached"):
        await source.look("")


async def test_large_file_is_refused_before_it_is_fetched(
    github: FakeGitHub, clock: ImpatientClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file beyond the limit is told by its size, and not one byte of it is asked for."""
    monkeypatch.setattr("bot.sources.github.FILE_LIMIT", 10)
    listing = await _open("github:lab/digests:digests", github, clock).look("")
    assert listing.files
    github.forget_requests()
    with pytest.raises(SourceError, match="too large"):
        await listing.files[0].read()
    assert github.requests == []


async def test_listing_without_end_is_cut(
    github: FakeGitHub, clock: ImpatientClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that sends more than a listing can have is not listened to."""
    monkeypatch.setattr("bot.sources.github.LISTING_LIMIT", 100)
    with pytest.raises(SourceError, match="larger than"):
        await _open("github:lab/digests:digests", github, clock).look("")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("github:lab/digests", "github:lab/digests"),
        ("github:lab/digests.git", "github:lab/digests"),
        ("github:lab/digests:/issues/", "github:lab/digests:issues"),
        ("github:lab/digests@main:issues", "github:lab/digests@main:issues"),
    ],
)
def test_spellings_have_one_name(text: str, name: str, clock: ImpatientClock) -> None:
    """However a source is spelled, it is known by one name."""
    assert open_source(text, settings=Settings(), clock=clock).name == name


@pytest.mark.parametrize("text", ["github:", "github:lab", "github:lab/a b", "github:lab/../x"])
def test_misspelled_source_is_told(text: str, clock: ImpatientClock) -> None:
    """What is no repository is told with how to write one."""
    with pytest.raises(SourceError, match="write it like"):
        open_source(text, settings=Settings(), clock=clock)
