"""Asking about chats, topics, and what the bot says about itself."""

from __future__ import annotations

import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    BotCommandScopeDefault,
    MenuButtonCommands,
)
from telegram.error import BadRequest, Forbidden, InvalidToken

from tests.fakes.telegram import TelegramFake


async def test_a_chat_is_found_by_id_and_by_name(telegram: TelegramFake, bot: Bot) -> None:
    """Public chats have a name in any case of letters; private ones only an id."""
    channel = telegram.channel("Digest", username="digest")
    ada = telegram.user("Ada", username="ada")
    telegram.private(ada)
    found = await bot.get_chat("@DIGEST")
    assert (found.id, found.title, found.type) == (channel.id, "Digest", "channel")
    assert (await bot.get_chat(ada.id)).first_name == "Ada"
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.get_chat("@nobody")


async def test_members_have_the_status_they_were_given(telegram: TelegramFake, bot: Bot) -> None:
    """Creator, administrator and member are told apart; strangers have left; the bot is among the administrators."""
    ada, ben, eve = (telegram.user(name) for name in ("Ada", "Ben", "Eve"))
    group = telegram.supergroup(members=[ada, (ben, "administrator")], bot="administrator")
    statuses = [(await bot.get_chat_member(group.id, user.id)).status for user in (ada, ben, eve)]
    assert statuses == ["creator", "administrator", "left"]
    served = await bot.get_chat_administrators(group.id)
    assert [member.user.first_name for member in served] == ["Ada", "Ben", "Digest"]
    assert await bot.get_chat_member_count(group.id) == 3
    assert (await bot.get_chat_member(telegram.private(ada).id, ada.id)).status == "member"
    with pytest.raises(BadRequest, match="There are no administrators in the private chat"):
        await bot.get_chat_administrators(ada.id)


async def test_leaving_is_leaving(telegram: TelegramFake, bot: Bot) -> None:
    """After leaving the bot may not write."""
    group = telegram.supergroup()
    await bot.leave_chat(group.id)
    with pytest.raises(Forbidden, match="bot is not a member of the supergroup chat"):
        await bot.send_message(group.id, "x")


async def test_a_message_stands_in_its_topic(telegram: TelegramFake, bot: Bot) -> None:
    """A topic's messages carry its id; the general topic has none; outside forums it is ignored."""
    forum = telegram.supergroup(forum=True)
    thread = telegram.topic(forum, "Papers")
    inside = await bot.send_message(forum.id, "inside", message_thread_id=thread)
    outside = await bot.send_message(forum.id, "outside")
    assert (inside.message_thread_id, inside.is_topic_message) == (thread, True)
    assert outside.message_thread_id is None
    assert telegram.transcript.of(forum.id, thread).texts == ["inside"]
    plain = telegram.supergroup()
    assert (await bot.send_message(plain.id, "x", message_thread_id=7)).message_thread_id is None


async def test_topics_that_take_nothing(telegram: TelegramFake, bot: Bot) -> None:
    """Unknown topics, and the general one by its number, are not found; a closed one is closed to members."""
    ada = telegram.user()
    forum = telegram.supergroup(forum=True)
    thread = telegram.topic(forum, "Papers")
    for missing in (1, 999):
        with pytest.raises(BadRequest, match="Message thread not found"):
            await bot.send_message(forum.id, "x", message_thread_id=missing)
    telegram.close_topic(forum, thread)
    with pytest.raises(BadRequest, match="Topic_closed"):
        await bot.send_message(forum.id, "x", message_thread_id=thread)
    telegram.promote_bot(forum, by=ada)
    await bot.send_message(forum.id, "x", message_thread_id=thread)
    telegram.demote_bot(forum, by=ada)
    telegram.reopen_topic(forum, thread)
    await bot.send_message(forum.id, "x", message_thread_id=thread)
    assert not telegram.violations


async def test_an_administrator_makes_topics(telegram: TelegramFake, bot: Bot) -> None:
    """The bot opens, closes and deletes topics where it may; their messages go with them."""
    forum = telegram.supergroup(forum=True, bot="administrator")
    topic = await bot.create_forum_topic(forum.id, "Papers")
    await bot.send_message(forum.id, "x", message_thread_id=topic.message_thread_id)
    await bot.close_forum_topic(forum.id, topic.message_thread_id)
    assert forum.topics[topic.message_thread_id].closed
    await bot.reopen_forum_topic(forum.id, topic.message_thread_id)
    await bot.edit_forum_topic(forum.id, topic.message_thread_id, "Figures")
    assert forum.topics[topic.message_thread_id].name == "Figures"
    await bot.delete_forum_topic(forum.id, topic.message_thread_id)
    assert not telegram.transcript.standing(forum.id).from_bot.texts[1:]
    with pytest.raises(BadRequest, match="The chat is not a forum"):
        await bot.create_forum_topic(telegram.supergroup(bot="administrator").id, "x")


async def test_menus_go_by_scope_and_language(telegram: TelegramFake, bot: Bot) -> None:
    """A menu belongs to its scope and language, and is checked."""
    chat = telegram.private(telegram.user())
    english, chinese = [BotCommand("search", "Search")], [BotCommand("search", "搜索")]
    await bot.set_my_commands(english)
    await bot.set_my_commands(chinese, BotCommandScopeAllPrivateChats(), language_code="zh")
    assert await bot.get_my_commands(BotCommandScopeDefault()) == tuple(english)
    assert await bot.get_my_commands(BotCommandScopeAllPrivateChats(), "zh") == tuple(chinese)
    assert await bot.get_my_commands(BotCommandScopeChat(chat.id)) == ()
    await bot.delete_my_commands()
    assert await bot.get_my_commands() == ()
    with pytest.raises(BadRequest, match="Bot_command_invalid"):
        await bot.set_my_commands([("Search", "x")])
    with pytest.raises(BadRequest, match="Bot_command_description_invalid"):
        await bot.set_my_commands([("search", "x" * 257)])
    with pytest.raises(BadRequest, match="Bot_commands_too_much"):
        await bot.set_my_commands([(f"c{number}", "x") for number in range(101)])
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.set_my_commands(english, BotCommandScopeChat(5))


async def test_what_the_bot_says_about_itself_is_kept(telegram: TelegramFake, bot: Bot) -> None:
    """Name, descriptions and menu button are kept by language, and limited."""
    await bot.set_my_description("A digest", language_code="en")
    await bot.set_my_short_description("Digest")
    await bot.set_my_name("Digest")
    await bot.set_chat_menu_button(menu_button=MenuButtonCommands())
    assert (await bot.get_my_description("en")).description == "A digest"
    assert (await bot.get_my_short_description()).short_description == "Digest"
    assert (await bot.get_my_name()).name == "Digest"
    assert isinstance(await bot.get_chat_menu_button(), MenuButtonCommands)
    with pytest.raises(BadRequest, match="Bot short description is too long"):
        await bot.set_my_short_description("x" * 121)


async def test_unknown_methods_are_not_found(telegram: TelegramFake, bot: Bot) -> None:
    """A method the server does not have answers like a wrong address, as an older server would."""
    with pytest.raises(InvalidToken, match="Not Found: method not found"):
        await bot._post("sendRichMessage", {"chat_id": 1})
    await bot.send_chat_action(telegram.private(telegram.user()).id, "typing")
