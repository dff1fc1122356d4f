"""Pictures and their addresses: made absolute, kept inside the digest's own folder, or said in words."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import groupby
from urllib.parse import unquote, urljoin, urlsplit

from bot.formatters.text import DOT, join
from bot.locales import Words
from bot.model.richtext import Block, Document, Image, LinkLine, List, Paragraph, Quote, Span, link

_VAGUE = re.compile(
    r"(?:cover|images?|img|pictures?|pic|photos?|figures?|fig|screenshots?|screen ?shot|selection|alt(?: ?text)?|media"
    r"|封面|图片?|图像|截图|配图|插图|示意图)[\s_-]*[\d_-]*(?:\.(?:png|jpe?g|gif|webp))?|[\w.-]+\.(?:png|jpe?g|gif|webp)|[\W\d_]+",
    re.IGNORECASE,
)
"""Words that say no more than that there is a picture, and names of files."""


def resolve_images(document: Document, base: str) -> Document:
    """Return the document with absolute addresses of its images; one that leads nowhere becomes its description."""

    def resolve(run: tuple[Image, ...]) -> Iterator[Block]:
        for image in run:
            address = resolve_address(image.url, base)
            yield replace(image, url=address) if address else Paragraph((Span(f"[{image.alt or image.url}]"),))

    return Document(_change(document.blocks, resolve))


def describe_images(document: Document) -> Document:
    """Return the document without descriptions of images that describe nothing ("image", "IMG_2041.png")."""

    def describe(run: tuple[Image, ...]) -> Iterator[Block]:
        return (replace(image, alt="") if _VAGUE.fullmatch(image.alt.strip()) else image for image in run)

    return Document(_change(document.blocks, describe))


def link_images(document: Document, words: Words) -> Document:
    """Return the document with links in place of its images, for a chat that wants none."""

    def name(run: tuple[Image, ...]) -> Iterator[Block]:
        label = words("Image")
        numbered = len(run) > 1
        names = (f"{label} {number}" if numbered else label for number in range(1, len(run) + 1))
        yield LinkLine(join(((_named(image, name),) for image, name in zip(run, names, strict=True)), DOT))

    return Document(_change(document.blocks, name))


def resolve_address(url: str, base: str) -> str | None:
    """Return an image's absolute address, None for one that cannot be had.

    A local picture lies in the folder of its issue or below: a digest from elsewhere must not make the bot send other
    files of the machine.
    """
    try:
        address = urljoin(base, url)
        scheme = urlsplit(address).scheme
    except ValueError:
        return None
    match scheme:
        case "http" | "https":
            return address
        case "file" if base.startswith("file:") and _path(address).startswith(_folder(base)):
            return address
        case _:
            return None


def _path(address: str) -> str:
    return posixpath.normpath(unquote(urlsplit(address).path))


def _folder(base: str) -> str:
    return _path(urljoin(base, ".")).rstrip("/") + "/"


def _named(image: Image, name: str) -> Span:
    return link(name, image.url) if image.url.startswith("http") else Span(f"[{image.alt or name}]")


def _change(blocks: tuple[Block, ...], change: Callable[[tuple[Image, ...]], Iterator[Block]]) -> tuple[Block, ...]:
    """Replace every run of images that stand side by side."""
    changed: list[Block] = []
    for are_images, run in groupby(blocks, lambda block: isinstance(block, Image)):
        if are_images:
            changed.extend(change(tuple(block for block in run if isinstance(block, Image))))
        else:
            changed.extend(_inside(block, change) for block in run)
    return tuple(changed)


def _inside(block: Block, change: Callable[[tuple[Image, ...]], Iterator[Block]]) -> Block:
    match block:
        case List(items=items):
            return replace(block, items=tuple(_change(item, change) for item in items))
        case Quote(blocks=blocks):
            return replace(block, blocks=_change(blocks, change))
        case _:
            return block
