"""A developer's tool: it delivers an issue and speaks with the bot on a stage, and photographs what stands there.

The bot is the real one, with its own database and the platform's own library; only the platform is played, and time
runs as fast as it can.

python -m tests.fakes.transcripts.rehearsal out --issue 12 --layout full --language zh --platform slack --theme dark
python -m tests.fakes.transcripts.rehearsal out --say "/search nerf" --say "!1"
python -m tests.fakes.transcripts.rehearsal out --platform slack --public --say "/find nerf" --say "!1" --say "@home"
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click

from bot.adapters import parse_address
from bot.adapters.slack.manifest import SCOPES
from bot.app import House, open_house
from bot.model.chat import Layout
from bot.settings import LANGUAGES, Settings
from tests.fakes.screenshot import SIZES, photograph_columns
from tests.fakes.server import DeadlineError
from tests.fakes.slack import SlackFake
from tests.fakes.telegram import TelegramFake
from tests.fakes.transcript import Record, load
from tests.fakes.transcripts import THEMES, draw

DIGESTS = Path(__file__).resolve().parents[3] / "digests"
HOME = "@home"
QUIET_SECONDS = 0.5
ANSWERED_WITHIN = 5.0
WITHIN = 120.0


class RushingClock:
    """A clock that is moved on by whoever sleeps on it: nobody waits."""

    def __init__(self, start: datetime = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)) -> None:
        self._now = start

    def now(self) -> datetime:
        return self._now

    async def sleep(self, seconds: float) -> None:
        self._now += timedelta(seconds=min(max(seconds, 0), 1))
        await asyncio.sleep(0.005)


def _no_home() -> None:
    raise click.ClickException("this platform has no Home tab")


@dataclass
class Stage:
    """One platform played, and the chat that is looked at."""

    fake: TelegramFake | SlackFake
    chat: Any
    say: Callable[[str], object]
    press: Callable[[Record | None, str], object]
    open_home: Callable[[], object] = _no_home

    @property
    def address(self) -> str:
        return f"{self.fake.platform}:{self.chat.id}"

    async def act(self, line: str) -> None:
        """Say a line, open the Home tab ("@home"), or press a button ("!Next ▶"), and wait until all is said."""
        before = self._said()
        if line == HOME:
            self.open_home()
        elif line.startswith("!"):
            standing = [record for record in self.fake.transcript.standing(self.chat.id) if record.buttons]
            self.press(standing[-1] if standing else None, line[1:])
        else:
            self.say(line)
        with suppress(DeadlineError):  # not every press is answered by words
            await self.fake.wait_for(lambda _: self._said() > before, within=ANSWERED_WITHIN)
        await self.fake.quiet(seconds=QUIET_SECONDS, within=WITHIN)

    def _said(self) -> int:
        return len(self.fake.transcript.from_bot) + len(getattr(self.fake, "screens", ()))


def set_telegram(fake: TelegramFake, *, place: str, language: str) -> Stage:
    """Let Ada talk with the bot on Telegram, alone or in a group of hers, or be subscribed to a channel."""
    ada = fake.user("Ada", language=language)
    match place:
        case "channel":
            chat = fake.channel("Vision digest", username="vision_digest")
        case "group":
            chat = fake.supergroup("Reading group", members=(ada,))
        case _:
            chat = fake.private(ada)
    return Stage(
        fake,
        chat,
        lambda line: fake.say(chat, ada, line),
        lambda record, label: fake.press(record, record.button(label), by=ada) if record else None,
    )


def set_slack(fake: SlackFake, *, place: str, language: str) -> Stage:
    """Let Ada talk with the bot on Slack, or be a member of a channel."""
    ada = fake.user("Ada", language={"zh": "zh-CN"}.get(language, "en-US"))
    chat = fake.channel("reading-group", members=[ada]) if place != "private" else fake.direct(ada)

    def say(line: str) -> object:
        if line.startswith("/"):
            return fake.command(chat, ada, line)
        return fake.say(chat, ada, f"{fake.mention()} {line}" if place != "private" else line)

    def press(record: Record | None, label: str) -> object:
        """Press what lies on top: a modal, else the Home tab once it was opened, else a message."""
        place = fake.view_of(ada) or fake.desk.homes.get(ada.id) or record
        return fake.press(place, label, by=ada) if place else None

    return Stage(fake, chat, say, press, lambda: fake.open_home(ada))


@asynccontextmanager
async def staged(platform: str, *, place: str, language: str) -> AsyncIterator[tuple[Stage, dict[str, str]]]:
    """Run a platform; yields the stage, and the settings that lead to it."""
    if platform == "slack":
        async with SlackFake(rates=False) as slack:
            slack.team.scopes = frozenset(SCOPES)
            tokens = {"SLACK_BOT_TOKEN": slack.team.token, "SLACK_APP_TOKEN": slack.secrets.app_token}
            yield set_slack(slack, place=place, language=language), {**tokens, "SLACK_API_URL": slack.api_url}
        return
    async with TelegramFake(rates=False) as telegram:
        settings = {"TELEGRAM_BOT_TOKEN": telegram.token, "TELEGRAM_API_URL": telegram.url}
        yield set_telegram(telegram, place=place, language=language), settings


async def deliver(
    house: House, stage: Stage, number: int, *, layout: Layout, language: str, sections: Sequence[int]
) -> None:
    """Publish an issue to the chat and send all of it."""
    issue = await house.issues.get_issue(number)
    if issue is None:
        raise click.ClickException(f"there is no issue {number}")
    address = parse_address(stage.address)
    chat = await house.chats.meet(address, kind=await house.kind_of(address), title="", now=house.clock.now())
    await house.chats.set_preferences(address, replace(chat.preferences, layout=layout, language=language))
    target = await house.publications.target([address])
    wanted = frozenset(section - 1 for section in sections) or None
    await house.publisher.publish(issue, target=target, now=house.clock.now(), sections=wanted, at_once=True)
    await house.make_delivery(issue_id=await house.publications.issue_id(number)).worker.drain()


async def rehearse(
    output: Path,
    *,
    platform: str,
    digests: Sequence[str],
    issue: int | None,
    layout: Layout,
    language: str,
    sections: Sequence[int],
    lines: Sequence[str],
    place: str,
) -> None:
    """Play it all, and write the transcript."""
    with TemporaryDirectory() as folder:
        async with staged(platform, place=place, language=language) as (stage, settings):
            everything: dict[str, Any] = {
                **settings,
                "DATABASE_URL": f"sqlite:///{folder}/bot.db",
                "BOT_DIGESTS": ",".join(digests),
                "BOT_LANGUAGE": language,
                "BOT_LEASE": timedelta(hours=1),
            }
            async with open_house(Settings(_env_file=None, **everything), clock=RushingClock()) as house:
                await house.index.ensure_current()
                await house.make_ingest().run()
                await house.connect(platform)
                if lines:
                    await house.adapters[platform].receive()
                    await stage.fake.wait_for(lambda _: stage.fake.listening, within=WITHIN)
                if issue is not None:
                    await deliver(house, stage, issue, layout=layout, language=language, sections=sections)
                for line in lines:
                    await stage.act(line)
                stage.fake.save(output)
                for violation in stage.fake.violations:
                    click.echo(f"{violation.method}: {violation.rule}", err=True)


@click.command()
@click.argument("output", type=click.Path(path_type=Path))
@click.option("--platform", type=click.Choice(["telegram", "slack"]), default="telegram", show_default=True)
@click.option("--digests", multiple=True, default=[str(DIGESTS)], help="Folders of issues.")
@click.option("--issue", type=int, help="Deliver this issue.")
@click.option("--layout", type=click.Choice([str(layout) for layout in Layout]), default="compact", show_default=True)
@click.option("--language", type=click.Choice(LANGUAGES), default="en", show_default=True)
@click.option("--section", "sections", type=int, multiple=True, help="Of the issue this section alone, from 1.")
@click.option("--say", "lines", multiple=True, help='Say this; "!Label" presses, "@home" opens Home.')
@click.option("--public", "place", flag_value="channel", help="In a channel, not in private.")
@click.option("--group", "place", flag_value="group", help="In a group.")
@click.option("--private", "place", flag_value="private", default=True, hidden=True)
@click.option("--theme", "themes", type=click.Choice(THEMES), multiple=True, default=["light"], show_default=True)
@click.option("--size", "sizes", type=click.Choice(sorted(SIZES)), multiple=True, default=["phone"], show_default=True)
@click.option("--columns", type=int, default=3, show_default=True, help="Screens side by side in one picture.")
def main(output: Path, *, themes: Sequence[str], sizes: Sequence[str], columns: int, layout: str, **play: Any) -> None:
    """Play it and photograph the chat: OUTPUT-SIZE-THEME-1.png and so on."""
    output.parent.mkdir(parents=True, exist_ok=True)
    transcript = output.with_suffix(".json")
    asyncio.run(rehearse(transcript, layout=Layout(layout), **play))
    for theme in themes:
        html = draw(*load(transcript), theme=theme)
        output.with_suffix(f".{theme}.html").write_text(html, encoding="utf-8")
        for size in sizes:
            stem = f"{output.name}-{size}-{theme}"
            for path in photograph_columns(html, output.parent, stem=stem, size=size, columns=columns):
                click.echo(path)


if __name__ == "__main__":
    main()
