"""What the app is told, over Socket Mode and by HTTP, and how it answers: the real Bolt on both."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from tests.fakes import HandClock
from tests.fakes.slack import SlackFake, View

MODAL = {
    "type": "modal",
    "callback_id": "settings",
    "title": {"type": "plain_text", "text": "Settings"},
    "submit": {"type": "plain_text", "text": "Save"},
    "blocks": [
        {
            "type": "input",
            "block_id": "language",
            "label": {"type": "plain_text", "text": "Language"},
            "element": {
                "type": "static_select",
                "action_id": "language",
                "options": [
                    {"text": {"type": "plain_text", "text": "English"}, "value": "en"},
                    {"text": {"type": "plain_text", "text": "中文"}, "value": "zh"},
                ],
            },
        },
        {
            "type": "input",
            "block_id": "zone",
            "label": {"type": "plain_text", "text": "Zone"},
            "element": {"type": "plain_text_input", "action_id": "zone", "initial_value": "UTC"},
        },
    ],
}
PAGE = [
    {"type": "section", "text": {"type": "mrkdwn", "text": "page 1"}},
    {
        "type": "actions",
        "elements": [
            {"type": "button", "text": {"type": "plain_text", "text": "Next"}, "action_id": "turn", "value": "2"},
            {"type": "button", "text": {"type": "plain_text", "text": "Settings"}, "action_id": "settings"},
        ],
    },
]


def answer_commands(app: AsyncApp) -> None:
    @app.command("/digest")
    async def digest(ack: Any, respond: Any, command: dict[str, str]) -> None:
        await ack()
        await respond(f"found {command['text']}")

    @app.command("/quick")
    async def quick(ack: Any) -> None:
        await ack(text="at once", response_type="in_channel")


def answer_presses(app: AsyncApp) -> None:
    @app.action("turn")
    async def turn(ack: Any, respond: Any, action: dict[str, str]) -> None:
        await ack()
        await respond(text=f"page {action['value']}", replace_original=True)

    @app.action("settings")
    async def settings(ack: Any, client: AsyncWebClient, body: dict[str, Any]) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=MODAL)

    @app.view("settings")
    async def saved(ack: Any, view: dict[str, Any]) -> None:
        zone = view["state"]["values"]["zone"]["zone"]["value"]
        if zone == "Mars":
            await ack(response_action="errors", errors={"zone": "no such zone"})
        else:
            await ack()

    @app.shortcut("digest_search")
    async def shortcut(ack: Any, client: AsyncWebClient, body: dict[str, Any]) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=MODAL)


def answer_events(app: AsyncApp) -> None:
    @app.event("app_mention")
    async def mentioned(event: dict[str, str], say: Any) -> None:
        await say("hello", thread_ts=event["ts"])

    @app.event("message")
    async def told(event: dict[str, str], say: Any) -> None:
        await say(f"you said {event['text']}")

    @app.event("app_home_opened")
    async def home(event: dict[str, str], client: AsyncWebClient) -> None:
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": PAGE})


def make_app(fake: SlackFake) -> AsyncApp:
    client = AsyncWebClient(token=fake.team.token, base_url=fake.api_url, retry_handlers=[])
    app = AsyncApp(client=client, signing_secret=fake.secrets.signing_secret)
    for answer in (answer_commands, answer_presses, answer_events):
        answer(app)
    return app


@asynccontextmanager
async def socket_mode(fake: SlackFake) -> AsyncIterator[AsyncSocketModeHandler]:
    handler = AsyncSocketModeHandler(make_app(fake), fake.secrets.app_token, ping_interval=0.2)
    await handler.connect_async()
    await fake.wait_for(lambda _: fake.connections, within=5)
    yield handler
    await handler.close_async()


@asynccontextmanager
async def http_mode(fake: SlackFake) -> AsyncIterator[None]:
    app = make_app(fake)

    async def take(request: web.BaseRequest) -> web.Response:
        headers = {name: [value] for name, value in request.headers.items()}
        answer = await app.async_dispatch(AsyncBoltRequest(body=await request.text(), headers=headers))
        return web.Response(status=answer.status, text=answer.body, content_type="application/json")

    runner = web.ServerRunner(web.Server(take))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    fake.request_url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    yield
    await runner.cleanup()


@pytest.fixture(params=[socket_mode, http_mode], ids=["socket", "http"])
async def app(request: pytest.FixtureRequest, slack: SlackFake) -> AsyncIterator[None]:
    async with request.param(slack):
        yield


@pytest.mark.usefixtures("app")
async def test_a_slash_command_is_acknowledged_and_answered(slack: SlackFake) -> None:
    """The answer is the asker's alone unless it says otherwise, and comes by its own address or with the ack."""
    ada = slack.user("Ada")
    channel = slack.channel(members=[ada])
    asked = slack.command(channel, ada, "/digest search nerf")
    await slack.wait_for(lambda transcript: "found search nerf" in transcript.texts, within=5)
    assert slack.transcript[-1].audience == ada.id
    await slack.wait_for(lambda _: asked.acknowledged, within=5)
    assert asked.latency < 3
    slack.command(channel, ada, "/quick")
    await slack.wait_for(lambda transcript: "at once" in transcript.texts, within=5)
    assert slack.transcript[-1].audience == ""
    assert not slack.violations


@pytest.mark.usefixtures("app")
async def test_words_and_mentions_are_told(slack: SlackFake) -> None:
    """A mention in a channel and any word in private reach the app; other words do not."""
    ada = slack.user("Ada")
    channel = slack.channel(members=[ada])
    slack.say(channel, ada, "chatter")
    asked = slack.say(channel, ada, f"{slack.mention()} hi")
    slack.say(slack.direct(ada), ada, "hey")
    replies = await slack.wait_for(lambda transcript: len(transcript.from_bot) == 2 and transcript.from_bot, within=5)
    assert {(record.text, record.thread) for record in replies} == {("hello", asked.ts), ("you said hey", None)}


@pytest.mark.usefixtures("app")
async def test_a_press_changes_the_message_and_opens_a_modal(slack: SlackFake) -> None:
    """A button's answer takes the message's place; another opens a modal, which is filled in and sent off."""
    ada = slack.user("Ada")
    channel = slack.channel(members=[ada])
    client = AsyncWebClient(token=slack.team.token, base_url=slack.api_url, retry_handlers=[])
    await client.chat_postMessage(channel=channel.id, text="page 1", blocks=PAGE)
    page = slack.transcript[-1]
    slack.press(page, "Settings", by=ada)
    modal = await slack.wait_for(lambda _: slack.view_of(ada), within=5)
    wrong = slack.submit(modal, by=ada, answers={"language": "zh", "zone": "Mars"})
    await slack.wait_for(lambda _: wrong.acknowledged, within=5)
    assert wrong.response == {"response_action": "errors", "errors": {"zone": "no such zone"}}
    right = slack.submit(modal, by=ada, answers={"language": "zh"})
    await slack.wait_for(lambda _: right.acknowledged, within=5)
    values = right.payload["view"]["state"]["values"]
    assert values["language"]["language"]["selected_option"]["value"] == "zh"
    assert values["zone"]["zone"]["value"] == "UTC"
    assert slack.view_of(ada) is None
    slack.press(page, page.button("Next"), by=ada)
    await slack.wait_for(lambda transcript: transcript.edited.texts == ["page 2"], within=5)
    assert not slack.violations


@pytest.mark.usefixtures("app")
async def test_the_home_tab_is_published_and_pressed(slack: SlackFake) -> None:
    """Opening the app's home shows a view of it, whose buttons work."""
    ada = slack.user("Ada")
    slack.open_home(ada)
    home: View = await slack.wait_for(lambda _: slack.desk.homes.get(ada.id), within=5)
    slack.press(home, "Settings", by=ada)
    await slack.wait_for(lambda _: slack.view_of(ada), within=5)


@pytest.mark.usefixtures("app")
async def test_a_shortcut_opens_a_modal(slack: SlackFake) -> None:
    """A shortcut from anywhere carries a trigger."""
    ada = slack.user("Ada")
    slack.shortcut("digest_search", by=ada)
    modal = await slack.wait_for(lambda _: slack.view_of(ada), within=5)
    slack.close(modal, by=ada)
    assert slack.view_of(ada) is None


async def test_a_retry_says_that_it_is_one(slack: SlackFake) -> None:
    """The same event comes again under its own id, with a number and a reason."""
    seen: list[tuple[str, int | None, str | None]] = []
    ada = slack.user("Ada")
    async with socket_mode(slack) as handler:

        async def look(_: Any, request: Any) -> None:
            if request.type == "events_api":
                seen.append((request.payload["event_id"], request.retry_attempt, request.retry_reason))

        handler.client.socket_mode_request_listeners.append(look)
        slack.say(slack.direct(ada), ada, "hey")
        await slack.wait_for(lambda _: slack.deliveries[0].acknowledged, within=5)
        slack.retry(slack.deliveries[0], reason="timeout")
        await slack.wait_for(lambda transcript: len(transcript.from_bot) == 2, within=5)
    assert seen[0][0] == seen[1][0]
    assert seen[1][1:] == (1, "timeout")


async def test_the_client_connects_again_after_a_refresh_and_after_a_break(slack: SlackFake) -> None:
    """A connection told to close, and one that just breaks, are both followed by another that works."""
    ada = slack.user("Ada")
    async with socket_mode(slack):
        for end in (slack.refresh, slack.drop):
            before = slack.connections[0]
            await end()
            await slack.wait_for(lambda _, old=before: slack.connections and slack.connections[0] is not old, within=10)
            count = len(slack.transcript.from_bot)
            slack.say(slack.direct(ada), ada, "hey")
            await slack.wait_for(lambda transcript, had=count: len(transcript.from_bot) > had, within=5)


async def test_events_wait_for_a_connection_and_commands_do_not(slack: SlackFake) -> None:
    """Without a connection an event is kept for the next one; a command fails before the asker's eyes."""
    ada = slack.user("Ada")
    slack.say(slack.direct(ada), ada, "hey")
    asked = slack.command(slack.direct(ada), ada, "/digest")
    await slack.wait_for(lambda _: asked.failed == "dispatch_failed", within=5)
    async with socket_mode(slack):
        await slack.wait_for(lambda transcript: "you said hey" in transcript.texts, within=5)


async def test_a_late_acknowledgement_is_noted(slack: SlackFake) -> None:
    """Three seconds is all an app has."""
    ada = slack.user("Ada")
    async with slack_socket(slack) as socket:
        asked = slack.command(slack.direct(ada), ada, "/digest")
        envelope = (await socket.receive_json())["envelope_id"]
        asked.sent_at -= 4
        await socket.send_json({"envelope_id": envelope})
        await slack.wait_for(lambda _: asked.acknowledged, within=5)
    assert [violation.rule for violation in slack.violations] == ["acknowledged after 4.0 s"]


@asynccontextmanager
async def slack_socket(fake: SlackFake) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    """Open a bare connection, past its hello."""
    client = AsyncWebClient(base_url=fake.api_url, retry_handlers=[])
    url = (await client.apps_connections_open(app_token=fake.secrets.app_token))["url"]
    async with aiohttp.ClientSession() as session, session.ws_connect(url) as socket:
        assert (await socket.receive_json())["type"] == "hello"
        yield socket


async def test_a_ticket_opens_one_connection(slack: SlackFake) -> None:
    """An address for a connection works once; a wrong app token gets none."""
    client = AsyncWebClient(base_url=slack.api_url, retry_handlers=[])
    with pytest.raises(SlackApiError, match="invalid_auth"):
        await client.apps_connections_open(app_token="xapp-wrong")
    url = (await client.apps_connections_open(app_token=slack.secrets.app_token))["url"]
    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(url):
            pass
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(url)


async def test_each_event_goes_to_one_of_the_connections(slack: SlackFake) -> None:
    """Of several connections one gets it, and which one is drawn anew each time."""
    ada = slack.user("Ada")
    async with slack_socket(slack) as one, slack_socket(slack) as two:
        for _ in range(20):
            slack.open_home(ada)
        taken = {one: 0, two: 0}

        async def count(socket: aiohttp.ClientWebSocketResponse) -> None:
            async for message in socket:
                taken[socket] += 1
                await socket.send_json({"envelope_id": message.json()["envelope_id"]})

        counters = [asyncio.create_task(count(socket)) for socket in taken]
        await slack.wait_for(lambda _: all(delivery.acknowledged for delivery in slack.deliveries), within=5)
        for counter in counters:
            counter.cancel()
    assert sum(taken.values()) == 20
    assert all(taken.values())


async def test_an_answers_address_works_five_times_and_half_an_hour(slack: SlackFake, clock: HandClock) -> None:
    """The sixth use is refused, and so is the first after thirty minutes."""
    ada = slack.user("Ada")
    asked = [slack.command(slack.direct(ada), ada, "/digest") for _ in range(2)]
    used, late = (AsyncWebhookClient(delivery.payload["response_url"], retry_handlers=[]) for delivery in asked)
    statuses = [(await used.send(text="x")).status_code for _ in range(6)]
    assert statuses == [200] * 5 + [404]
    clock.advance(30 * 60 + 1)
    answer = await late.send(text="x")
    assert (answer.status_code, "expired_url" in answer.body) == (404, True)
    assert [violation.rule for violation in slack.violations] == ["used_url", "expired_url"]


async def test_an_answer_may_delete_what_it_answers(slack: SlackFake, client: AsyncWebClient) -> None:
    """A press's address can take the message away."""
    ada = slack.user("Ada")
    channel = slack.channel(members=[ada])
    await client.chat_postMessage(channel=channel.id, text="page 1", blocks=PAGE)
    pressed = slack.press(slack.transcript[-1], "Next", by=ada)
    answer = AsyncWebhookClient(pressed.payload["response_url"], retry_handlers=[])
    assert (await answer.send(delete_original=True)).status_code == 200
    assert not slack.transcript.standing(channel.id)


async def test_a_trigger_opens_one_modal_at_once(slack: SlackFake, client: AsyncWebClient, clock: HandClock) -> None:
    """A trigger works once, for three seconds; a made-up one never."""
    ada = slack.user("Ada")
    first, second = (slack.shortcut("x", by=ada).payload["trigger_id"] for _ in range(2))
    opened = await client.views_open(trigger_id=first, view=MODAL)
    with pytest.raises(SlackApiError, match="exchanged_trigger_id"):
        await client.views_open(trigger_id=first, view=MODAL)
    with pytest.raises(SlackApiError, match="invalid_trigger_id"):
        await client.views_open(trigger_id="1.2.abc", view=MODAL)
    await client.views_update(view_id=opened["view"]["id"], view=MODAL | {"callback_id": "other"})
    with pytest.raises(SlackApiError, match="hash_conflict"):
        await client.views_update(view_id=opened["view"]["id"], hash=opened["view"]["hash"], view=MODAL)
    clock.advance(4)
    with pytest.raises(SlackApiError, match="expired_trigger_id"):
        await client.views_open(trigger_id=second, view=MODAL)


async def test_modals_stack_three_high_and_are_checked(slack: SlackFake, client: AsyncWebClient) -> None:
    """A fourth modal on top, a long title, too large a view: all refused."""
    ada = slack.user("Ada")

    def trigger() -> str:
        return str(slack.shortcut("x", by=ada).payload["trigger_id"])

    await client.views_open(trigger_id=trigger(), view=MODAL)
    for _ in range(2):
        await client.views_push(trigger_id=trigger(), view=MODAL)
    with pytest.raises(SlackApiError, match="push_limit_reached"):
        await client.views_push(trigger_id=trigger(), view=MODAL)
    long_title = MODAL | {"title": {"type": "plain_text", "text": "x" * 25}}
    with pytest.raises(SlackApiError) as caught:
        await client.views_open(trigger_id=trigger(), view=long_title)
    assert caught.value.response["errors"] == ["must be less than 25 characters [json-pointer:/view/title/text]"]
    with pytest.raises(SlackApiError, match="view_too_large"):
        await client.views_open(trigger_id=trigger(), view=MODAL | {"private_metadata": "x" * 250_000})


async def test_an_acknowledgement_changes_the_modal(slack: SlackFake) -> None:
    """A modal sent off is replaced, covered by another, or all are closed, as the app says; nonsense is noted."""
    ada = slack.user("Ada")
    other = MODAL | {"callback_id": "other"}
    async with slack_socket(slack) as socket:

        async def submit(response: dict[str, Any]) -> View | None:
            modal = slack.view_of(ada)
            assert modal is not None
            sent = slack.submit(modal, by=ada)
            envelope = (await socket.receive_json())["envelope_id"]
            await socket.send_json({"envelope_id": envelope, "payload": response})
            await slack.wait_for(lambda _: sent.acknowledged, within=5)
            return slack.view_of(ada)

        client = AsyncWebClient(token=slack.team.token, base_url=slack.api_url, retry_handlers=[])
        trigger = slack.shortcut("x", by=ada).payload["trigger_id"]
        await client.views_open(trigger_id=trigger, view=MODAL)
        await socket.receive_json()
        first = slack.view_of(ada)
        updated = await submit({"response_action": "update", "view": other})
        assert updated is first
        assert updated.json["callback_id"] == "other"
        pushed = await submit({"response_action": "push", "view": MODAL})
        assert pushed is not None
        assert pushed.parent == first.id
        await submit({"response_action": "update", "view": {"type": "modal"}})
        assert slack.violations[-1].rule.startswith("invalid_arguments in an acknowledgement: ['missing required field")
        assert await submit({"response_action": "clear"}) is None
        await socket.send_json({"envelope_id": "made-up"})
        await slack.wait_for(lambda _: len(slack.violations) == 2, within=5)


async def test_a_menu_is_chosen_from(slack: SlackFake, client: AsyncWebClient) -> None:
    """A choice tells the option chosen; one that is not there cannot be."""
    ada = slack.user("Ada")
    channel = slack.channel(members=[ada])
    menu = MODAL["blocks"][0]["element"]
    boxes = menu | {"type": "checkboxes", "action_id": "topics"}
    picker = {"type": "timepicker", "action_id": "time", "initial_time": "09:00"}
    people = {"type": "multi_users_select", "action_id": "people"}
    blocks = [{"type": "actions", "elements": [menu, boxes, picker, people]}]
    await client.chat_postMessage(channel=channel.id, text="x", blocks=blocks)
    page = slack.transcript[-1]

    def told(action_id: str, value: str | list[str]) -> dict[str, Any]:
        action: dict[str, Any] = slack.choose(page, action_id, value, by=ada).payload["actions"][0]
        return action

    assert told("language", "zh")["selected_option"]["value"] == "zh"
    assert [option["value"] for option in told("topics", ["en", "zh"])["selected_options"]] == ["en", "zh"]
    assert told("time", "10:30")["selected_time"] == "10:30"
    assert told("people", [ada.id])["selected_users"] == [ada.id]
    with pytest.raises(LookupError, match="no option 'fr'"):
        slack.choose(page, "language", "fr", by=ada)
    with pytest.raises(LookupError, match="no element 'colour'"):
        slack.choose(page, "colour", "red", by=ada)
    with pytest.raises(LookupError, match="no button 'More'"):
        slack.press(page, "More", by=ada)


async def test_a_whisper_is_pressed_and_replaced_by_its_answer(slack: SlackFake, client: AsyncWebClient) -> None:
    """Buttons of a message that only one sees work, and its answer takes its place."""
    ada = slack.user("Ada")
    channel = slack.channel(members=[ada])
    await client.chat_postEphemeral(channel=channel.id, user=ada.id, text="page 1", blocks=PAGE)
    pressed = slack.press(slack.transcript[-1], "Next", by=ada)
    assert pressed.payload["container"]["is_ephemeral"]
    await AsyncWebhookClient(pressed.payload["response_url"]).send(text="page 2", replace_original=True)
    assert slack.transcript.standing(channel.id).texts == ["page 2"]


async def test_a_shortcut_of_a_message_carries_it(slack: SlackFake) -> None:
    """What is done to a message comes with the message and an address to answer at."""
    ada = slack.user("Ada")
    message = slack.say(slack.channel(members=[ada]), ada, "a paper")
    payload = slack.shortcut("save", by=ada, message=message).payload
    assert (payload["type"], payload["message"]["text"]) == ("message_action", "a paper")
    assert payload["response_url"].startswith(slack.url)


async def test_a_closed_modal_is_told_where_asked(slack: SlackFake, client: AsyncWebClient) -> None:
    """Closing a modal tells the app only if the modal says so."""
    ada = slack.user("Ada")
    for notify in (False, True):
        trigger = slack.shortcut("x", by=ada).payload["trigger_id"]
        await client.views_open(trigger_id=trigger, view=MODAL | {"notify_on_close": notify})
        modal = slack.view_of(ada)
        assert modal is not None
        slack.close(modal, by=ada)
    assert [delivery.payload["type"] for delivery in slack.deliveries] == ["shortcut", "shortcut", "view_closed"]


async def test_an_eleventh_connection_is_sent_away(slack: SlackFake) -> None:
    """Ten connections are all an app may hold."""
    client = AsyncWebClient(base_url=slack.api_url, retry_handlers=[])
    async with aiohttp.ClientSession() as session:
        sockets = []
        for _ in range(11):
            url = (await client.apps_connections_open(app_token=slack.secrets.app_token))["url"]
            sockets.append(await session.ws_connect(url))
        assert await sockets[-1].receive_json() == {"type": "disconnect", "reason": "too_many_websockets"}
        assert len(slack.connections) == 10


async def test_http_events_are_signed_numbered_and_may_fail(slack: SlackFake) -> None:
    """An address that answers badly or not at all is a failure; a second try says so; the signature is Slack's."""
    seen: list[web.BaseRequest] = []
    statuses = [500, 200]

    async def take(request: web.BaseRequest) -> web.Response:
        seen.append(request)
        assert SignatureVerifier(slack.secrets.signing_secret).is_valid_request(await request.text(), request.headers)
        return web.Response(status=statuses.pop(0), text="thanks")

    runner = web.ServerRunner(web.Server(take))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    slack.request_url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    assert slack.listening
    ada = slack.user("Ada")
    asked = slack.command(slack.direct(ada), ada, "/digest")
    await slack.wait_for(lambda _: asked.failed == "http_error", within=5)
    slack.retry(asked, reason="http_error")
    await slack.wait_for(lambda _: asked.acknowledged, within=5)
    assert "X-Slack-Retry-Num" not in seen[0].headers
    assert (seen[1].headers["X-Slack-Retry-Num"], seen[1].headers["X-Slack-Retry-Reason"]) == ("1", "http_error")
    assert slack.transcript.texts == ["thanks"]
    await runner.cleanup()
    lost = slack.command(slack.direct(ada), ada, "/digest")
    await slack.wait_for(lambda _: lost.failed.startswith("http_error: Client"), within=5)


async def test_a_view_can_be_found_by_its_own_name(slack: SlackFake, client: AsyncWebClient) -> None:
    """An update goes by id or by the app's own name for the view; a home is told to its owner alone."""
    ada = slack.user("Ada")
    trigger = slack.shortcut("x", by=ada).payload["trigger_id"]
    await client.views_open(trigger_id=trigger, view=MODAL | {"external_id": "mine"})
    await client.views_update(external_id="mine", view=MODAL | {"callback_id": "other"})
    modal = slack.view_of(ada)
    assert modal is not None
    assert modal.json["callback_id"] == "other"
    with pytest.raises(SlackApiError, match="not_found"):
        await client.views_update(view_id="V404", view=MODAL)
    home = {"type": "home", "blocks": PAGE}
    for _ in range(2):
        await client.views_publish(user_id=ada.id, view=home)
    assert slack.desk.homes[ada.id].revision == 2
    slack.open_home(ada)
    assert slack.deliveries[-1].payload["event"]["view"]["type"] == "home"
    with pytest.raises(SlackApiError, match="user_not_found"):
        await client.views_publish(user_id="U404", view=home)


async def test_the_apps_departure_is_told(slack: SlackFake) -> None:
    """Being removed, archived away and uninstalled are events of their own."""
    ada = slack.user("Ada")
    channel = slack.channel(members=[ada])
    slack.remove_bot(channel, by=ada)
    slack.add_bot(channel, by=ada)
    slack.archive(channel, by=ada)
    slack.uninstall()
    kinds = [delivery.payload["event"]["type"] for delivery in slack.deliveries]
    assert kinds == ["channel_left", "member_joined_channel", "channel_archive", "tokens_revoked", "app_uninstalled"]


async def test_links_of_the_apps_domains_are_told(slack: SlackFake) -> None:
    """Only links the app asked for are shared with it."""
    slack.unfurl_domains = frozenset({"digest.example.org"})
    ada = slack.user("Ada")
    slack.say(slack.channel(), ada, "see https://digest.example.org/12 and https://arxiv.org/abs/1")
    [delivery] = slack.deliveries
    assert [link["url"] for link in delivery.payload["event"]["links"]] == ["https://digest.example.org/12"]
