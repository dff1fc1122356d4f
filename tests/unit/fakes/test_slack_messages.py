"""chat.*, conversations.*, files.*: what the real client is told, and what stands afterwards."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes import HandClock
from tests.fakes.faults import AnswerLost, Html, Refuse, TooMany, Unauthorized
from tests.fakes.slack import SlackFake
from tests.unit.fakes.pictures import png

URL = "https://example.org/figure.png"
BLOCKS = [{"type": "section", "text": {"type": "mrkdwn", "text": "*NeRF*"}}]


async def refused(call: Any) -> str:
    with pytest.raises(SlackApiError) as caught:
        await call
    return str(caught.value.response["error"])


async def test_a_message_stands_with_its_blocks_and_metadata(slack: SlackFake, client: AsyncWebClient) -> None:
    """What was posted is in the answer, the transcript, and the history: metadata only on request."""
    channel = slack.channel("papers")
    metadata = {"event_type": "digest_part", "event_payload": {"part": "p1"}}
    sent = await client.chat_postMessage(channel=channel.id, text="NeRF", blocks=BLOCKS, metadata=metadata)
    assert sent["message"]["blocks"][0]["text"]["text"] == "*NeRF*"
    record = slack.transcript[-1]
    assert (record.message_id, record.text, record.by_bot) == (sent["ts"], "*NeRF*", True)
    assert record.content["metadata"] == metadata
    bare = await client.conversations_history(channel=channel.id)
    assert bare["messages"][0]["metadata"] == {"event_type": "digest_part"}
    whole = await client.conversations_history(channel=channel.id, include_all_metadata=True)
    assert whole["messages"][0]["metadata"] == metadata
    assert not slack.violations


async def test_history_is_newest_first_by_pages_and_without_replies(slack: SlackFake, client: AsyncWebClient) -> None:
    """History comes in pages, within times; a thread's answers are read with the thread."""
    channel = slack.channel("papers")
    ts = [(await client.chat_postMessage(channel=channel.id, text=str(number)))["ts"] for number in range(5)]
    for text in ("reply 1", "reply 2"):
        await client.chat_postMessage(channel=channel.id, text=text, thread_ts=ts[0])
    first = await client.conversations_history(channel=channel.id, limit=3)
    cursor = first["response_metadata"]["next_cursor"]
    second = await client.conversations_history(channel=channel.id, limit=3, cursor=cursor)
    assert [message["text"] for message in [*first["messages"], *second["messages"]]] == ["4", "3", "2", "1", "0"]
    assert (first["has_more"], second["has_more"]) == (True, False)
    between = await client.conversations_history(channel=channel.id, oldest=ts[1], latest=ts[3])
    assert [message["ts"] for message in between["messages"]] == [ts[2]]
    inclusive = await client.conversations_history(channel=channel.id, oldest=ts[1], inclusive=True)
    assert [message["ts"] for message in inclusive["messages"]] == ts[:0:-1]
    thread = await client.conversations_replies(channel=channel.id, ts=ts[0])
    assert [message["text"] for message in thread["messages"]] == ["0", "reply 1", "reply 2"]
    assert await refused(client.conversations_replies(channel=channel.id, ts="1.000000")) == "thread_not_found"


async def test_a_reply_without_its_parent_falls_into_the_channel(slack: SlackFake, client: AsyncWebClient) -> None:
    """Slack unthreads such a reply without a word; it is noted. A malformed parent is refused."""
    channel = slack.channel("papers")
    sent = await client.chat_postMessage(channel=channel.id, text="x", thread_ts="1700000000.000001")
    assert "thread_ts" not in sent["message"]
    assert slack.violations[0].rule.startswith("thread_ts 1700000000.000001 names no message")
    assert await refused(client.chat_postMessage(channel=channel.id, text="x", thread_ts="soon")) == "invalid_thread_ts"


async def test_messages_are_changed_and_deleted_by_who_wrote_them(slack: SlackFake, client: AsyncWebClient) -> None:
    """An update keeps the metadata; others' messages are not the bot's to change."""
    ada = slack.user("Ada")
    channel = slack.channel("papers", members=[ada])
    metadata = {"event_type": "part", "event_payload": {}}
    ts = (await client.chat_postMessage(channel=channel.id, text="one", metadata=metadata))["ts"]
    await client.chat_update(channel=channel.id, ts=ts, text="two")
    assert slack.transcript.edited.texts == ["two"]
    assert channel.messages[ts].metadata == metadata
    theirs = slack.say(channel, ada, "hello").ts
    assert await refused(client.chat_update(channel=channel.id, ts=theirs, text="x")) == "cant_update_message"
    assert await refused(client.chat_delete(channel=channel.id, ts=theirs)) == "cant_delete_message"
    assert await refused(client.chat_update(channel=channel.id, ts="1.000000", text="x")) == "message_not_found"
    assert await refused(client.chat_update(channel=channel.id, ts=ts, text="中" * 1334)) == "msg_too_long"
    await client.chat_delete(channel=channel.id, ts=ts)
    assert slack.transcript.standing(channel.id).texts == ["hello"]


@pytest.mark.parametrize(
    ("content", "error", "problems"),
    [
        ({}, "no_text", []),
        (
            {"blocks": [{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}]},
            "invalid_blocks",
            ["must be less than 151 characters [json-pointer:/blocks/0/text/text]"],
        ),
        ({"blocks": "not json"}, "invalid_blocks_format", []),
        (
            {"blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 2700}}] * 5},
            "msg_blocks_too_long",
            [],
        ),
        ({"text": "x", "metadata": {"event_type": "x"}}, "invalid_metadata_schema", []),
        ({"text": "x", "markdown_text": "x"}, "markdown_text_conflict", []),
    ],
)
async def test_content_out_of_bounds_is_refused_and_noted(
    slack: SlackFake, client: AsyncWebClient, content: dict[str, Any], error: str, problems: list[str]
) -> None:
    """A refusal says what is wrong; it is also a violation."""
    channel = slack.channel()
    with pytest.raises(SlackApiError) as caught:
        await client.api_call("chat.postMessage", json={"channel": channel.id, **content})
    assert caught.value.response["error"] == error
    assert caught.value.response.get("errors", []) == problems
    assert len(slack.violations) == 1
    assert not slack.transcript


async def test_a_picture_that_cannot_be_fetched_stops_the_message_but_not_beside_a_section(
    slack: SlackFake, client: AsyncWebClient
) -> None:
    """The whole message is refused, with the picture's place; as an accessory it does no harm."""
    channel = slack.channel()
    slack.break_image(URL)
    picture = {"type": "image", "image_url": URL, "alt_text": "figure"}
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel=channel.id, text="x", blocks=[*BLOCKS, picture])
    assert caught.value.response["errors"] == ["downloading image failed [json-pointer:/blocks/1/image_url]"]
    await client.chat_postMessage(channel=channel.id, text="x", blocks=[{**BLOCKS[0], "accessory": picture}])
    assert not slack.violations


async def test_a_block_shows_an_uploaded_picture(slack: SlackFake, client: AsyncWebClient) -> None:
    """A picture that was uploaded can be shown by its id; one that was not is refused."""
    channel = slack.channel()
    uploaded = await client.files_upload_v2(content=png(), filename="figure.png")
    picture = {"type": "image", "slack_file": {"id": uploaded["files"][0]["id"]}, "alt_text": "figure"}
    await client.chat_postMessage(channel=channel.id, text="x", blocks=[picture])
    assert slack.transcript[-1].content["blocks"][0]["source"].startswith("data:image/png")
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel=channel.id, text="x", blocks=[picture | {"slack_file": {"id": "F404"}}])
    assert caught.value.response["errors"] == ["invalid slack file [json-pointer:/blocks/0/slack_file]"]


async def test_where_the_app_may_write(slack: SlackFake, client: AsyncWebClient) -> None:
    """Public channels by scope, private ones as a member, archived and read-only ones never; people by their id."""
    ada = slack.user("Ada")
    public, private = slack.channel("public", bot=False), slack.channel("private", private=True, bot=False)
    archived = slack.channel("archived")
    slack.archive(archived, by=ada)
    read_only = slack.channel("news")
    read_only.read_only = True
    await client.chat_postMessage(channel=public.id, text="x")
    assert await refused(client.chat_postMessage(channel=private.id, text="x")) == "channel_not_found"
    assert await refused(client.chat_postMessage(channel="C404", text="x")) == "channel_not_found"
    assert await refused(client.chat_postMessage(channel=archived.id, text="x")) == "is_archived"
    news = await refused(client.chat_postMessage(channel=read_only.id, text="x"))
    assert news == "restricted_action_read_only_channel"
    slack.add_bot(private, by=ada)
    await client.chat_postMessage(channel=private.id, text="x")
    slack.remove_bot(private, by=ada)
    assert await refused(client.chat_postMessage(channel=private.id, text="x")) == "channel_not_found"
    slack.unarchive(archived, by=ada)
    await client.chat_postMessage(channel=archived.id, text="x")
    direct = await client.chat_postMessage(channel=ada.id, text="hello")
    assert direct["channel"] == slack.direct(ada).id
    slack.team.scopes -= {"chat:write.public"}
    assert await refused(client.chat_postMessage(channel=public.id, text="x")) == "not_in_channel"


async def test_a_missing_scope_is_named(slack: SlackFake, client: AsyncWebClient) -> None:
    """A refusal for want of a scope says which one is needed and which are there."""
    channel = slack.channel()
    slack.team.scopes = frozenset({"chat:write"})
    with pytest.raises(SlackApiError) as caught:
        await client.conversations_info(channel=channel.id)
    response = caught.value.response
    assert (response["error"], response["needed"], response["provided"]) == (
        "missing_scope",
        "channels:read",
        "chat:write",
    )


async def test_tokens_end_in_their_own_ways(slack: SlackFake, client: AsyncWebClient, clock: HandClock) -> None:
    """No token, a wrong one, one of the wrong kind, one of an uninstalled app, one that ran out."""
    anonymous = AsyncWebClient(base_url=slack.api_url, retry_handlers=[])
    assert await refused(anonymous.auth_test()) == "not_authed"
    assert await refused(anonymous.auth_test(token="xoxb-wrong")) == "invalid_auth"
    assert await refused(anonymous.auth_test(token=slack.secrets.app_token)) == "not_allowed_token_type"
    assert (await client.auth_test())["user_id"] == slack.team.bot.id
    slack.team.expires_at = slack.now() + 60
    clock.advance(61)
    assert await refused(client.auth_test()) == "token_expired"
    slack.team.expires_at = None
    slack.uninstall()
    assert await refused(client.auth_test()) == "account_inactive"


async def test_scripted_refusals_reach_the_real_client(slack: SlackFake, client: AsyncWebClient) -> None:
    """429 with its header, codes, pages, lost answers: all as the client knows them."""
    channel = slack.channel()
    slack.fail(method="chat.postMessage", chat=channel, with_=TooMany(30))
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel=channel.id, text="x")
    assert (caught.value.response.status_code, caught.value.response.headers["Retry-After"]) == (429, "30")
    slack.fail(with_=Refuse("msg_blocks_too_long"))
    assert await refused(client.chat_postMessage(channel=channel.id, text="x")) == "msg_blocks_too_long"
    slack.fail(with_=Unauthorized())
    assert await refused(client.chat_postMessage(channel=channel.id, text="x")) == "invalid_auth"
    slack.fail(with_=Html(503))
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel=channel.id, text="x")
    assert caught.value.response.status_code == 503
    slack.fail(with_=AnswerLost())
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await client.chat_postMessage(channel=channel.id, text="lost")
    assert slack.transcript.standing(channel.id).texts == ["lost"]


async def test_rates_are_kept_per_channel_and_method(clock: HandClock) -> None:
    """A channel takes a small burst and then one a second; a method's own tier comes on top."""
    async with SlackFake(clock=clock) as fake:
        client = AsyncWebClient(token=fake.team.token, base_url=fake.api_url, retry_handlers=[])
        channel, other = fake.channel("a"), fake.channel("b")
        for _ in range(3):
            await client.chat_postMessage(channel=channel.id, text="x")
        with pytest.raises(SlackApiError) as caught:
            await client.chat_postMessage(channel=channel.id, text="x")
        assert (caught.value.response["error"], caught.value.response.headers["Retry-After"]) == ("ratelimited", "3")
        await client.chat_postMessage(channel=other.id, text="x")
        for _ in range(50):
            await client.conversations_info(channel=channel.id)
        assert await refused(client.conversations_info(channel=channel.id)) == "ratelimited"
        clock.advance(60)
        await client.conversations_info(channel=channel.id)
        assert [violation.rule.split(":")[0] for violation in fake.violations] == ["too often", "too often"]


async def test_ephemeral_messages_are_seen_by_one_and_kept_nowhere(slack: SlackFake, client: AsyncWebClient) -> None:
    """The transcript says who sees it; the history does not know it; strangers to the channel get none."""
    ada, eve = slack.user("Ada"), slack.user("Eve")
    channel = slack.channel(members=[ada])
    await client.chat_postEphemeral(channel=channel.id, user=ada.id, text="psst")
    assert slack.transcript[-1].audience == ada.id
    assert not channel.messages
    assert await refused(client.chat_postEphemeral(channel=channel.id, user=eve.id, text="x")) == "user_not_in_channel"


async def test_who_and_where(slack: SlackFake, client: AsyncWebClient) -> None:
    """Channels, members and users are told as they are; private channels only to members."""
    ada = slack.user("Ada", language="zh-CN", zone="Asia/Shanghai")
    open_one, hidden = slack.channel("open", members=[ada], bot=False), slack.channel("hidden", private=True, bot=False)
    info = (await client.conversations_info(channel=open_one.id))["channel"]
    assert (info["name"], info["is_private"], info["is_member"]) == ("open", False, False)
    assert await refused(client.conversations_info(channel=hidden.id)) == "channel_not_found"
    assert (await client.conversations_members(channel=open_one.id))["members"] == [ada.id]
    user = (await client.users_info(user=ada.id, include_locale=True))["user"]
    assert (user["tz"], user["locale"], user["is_admin"]) == ("Asia/Shanghai", "zh-CN", False)
    opened = await client.conversations_open(users=[ada.id])
    assert opened["channel"]["id"] == slack.direct(ada).id
    assert await refused(client.conversations_history(channel=open_one.id)) == "not_in_channel"
    assert await refused(client.conversations_join(channel=open_one.id)) == "missing_scope"
    slack.team.scopes |= {"channels:join"}
    await client.conversations_join(channel=open_one.id)
    own = (await client.users_conversations(types="public_channel,im"))["channels"]
    assert {channel["id"] for channel in own} == {open_one.id, slack.direct(ada).id}
    assert [channel["name"] for channel in (await client.conversations_list())["channels"]] == ["open"]
    await client.conversations_leave(channel=open_one.id)
    assert slack.team.bot.id not in open_one.members


async def test_a_file_is_uploaded_in_three_steps(slack: SlackFake, client: AsyncWebClient) -> None:
    """The client's own upload makes a message with the file."""
    channel = slack.channel()
    uploaded = await client.files_upload_v2(
        channel=channel.id, content=png(), filename="figure.png", title="Figure 1", initial_comment="See"
    )
    assert uploaded["files"][0]["title"] == "Figure 1"
    content = slack.transcript[-1].content
    assert (content["text"], content["files"][0]["mimetype"]) == ("See", "image/png")
    assert await refused(client.files_completeUploadExternal(files=[{"id": "F404"}])) == "file_not_found"


async def test_links_are_found_and_unfurled(slack: SlackFake, client: AsyncWebClient) -> None:
    """A permalink names a message that stands; an unfurl is attached to it."""
    channel = slack.channel()
    ts = (await client.chat_postMessage(channel=channel.id, text="x"))["ts"]
    assert (await client.chat_getPermalink(channel=channel.id, message_ts=ts))["permalink"].endswith(
        ts.replace(".", "")
    )
    await client.chat_unfurl(channel=channel.id, ts=ts, unfurls={URL: {"blocks": BLOCKS}})
    assert slack.transcript[-1].content["attachments"][0]["from_url"] == URL
    assert await refused(client.api_call("chat.sing")) == "unknown_method"


@pytest.mark.filterwarnings("ignore:BasicAuth is deprecated")
async def test_tokens_are_given_and_rotated_once_each(slack: SlackFake, clock: HandClock) -> None:
    """A code installs once; a refresh token works once; the old token ends with its time."""
    lab = slack.workspace("Other", scopes={"chat:write"})
    slack.grant("code-1", lab, by=slack.user("Ada", team=lab), rotating=True)
    client = AsyncWebClient(base_url=slack.api_url, retry_handlers=[])
    app = {"client_id": slack.secrets.client_id, "client_secret": slack.secrets.client_secret}
    installed = await client.oauth_v2_access(**app, code="code-1")
    assert (installed["team"]["id"], installed["scope"], installed["expires_in"]) == (lab.id, "chat:write", 12 * 3600)
    assert await refused(client.oauth_v2_access(**app, code="code-1")) == "code_already_used"
    assert await refused(client.oauth_v2_access(**app, code="other")) == "invalid_code"
    wrong = app | {"client_secret": "x"}
    assert await refused(client.oauth_v2_access(**wrong, code="code-1")) == "bad_client_secret"
    assert (await client.auth_test(token=installed["access_token"]))["team_id"] == lab.id
    clock.advance(12 * 3600)
    assert await refused(client.auth_test(token=installed["access_token"])) == "token_expired"
    refresh = {"grant_type": "refresh_token", "refresh_token": installed["refresh_token"]}
    rotated = await client.oauth_v2_access(**app, **refresh)
    assert (await client.auth_test(token=rotated["access_token"]))["team_id"] == lab.id
    assert await refused(client.oauth_v2_access(**app, **refresh)) == "invalid_refresh_token"
    await client.auth_revoke(token=rotated["access_token"])
    assert await refused(client.auth_test(token=rotated["access_token"])) == "token_revoked"
