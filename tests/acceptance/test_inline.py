"""Inline mode, with the real process: asked in any chat, chosen, and led on."""

from __future__ import annotations

from tests.acceptance.bot_process import Bot
from tests.fakes.telegram import TelegramFake

WITHIN = 60.0


def test_an_entry_is_chosen_in_any_chat_and_leads_to_the_bot(bot: Bot, telegram: TelegramFake) -> None:
    """Cards come page by page; the chosen one stands in the chat; its button opens it in private."""
    ada = telegram.user("Ada")
    private = telegram.private(ada)
    elsewhere = telegram.supergroup("Friends", bot="left", members=[ada])
    with bot.run() as running:
        running.wait_for("telegram is connected")
        first = telegram.ask_inline(ada, "nerf")
        telegram.wait(lambda _: first.answer, within=WITHIN)
        assert first.answer is not None
        results = first.answer["results"]
        assert len(results) == 10
        assert "NeRF" in results[0]["title"] + results[0]["description"]
        second = telegram.ask_inline(ada, "nerf", offset=first.answer["next_offset"])
        telegram.wait(lambda _: second.answer, within=WITHIN)
        assert second.answer is not None
        assert not {one["id"] for one in results} & {one["id"] for one in second.answer["results"]}

        telegram.choose(first, results[0]["id"], elsewhere)
        said = telegram.transcript.of(elsewhere.id)[-1]
        assert results[0]["title"].rstrip("…") in said.text
        link = said.buttons[0][0].url
        assert link.startswith(f"https://t.me/{telegram.world.bot.username}?start=entry_")
        telegram.say(private, ada, f"/start {link.partition('start=')[2]}")
        opened = telegram.wait(lambda transcript: transcript.of(private.id).from_bot, within=WITHIN)[0]
        assert results[0]["title"].rstrip("…") in opened.text

        latest = telegram.ask_inline(ada, "")
        telegram.wait(lambda _: latest.answer, within=WITHIN)
        assert latest.answer is not None
        assert latest.answer["results"]
        assert running.stop() == 0
