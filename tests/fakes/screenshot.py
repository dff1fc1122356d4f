"""A developer's tool: it photographs a page with a headless Chromium."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

SIZES = {"phone": (390, 844), "desktop": (1100, 800)}
SECONDS = 60
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
