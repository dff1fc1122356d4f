"""The log: no secret passes, whatever prints it."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest

from bot.logs import Redactor, set_up_logging

TOKEN = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"


@pytest.fixture(autouse=True)
def _restore() -> Iterator[None]:
    root, ours = logging.getLogger(), logging.getLogger("bot")
    handlers, level, our_level = root.handlers[:], root.level, ours.level
    yield
    root.handlers[:], root.level, ours.level = handlers, level, our_level


@pytest.mark.parametrize("form", ["text", "json"])
def test_secrets_do_not_pass(capsys: pytest.CaptureFixture[str], form: str) -> None:
    """Known secrets and anything that looks like a token are hidden, in messages and in tracebacks."""
    set_up_logging("info", form, secrets=["hunter2-hunter2"])
    log = logging.getLogger("bot.test")
    log.warning("calling https://api.telegram.org/bot%s/getMe with %s", TOKEN, "xoxb-1-2-abc")
    try:
        raise ValueError("the password is hunter2-hunter2")
    except ValueError:
        log.exception("it broke")
    said = capsys.readouterr().err
    for secret in (TOKEN, "xoxb-1-2-abc", "hunter2-hunter2"):
        assert secret not in said
    assert "[secret]" in said


def test_json_is_one_object_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    """Each event is one line of JSON, whatever it holds."""
    set_up_logging("info", "json")
    logging.getLogger("bot.test").info("two\nlines, 中文")
    event = json.loads(capsys.readouterr().err)
    assert event["message"] == "two\nlines, 中文"
    assert event["level"] == "info"


@pytest.mark.parametrize("level", ["debug", "info"])
def test_libraries_are_quiet(capsys: pytest.CaptureFixture[str], level: str) -> None:
    """Httpx tells every address it calls, token included, a Markdown reader every rule it tries: neither is asked."""
    set_up_logging(level, "text")
    logging.getLogger("httpx").info("HTTP Request: POST https://api.telegram.org/bot%s/getMe", TOKEN)
    logging.getLogger("markdown_it.rules_block.fence").debug("entering fence")
    assert capsys.readouterr().err == ""
    logging.getLogger("bot.test").log(logging.getLevelName(level.upper()), "here we are")
    logging.getLogger("somebody").warning("look out")
    assert len(capsys.readouterr().err.splitlines()) == 2


def test_short_values_are_no_secrets() -> None:
    """A secret of a letter or two would blot out the log; it is let through."""
    assert Redactor(["a", ""])("a plain word") == "a plain word"
