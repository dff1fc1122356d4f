"""Issues and entries to say, with everything in them that an entry can have."""

from __future__ import annotations

from datetime import date

from bot.model.digest import Author, Comment, Entry, Issue, Link, LinkKind, Section
from bot.model.richtext import Document, Image, Paragraph, Span, bold, link, paragraph
from bot.model.search import Hit, Place, Results, Topic

BASE = "file:///digests/"
POST = "https://twitter.com/keenanisalive/status/1480696621298069506"
PENROSE = "https://github.com/penrose/penrose"
PAPER = "https://arxiv.org/abs/2201.03545"

RICH = Entry(
    title="Drawing figures with Penrose",
    group="工具分享",
    authors=(Author("Keenan Crane", "https://twitter.com/keenanisalive"), Author("Wode Ni")),
    source_url=POST,
    links=(
        Link("https://penrose.cs.cmu.edu/docs", LinkKind.OTHER, "the docs"),
        Link(PENROSE, LinkKind.CODE, "code"),
        Link("https://github.com/keenancrane/fcpw", LinkKind.CODE, "https://github.com/keenancrane/fcpw"),
        Link(PAPER, LinkKind.PAPER, "paper"),
        Link("https://example.org/blog", LinkKind.POST, "an older post"),
    ),
    images=(Image("images/penrose.png", "A diagram"), Image("https://pbs.twimg.com/media/FDG.jpg")),
    comments=(
        Comment("Ada", 0, Document((paragraph("Does it do 3D?"),))),
        Comment("Keenan Crane", 1, Document((paragraph("Not yet."), paragraph("But soon."))), POST),
        Comment("Bob", 0, Document((paragraph("Lovely "), paragraph(link("example", "https://example.org/blog"))))),
    ),
    remark=Document((paragraph("值得一试。"),)),
    hashtags=("SIGGRAPH2022", "3D"),
    body=Document(
        (
            Paragraph((Span("The whole system is "), bold("open source"), Span(", and #3DV2021 saw "))),
            paragraph("it: ", link(PENROSE, PENROSE)),
        )
    ),
    id=7,
)

BARE = Entry(title="只有标题", id=8)

ISSUE = Issue(
    number=12,
    title="第 12 期 2022.01.10-2022.01.23",
    starts_on=date(2022, 1, 10),
    ends_on=date(2022, 1, 23),
    sections=(
        Section("意见性分享", (RICH, BARE)),
        Section("课程和报告分享"),
        Section("成果推荐及讨论", tuple(Entry(title=f"Result {n}", id=100 + n) for n in range(1, 13))),
    ),
    preface=Document((paragraph("新年好！"),)),
    base=BASE,
)

SLAM = Topic("slam", (("en", "SLAM"), ("zh", "同时定位与建图")), ("slam",))
NERF = Topic("nerf", (("en", "Radiance fields"), ("zh", "辐射场")), ("nerf",))

HIT = Hit(
    entry=RICH,
    place=Place(12, "意见性分享", 7),
    score=3.5,
    snippet=(Span("The whole system is "), bold("open"), Span(" source")),
    places=(Place(12, "意见性分享", 7), Place(3, "成果推荐及讨论", 61), Place(9, "成果推荐及讨论", 88)),
)


def results(*, total: int = 12, offset: int = 0, query: str = "open") -> Results:
    """Make a page of results of which there are more."""
    return Results(query, (HIT,) * min(5, total - offset), total, offset)
