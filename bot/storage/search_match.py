"""MATCH expressions: a plan in the language of the full-text index (https://sqlite.org/fts5.html#full_text_query_syntax).

Only terms of the analyzer and facets get in, each a quoted string, so that nothing a reader types is read as syntax.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.search.indexing import REPEATED
from bot.search.plan import Alternative, Group, Plan

_NAMES = "{title authors}"


def match_all(plan: Plan) -> str:
    """Return what every entry with all of a plan's groups matches, "" where the plan asks for no words or facets."""
    return _complete(plan, [_group(group) for group in plan.groups])


def match_titled(plan: Plan) -> str:
    """Return what every entry matches that has all of a plan's words in its title or among its authors."""
    return _complete(plan, [_named(group) for group in plan.groups])


def match_some(plan: Plan, share: float) -> str:
    """Return what every entry with at least a share of the plan's weight matches, and few others.

    Whoever has that share has one of the rarer groups: those that the commoner ones together cannot make up for.
    """
    optional = sorted((group for group in plan.groups if not group.required), key=lambda group: group.weight)
    spare = share * sum(group.weight for group in optional)
    while len(optional) > 1 and optional[0].weight < spare:
        spare -= optional.pop(0).weight
    units = [unit for group in optional for unit in group.units]
    any_of = [_any(unit.alternatives) for unit in units] + [
        _any(group.alternatives) for group in optional if group.alternatives
    ]
    required = [_group(group) for group in plan.groups if group.required]
    return _complete(plan, [*required, *([f"({' OR '.join(any_of)})"] if any_of else [])])


def match_repeated(match: str) -> str:
    """Return what those entries match that match something and are about a paper that others are about, too."""
    return f'({match}) AND "{REPEATED}"' if match else ""


def match_any(alternatives: Sequence[Alternative]) -> str:
    """Return what every entry with one of the alternatives matches."""
    return _any(alternatives)


def _complete(plan: Plan, wanted: Iterable[str]) -> str:
    found = " AND ".join((*wanted, *(_any(alternatives) for alternatives in plan.filters)))
    if found and plan.excluded:
        return f"({found}) NOT {_any(plan.excluded)}"
    return found


def _named(group: Group) -> str:
    """Return what a group's words match in titles and names; a group of mere facets has no words."""
    units = tuple(replace(unit, alternatives=_words(unit.alternatives)) for unit in group.units)
    if not all(unit.alternatives for unit in units):
        return _group(group)
    return f"{_NAMES} : {_group(replace(group, units=units, alternatives=_words(group.alternatives)))}"


def _words(alternatives: Iterable[Alternative]) -> tuple[Alternative, ...]:
    return tuple(alternative for alternative in alternatives if not alternative.is_facet)


def _group(group: Group) -> str:
    together = " AND ".join(_any(unit.alternatives) for unit in group.units)
    return f"(({together}) OR {_any(group.alternatives)})" if group.alternatives else f"({together})"


def _any(alternatives: Sequence[Alternative]) -> str:
    return f"({' OR '.join(map(_phrase, alternatives))})"


def _phrase(alternative: Alternative) -> str:
    if alternative.titled:
        return f"(title : {_phrase(replace(alternative, titled=False))})"
    if alternative.scattered:
        return f"({' AND '.join(_phrase(Alternative((term,))) for term in alternative.terms)})"
    quoted = " ".join(alternative.terms).replace('"', '""')
    return f'"{quoted}" *' if alternative.prefix else f'"{quoted}"'


def match_excluded(plan: Plan) -> str:
    """Return what every entry that a plan excludes matches, "" where it excludes nothing."""
    return _any(plan.excluded) if plan.excluded else ""
