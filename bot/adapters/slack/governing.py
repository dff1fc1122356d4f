"""Who may change what a workspace's channels receive: its members, or its administrators alone, as those say."""

from __future__ import annotations

from bot.adapters.slack.addresses import PLATFORM_NAME
from bot.adapters.slack.requests import Question
from bot.adapters.slack.workspaces import Workspace
from bot.locales import Words, match_language, open_words
from bot.model.chat import Managers, User
from bot.model.command import Audience, Button, Command, CommandInfo, Origin, Reply
from bot.model.richtext import Document, bold, paragraph
from bot.settings import Settings
from bot.storage.workspaces import WorkspaceStore

ADMINS = "admins"
"""The command: ``/digest admins only``, ``/digest admins everybody``."""

_CHOICES = {"only": Managers.ADMINS, "everybody": Managers.MEMBERS}


def describe(words: Words) -> CommandInfo:
    """Return the command as Slack's menu has it."""
    summary = words("Who may subscribe channels in this workspace")
    return CommandInfo(ADMINS, summary, "only | everybody", audience=Audience.MANAGERS)


class Governance:
    """Keeps and applies that setting."""

    def __init__(self, store: WorkspaceStore, settings: Settings) -> None:
        self._store = store
        self._settings = settings

    async def may_manage(self, workspace: Workspace, user: User) -> bool:
        """Tell whether a person may change what channels receive. Guests may never. Raises StorageError."""
        if await self.managers(workspace) is Managers.ADMINS:
            return await workspace.people.is_admin(user)
        return await workspace.people.may_manage(user)

    async def may_govern(self, workspace: Workspace, user: User) -> bool:
        """Tell whether a person may say who may: the workspace's administrators, and the bot's."""
        return self._settings.is_admin(user.address) or await workspace.people.is_admin(user)

    async def managers(self, workspace: Workspace) -> Managers:
        """Return who may change what channels receive. Raises StorageError."""
        return await self._store.managers(PLATFORM_NAME, workspace.name)

    async def set_managers(self, workspace: Workspace, managers: Managers) -> None:
        """Say who may. Raises StorageError."""
        await self._store.set_managers(PLATFORM_NAME, workspace.name, managers=managers)

    async def answer(self, workspace: Workspace, question: Question) -> Reply:
        """Tell, or change, who may. Raises StorageError."""
        command = question.command
        person = await workspace.people.introduce(command.user)
        words = open_words(match_language(person.language) or self._settings.language)
        wanted = _CHOICES.get(command.argument.strip().lower())
        may_govern = await self.may_govern(workspace, command.user)
        if wanted is not None and not may_govern:
            return _say(command, words("Only this workspace’s administrators can change that."))
        if wanted is not None:
            await self.set_managers(workspace, wanted)
        return _show(await self.managers(workspace), words, command, may_govern=may_govern)


def _show(managers: Managers, words: Words, command: Command, *, may_govern: bool) -> Reply:
    said = {
        Managers.MEMBERS: words("Every member of this workspace may subscribe channels; guests may not."),
        Managers.ADMINS: words("Only this workspace’s administrators may subscribe channels."),
    }[managers]
    buttons = (
        Button(words("Everybody"), f"{ADMINS} everybody"),
        Button(words("Administrators only"), f"{ADMINS} only"),
    )
    other = buttons[0] if managers is Managers.ADMINS else buttons[1]
    return Reply(
        Document((paragraph(bold(said)),)),
        ((other,),) if may_govern else (),
        replace=command.origin is Origin.BUTTON,
        private=True,
    )


def _say(command: Command, sentence: str) -> Reply:
    if command.origin is Origin.BUTTON:
        return Reply(toast=sentence)
    return Reply(Document((paragraph(sentence),)), private=True)
