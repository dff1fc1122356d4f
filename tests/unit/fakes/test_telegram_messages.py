"""Sending, editing, deleting: what the real library is told, and what stands afterwards."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, MessageEntity, ReplyParameters
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, RetryAfter

from tests.fakes import HandClock
from tests.fakes.faults import Migrate, TooMany, Unauthorized
from tests.fakes.telegram import TelegramFake, errors


def keyboard(*rows: tuple[InlineKeyboardButton, ...]) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(rows)


async def test_a_message_stands_as_it_was_sent(telegram: TelegramFake, bot: Bot) -> None:
    """Text, entities, buttons and preview of a message are in the answer and in the transcript."""
    chat = telegram.private(telegram.user("Ada"))
    button = InlineKeyboardButton("More", callback_data="page 2")
    sent = await bot.send_message(
        chat.id,
        "Gaussian splatting",
        entities=[MessageEntity("bold", 0, 8)],
        reply_markup=keyboard((button, InlineKeyboardButton("Paper", url="https://arxiv.org/abs/1"))),
        link_preview_options=LinkPreviewOptions(is_disabled=True),
    )
    assert sent.text == "Gaussian splatting"
    assert [(entity.type, entity.offset, entity.length) for entity in sent.entities] == [("bold", 0, 8)]
    assert sent.reply_markup == keyboard((button, InlineKeyboardButton("Paper", url="https://arxiv.org/abs/1")))
    record = telegram.transcript.of(chat.id)[0]
    assert (record.text, record.by_bot, record.message_id) == ("Gaussian splatting", True, sent.message_id)
    assert record.button("More").data == "page 2"
    assert record.button("Paper").url == "https://arxiv.org/abs/1"
    assert not telegram.violations


async def test_ids_run_in_sequence_for_each_supergroup_and_through_one_mailbox_for_the_rest(
    telegram: TelegramFake, bot: Bot
) -> None:
    """Supergroups and channels count for themselves; private chats and basic groups have gaps from one another."""
    first, second = telegram.private(telegram.user()), telegram.private(telegram.user())
    group, channel = telegram.supergroup(), telegram.channel()
    order = (first, second, first, group, channel, group)
    ids = [(await bot.send_message(chat.id, "x")).message_id for chat in order]
    assert ids == [1, 2, 3, 2, 2, 3]


async def test_an_edit_changes_what_stands(telegram: TelegramFake, bot: Bot) -> None:
    """An edited message keeps its place and its id, with its new content."""
    chat = telegram.private(telegram.user())
    one = await bot.send_message(chat.id, "one")
    await bot.send_message(chat.id, "two")
    await bot.edit_message_text("one, mended", chat.id, one.message_id)
    assert telegram.transcript.standing(chat.id).texts == ["one, mended", "two"]
    assert telegram.transcript.edited.texts == ["one, mended"]


async def test_editing_to_the_same_content_is_told_apart_from_every_other_refusal(
    telegram: TelegramFake, bot: Bot
) -> None:
    """Only the very same text, entities and buttons are "not modified"; a foreign, absent or other message is not."""
    ada = telegram.user()
    chat = telegram.private(ada)
    markup = keyboard((InlineKeyboardButton("More", callback_data="1"),))
    ours = await bot.send_message(chat.id, "same ", entities=[MessageEntity("bold", 0, 4)], reply_markup=markup)
    bold = [MessageEntity("bold", 0, 4)]
    with pytest.raises(BadRequest, match="Message is not modified: specified new"):
        await bot.edit_message_text("same", chat.id, ours.message_id, entities=bold, reply_markup=markup)
    with pytest.raises(BadRequest, match="Message is not modified"):
        await bot.edit_message_reply_markup(chat.id, ours.message_id, reply_markup=markup)
    await bot.edit_message_text("same", chat.id, ours.message_id, entities=bold)
    with pytest.raises(BadRequest, match="Message to edit not found"):
        await bot.edit_message_text("same", chat.id, 999)
    theirs = telegram.say(chat, ada, "same")
    with pytest.raises(BadRequest, match="Message can't be edited"):
        await bot.edit_message_text("same", chat.id, theirs.id)
    with pytest.raises(BadRequest, match="There is no caption in the message to edit"):
        await bot.edit_message_caption(chat.id, ours.message_id, caption="same")
    photo = await bot.send_photo(chat.id, "https://example.org/a.png", caption="same")
    with pytest.raises(BadRequest, match="There is no text in the message to edit"):
        await bot.edit_message_text("same", chat.id, photo.message_id)
    with pytest.raises(BadRequest, match="Message is not modified"):
        await bot.edit_message_caption(chat.id, photo.message_id, caption="same")
    assert not telegram.violations


async def test_a_deleted_message_stands_no_more(telegram: TelegramFake, bot: Bot, clock: HandClock) -> None:
    """Deleting works once, not for what others wrote in a group, and not after 48 hours."""
    ada = telegram.user()
    group = telegram.supergroup(members=[ada])
    mine, late = [(await bot.send_message(group.id, text)).message_id for text in ("mine", "late")]
    theirs = telegram.say(group, ada, "theirs").id
    await bot.delete_message(group.id, mine)
    with pytest.raises(BadRequest, match="Message to delete not found"):
        await bot.delete_message(group.id, mine)
    with pytest.raises(BadRequest, match="Message can't be deleted"):
        await bot.delete_message(group.id, theirs)
    clock.advance(49 * 3600)
    with pytest.raises(BadRequest, match="Message can't be deleted"):
        await bot.delete_message(group.id, late)
    telegram.promote_bot(group, by=ada)
    assert telegram.transcript.standing(group.id).texts == ["late", "theirs"]


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("", errors.TEXT_EMPTY),
        (" \n ", errors.TEXT_BLANK),
        ("x" * 4097, errors.MESSAGE_TOO_LONG),
        ("🦊" * 4097, errors.MESSAGE_TOO_LONG),
        ("中" * 11_000, errors.TEXT_TOO_LONG),
    ],
)
async def test_texts_out_of_bounds_are_refused_and_noted(
    telegram: TelegramFake, bot: Bot, text: str, refusal: str
) -> None:
    """A text is 1 to 4096 characters; a refusal of that kind is also a violation."""
    chat = telegram.private(telegram.user())
    with pytest.raises(BadRequest, match=refusal.removeprefix("Bad Request: ").capitalize()):
        await bot.send_message(chat.id, text)
    assert [violation.rule for violation in telegram.violations] == [refusal]


@pytest.mark.parametrize("text", ["50% \\ + & = é 中 🦊 %41 \\x41", "a\nb", "==&&"])
async def test_texts_arrive_as_they_were_written(telegram: TelegramFake, bot: Bot, text: str) -> None:
    """No character is lost or read as something else on the way, whatever a form makes of it."""
    chat = telegram.private(telegram.user())
    assert (await bot.send_message(chat.id, text)).text == text


async def test_methods_take_json_and_addresses_too(telegram: TelegramFake) -> None:
    """The Bot API reads arguments from a form, from JSON, and from the address, and method names in any case."""
    chat = telegram.private(telegram.user())
    base = f"{telegram.url}/bot{telegram.token}"
    async with httpx.AsyncClient() as client:
        await client.post(
            f"{base}/sendmessage", json={"chat_id": chat.id, "text": "json", "disable_notification": True}
        )
        await client.get(f"{base}/sendMessage", params={"chat_id": chat.id, "text": "address"})
        wrong = await client.post(f"{base}/sendMessage", data={"chat_id": chat.id, "text": "x", "entities": "[{"})
        number = await client.post(f"{base}/editMessageText", data={"chat_id": chat.id, "text": "x", "message_id": "y"})
        nowhere = await client.get(f"{telegram.url}/file")
    assert telegram.transcript.texts == ["json", "address"]
    assert wrong.json()["description"] == "Bad Request: can't parse entities JSON object"
    assert number.json()["description"] == "Bad Request: invalid message_id specified"
    assert nowhere.status_code == 404


async def test_many_messages_are_deleted_at_once(telegram: TelegramFake, bot: Bot) -> None:
    """Unknown ones among them are skipped."""
    chat = telegram.private(telegram.user())
    ids = [(await bot.send_message(chat.id, text)).message_id for text in ("a", "b", "c")]
    await bot.delete_messages(chat.id, [*ids[:2], 999])
    assert telegram.transcript.standing(chat.id).texts == ["c"]


async def test_markup_in_texts_is_not_read(telegram: TelegramFake, bot: Bot) -> None:
    """This server reads explicit entities alone: a parse mode is refused rather than misread."""
    with pytest.raises(BadRequest, match="Unsupported parse_mode"):
        await bot.send_message(telegram.private(telegram.user()).id, "<b>x</b>", parse_mode="HTML")


@pytest.mark.parametrize(
    ("markup", "refusal"),
    [
        ("[1]", "Bad Request: object expected as reply markup"),
        ('{"inline_keyboard": [1]}', 'Bad Request: field "inline_keyboard" must be an Array of Arrays'),
        (
            '{"inline_keyboard": [["x"]]}',
            "Bad Request: can't parse inline keyboard button: InlineKeyboardButton must be an Object",
        ),
        (
            '{"inline_keyboard": [[{"text": "x", "copy_text": {"text": ""}}]]}',
            "Bad Request: BUTTON_COPY_TEXT_INVALID",
        ),
        (
            '{"inline_keyboard": [[{"text": "x", "url": "https://a.io", "style": "loud"}]]}',
            "Bad Request: can't parse inline keyboard button: invalid button style specified",
        ),
    ],
)
async def test_keyboards_have_a_form(telegram: TelegramFake, markup: str, refusal: str) -> None:
    """A keyboard is rows of buttons that do something."""
    chat = telegram.private(telegram.user())
    async with httpx.AsyncClient() as client:
        answer = await client.post(
            f"{telegram.url}/bot{telegram.token}/sendMessage",
            data={"chat_id": chat.id, "text": "x", "reply_markup": markup},
        )
    assert answer.json()["description"] == refusal


async def test_long_keyboards_are_refused(telegram: TelegramFake, bot: Bot) -> None:
    """All buttons together have a size."""
    chat = telegram.private(telegram.user())
    long = keyboard(*((InlineKeyboardButton("B" * 200, url=f"https://a.io/{'x' * 200}"),) for _ in range(30)))
    with pytest.raises(BadRequest, match="Reply markup is too long"):
        await bot.send_message(chat.id, "x", reply_markup=long)


async def test_characters_count_not_utf16_units(telegram: TelegramFake, bot: Bot) -> None:
    """4096 emoji fit, though they are 8192 UTF-16 units."""
    chat = telegram.private(telegram.user())
    assert len((await bot.send_message(chat.id, "🦊" * 4096)).text or "") == 4096


@pytest.mark.parametrize(
    ("button", "refusal"),
    [
        ({"callback_data": "é" * 33}, "Button_data_invalid"),
        ({"url": "https://nowhere"}, "Inline keyboard button url 'https://nowhere' is invalid: wrong http url"),
        (
            {"url": "ftp://example.org"},
            "Inline keyboard button url 'ftp://example.org' is invalid: unsupported url protocol",
        ),
        ({}, "Can't parse inline keyboard button: text buttons are unallowed in the inline keyboard"),
    ],
)
async def test_buttons_out_of_bounds_are_refused(
    telegram: TelegramFake, bot: Bot, button: dict[str, str], refusal: str
) -> None:
    """A button does something, its data fits 64 bytes, its address is one."""
    chat = telegram.private(telegram.user())
    with pytest.raises(BadRequest) as caught:
        await bot.send_message(chat.id, "x", reply_markup=keyboard((InlineKeyboardButton("B", **button),)))
    assert str(caught.value) == refusal
    assert telegram.violations


async def test_too_many_buttons_are_noted(telegram: TelegramFake, bot: Bot) -> None:
    """Nobody refuses nine buttons in a row or 101 in all, but clients do not show them."""
    chat = telegram.private(telegram.user())
    row = tuple(InlineKeyboardButton("B", callback_data=str(number)) for number in range(9))
    await bot.send_message(chat.id, "x", reply_markup=keyboard(row))
    many = tuple((InlineKeyboardButton("B", callback_data=str(number)),) for number in range(101))
    await bot.send_message(chat.id, "x", reply_markup=keyboard(*many))
    assert [violation.rule for violation in telegram.violations] == [
        "a row of more than 8 buttons",
        "101 buttons, more than 100",
    ]


async def test_answers_to_a_message_need_it(telegram: TelegramFake, bot: Bot) -> None:
    """A reply shows what it answers; without that it is refused, or sent all the same on request."""
    chat = telegram.private(telegram.user())
    first = await bot.send_message(chat.id, "first")
    reply = await bot.send_message(chat.id, "reply", reply_parameters=ReplyParameters(first.message_id))
    assert reply.reply_to_message is not None
    assert reply.reply_to_message.text == "first"
    with pytest.raises(BadRequest, match="Message to be replied not found"):
        await bot.send_message(chat.id, "reply", reply_parameters=ReplyParameters(999))
    lenient = ReplyParameters(999, allow_sending_without_reply=True)
    assert (await bot.send_message(chat.id, "reply", reply_parameters=lenient)).reply_to_message is None


@pytest.mark.filterwarnings("ignore:Deprecated since version v22.2")
async def test_the_library_understands_scripted_refusals(telegram: TelegramFake, bot: Bot) -> None:
    """429, migration and a dead token become the library's own errors."""
    chat = telegram.group()
    telegram.fail(method="sendMessage", with_=TooMany(7))
    with pytest.raises(RetryAfter) as caught:
        await bot.send_message(chat.id, "x")
    assert caught.value._retry_after == timedelta(seconds=7)
    telegram.fail(method="sendMessage", chat=chat, with_=Migrate(-1009))
    with pytest.raises(ChatMigrated) as migrated:
        await bot.send_message(chat.id, "x")
    assert migrated.value.new_chat_id == -1009
    telegram.fail(with_=Unauthorized())
    with pytest.raises(InvalidToken):
        await bot.send_message(chat.id, "x")


async def test_a_revoked_token_is_worth_nothing(telegram: TelegramFake, bot: Bot) -> None:
    """After the token is revoked every call says so; a malformed one is not found."""
    telegram.revoke_token()
    with pytest.raises(InvalidToken, match="Unauthorized"):
        await bot.get_me()
    async with httpx.AsyncClient() as client:
        assert (await client.get(f"{telegram.url}/botnot-a-token/getMe")).json()["description"] == "Not Found"


@pytest.mark.filterwarnings("ignore:Deprecated since version v22.2")
async def test_rates_are_kept_per_chat_and_overall(clock: HandClock) -> None:
    """A private chat takes a small burst, a group twenty a minute, and the pace comes back with time."""
    async with (
        TelegramFake(clock=clock) as fake,
        Bot(fake.token, base_url=f"{fake.url}/bot") as bot,
    ):
        private, group = fake.private(fake.user()), fake.supergroup()
        for _ in range(3):
            await bot.send_message(private.id, "x")
        with pytest.raises(RetryAfter) as caught:
            await bot.send_message(private.id, "x")
        assert caught.value._retry_after == timedelta(seconds=3)
        for number in range(20):
            clock.advance(1)
            await bot.send_message(group.id, str(number))
        with pytest.raises(RetryAfter) as caught:
            await bot.send_message(group.id, "x")
        assert caught.value._retry_after == timedelta(seconds=41)
        assert [violation.rule.split(":")[0] for violation in fake.violations] == ["too often", "too often"]
        clock.advance(41)
        await bot.send_message(group.id, "x")


@pytest.mark.filterwarnings("ignore:Deprecated since version v22.2")
async def test_thirty_a_second_is_the_most_for_all_chats_together(clock: HandClock) -> None:
    """The 31st message within a second is refused, whichever chat it goes to."""
    async with (
        TelegramFake(clock=clock) as fake,
        Bot(fake.token, base_url=f"{fake.url}/bot") as bot,
    ):
        chats = [fake.private(fake.user()) for _ in range(31)]
        for chat in chats[:30]:
            await bot.send_message(chat.id, "x")
        with pytest.raises(RetryAfter):
            await bot.send_message(chats[30].id, "x")


async def test_who_may_not_write_is_told_why(telegram: TelegramFake, bot: Bot) -> None:
    """Each state of a chat has its own refusal, word for word, and none is the client's fault."""
    ada = telegram.user()
    blocked, gone, fresh = (telegram.private(telegram.user()) for _ in range(3))
    telegram.block(blocked)
    gone.deactivated, fresh.started = True, False
    kicked = telegram.supergroup(members=[ada])
    telegram.remove_bot(kicked, by=ada)
    left = telegram.group(bot="left")
    muted = telegram.supergroup()
    muted.may_write = False
    no_photos = telegram.supergroup()
    no_photos.may_send_photos = False
    subscriber = telegram.channel(bot="member")
    expected = {
        blocked.id: "Forbidden: bot was blocked by the user",
        gone.id: "Forbidden: user is deactivated",
        fresh.id: "Forbidden: bot can't initiate conversation with a user",
        kicked.id: "Forbidden: bot was kicked from the supergroup chat",
        left.id: "Forbidden: bot is not a member of the group chat",
        muted.id: "Not enough rights to send text messages to the chat",
        subscriber.id: "Need administrator rights in the channel chat",
        404: "Chat not found",
    }
    for chat_id, refusal in expected.items():
        with pytest.raises((Forbidden, BadRequest)) as caught:
            await bot.send_message(chat_id, "x")
        assert str(caught.value) == refusal
    with pytest.raises(BadRequest, match="Not enough rights to send photos to the chat"):
        await bot.send_photo(no_photos.id, "https://example.org/a.png")
    assert not telegram.violations
