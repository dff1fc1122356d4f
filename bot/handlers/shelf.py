"""/saved: what somebody keeps, to read, to take off, to have as a file; and the button that keeps an entry."""

from __future__ import annotations

from dataclasses import replace

from bot.formatters import errors
from bot.formatters.actions import DropSaved, ExportShelf, OpenShelf, Save, read_action
from bot.formatters.opened import format_opened
from bot.formatters.panel_actions import Switch
from bot.formatters.shelf import PAGE, format_export, format_shelf
from bot.handlers.context import Context, Handler
from bot.handlers.replies import refuse, refuse_old
from bot.locales import Words
from bot.model.chat import Layout
from bot.model.command import Command, Reply
from bot.storage.shelf import SHELF_LIMIT, Kept


async def _answer(command: Command, words: Words, context: Context) -> Reply:
    match read_action(command.name, command.argument):
        case OpenShelf(int(offset)):
            return await _show(command, words, context, offset=offset, in_place=True)
        case _:
            return await _show(command, words, context)


async def _show(
    command: Command, words: Words, context: Context, *, offset: int = 0, in_place: bool = False, toast: str = ""
) -> Reply:
    person = command.user.address
    page = await context.shelf.page(person, limit=PAGE, offset=offset)
    if page.total and not page.saved:  # fewer than when the button was made
        last = (page.total - 1) // PAGE * PAGE
        page = await context.shelf.page(person, limit=PAGE, offset=last)
    return format_shelf(page, words, in_place=in_place, toast=toast)


async def _answer_save(command: Command, words: Words, context: Context) -> Reply:
    action = read_action(command.name, command.argument)
    if not isinstance(action, Save):
        return refuse_old(command, words)
    stored = await context.issues.get_entry(action.entry)
    if stored is None:
        return refuse(command, errors.no_entry(words))
    is_saved, said = await _keep(action, command.user.address, words, context)
    if not command.is_for_one:  # the button is everybody's, the shelf is the presser's
        return refuse(command, words("Saved. Press again to remove it.") if is_saved else said)
    posted = await context.standing(command.chat, action.entry)
    opened = format_opened(stored, words, layout=Layout.FULL, is_saved=is_saved, posted=posted, way=action.way)
    return replace(opened, replace=True, buttons_only=True, toast=said)


async def _keep(action: Save, person: str, words: Words, context: Context) -> tuple[bool, str]:
    """Do as the button says; returns whether the entry is saved now, and what to tell."""
    remove = action.wanted is Switch.OFF
    if action.wanted is Switch.TURN:
        remove = await context.shelf.has(person, action.entry)
    if remove:
        await context.shelf.remove(person, action.entry)
        return False, words("Removed")
    match await context.shelf.save(person, action.entry, now=context.clock.now()):
        case Kept.FULL:
            return False, errors.full_shelf(SHELF_LIMIT, words)
        case Kept.GONE:
            return False, errors.no_entry(words)
        case _:
            return True, words("Saved")


async def _answer_drop(command: Command, words: Words, context: Context) -> Reply:
    match read_action(command.name, command.argument):
        case DropSaved(saved, offset) if await context.shelf.drop(command.user.address, saved):
            return await _show(command, words, context, offset=offset, in_place=True, toast=words("Removed"))
        case _:
            return refuse_old(command, words)


async def _answer_export(command: Command, words: Words, context: Context) -> Reply:
    match read_action(command.name, command.argument):
        case ExportShelf(kind):
            return format_export(kind, await context.shelf.page(command.user.address), words)
        case _:
            return refuse_old(command, words)


SAVED = Handler("saved", _answer, summary=lambda words: words("What you have saved"))
SAVE = Handler("save", _answer_save, changes=True)
DROP = Handler("drop", _answer_drop, changes=True)
EXPORT = Handler("export", _answer_export)
