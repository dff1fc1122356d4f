"""Local pictures: those in the folders, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

import bot.site.media
from bot.renderers.media import media_address, site_picture
from bot.site.media import Pictures

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "digests"
    (folder / "012" / "deep").mkdir(parents=True)
    (folder / "012" / "a b.png").write_bytes(PNG)
    (folder / "012" / "deep" / "C.SVG").write_text("<svg/>")
    (folder / "012.md").write_text("# words")
    (tmp_path / "secret.png").write_bytes(b"secret")
    return folder


@pytest.fixture
def open_client() -> Callable[[Pictures], httpx.AsyncClient]:
    def open_client(pictures: Pictures) -> httpx.AsyncClient:
        site = Starlette(routes=[pictures.route])
        return httpx.AsyncClient(transport=httpx.ASGITransport(site), base_url="http://localhost")

    return open_client


async def test_a_picture_is_served_under_the_address_a_page_gives_it(
    folder: Path, open_client: Callable[[Pictures], httpx.AsyncClient]
) -> None:
    """The address that a renderer makes of a file is the one that serves it, as the picture it is."""
    address = site_picture((folder / "012" / "a b.png").as_uri())
    assert address is not None

    async with open_client(Pictures([folder])) as client:
        response = await client.get(address)

    assert (response.status_code, response.content) == (200, PNG)
    assert response.headers["content-type"] == "image/png"


async def test_a_drawing_gets_no_script(folder: Path, open_client: Callable[[Pictures], httpx.AsyncClient]) -> None:
    """An SVG is served so that a browser runs nothing in it."""
    async with open_client(Pictures([folder])) as client:
        response = await client.get(media_address(folder / "012" / "deep" / "C.SVG"))

    assert response.headers["content-type"] == "image/svg+xml"
    assert "sandbox" in response.headers["content-security-policy"]
    assert "script" not in response.headers["content-security-policy"]


async def test_nothing_but_pictures_in_the_folders(folder: Path, tmp_path: Path) -> None:
    """Neither another kind of file, nor one beside the folder, nor one that a link leads out to."""
    (folder / "leads-out.png").symlink_to(tmp_path / "secret.png")
    pictures = Pictures([folder])

    for path in (folder / "012.md", tmp_path / "secret.png", folder / "leads-out.png", Path("/etc/passwd")):
        assert await pictures.find(media_address(path)) is None, path


@pytest.mark.parametrize(
    "name", ["../secret.png", "..%2fsecret.png", "%2e%2e/secret.png", "a b.png", "012/a%20b.png", "", "x" * 5000]
)
async def test_a_path_is_no_address(
    name: str, folder: Path, open_client: Callable[[Pictures], httpx.AsyncClient]
) -> None:
    """Nobody gets a file by saying where it lies."""
    async with open_client(Pictures([folder])) as client:
        assert (await client.get(f"/media/{name}")).status_code == 404


async def test_a_linked_folder_serves_what_is_in_it(folder: Path, tmp_path: Path) -> None:
    """A folder reached by a link has its pictures under both spellings."""
    (tmp_path / "link").symlink_to(folder, target_is_directory=True)
    pictures = Pictures([tmp_path / "link"])

    assert await pictures.find(media_address(tmp_path / "link" / "012" / "a b.png")) is not None
    assert await pictures.find(media_address(folder / "012" / "a b.png")) is not None


async def test_a_relative_folder_is_found(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Folders are set relative to where the bot runs, pictures are named absolutely."""
    monkeypatch.chdir(folder.parent)

    assert await Pictures([Path("digests")]).find(media_address(folder / "012" / "a b.png")) is not None


async def test_a_new_picture_is_found_without_a_restart(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folders are searched again for what is not known, but not for every wrong address."""
    now = 100.0
    monkeypatch.setattr(bot.site.media, "monotonic", lambda: now)
    pictures = Pictures([folder])
    address = media_address(folder / "new.png")
    assert await pictures.find(address) is None
    (folder / "new.png").write_bytes(PNG)

    assert await pictures.find(address) is None
    now += bot.site.media.RESCAN_SECONDS
    assert await pictures.find(address) == folder / "new.png"


async def test_a_picture_that_is_gone_is_not_found(folder: Path) -> None:
    """A deleted file is a missing one."""
    pictures = Pictures([folder])
    path = folder / "012" / "a b.png"
    assert await pictures.find(media_address(path)) == path
    path.unlink()

    assert await pictures.find(media_address(path)) is None


async def test_a_missing_folder_is_an_empty_one(tmp_path: Path) -> None:
    """A folder that is not there (yet) breaks nothing."""
    assert await Pictures([tmp_path / "nothing"]).find(media_address(tmp_path / "nothing" / "a.png")) is None
