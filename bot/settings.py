"""Every setting, read and checked once, from the environment or a `.env` file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AliasChoices, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.errors import PlainError

LANGUAGES = ("en", "zh")


class SettingsError(PlainError, ValueError):
    """A setting that cannot be used. Its text names it and says what is wrong; it never tells a secret."""


@dataclass(frozen=True, slots=True)
class LimitChange:
    """A platform's limit as somebody wants it: calls in so many seconds, for `what` kind of chat or `all`."""

    platform: str
    what: str
    calls: int
    seconds: float


_LIMIT = re.compile(r"(\w+)\.(all|private|group|channel)\s*=\s*([1-9]\d{0,5})\s*/\s*(\d{0,5}\.?\d{1,3})s?", re.ASCII)


def _named(name: str, **field: Any) -> Any:
    return Field(validation_alias=AliasChoices(name), **field)


class Settings(BaseSettings):
    """All settings. Tokens are secrets: they show as ``**********`` wherever a value is printed."""

    model_config = SettingsConfigDict(env_file=".env", env_file_encoding="utf-8", extra="ignore", frozen=True)

    telegram_bot_token: SecretStr | None = _named("TELEGRAM_BOT_TOKEN", default=None)
    telegram_api_url: str = _named("TELEGRAM_API_URL", default="https://api.telegram.org")
    telegram_updates: Literal["auto", "polling", "webhook"] = _named("TELEGRAM_UPDATES", default="auto")
    slack_bot_token: SecretStr | None = _named("SLACK_BOT_TOKEN", default=None)
    slack_app_token: SecretStr | None = _named("SLACK_APP_TOKEN", default=None)
    slack_signing_secret: SecretStr | None = _named("SLACK_SIGNING_SECRET", default=None)
    slack_client_id: str | None = _named("SLACK_CLIENT_ID", default=None)
    slack_client_secret: SecretStr | None = _named("SLACK_CLIENT_SECRET", default=None)
    slack_api_url: str = _named("SLACK_API_URL", default="https://slack.com/api/")
    secret_key: SecretStr | None = _named("BOT_SECRET_KEY", default=None)
    github_token: SecretStr | None = _named("GITHUB_TOKEN", default=None)
    github_api_url: str = _named("GITHUB_API_URL", default="https://api.github.com")

    database_url: SecretStr = _named("DATABASE_URL", default=SecretStr("sqlite:///data/bot.db"))
    digests: Annotated[tuple[str, ...], NoDecode] = _named("BOT_DIGESTS", default=("digests/",))
    admins: Annotated[tuple[str, ...], NoDecode] = _named("BOT_ADMINS", default=())
    canary: str = _named("BOT_CANARY", default="")
    timezone: ZoneInfo = _named("BOT_TIMEZONE", default=ZoneInfo("UTC"))
    language: Literal["en", "zh"] = _named("BOT_LANGUAGE", default="en")
    post_at: time = _named("BOT_POST_AT", default=time(9, 0))
    late_after: timedelta = _named("BOT_LATE_AFTER", default=timedelta(hours=6))
    web_host: str = _named("BOT_WEB_HOST", default="127.0.0.1")
    web_port: int = _named("BOT_WEB_PORT", default=8080, ge=0, le=65535)
    public_url: str = _named("BOT_PUBLIC_URL", default="")
    log_level: Literal["debug", "info", "warning", "error"] = _named("BOT_LOG_LEVEL", default="info")
    log_format: Literal["text", "json"] = _named("BOT_LOG_FORMAT", default="text")
    limits: Annotated[tuple[LimitChange, ...], NoDecode] = _named("BOT_LIMITS", default=())
    lease: timedelta = _named("BOT_LEASE", default=timedelta(seconds=15), ge=timedelta(seconds=1))
    poll_seconds: float = _named("BOT_POLL_SECONDS", default=60.0, gt=0)

    @field_validator("*", mode="before")
    @classmethod
    def _blank_is_unset(cls, value: Any, info: Any) -> Any:
        if isinstance(value, str) and not value.strip():
            return cls.model_fields[info.field_name].get_default()
        return value

    @field_validator("digests", "admins", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("limits", mode="before")
    @classmethod
    def _limit_changes(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        changes = []
        for part in filter(None, map(str.strip, value.split(","))):
            match = _LIMIT.fullmatch(part)
            if match is None or not float(match[4]):
                raise ValueError(f"has '{part}', which is no limit: write one like telegram.group=20/60s")
            changes.append(LimitChange(match[1].lower(), match[2], int(match[3]), float(match[4])))
        return tuple(changes)

    @field_validator("timezone", mode="before")
    @classmethod
    def _zone(cls, value: Any) -> Any:
        if isinstance(value, str):
            try:
                return ZoneInfo(value.strip())
            except (ZoneInfoNotFoundError, ValueError, OSError) as error:
                raise ValueError("is no time zone: write one like Asia/Shanghai or Europe/Zurich") from error
        return value

    @field_validator("language", "log_level", "log_format", "telegram_updates", mode="before")
    @classmethod
    def _lower(cls, value: Any) -> Any:
        return value.strip().lower() if isinstance(value, str) else value

    @field_validator("post_at", mode="before")
    @classmethod
    def _clock_time(cls, value: Any) -> Any:
        if isinstance(value, str):
            try:
                return time.fromisoformat(value.strip())
            except ValueError as error:
                raise ValueError("is no time of day: write one like 09:00") from error
        return value

    @field_validator("late_after", "lease", mode="before")
    @classmethod
    def _duration(cls, value: Any) -> Any:
        if isinstance(value, str):
            number, unit = value.strip()[:-1], value.strip()[-1:].lower()
            seconds = {"s": 1, "m": 60, "h": 3600, "d": 86400}.get(unit)
            if seconds is None or not number.isdigit():
                raise ValueError("is no duration: write one like 30s, 90m, 6h or 2d")
            return timedelta(seconds=int(number) * seconds)
        return value

    @field_validator("telegram_api_url", "slack_api_url", "github_api_url", "public_url")
    @classmethod
    def _address(cls, value: str) -> str:
        if value and urlsplit(value).scheme not in {"http", "https"}:
            raise ValueError("is no web address: it begins with https:// or http://")
        return value

    def sqlite_path(self) -> Path | None:
        """Return the file of an SQLite database, None for another kind."""
        scheme, _, path = self.database_url.get_secret_value().partition(":///")
        return Path(path) if scheme.startswith("sqlite") else None

    def secrets(self) -> tuple[str, ...]:
        """Return every secret value, for the log's redaction."""
        values = (getattr(self, name) for name in type(self).model_fields)
        told = [value.get_secret_value() for value in values if isinstance(value, SecretStr)]
        return (*told, *(part for value in told for part in value.split(",") if part != value))

    def is_admin(self, user: str) -> bool:
        """Tell whether a user's address is among the administrators'."""
        return user in self.admins


def load_settings() -> Settings:
    """Read the settings. Raises SettingsError with one line for the first that cannot be used."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name = str(first["loc"][0]) if first["loc"] else "a setting"
        field = Settings.model_fields.get(name)
        if field is not None and isinstance(field.validation_alias, AliasChoices):
            name = str(field.validation_alias.choices[0])
        message = str(first["msg"]).removeprefix("Value error, ")
        raise SettingsError(f"{name} {message[:1].lower()}{message[1:]}") from None
