"""The folder source on real folders."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.clock import SystemClock
from bot.settings import Settings
from bot.sources import SourceError, open_source
from bot.sources.folder import FolderSource


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "digests"
    for name in ("012.md", "013-title.md", "20210919-20211003/README.md", "20210919-20211003/other.md"):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("### Papers\n", encoding="utf-8")
    for name in (".hidden.md", ".git/README.md", "images/README.md", "topics.toml"):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("no issue", encoding="utf-8")
    return root


async def test_lists_both_layouts(folder: Path) -> None:
    """Numbered files and dated folders are found in the order of their names; hidden and other files are not."""
    listing = await FolderSource(str(folder)).look("")
    assert [file.name for file in listing.files or ()] == ["012.md", "013-title.md", "20210919-20211003/README.md"]


async def test_file_tells_where_its_images_are(folder: Path) -> None:
    """Relative images resolve against the file's own folder."""
    listing = await FolderSource(str(folder)).look("")
    assert [file.base for file in listing.files or ()][1:] == [
        f"{folder.as_uri()}/",
        f"{folder.as_uri()}/20210919-20211003/",
    ]


async def test_version_follows_the_content(folder: Path) -> None:
    """An edit changes the version of that file alone."""
    source = FolderSource(str(folder))
    before = {file.name: file.version for file in (await source.look("")).files or ()}
    (folder / "012.md").write_text("### Other papers\n", encoding="utf-8")
    after = {file.name: file.version for file in (await source.look("")).files or ()}
    assert [name for name in after if after[name] != before[name]] == ["012.md"]


async def test_reads_content(folder: Path) -> None:
    """A file's bytes come as they are."""
    listing = await FolderSource(str(folder)).look("")
    assert listing.files
    assert await listing.files[0].read() == b"### Papers\n"


async def test_vanished_file_concerns_itself_alone(folder: Path) -> None:
    """A file that goes between listing and reading is told in one plain line."""
    listing = await FolderSource(str(folder)).look("")
    assert listing.files
    (folder / "012.md").unlink()
    with pytest.raises(SourceError, match="No such file"):
        await listing.files[0].read()
    assert await listing.files[1].read() == b"### Papers\n"


async def test_missing_folder_is_told(tmp_path: Path) -> None:
    """A folder that is not there, and a file in its place, are told with what to do."""
    with pytest.raises(SourceError, match="does not exist"):
        await FolderSource(str(tmp_path / "nowhere")).look("")
    (tmp_path / "file").write_text("text", encoding="utf-8")
    with pytest.raises(SourceError, match="is no folder"):
        await FolderSource(str(tmp_path / "file")).look("")


async def test_broken_link_is_left_out(folder: Path) -> None:
    """A dangling symbolic link does not keep the others from being listed."""
    (folder / "014.md").symlink_to(folder / "nowhere.md")
    listing = await FolderSource(str(folder)).look("")
    assert "014.md" not in [file.name for file in listing.files or ()]
    assert len(listing.files or ()) == 3


def test_spellings_have_one_name(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder is known by one name, whether written with a slash, a dot or its whole path."""
    monkeypatch.chdir(folder.parent)
    clock = SystemClock()
    spellings = ("digests", "digests/", "./digests", "digests/../digests", str(folder))
    assert {open_source(text, settings=Settings(), clock=clock).name for text in spellings} == {"digests"}
