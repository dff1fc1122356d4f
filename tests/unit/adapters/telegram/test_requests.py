"""How calls travel: what is read of their answers, and by way of whom they go."""

from __future__ import annotations

import json
from typing import Any

import pytest
from telegram import Message

from bot.adapters.interface import AdapterError
from bot.adapters.telegram.requests import Patience, Request

ROOT = "https://api.telegram.org"
MESSAGE = {
    "message_id": 7,
    "date": 1_700_000_000,
    "chat": {"id": 1, "type": "private"},
    "text": "x",
    "entities": [{"type": "a kind of tomorrow", "offset": "0"}],
    "reply_to_message": {"message_id": 6, "date": 1, "chat": {"id": 1, "type": "private"}, "text": "y"},
    "document": {"file_id": "f", "file_unique_id": "u"},
}


def read(result: object) -> Any:
    answer = Request(ROOT, Patience(), connections=1).parse_json_payload(
        json.dumps({"ok": True, "result": result}).encode()
    )
    return answer["result"]


def test_of_what_was_sent_only_what_is_asked_of_it_is_read() -> None:
    """What the library could not read of the bot's own text cannot make a message that stands a lost one."""
    message = Message.de_json(read(MESSAGE), None)
    assert (message.message_id, message.chat.id, message.text, message.entities) == (7, 1, None, ())
    assert message.reply_to_message is not None
    assert message.reply_to_message.text == "y"
    assert message.document is not None
    assert [one["message_id"] for one in read([MESSAGE, MESSAGE])] == [7, 7]


@pytest.mark.parametrize("result", [True, [], [{"command": "help"}], {"id": 1, "text": "x"}, None])
def test_other_answers_are_read_whole(result: object) -> None:
    """A bot, a chat, a menu."""
    assert read(result) == result


@pytest.mark.parametrize(
    ("environment", "proxy"),
    [
        ({}, None),
        ({"HTTPS_PROXY": "http://me:pw@proxy:3128"}, "http://me:pw@proxy:3128"),
        ({"ALL_PROXY": "http://proxy:3128"}, "http://proxy:3128"),
        ({"HTTP_PROXY": "http://proxy:3128"}, None),
        ({"HTTPS_PROXY": "http://proxy:3128", "NO_PROXY": "api.telegram.org"}, None),
    ],
)
async def test_the_environment_names_the_proxy(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], proxy: str | None
) -> None:
    """As everywhere else on the machine."""
    _set(monkeypatch, environment)
    request = Request(ROOT, Patience(), connections=1)
    await request.initialize()
    assert request._session is not None
    assert request._session._default_proxy == proxy
    await request.shutdown()


async def test_a_proxy_of_another_kind_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing goes past it, and its password is not said."""
    _set(monkeypatch, {"ALL_PROXY": "socks5://me:secret@proxy:1080"})
    with pytest.raises(AdapterError, match="HTTPS_PROXY") as raised:
        await Request(ROOT, Patience(), connections=1).initialize()
    assert "secret" not in str(raised.value)


def _set(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
