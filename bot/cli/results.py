"""What a search found, as the command line prints it."""

from __future__ import annotations

from bot.cli.output import emphasize, print_line
from bot.model.search import Hit, Results


def print_results(results: Results) -> None:
    """Print what was found, best first; what of the question was not understood, and what might have been meant."""
    for notice in results.notices:
        print_line(str(notice))
    if results.corrected:
        print_line(f"Nothing has '{results.query}' as it was typed; this is for '{results.did_you_mean}'.")
    print_line(_summary(results))
    for rank, hit in enumerate(results.hits, 1):
        print_line()
        _print_hit(rank, hit)
    if results.did_you_mean and not results.corrected:
        print_line(f"\nDid you mean: {results.did_you_mean}")
    if results.nearest:
        print_line(f"Topics to look at: {', '.join(f'topic:{topic.name}' for topic in results.nearest)}")


def _summary(results: Results) -> str:
    if not results.total:
        return "nothing found"
    partly = f", {results.partial} of them by a part of the words" if results.partial else ""
    shown = f"; the first {len(results.hits)}:" if len(results.hits) < results.total else ""
    return f"{results.total} found{partly}{shown}"


def _print_hit(rank: int, hit: Hit) -> None:
    by = ", ".join(author.name for author in hit.entry.authors)
    elsewhere = ", ".join(f"#{place.issue}" for place in hit.places[1:])
    print_line(f"{rank}. {hit.entry.title}")
    print_line(
        f"   #{hit.place.issue} {hit.place.section}"
        + (f" · {by}" if by else "")
        + (f" · also {elsewhere}" if elsewhere else "")
    )
    print_line(f"   {emphasize(hit.snippet)}")
    for address in (hit.entry.source_url, *(link.url for link in hit.entry.links)):
        if address:
            print_line(f"   {address}")
