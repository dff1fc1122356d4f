"""What an address alone tells of the thing behind it: by its site, by its path."""

from __future__ import annotations

from collections.abc import Mapping

from bot.model.digest import LinkKind
from bot.parsing.addresses import split_address
from bot.parsing.social import is_post
from bot.parsing.vocabulary import words

_LONGEST = 2000
"""Characters of an address that are looked at."""

_SITES: Mapping[LinkKind, frozenset[str]] = {
    LinkKind.PAPER: words(
        """
        arxiv.org alphaxiv.org openreview.net doi.org openaccess.thecvf.com aclanthology.org biorxiv.org eprint.iacr.org
        semanticscholar.org mlr.press ieeexplore.ieee.org dl.acm.org citeseerx.ist.psu.edu
        """
    ),
    LinkKind.CODE: words(
        """
        github.com gist.github.com gitlab.com bitbucket.org gitee.com codeberg.org pypi.org
        colab.research.google.com/github
        """
    ),
    LinkKind.VIDEO: words("youtube.com youtu.be youtube-nocookie.com vimeo.com bilibili.com b23.tv"),
    LinkKind.PROJECT: words("github.io gitlab.io sites.google.com"),
    LinkKind.DATASET: words("huggingface.co/datasets kaggle.com/datasets zenodo.org"),
    LinkKind.SLIDES: words("docs.google.com/presentation speakerdeck.com slideshare.net"),
    LinkKind.COURSE: words("coursera.org edx.org"),
    LinkKind.DEMO: words("colab.research.google.com huggingface.co/spaces replicate.com"),
    LinkKind.POST: words(
        """
        medium.com towardsdatascience.com substack.com wordpress.com blogspot.com linkedin.com zhihu.com reddit.com
        mp.weixin.qq.com news.ycombinator.com
        """
    ),
}
_KIND_OF_SITE = {site: kind for kind, sites in _SITES.items() for site in sites}

_PATHS: Mapping[LinkKind, frozenset[str]] = {
    LinkKind.POST: words("blog blogs post posts"),
    LinkKind.COURSE: words("course courses lecture lectures"),
}
"""Folders of a path, or parts of a host's name, that tell the kind."""

_PAPER_FOLDERS = words("paper papers publication publications")
_FILES: Mapping[str, LinkKind] = {
    ".pdf": LinkKind.PAPER,
    ".ppt": LinkKind.SLIDES,
    ".pptx": LinkKind.SLIDES,
    ".mp4": LinkKind.VIDEO,
    ".webm": LinkKind.VIDEO,
    ".mov": LinkKind.VIDEO,
}


def kind_of_address(url: str) -> LinkKind:
    """Return the kind of thing that an address leads to, as far as it tells."""
    if is_post(url):
        return LinkKind.POST
    host, path = split_address(url[:_LONGEST])
    folders = path.lower().strip("/").split("/")
    return _kind_of_site(host, folders[0]) or _kind_of_path(host, folders) or LinkKind.OTHER


def _kind_of_site(host: str, folder: str) -> LinkKind | None:
    """Look for a site among the known ones, and for each site it is a part of."""
    while "." in host:
        kind = _KIND_OF_SITE.get(f"{host}/{folder}") or _KIND_OF_SITE.get(host)
        if kind:
            return kind
        host = host.partition(".")[2]
    return None


def _kind_of_path(host: str, folders: list[str]) -> LinkKind | None:
    for kind, known in _PATHS.items():
        if not known.isdisjoint(folders) or not known.isdisjoint(host.split(".")):
            return kind
    name = folders[-1]
    for ending, kind in _FILES.items():
        if name.endswith(ending):
            return LinkKind.SLIDES if "slides" in name else kind
    return LinkKind.PAPER if not _PAPER_FOLDERS.isdisjoint(folders[:-1]) else None
