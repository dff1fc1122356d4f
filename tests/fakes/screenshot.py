"""A developer's tool: it photographs a page with a headless Chromium."""

from __future__ import annotations

import shutil
import subprocess
from base64 import b64encode
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import sync_playwright

SIZES = {"phone": (390, 844), "desktop": (1100, 800)}
SECONDS = 60
COLUMN = 1500
"""The height of one screen in a picture of several."""
SHEET = 1600
"""How wide such a picture may be."""
GUTTER = 8
_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)


def find_chromium() -> str | None:
    """Return where a Chromium is, None where there is none."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def photograph(html: str, output: Path, *, size: str = "phone", height: int | None = None) -> None:
    """Photograph a page at a phone's or a desktop's width. Raises FileNotFoundError without a Chromium."""
    chromium = find_chromium()
    if chromium is None:
        raise FileNotFoundError("no Chromium is installed: on Debian and Ubuntu, apt install chromium")
    width, usual = SIZES[size]
    with TemporaryDirectory() as folder:
        page = Path(folder) / "page.html"
        page.write_text(html, encoding="utf-8")
        flags = [
            *_FLAGS,
            f"--user-data-dir={folder}/profile",
            f"--window-size={width},{height or usual}",
            f"--screenshot={output.resolve()}",
        ]
        subprocess.run([chromium, *flags, page.as_uri()], check=True, capture_output=True, timeout=SECONDS)


def photograph_columns(html: str, folder: Path, *, stem: str, size: str = "phone", columns: int = 4) -> list[Path]:
    """Photograph all of a long page, cut into screens that stand side by side: as many pictures as it takes.

    Raises FileNotFoundError without a Chromium.
    """
    chromium = find_chromium()
    if chromium is None:
        raise FileNotFoundError("no Chromium is installed: on Debian and Ubuntu, apt install chromium")
    width, _ = SIZES[size]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=[*_FLAGS])
        page = browser.new_page(viewport={"width": width, "height": COLUMN})
        page.set_content(html)
        total = int(page.evaluate("document.documentElement.scrollHeight"))
        whole = page.screenshot(full_page=True)
        source = f"data:image/png;base64,{b64encode(whole).decode()}"
        written = []
        across = max(1, min(columns, SHEET // width))
        for number, start in enumerate(range(0, total, COLUMN * across), 1):
            shown = list(range(start, min(total, start + COLUMN * across), COLUMN))
            height = min(COLUMN, total - start)
            page.set_viewport_size({"width": (width + GUTTER) * len(shown) - GUTTER, "height": height})
            page.set_content(_sheet(source, width, shown))
            page.wait_for_function("[...document.images].every(image => image.complete)")
            written.append(folder / f"{stem}-{number}.png")
            page.screenshot(path=written[-1])
        browser.close()
    return written


def _sheet(source: str, width: int, starts: list[int]) -> str:
    style = (
        f"body{{margin:0;display:flex;gap:{GUTTER}px;background:#808080}}"
        f"div{{width:{width}px;height:{COLUMN}px;overflow:hidden}}img{{display:block;width:{width}px}}"
    )
    screens = "".join(f'<div><img src="{source}" style="margin-top:-{start}px"></div>' for start in starts)
    return f"<style>{style}</style>{screens}"
