"""What is stored: ingest, issues, show, search, topics."""

from __future__ import annotations

import asyncio
from typing import Any

import click

from bot.app import open_house
from bot.cli.indexing import bring_up_to_date
from bot.cli.issue import Related, print_issue, span_dates
from bot.cli.output import print_json, print_line, print_table
from bot.cli.results import print_results
from bot.ingest import IngestReport
from bot.model.digest import Issue
from bot.model.search import Results, Sort, Topic, TopicSuggestion
from bot.parsing import to_json
from bot.renderers.plain import render_plain
from bot.settings import Settings, load_settings
from bot.storage.issues import IssueSummary


@click.command(short_help="Read the sources now and say what is new.")
@click.argument("sources", nargs=-1, metavar="[SOURCE]...")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def ingest(context: click.Context, sources: tuple[str, ...], *, as_json: bool) -> None:
    """Read the sources now and say what is new, changed or unreadable.

    SOURCE is a folder or github:owner/repo[@ref][:path]; without one, those of BOT_DIGESTS are read.
    """

    async def act() -> IngestReport:
        async with open_house(load_settings()) as house:
            await bring_up_to_date(house)
            return await house.make_ingest().run(sources or None)

    report = asyncio.run(act())
    if as_json:
        print_json([file.to_json() for file in report.files])
    else:
        for file in report.files:
            if not file.is_plain:
                print_line(file.describe())
        print_line(report.summary())
    context.exit(1 if report.has_errors else 0)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def issues(*, as_json: bool) -> None:
    """List the issues that are stored, newest first."""

    async def act() -> tuple[IssueSummary, ...]:
        async with open_house(load_settings()) as house:
            return await house.issues.list_issues()

    summaries = asyncio.run(act())
    if as_json:
        print_json([_summary_to_json(summary) for summary in summaries])
    elif summaries:
        print_table(
            ("number", "title", "dates", "sections", "entries", "published"),
            (
                (
                    summary.number,
                    summary.title,
                    span_dates(summary.starts_on, summary.ends_on),
                    summary.sections,
                    summary.entries,
                    _published(summary),
                )
                for summary in summaries
            ),
            numbers=("number", "sections", "entries"),
        )
    else:
        print_line("No issue yet: put a Markdown file into digests/ and run `bot ingest`.")


@click.command()
@click.argument("number", type=int)
@click.option("--related", is_flag=True, help="Below each entry, the entries that are most like it.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def show(number: int, *, related: bool, as_json: bool) -> None:
    """Show the stored issue of this NUMBER."""

    async def act() -> tuple[Issue, Related]:
        async with open_house(load_settings()) as house:
            issue = found(await house.issues.get_issue(number), number)
            if as_json or not related:
                return issue, {}
            await bring_up_to_date(house)
            return issue, {entry.id: await house.index.related(entry.id, limit=3) for entry in issue.entries}

    issue, neighbours = asyncio.run(act())
    if as_json:
        print_json(to_json(issue))
    else:
        print_issue(issue, neighbours)


@click.command()
@click.argument("query", nargs=-1, required=True)
@click.option("--limit", type=click.IntRange(1, 1000), default=5, show_default=True, help="Results at the most.")
@click.option("--newest", is_flag=True, help="Newest first, rather than best first.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def search(query: tuple[str, ...], limit: int, *, newest: bool, as_json: bool) -> None:
    """Search all entries, as /search does in a chat."""

    async def act() -> Results:
        async with open_house(load_settings()) as house:
            await bring_up_to_date(house)
            sort = Sort.NEWEST if newest else Sort.BEST
            return await house.index.search(" ".join(query), limit=limit, sort=sort)

    results = asyncio.run(act())
    if as_json:
        print_json(_results_to_json(results))
        return
    print_results(results)


@click.command()
@click.option("--suggest", is_flag=True, help="Propose topics and aliases from what the entries speak of often.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def topics(*, suggest: bool, as_json: bool) -> None:
    """List the topics with how many entries each has."""
    settings = load_settings()
    if suggest:
        _suggest_topics(settings, as_json=as_json)
        return

    async def act() -> list[tuple[Topic, int]]:
        async with open_house(settings) as house:
            await bring_up_to_date(house)
            return list(await house.index.topic_counts())

    counts = asyncio.run(act())
    if as_json:
        print_json([{"name": topic.name, "titles": dict(topic.titles), "entries": n} for topic, n in counts])
    else:
        print_table(
            ("topic", "title", "entries"),
            ((f"/{topic.name}", topic.title(settings.language), n) for topic, n in counts),
            numbers=("entries",),
        )


def _suggest_topics(settings: Settings, *, as_json: bool) -> None:
    async def act() -> tuple[TopicSuggestion, ...]:
        async with open_house(settings) as house:
            await bring_up_to_date(house)
            return await house.index.suggest_topics()

    suggestions = asyncio.run(act())
    if as_json:
        print_json(
            [{"name": found.name, "entries": found.count, "topic": found.topic or None} for found in suggestions]
        )
    else:
        print_table(
            ("name", "entries", "as"),
            (
                (found.name, found.count, f"an alias of {found.topic}" if found.topic else "a topic")
                for found in suggestions
            ),
            numbers=("entries",),
        )


def found(issue: Issue | None, number: int) -> Issue:
    """Return an issue that must be there."""
    if issue is None:
        raise click.ClickException(f"there is no issue {number}: `bot issues` lists those that are stored")
    return issue


def _results_to_json(results: Results) -> dict[str, Any]:
    return {
        "query": results.query,
        "total": results.total,
        "did_you_mean": results.did_you_mean or None,
        "results": [
            {
                "issue": hit.place.issue,
                "section": hit.place.section,
                "title": hit.entry.title,
                "text": render_plain(hit.entry.body),
                "source_url": hit.entry.source_url,
                "score": round(hit.score, 4),
            }
            for hit in results.hits
        ],
    }


def _summary_to_json(summary: IssueSummary) -> dict[str, Any]:
    return {
        "number": summary.number,
        "title": summary.title,
        "starts_on": summary.starts_on.isoformat() if summary.starts_on else None,
        "ends_on": summary.ends_on.isoformat() if summary.ends_on else None,
        "sections": summary.sections,
        "entries": summary.entries,
        "publish_at": summary.publish_at.isoformat() if summary.publish_at else None,
        "held": summary.held or None,
        "published_at": summary.published_at.isoformat() if summary.published_at else None,
    }


def _published(summary: IssueSummary) -> str:
    if summary.held:
        return f"held: {summary.held}"
    if summary.published_at:
        return f"{summary.published_at:%Y-%m-%d %H:%M} UTC"
    return f"due {summary.publish_at:%Y-%m-%d %H:%M} UTC" if summary.publish_at else ""
