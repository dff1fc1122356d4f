"""What the bot is told: long polling, the webhook, and what people do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, InlineQueryResultArticle, InputTextMessageContent
from telegram import Update as Told
from telegram.error import BadRequest, Conflict
from telegram.ext import Application, CallbackQueryHandler, CommandHandler, ContextTypes

from tests.fakes import HandClock
from tests.fakes.telegram import TelegramFake

Context = ContextTypes.DEFAULT_TYPE


@asynccontextmanager
async def polling(fake: TelegramFake) -> AsyncIterator[Application]:
    """Run the real library's application on the fake."""
    application = Application.builder().token(fake.token).base_url(f"{fake.url}/bot").build()

    async def start(update: Told, _: Context) -> None:
        assert update.message is not None
        await update.message.reply_text(f"Hello {update.message.from_user.first_name}")

    async def turn(update: Told, _: Context) -> None:
        assert update.callback_query is not None
        await update.callback_query.answer("turned")
        await update.callback_query.edit_message_text(f"now {update.callback_query.data}")

    application.add_handler(CommandHandler("start", start))
    application.add_handler(CallbackQueryHandler(turn))
    async with application:
        await application.start()
        await application.updater.start_polling(poll_interval=0)
        yield application
        await application.updater.stop()
        await application.stop()


async def test_the_real_application_answers_and_edits(telegram: TelegramFake) -> None:
    """A command is polled and answered; a pressed button is answered and its message edited."""
    ada = telegram.user("Ada")
    chat = telegram.private(ada)
    async with polling(telegram) as application:
        telegram.say(chat, ada, "/start")
        await telegram.wait_for(lambda transcript: "Hello Ada" in transcript.texts, within=5)
        markup = InlineKeyboardMarkup([[InlineKeyboardButton("Next", callback_data="page 2")]])
        sent = await application.bot.send_message(chat.id, "page 1", reply_markup=markup)
        record = telegram.transcript[-1]
        assert record.message_id == sent.message_id
        query = telegram.press(record, "Next")
        await telegram.wait_for(lambda transcript: transcript.edited.texts == ["now page 2"], within=5)
        assert query.answer == {"text": "turned", "show_alert": False, "url": ""}
    assert not telegram.violations


async def test_an_update_comes_again_until_an_offset_confirms_it(telegram: TelegramFake, bot: Bot) -> None:
    """Fetching does not confirm; an offset does; a negative one keeps only the last."""
    ada = telegram.user()
    chat = telegram.private(ada)
    for text in ("one", "two", "three"):
        telegram.say(chat, ada, text)
    first = await bot.get_updates()
    assert await bot.get_updates() == first
    assert [update.message.text for update in first if update.message] == ["one", "two", "three"]
    assert [update.update_id for update in await bot.get_updates(offset=first[1].update_id, limit=1)] == [
        first[1].update_id
    ]
    assert [update.update_id for update in await bot.get_updates(offset=-1)] == [first[2].update_id]
    assert await bot.get_updates(offset=first[2].update_id + 1) == ()


async def test_a_long_poll_returns_with_the_first_update(telegram: TelegramFake, bot: Bot) -> None:
    """A poll waits as long as it says, and ends early when something happens."""
    ada = telegram.user()
    chat = telegram.private(ada)
    poll = asyncio.create_task(bot.get_updates(timeout=30))
    await telegram.wait_for(lambda _: telegram.updates.polls, within=5)
    telegram.say(chat, ada, "hello")
    assert len(await asyncio.wait_for(poll, 5)) == 1
    assert await bot.get_updates(offset=-1, timeout=0) != ()


async def test_the_fake_knows_whether_the_bot_listens(telegram: TelegramFake) -> None:
    """It listens while a poll waits on a living connection; a bot that is gone does not, nor one between polls."""
    assert not telegram.listening
    async with Bot(telegram.token, base_url=f"{telegram.url}/bot") as bot:
        poll = asyncio.create_task(bot.get_updates(timeout=30))
        await telegram.wait_for(lambda _: telegram.listening, within=5)
        poll.cancel()
    await asyncio.gather(poll, return_exceptions=True)
    await telegram.quiet(seconds=0.05, within=5)
    assert not telegram.listening


async def test_a_second_poller_ends_the_first(telegram: TelegramFake, bot: Bot) -> None:
    """Only one may poll: the one before is told of the conflict."""
    first = asyncio.create_task(bot.get_updates(timeout=30))
    await telegram.wait_for(lambda _: telegram.updates.polls == 1, within=5)
    async with Bot(telegram.token, base_url=f"{telegram.url}/bot") as other:
        second = asyncio.create_task(other.get_updates(timeout=30))
        with pytest.raises(Conflict, match="terminated by other getUpdates request"):
            await first
        telegram.updates.release_poll()
        assert await second == ()


async def test_allowed_updates_stay_until_changed(telegram: TelegramFake, bot: Bot) -> None:
    """Membership of others is not told by default; what is asked for once is remembered."""
    ada = telegram.user()
    group = telegram.supergroup(members=[ada])
    telegram.set_status(group, ada, "administrator")
    assert await bot.get_updates(allowed_updates=["chat_member"]) == ()
    telegram.set_status(group, ada, "member")
    telegram.say(group, ada, "/start")
    assert [bool(update.chat_member) for update in await bot.get_updates()] == [True]


@asynccontextmanager
async def site(statuses: list[int]) -> AsyncIterator[tuple[str, list[tuple[str | None, int]]]]:
    """Serve a webhook that answers with given statuses, and keeps what came."""
    taken: list[tuple[str | None, int]] = []

    async def take(request: web.BaseRequest) -> web.Response:
        update = Told.de_json(await request.json(), None)
        taken.append((request.headers.get("X-Telegram-Bot-Api-Secret-Token"), update.update_id))
        return web.Response(status=statuses.pop(0))

    runner = web.ServerRunner(web.Server(take))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/telegram", taken
    await runner.cleanup()


async def test_a_webhook_gets_updates_with_the_secret(telegram: TelegramFake, bot: Bot) -> None:
    """Updates go to the webhook with its secret, in order; one not taken stays; polling is refused meanwhile."""
    ada = telegram.user()
    chat = telegram.private(ada)
    telegram.local_mode = True
    async with site([200, 500, 200, 200]) as (url, taken):
        await bot.set_webhook(url, secret_token="s3cret")
        with pytest.raises(Conflict, match="can't use getUpdates method while webhook is active"):
            await bot.get_updates()
        telegram.say(chat, ada, "one")
        telegram.say(chat, ada, "two")
        assert await telegram.deliver() == [200, 500]
        info = await bot.get_webhook_info()
        assert (info.pending_update_count, info.last_error_message) == (1, "Wrong response from the webhook: 500")
        assert await telegram.deliver() == [200]
        assert [secret for secret, _ in taken] == ["s3cret"] * 3
        assert taken[1] == taken[2] != taken[0]
    await bot.delete_webhook()
    assert (await bot.get_webhook_info()).url == ""
    with pytest.raises(BadRequest, match="Bad webhook: invalid webhook url specified"):
        await bot.set_webhook("nowhere")


async def test_updates_are_brought_until_they_are_taken(telegram: TelegramFake, bot: Bot, clock: HandClock) -> None:
    """Those of one chat one after the other, a refused one again after a while; another chat does not wait for it."""
    ada, bob = telegram.user(), telegram.user("Bob")
    hers, his = telegram.private(ada), telegram.private(bob)
    telegram.local_mode = True
    async with site([500, 200, 200, 200]) as (url, taken):
        telegram.say(hers, ada, "one")
        await bot.set_webhook(url)
        telegram.bring_updates()
        await clock.asleep()
        telegram.say(hers, ada, "two")
        telegram.say(his, bob, "three")
        await telegram.wait_for(lambda _: len(taken) == 2, within=5)
        clock.advance(1)
        await telegram.wait_for(lambda _: not telegram.updates.pending, within=5)
    one, three, again, two = (update for _, update in taken)
    assert (one, three, two) == (again, two + 1, again + 1)


@pytest.mark.parametrize("url", ["http://example.org/hook", "https://example.org:9443/hook"])
async def test_telegram_calls_https_on_a_few_ports(telegram: TelegramFake, bot: Bot, url: str) -> None:
    """A server of one's own, in local mode, calls any address."""
    with pytest.raises(BadRequest, match="Bad webhook"):
        await bot.set_webhook(url)
    telegram.local_mode = True
    assert await bot.set_webhook(url)


async def test_privacy_hides_what_is_not_meant_for_the_bot(telegram: TelegramFake, bot: Bot) -> None:
    """In a group the bot hears commands, its own ones, and answers to it; as an administrator it hears all."""
    ada = telegram.user()
    group = telegram.supergroup(members=[ada])
    await bot.send_message(group.id, "question")
    question = telegram.transcript[-1]
    for text in ("chatter", "/start", "/start@digest_test_bot", "/start@other_bot", "so /slam?"):
        telegram.say(group, ada, text)
    telegram.say(group, ada, "answer", reply_to=question)
    telegram.promote_bot(group, by=ada)
    telegram.say(group, ada, "more chatter")
    heard = [update.message.text for update in await bot.get_updates() if update.message]
    assert heard == ["/start", "/start@digest_test_bot", "so /slam?", "answer", "more chatter"]


async def test_channels_speak_for_themselves(telegram: TelegramFake, bot: Bot) -> None:
    """A channel's post has no author, and reaches the bot that administers it."""
    channel = telegram.channel("Digest", username="digest")
    telegram.say(channel, telegram.user(), "/latest")
    [update] = await bot.get_updates()
    assert update.channel_post is not None
    assert (update.channel_post.sender_chat.id, update.channel_post.from_user) == (channel.id, None)


async def test_a_press_waits_only_so_long_for_its_answer(telegram: TelegramFake, bot: Bot, clock: HandClock) -> None:
    """A press is answered in time or not at all; a notice is 200 characters at most."""
    chat = telegram.private(telegram.user())
    markup = InlineKeyboardMarkup([[InlineKeyboardButton("Next", callback_data="2")]])
    await bot.send_message(chat.id, "page", reply_markup=markup)
    query = telegram.press(telegram.transcript[-1], "Next")
    with pytest.raises(BadRequest, match="Message_too_long"):
        await bot.answer_callback_query(query.id, "x" * 201)
    clock.advance(16)
    with pytest.raises(BadRequest, match="Query is too old and response timeout expired or query id is invalid"):
        await bot.answer_callback_query(query.id)
    with pytest.raises(BadRequest, match="Query is too old"):
        await bot.answer_callback_query("12345")
    with pytest.raises(LookupError, match="Next"):
        telegram.press(telegram.transcript[-1], "Back")


async def test_inline_queries_are_answered_within_bounds(telegram: TelegramFake, bot: Bot) -> None:
    """At most fifty results, each with its own id."""
    query = telegram.ask_inline(telegram.user(), "nerf", offset="10")
    [update] = await bot.get_updates()
    assert update.inline_query is not None
    assert (update.inline_query.query, update.inline_query.offset) == ("nerf", "10")

    def result(name: str) -> InlineQueryResultArticle:
        return InlineQueryResultArticle(name, "NeRF", InputTextMessageContent("NeRF"))

    with pytest.raises(BadRequest, match="Result_id_duplicate"):
        await bot.answer_inline_query(query.id, [result("1"), result("1")])
    await bot.answer_inline_query(query.id, [result(str(number)) for number in range(50)], next_offset="60")
    assert query.answer is not None
    assert (len(query.answer["results"]), query.answer["next_offset"]) == (50, "60")


async def test_membership_is_told_as_it_changes(telegram: TelegramFake, bot: Bot) -> None:
    """Adding, promoting, removing and blocking the bot each say what was before and what is now."""
    ada = telegram.user("Ada")
    group = telegram.supergroup(bot="left", members=[ada])
    private = telegram.private(ada)
    telegram.add_bot(group, by=ada)
    telegram.promote_bot(group, by=ada)
    telegram.demote_bot(group, by=ada)
    telegram.remove_bot(group, by=ada)
    telegram.block(private)
    telegram.unblock(private)
    changes = [update.my_chat_member for update in await bot.get_updates() if update.my_chat_member]
    assert [(change.old_chat_member.status, change.new_chat_member.status) for change in changes] == [
        ("left", "member"),
        ("member", "administrator"),
        ("administrator", "member"),
        ("member", "kicked"),
        ("member", "kicked"),
        ("kicked", "member"),
    ]


async def test_an_upgraded_group_has_another_id(telegram: TelegramFake, bot: Bot) -> None:
    """The old group tells the new id in an update and in every refusal; the new one can be written to."""
    ada = telegram.user()
    group = telegram.group(members=[ada])
    moved = telegram.migrate(group, by=ada)
    messages = [update.message for update in await bot.get_updates() if update.message]
    assert [message.migrate_to_chat_id for message in messages] == [moved.id, None]
    assert [message.migrate_from_chat_id for message in messages] == [None, group.id]
    async with asyncio.timeout(5):
        with pytest.raises(Exception, match=str(moved.id)):
            await bot.send_message(group.id, "x")
    await bot.send_message(moved.id, "x")


async def test_renaming_and_rewriting_are_told(telegram: TelegramFake, bot: Bot) -> None:
    """A new title and an edited message reach the bot; a deleted one never does."""
    ada = telegram.user()
    private, group = telegram.private(ada), telegram.supergroup(members=[ada])
    message = telegram.say(private, ada, "/serach nerf")
    telegram.rewrite(message, "/search nerf")
    telegram.erase(message)
    telegram.rename(group, "New lab", by=ada)
    told = await bot.get_updates()
    assert [update.edited_message.text for update in told if update.edited_message] == ["/search nerf"]
    assert [update.message.new_chat_title for update in told if update.message][-1] == "New lab"
    assert not telegram.transcript.standing(private.id)
