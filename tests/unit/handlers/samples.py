"""A small digest to ask about."""

from __future__ import annotations

from datetime import date
from zlib import crc32

from bot.model.digest import Author, Entry, Issue, Link, LinkKind, Section
from bot.model.richtext import Document, paragraph

TOPICS = """
[[topic]]
name = "slam"
title = { en = "SLAM", zh = "同时定位与建图" }
aliases = ["SLAM"]

[[topic]]
name = "nerf"
title = { en = "Radiance fields", zh = "辐射场" }
aliases = ["NeRF", "radiance field"]
"""


def entry(title: str, body: str = "", *, author: str = "Jia-Bin Huang") -> Entry:
    """Make an entry."""
    return Entry(
        title,
        authors=(Author(author, f"https://twitter.com/{author.replace(' ', '').replace('-', '')}"),),
        source_url=f"https://twitter.com/someone/status/{crc32(title.encode())}",
        links=(Link("https://arxiv.org/abs/2109.08203", LinkKind.PAPER, "paper"),) if "paper" in body else (),
        body=Document((paragraph(body),)) if body else Document(),
    )


ISSUES = (
    Issue(
        11,
        "第 11 期",
        starts_on=date(2021, 12, 13),
        ends_on=date(2021, 12, 26),
        sections=(
            Section("意见性分享", (entry("How to write a rebuttal", "Be kind, answer every point."),)),
            Section("成果推荐及讨论", (entry("iMAP", "A SLAM system in real time."),)),
        ),
    ),
    Issue(
        12,
        "第 12 期",
        starts_on=date(2022, 1, 10),
        ends_on=date(2022, 1, 23),
        sections=(
            Section("意见性分享"),
            Section(
                "成果推荐及讨论",
                (
                    entry("DROID-SLAM", "Deep visual SLAM, see the paper.", author="Zachary Teed"),
                    *(entry(f"NeRF number {n}", "A radiance field.") for n in range(1, 13)),
                ),
            ),
        ),
    ),
)
