"""The address under which the site shows a local picture.

A browser may not open ``file:`` addresses, and must not learn the machine's paths. So a page names a local picture by a
digest of its path; the site serves it if, and only if, that is the digest of a picture in one of its folders.
"""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bot.renderers.html import web_picture

MEDIA_ROOT = "/media/"
"""Where the site serves local pictures."""


def media_address(path: str | os.PathLike[str]) -> str:
    """Return the site's address of a local picture; equal for every spelling of one absolute path."""
    spelling = os.path.normpath(os.fspath(path))
    return f"{MEDIA_ROOT}{sha256(os.fsencode(spelling)).hexdigest()[:32]}{Path(spelling).suffix.lower()}"


def site_picture(url: str) -> str | None:
    """Return where a page of the site finds an image: on the web, or on the site where it lies on this machine."""
    return media_address(unquote(urlsplit(url).path)) if url.startswith("file:") else web_picture(url)
