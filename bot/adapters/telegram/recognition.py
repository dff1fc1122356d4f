"""Whether the chats know this bot. With the token of another one, every chat is "not found": none of them has gone."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from bot.adapters.telegram.errors import is_unknown
from bot.model.chat import Address
from bot.model.delivery import Closed, Halt, Later, Outcome, Sent

CHATS_FOR_ANOTHER_BOT: Final = 3
"""So many chats that are not found, and none that takes anything, mean that the bot is another."""
OTHER_BOT: Final = "Telegram finds none of the chats: TELEGRAM_BOT_TOKEN seems to be that of another bot"


@dataclass(slots=True)
class Recognition:
    """Judges refusals by what became of the calls before them; a bot stays the same as long as it is connected."""

    _is_known: bool = False
    _missing: set[str] = field(default_factory=set)

    def judge(self, chat: Address, outcome: Outcome) -> Outcome:
        """Return what an outcome means: a chat that is not found has gone only if others know the bot.

        Where nobody has answered yet, it is tried a second time, to hear what others say meanwhile.
        """
        match outcome:
            case Sent():
                self._is_known = True
                self._missing.clear()
            case Closed(reason=reason) if is_unknown(reason) and not self._is_known:
                again = chat.chat in self._missing
                self._missing.add(chat.chat)
                if len(self._missing) >= CHATS_FOR_ANOTHER_BOT:
                    return Halt(OTHER_BOT)
                return outcome if again else Later(reason)
        return outcome
