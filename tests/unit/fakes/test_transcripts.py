"""The record of what stood where, and how it is drawn."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from slack_sdk.web.async_client import AsyncWebClient
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, InputMediaPhoto, LinkPreviewOptions, MessageEntity

from bot.model.chat import Layout
from tests.fakes import Action, Button
from tests.fakes.images import look_at
from tests.fakes.screenshot import find_chromium, photograph
from tests.fakes.slack import SlackFake
from tests.fakes.telegram import TelegramFake
from tests.fakes.transcript import load
from tests.fakes.transcripts import draw
from tests.fakes.transcripts.__main__ import main
from tests.fakes.transcripts.rehearsal import DIGESTS, rehearse
from tests.fakes.transcripts.slack_text import mrkdwn
from tests.fakes.transcripts.telegram_text import draw_text
from tests.unit.fakes.pictures import png


async def test_a_transcript_reads_back_as_it_was_saved(telegram: TelegramFake, bot: Bot, tmp_path: Path) -> None:
    """Saving and loading change nothing, buttons and actions included."""
    chat = telegram.private(telegram.user("Ada"))
    markup = InlineKeyboardMarkup([[InlineKeyboardButton("More", callback_data="1")]])
    sent = await bot.send_message(chat.id, "one", reply_markup=markup)
    await bot.edit_message_text("two", chat.id, sent.message_id)
    await bot.delete_message(chat.id, sent.message_id)
    telegram.save(tmp_path / "transcript.json")
    platform, [card], transcript = load(tmp_path / "transcript.json")
    assert (platform, card.title, card.kind) == ("telegram", "Ada", "private")
    assert list(transcript) == list(telegram.transcript)
    assert [record.action for record in transcript] == [Action.SENT, Action.EDITED, Action.DELETED]
    assert transcript[0].button("More") == Button("More", "1")


async def test_what_stands_follows_from_what_happened(telegram: TelegramFake, bot: Bot) -> None:
    """Standing messages keep the order of their sending and show their last content; the deleted are gone."""
    first, second = telegram.private(telegram.user("Ada")), telegram.private(telegram.user("Ben"))
    ids = [(await bot.send_message(first.id, text)).message_id for text in ("a", "b", "c")]
    await bot.send_message(second.id, "elsewhere")
    await bot.edit_message_text("A", first.id, ids[0])
    await bot.delete_message(first.id, ids[1])
    assert telegram.transcript.standing(first.id).texts == ["A", "c"]
    assert telegram.transcript.standing().texts == ["A", "c", "elsewhere"]
    assert telegram.transcript[1:3].texts == ["b", "c"]
    assert telegram.transcript.sent.of(second.id).from_bot.texts == ["elsewhere"]


def test_entities_are_drawn_over_the_characters_they_cover() -> None:
    """UTF-16 ranges, styles that cross, blocks that swallow the line break before them; all text is escaped."""
    text = "🦊 <b> bold\nquoted\nafter"
    entities = [
        {"type": "bold", "offset": 3, "length": 5},
        {"type": "italic", "offset": 6, "length": 5},
        {"type": "expandable_blockquote", "offset": 12, "length": 6},
        {"type": "text_link", "offset": 19, "length": 5, "url": 'https://a.io/?q="x"'},
    ]
    assert draw_text(text, entities) == (
        "🦊 <strong>&lt;b&gt;</strong><strong><em> b</em></strong><em>old</em>"
        '<blockquote class="folded"><div>quoted</div></blockquote>'
        '<a href="https://a.io/?q=&#34;x&#34;">after</a>'
    )


def test_slacks_markup_is_drawn_and_unescaped_once() -> None:
    """Styles, links, code and emoji; what Slack escapes is shown as it was meant, and nothing becomes HTML."""
    assert mrkdwn("*bold* _it_ ~no~ `a&lt;b` :tada: <https://a.io|site> 2*3*4") == (
        '<strong>bold</strong> <em>it</em> <s>no</s> <code>a&lt;b</code> <span class="emoji">🎉</span> '
        '<a href="https://a.io">site</a> 2*3*4'
    )
    assert mrkdwn("&lt;script&gt;") == "&lt;script&gt;"


async def telegram_page(telegram: TelegramFake, bot: Bot, tmp_path: Path) -> Path:
    ada, ben = telegram.user("Ada Lovelace"), telegram.user("Ben")
    group = telegram.supergroup("Lab", members=[ada])
    telegram.add_bot(group, by=ada)
    telegram.rename(group, "Vision lab", by=ada)
    telegram.topic(telegram.supergroup(forum=True), "Papers", by=ada)
    asked = telegram.say(group, ada, "/search <nerf>")
    telegram.say(group, ben, "me too")
    record = telegram.transcript.where(lambda record: record.message_id == asked.id)[0]
    assert record.text == "/search <nerf>"
    bold = [MessageEntity("bold", 0, 4)]
    off = LinkPreviewOptions(is_disabled=True)
    await bot.send_message(group.id, "NeRF https://quiet.example.org", entities=bold, link_preview_options=off)
    await bot.send_message(group.id, "see https://shown.example.org/paper")
    await bot.send_media_group(group.id, [InputMediaPhoto(png(), caption="Two"), InputMediaPhoto("https://a.io/b.png")])
    await bot.send_document(group.id, b"x" * 2000, filename="refs.bib")
    path = tmp_path / "telegram.json"
    telegram.save(path)
    return path


def plain(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}


OPTIONS = [{"text": plain("English"), "value": "en"}]
BLOCKS = [
    {"type": "header", "text": plain("Digest 12")},
    {
        "type": "section",
        "text": {"type": "mrkdwn", "text": "```x = 1```"},
        "accessory": {"type": "image", "image_url": "https://a.io/thumb.png", "alt_text": "thumb"},
    },
    {
        "type": "section",
        "fields": [plain("left"), plain("right")],
        "accessory": {"type": "overflow", "options": OPTIONS},
    },
    {
        "type": "context",
        "elements": [{"type": "image", "image_url": "https://a.io/i.png", "alt_text": "i"}, plain("dim")],
    },
    {"type": "image", "image_url": "https://a.io/b.png", "alt_text": "chart", "title": plain("Figure 2")},
    {"type": "divider"},
    {
        "type": "input",
        "label": plain("Topics"),
        "element": {"type": "checkboxes", "options": OPTIONS, "action_id": "t"},
    },
    {
        "type": "actions",
        "elements": [
            {"type": "button", "text": plain("Next"), "style": "primary", "action_id": "n"},
            {"type": "static_select", "options": OPTIONS, "initial_option": OPTIONS[0], "action_id": "s"},
        ],
    },
]


async def slack_page(slack: SlackFake, client: AsyncWebClient, tmp_path: Path) -> Path:
    ada = slack.user("Ada")
    channel = slack.channel("papers", members=[ada])
    ts = (await client.chat_postMessage(channel=channel.id, text="x", blocks=BLOCKS))["ts"]
    await client.files_upload_v2(channel=channel.id, content=png(), filename="a.png", title="Figure 3")
    await client.chat_update(channel=channel.id, ts=ts, text="x", blocks=BLOCKS)
    leaf = {"type": "text", "text": "<NeRF>", "style": {"bold": True, "code": True}}
    rest = [
        {"type": "emoji", "name": "tada"},
        {"type": "user", "user_id": ada.id},
        {"type": "broadcast", "range": "here"},
    ]
    item = {"type": "rich_text_section", "elements": [leaf, *rest]}
    rich = {
        "type": "rich_text",
        "elements": [
            {"type": "rich_text_quote", "elements": [leaf]},
            {"type": "rich_text_list", "style": "ordered", "offset": 2, "elements": [item]},
            {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "x = 1"}]},
        ],
    }
    await client.chat_postMessage(channel=channel.id, text="x", blocks=[rich], thread_ts=ts)
    await client.chat_postEphemeral(channel=channel.id, user=ada.id, text="psst")
    slack.say(channel, ada, f"{slack.mention()} hi")
    path = tmp_path / "slack.json"
    slack.save(path)
    return path


async def test_a_telegram_page_shows_everything_and_needs_nothing(
    telegram: TelegramFake, bot: Bot, tmp_path: Path
) -> None:
    """Names, notes, buttons, albums, files and previews are drawn; nothing is fetched; the first writer looks on."""
    html = draw(*load(await telegram_page(telegram, bot, tmp_path)), theme="dark")
    assert 'data-theme="dark"' in html
    for note in ("added Digest", "changed the name to “Vision lab”", "created the topic “Papers”"):
        assert f"Ada Lovelace {note}" in html
    assert "&lt;nerf&gt;" in html
    assert html.count('class="mine"') == 1
    assert "<strong>NeRF</strong>" in html
    assert "<b>shown.example.org</b>" in html
    assert "<b>quiet.example.org</b>" not in html
    assert 'class="album of2"' in html
    assert "refs.bib" in html
    assert "<script" not in html
    assert 'src="http' not in html


async def test_a_slack_page_shows_the_channel_and_its_threads(
    slack: SlackFake, client: AsyncWebClient, tmp_path: Path
) -> None:
    """Blocks are drawn; a thread stands beside the channel; names stand for ids; a whisper says so."""
    html = draw(*load(await slack_page(slack, client, tmp_path)))
    assert "<h3>Digest 12</h3>" in html
    assert "<blockquote><strong><code>&lt;NeRF&gt;</code></strong></blockquote>" in html
    assert 'class="thread"' in html
    assert "1 reply" in html
    assert '<ol class="indent0" start="3"><li><strong><code>&lt;NeRF&gt;</code></strong>' in html
    assert '<span class="mention">@Ada</span><span class="mention">@broadcast</span>' in html
    assert '<span class="button primary">Next</span><span class="button menu">English ⌄</span>' in html
    for shown in ("<pre>x = 1</pre>", "Figure 2", "Figure 3", "☐ English", "left", "dim", "(edited)", "data:image/png"):
        assert shown in html
    assert "Only visible to you" in html
    assert '<span class="mention">@Digest</span> hi' in html


async def test_the_command_draws_one_chat_of_a_transcript(telegram: TelegramFake, bot: Bot, tmp_path: Path) -> None:
    """`python -m tests.fakes.transcripts` writes a page; another chat is left out."""
    source = await telegram_page(telegram, bot, tmp_path)
    result = CliRunner().invoke(main, [str(source), str(tmp_path / "page.html"), "--chat", "5"])
    assert result.exit_code == 0
    assert "refs.bib" not in (tmp_path / "page.html").read_text(encoding="utf-8")


@pytest.mark.browser
@pytest.mark.skipif(find_chromium() is None, reason="no Chromium is installed")
async def test_a_page_is_photographed_at_a_phones_width(telegram: TelegramFake, bot: Bot, tmp_path: Path) -> None:
    """The picture is as wide as asked for, and not empty."""
    html = draw(*load(await telegram_page(telegram, bot, tmp_path)))
    photograph(html, tmp_path / "page.png", size="phone")
    content = (tmp_path / "page.png").read_bytes()
    seen = look_at(content)
    assert seen is not None
    assert (seen.kind, seen.width, seen.height) == ("png", 390, 844)
    assert len(content) > 10_000


@pytest.mark.parametrize("platform", ["telegram", "slack"])
async def test_a_rehearsal_delivers_an_issue_and_answers(platform: str, tmp_path: Path) -> None:
    """The real bot plays on the stage: what it delivered and what it answered stand in the transcript."""
    await rehearse(
        tmp_path / "play.json",
        platform=platform,
        digests=[str(DIGESTS)],
        issue=12,
        layout=Layout.HEADLINES,
        language="en",
        sections=[1],
        lines=["/issues", "!11"],
        place="private",
    )
    _, _, transcript = load(tmp_path / "play.json")
    said = "\n".join(transcript.from_bot.texts)
    assert "Distance fields in bloom" in said
    assert "Start simple, then splash" in transcript.from_bot[-1].text


async def test_modals_and_home_are_drawn(slack: SlackFake, client: AsyncWebClient, tmp_path: Path) -> None:
    """A modal has its frame, fields and keys, the Home tab its tabs; each as it stands at last."""
    ada = slack.user("Ada")
    slack.shortcut("any", by=ada)
    options = [{"text": {"type": "plain_text", "text": name}, "value": name} for name in ("Papers", "Code")]
    fields = {
        "Zone": {"type": "plain_text_input", "action_id": "zone", "initial_value": "Asia/Tokyo"},
        "Hour": {"type": "timepicker", "action_id": "hour", "initial_time": "09:30"},
        "Topics": {
            "type": "multi_static_select",
            "action_id": "topics",
            "options": options,
            "initial_options": options,
        },
        "Ticks": {"type": "checkboxes", "action_id": "ticks", "options": options, "initial_options": options[:1]},
    }
    blocks = [
        {"type": "input", "label": {"type": "plain_text", "text": name}, "element": field, "optional": True}
        for name, field in fields.items()
    ]
    words = {name: {"type": "plain_text", "text": name.title()} for name in ("title", "submit", "close")}
    trigger = list(slack.desk.triggers)[-1]
    opened = await client.views_open(trigger_id=trigger, view={"type": "modal", "blocks": blocks[:1], **words})
    await client.views_update(view_id=opened["view"]["id"], view={"type": "modal", "blocks": blocks, **words})
    search = blocks[0] | {"dispatch_action": True}
    await client.views_publish(user_id=ada.id, view={"type": "home", "blocks": [search]})
    slack.save(tmp_path / "slack.json")
    html = draw(*load(tmp_path / "slack.json"))
    assert html.count('class="modal"') == 1
    for shown in ("Asia/Tokyo", "09:30", "Papers ×", "☑ Papers", "☐ Code", "Submit", "✕", "<b>Home</b>", "Press Enter"):
        assert shown in html
