"""Addresses of people: profiles and posts on social networks."""

from __future__ import annotations

import re
from urllib.parse import unquote

from bot.parsing.addresses import split_address
from bot.parsing.vocabulary import words

_NETWORKS = words(
    """
    twitter.com x.com nitter.net weibo.com weibo.cn linkedin.com zhihu.com bsky.app threads.net facebook.com
    instagram.com github.com mastodon.social fosstodon.org sigmoid.social mathstodon.xyz mstdn.social
    """
)
_SUBDOMAINS = ("www.", "mobile.", "m.")
_POST = re.compile(
    r"/(?:[^/]+|i/web)/status(?:es)?/\d+"  # Twitter
    r"|/@[^/]+/(?:post/)?\w+"  # Mastodon, Threads
    r"|/profile/[^/]+/post/\w+"  # Bluesky
    r"|/feed/update/.+|/(?:[^/]+/)?posts/.+"  # LinkedIn, Facebook
    r"|/\d{6,}/\w{6,}"  # Weibo
)
_PROFILE = re.compile(r"/(?:(?:in|company|people|profile|u|n)/)?(?P<handle>@?[^/]+)/?", re.IGNORECASE)
_HANDLE = re.compile(r"/(?:(?:in|company|people|profile|u|n)/)?@?(?P<handle>[^/?#]+)", re.IGNORECASE)
_NO_ACCOUNTS = words("i home hashtag search share intent explore login about topics in people profile")


def is_social(url: str) -> bool:
    """Tell whether an address is a profile or a post on a social network."""
    return is_post(url) or is_profile(url)


def is_post(url: str) -> bool:
    """Tell whether an address is one post on a social network."""
    host, path = split_address(url)
    return host != "github.com" and _is_network(host) and _POST.match(path) is not None


def is_profile(url: str) -> bool:
    """Tell whether an address is somebody's profile."""
    host, path = split_address(url)
    found = _PROFILE.fullmatch(path)
    return found is not None and _is_network(host) and found["handle"].lower() not in _NO_ACCOUNTS


def is_mention(words: str, url: str) -> bool:
    """Tell whether a link only names an account or a hashtag: its words are the handle, or a tag."""
    if not _is_network(split_address(url)[0]):
        return False
    words = words.strip()
    is_handle = words.startswith("@") or words.casefold() == handle_of(url).casefold()
    return words.startswith("#") or (is_handle and is_profile(url))


def handle_of(url: str) -> str:
    """Return the account in a social address."""
    found = _HANDLE.match(split_address(url)[1])
    return unquote(found["handle"]) if found else ""


def _is_network(host: str) -> bool:
    for subdomain in _SUBDOMAINS:
        host = host.removeprefix(subdomain)
    return host in _NETWORKS
