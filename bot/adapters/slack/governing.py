"""Who may change what a workspace's channels receive: its members, or its administrators alone, as those say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.adapters.slack.addresses import PLATFORM_NAME, user_address, user_id
from bot.adapters.slack.people import People
from bot.adapters.slack.requests import Question, Surface
from bot.formatters.help import command_line
from bot.locales import Words, match_language, open_words
from bot.model.chat import Managers, User
from bot.model.command import Audience, Button, Command, CommandInfo, Origin, Reply
from bot.model.form import Answers, Field, FieldKind, Form, FormOption
from bot.model.home import HomePart
from bot.model.richtext import Document, List, bold, paragraph
from bot.settings import Settings
from bot.storage.workspaces import WorkspaceStore

ADMINS = "admins"
"""The command: ``/digest admins only``, ``/digest admins everybody``."""

MANAGERS = "managers"
"""The field of a form that sets the same."""

_CHOICES = {"only": Managers.ADMINS, "everybody": Managers.MEMBERS}


def describe(words: Words) -> CommandInfo:
    """Return the command as Slack's menu has it."""
    summary = words("Who may subscribe channels in this workspace")
    return CommandInfo(ADMINS, summary, "only | everybody", audience=Audience.MANAGERS)


class Governance:
    """Keeps and applies that setting in one workspace. Every method may raise StorageError."""

    def __init__(self, store: WorkspaceStore, settings: Settings, people: People, *, workspace: str, team: str) -> None:
        self._store = store
        self._settings = settings
        self._people = people
        self._workspace = workspace
        self._team = team

    async def may_manage(self, user: User) -> bool:
        """Tell whether a person may change what channels receive. Guests may never."""
        if await self.managers() is Managers.ADMINS:
            return await self._people.is_admin(user)
        return await self._people.may_manage(user)

    async def may_govern(self, user: User) -> bool:
        """Tell whether a person may say who may: the workspace's administrators, and the bot's."""
        spellings = (user.address, user_address(user_id(user.address), workspace=self._team))
        return any(map(self._settings.is_admin, spellings)) or await self._people.is_admin(user)

    async def managers(self) -> Managers:
        """Return who may change what channels receive."""
        return await self._store.managers(PLATFORM_NAME, self._workspace)

    async def answer(self, question: Question) -> Reply | None:
        """Tell, or change, who may. In the Home tab what has changed shows by itself: None."""
        command = question.command
        person = await self._people.introduce(command.user)
        words = open_words(match_language(person.language) or self._settings.language)
        wanted = _CHOICES.get(command.argument.strip().lower())
        may_govern = await self.may_govern(command.user)
        if wanted is not None and not may_govern:
            return _say(command, _refusal(words))
        if wanted is not None:
            await self._set(wanted)
            if question.surface is Surface.HOME:
                return None
        said, button = await self._state(words)
        return Reply(
            Document((paragraph(bold(said)),)),
            ((button,),) if may_govern else (),
            replace=command.origin is Origin.BUTTON,
            private=True,
        )

    async def show(self, person: User, words: Words) -> HomePart | None:
        """Return what the Home tab says of it: to those who can change it, and where not everybody may."""
        may_govern = await self.may_govern(person)
        if not may_govern and await self.managers() is Managers.MEMBERS:
            return None
        said, button = await self._state(words)
        return HomePart(Document((paragraph(said),)), ((button,),) if may_govern else ())

    async def extend(self, form: Form, person: User, words: Words) -> Form:
        """Return a form of settings with a field for this one, for those who can change it."""
        if not await self.may_govern(person):
            return form
        options = (
            FormOption(Managers.MEMBERS, words("Every member")),
            FormOption(Managers.ADMINS, words("Administrators only")),
        )
        field = Field(
            MANAGERS,
            words("Who may subscribe channels and change their settings"),
            FieldKind.ONE,
            options,
            (await self.managers(),),
            hint=words("For all channels of this workspace."),
        )
        return replace(form, fields=(*form.fields, field))

    async def add_to_help(self, reply: Reply, person: User, words: Words) -> Reply:
        """Return the help with the command that says who may, for those who can give it."""
        if not await self.may_govern(person):
            return reply
        line = (command_line(describe(words)),)
        blocks = [
            replace(block, items=(*block.items, line)) if block is _first_list(reply) else block
            for block in reply.document.blocks
        ]
        return replace(reply, document=Document(tuple(blocks)))

    async def judge(self, answers: Answers, person: User, words: Words) -> Mapping[str, str]:
        """Return what is wrong with what somebody filled in there, by field."""
        if MANAGERS not in answers or await self.may_govern(person):
            return {}
        return {MANAGERS: _refusal(words)}

    async def take(self, answers: Answers) -> None:
        """Set what was filled in there, and judged to be well."""
        if (wanted := answers.get(MANAGERS, ())) and wanted[0] in set(Managers):
            await self._set(Managers(wanted[0]))

    async def _set(self, managers: Managers) -> None:
        await self._store.set_managers(PLATFORM_NAME, self._workspace, managers=managers)

    async def _state(self, words: Words) -> tuple[str, Button]:
        """Say who may, and return the button that turns it round."""
        if await self.managers() is Managers.ADMINS:
            said = words("Only this workspace’s administrators may subscribe channels.")
            return said, Button(words("Everybody"), f"{ADMINS} everybody")
        said = words("Every member of this workspace may subscribe channels; guests may not.")
        return said, Button(words("Administrators only"), f"{ADMINS} only")


def _first_list(reply: Reply) -> List | None:
    return next((block for block in reply.document.blocks if isinstance(block, List)), None)


def _refusal(words: Words) -> str:
    return words("Only this workspace’s administrators can change that.")


def _say(command: Command, sentence: str) -> Reply:
    if command.origin is Origin.BUTTON:
        return Reply(toast=sentence)
    return Reply(Document((paragraph(sentence),)), private=True)
