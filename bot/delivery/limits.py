"""The platforms' limits as this bot keeps them: their own, or what the settings put in their place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from bot.model.delivery import Limits
from bot.settings import LimitChange, SettingsError


def adjust_limits(limits: Mapping[str, Limits], changes: Iterable[LimitChange]) -> dict[str, Limits]:
    """Return the limits with these changes made. Raises SettingsError for a platform there is none of."""
    adjusted = dict(limits)
    for change in changes:
        if change.platform not in adjusted:
            raise SettingsError(f"BOT_LIMITS names no platform with '{change.platform}': there are {', '.join(limits)}")
        adjusted[change.platform] = _adjusted(adjusted[change.platform], change)
    return adjusted


def _adjusted(limits: Limits, change: LimitChange) -> Limits:
    window = change.calls, change.seconds
    match change.what:
        case "private":
            return replace(limits, private=window)
        case "group":
            return replace(limits, group=window)
        case "channel":
            return replace(limits, channel=window)
        case _:
            return replace(limits, per_second=change.calls / change.seconds)
