"""What readers ask and what they get: one vocabulary for every platform."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.model.chat import Address, ChatKind, User
from bot.model.form import Form
from bot.model.richtext import Document

DATA_LIMIT = 64
"""Bytes a button's action may take: Telegram's callback_data (https://core.telegram.org/bots/api#inlinekeyboardbutton)."""


class Origin(StrEnum):
    """How a command reached the bot."""

    TEXT = "text"
    BUTTON = "button"


@dataclass(frozen=True, slots=True)
class Command:
    """A reader's request.

    `name` is without its slash, in lower case; "" stands for plain words said to the bot. `addressed` is true where the
    bot was certainly meant: a private chat, ``/name@bot``, a mention, a pressed button. An address with a thread is
    answered in that thread. `key` names the update on its platform, so that one that comes twice is known; it is empty
    where the platform's adapter sees to that itself. `alone` is true where, in a chat of many, the asker alone will see
    the answer; `opens_alone` where that holds for a page that it opens (`Reply.page`), if for nothing else. `afar` is
    true where the answer is read in another chat than the one that it is about.
    """

    name: str
    argument: str
    chat: Address
    kind: ChatKind
    user: User
    addressed: bool = True
    origin: Origin = Origin.TEXT
    chat_title: str = ""
    key: str = ""
    alone: bool = False
    opens_alone: bool = False
    afar: bool = False

    @property
    def is_for_one(self) -> bool:
        """Whether only the asker sees the answer, so that it may show what is theirs."""
        return self.alone or self.kind is ChatKind.PRIVATE

    @property
    def opens_for_one(self) -> bool:
        """Whether only the asker sees a page that is opened, likewise."""
        return self.is_for_one or self.opens_alone


class Ability(StrEnum):
    """What only some platforms can do."""

    LEAD_HOME = "lead-home"  # a button can lead into the presser's private chat with the bot
    BE_TAKEN = "be-taken"  # a button can take the bot into a group or a channel
    HUSH = "hush"  # a message can come without a sound
    OFFER_CHATS = "offer-chats"  # whoever asks can name, or be offered, groups and channels of theirs to set up


class Where(StrEnum):
    """Where what a button asks for happens; all but the first take an ability."""

    HERE = "here"
    PRIVATE = "private"  # in the presser's private chat with the bot
    GROUP = "group"  # in a group into which the presser takes the bot
    CHANNEL = "channel"  # in a channel, likewise


@dataclass(frozen=True, slots=True)
class Button:
    """A button below a message: it opens `url`, or sends `action`, a command line of ids (``page 17 2``), back.

    `action` takes at most `DATA_LIMIT` bytes. `where` says in which chat it is asked for.
    """

    label: str
    action: str = ""
    url: str = ""
    where: Where = Where.HERE


Buttons = tuple[tuple[Button, ...], ...]
"""Rows of buttons."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file sent along with an answer."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Detour:
    """The way to an answer in a private chat: `document` says that it is there, a button of this label leads there.

    `start` is what the link into the bot bears (``saved``): the letters, digits, - and _ that a command `start` reads.
    """

    start: str
    document: Document
    label: str


class Purpose(StrEnum):
    """What a chat is chosen for; the value is the command that is then given with the chat's name behind it."""

    SUBSCRIBE = "subscribe"
    SETTINGS = "settings"


@dataclass(frozen=True, slots=True)
class Offer:
    """The asker's own channels and groups, to choose one from: the labels of the ways to either.

    Where the ability is, what is chosen comes back as a command of the asker's, in the chat it was offered in.
    """

    purpose: Purpose
    channel: str
    group: str


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer.

    `replace` asks that the message whose button was pressed becomes this answer; elsewhere it is sent as a new message.
    With `buttons_only` that message says the same already, and gets these buttons; of an answer in several messages it
    is the last. `toast` is a short notice shown to the presser alone (200 characters); with an empty document it is all
    there is. `private` asks that only the asker sees it, where the platform can; where it cannot, and there is a
    `detour`, that is said in its place. `page` is the title of an answer that is a page of its own (an entry, the
    settings): opened by a button it is laid over what one was reading, where the platform can. A `form` says the same
    to be filled in at once, and is shown instead where the platform has forms. An `offer` stands in the place of
    buttons.
    """

    document: Document = Document()
    buttons: Buttons = ()
    replace: bool = False
    buttons_only: bool = False
    toast: str = ""
    private: bool = False
    detour: Detour | None = None
    page: str = ""
    form: Form | None = None
    offer: Offer | None = None
    attachment: Attachment | None = None


class MembershipChange(StrEnum):
    """What happened to the bot in a chat."""

    ADDED = "added"
    REMOVED = "removed"
    PROMOTED = "promoted"
    DEMOTED = "demoted"
    MIGRATED = "migrated"
    RENAMED = "renamed"
    RESTORED = "restored"  # what kept it away, its `reason`, is over
    WORKSPACE_LEFT = "workspace-left"
    WORKSPACE_ENTERED = "workspace-entered"
    WORKSPACE_RENAMED = "workspace-renamed"


@dataclass(frozen=True, slots=True)
class Membership:
    """The bot was added, removed, promoted, or the chat moved (`moved_to`).

    Where a whole workspace was left or entered, or is addressed otherwise now, `chat` names no more than the workspace.
    `is_open` tells, of a channel, whether the bot may write there.
    """

    chat: Address
    kind: ChatKind
    change: MembershipChange
    user: User | None = None
    chat_title: str = ""
    moved_to: Address | None = None
    reason: str = ""
    is_open: bool = True


class Audience(StrEnum):
    """In whose menu a command stands. Who may give it is its handler's to say."""

    EVERYBODY = "everybody"
    MANAGERS = "managers"  # those who may change a chat: a group's administrators, in a private chat its person
    ADMINS = "admins"  # those who run the bot


@dataclass(frozen=True, slots=True)
class CommandInfo:
    """A command as a menu shows it. `hint` says what may stand behind it (``<words>``)."""

    name: str
    summary: str
    hint: str = ""
    audience: Audience = Audience.EVERYBODY


@dataclass(frozen=True, slots=True)
class Introduction:
    """What the bot says of itself where nobody has asked it anything yet: in full, and in one line (120 characters)."""

    whole: str
    short: str
