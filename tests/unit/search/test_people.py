"""People: one person under many spellings, and not two under one slip."""

from __future__ import annotations

import pytest

from bot.model.digest import Author, Comment, Entry
from bot.search.people import Mention, Person, Role, mentions, name_key, profile_key, recognise

CRANE = "https://twitter.com/keenanisalive"


def _people(*seen: tuple[str, str | None]) -> tuple[Person, ...]:
    pairs: dict[tuple[str, str], int] = {}
    for name, url in seen:
        for mention in mentions(Entry("", authors=(Author(name, url),)), ""):
            pair = (mention.name, mention.profile)
            pairs[pair] = pairs.get(pair, 0) + 1
    return recognise(pairs)


@pytest.mark.parametrize(
    ("name", "other"),
    [("Jia-Bin Huang", "Jia Bin-Huang"), ("Gabriel Peyré", "gabriel peyre"), ("@JustusThies", "Justus Thies")],
)
def test_spellings_of_a_name_are_one(name: str, other: str) -> None:
    """Hyphens, accents, case and spaces do not count."""
    assert name_key(name) == name_key(other)


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://twitter.com/keenanisalive/status/1?s=20", "@keenanisalive"),
        ("http://www.x.com/KeenanIsAlive", "@keenanisalive"),
        ("https://social.example/@ada/1001", "@ada"),
        ("https://www.cs.cmu.edu/~kmcrane/", "cs.cmu.edu/~kmcrane"),
        ("https://twitter.com/i/web/status/1", ""),
        ("http://[", ""),
    ],
)
def test_a_profile_is_known_by_any_address_of_it(url: str, key: str) -> None:
    """A post's address has its author's handle."""
    assert profile_key(url) == key


def test_a_profile_makes_names_one_person() -> None:
    """A name, a handle written as a name, and the profile that both stand with."""
    (person,) = _people(("Keenan Crane", CRANE), ("@keenanisalive", None), ("Keenan Crane", None))
    assert person.id == "name/keenancrane"
    assert "@keenanisalive" in person.keys
    assert {"keenan", "crane", "keenanisalive"} <= person.words


def test_a_name_over_somebody_elses_profile_is_a_slip() -> None:
    """The link is wrong once; the two stay two."""
    people = _people(("Keenan Crane", CRANE), ("Keenan Crane", CRANE), ("Michael Black", CRANE))
    assert len(people) == 2


def test_different_names_without_profiles_are_different_people() -> None:
    """A shared surname is not enough."""
    assert len(_people(("Hao Li", None), ("Yi Li", None))) == 2


def test_everybody_in_an_entry_has_a_role() -> None:
    """Authors posted, speakers commented, handles in the text and the post's own are quoted, nobody twice."""
    entry = Entry(
        "",
        authors=(Author("Ada Lovelace", "https://x.com/ada"),),
        source_url="https://x.com/babbage/status/1",
        comments=(Comment("Mary Somerville", 0, Entry("").body),),
    )
    assert set(mentions(entry, "with @babbage and @Ada, mail me@example.org")) == {
        Mention(Role.POSTED, "ada lovelace", "@ada"),
        Mention(Role.QUOTED, profile="@babbage"),
        Mention(Role.COMMENTED, "mary somerville"),
    }
