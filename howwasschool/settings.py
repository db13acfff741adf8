"""What an installation chooses through its environment: every setting, typed, with what it is for."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "HOWWASSCHOOL_"


class SettingsRefused(Exception):  # noqa: N818  it says what happened
    """The settings do not allow a start; the message names each setting and never holds a value."""


class Settings(BaseSettings):
    """All settings; the environment wins over a `.env` file in the working folder, an empty one counts as unset."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=".env",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    database_url: str = Field(
        default="sqlite:///howwasschool.sqlite3",
        description="SQLAlchemy URL of the database: a SQLite file (the default stands in the working folder) or "
        "PostgreSQL, `postgresql+psycopg://…`.",
    )
    secret_key: SecretStr | None = Field(
        default=None,
        description="Random characters, 32 or more, that sign what this installation hands out. Required outside a "
        "rehearsal.",
    )
    public_url: str | None = Field(
        default=None,
        description="The address under which the outside reaches this server, such as `https://texts.example.sch.uk`. "
        "Twilio signs its requests over it. Required with Twilio and with Telegram's webhook. Where it is https and no "
        "longer than 43 characters, a text that asks for evidence holds a one-time link to it.",
    )
    twilio_account_sid: str | None = Field(default=None, description="The Twilio account that sends and receives SMS.")
    twilio_auth_token: SecretStr | None = Field(
        default=None, description="The account's auth token: it signs Twilio's requests to us and ours to Twilio."
    )
    twilio_from: str | None = Field(
        default=None, description="Our own number in international form, `+44…`; or use a messaging service."
    )
    twilio_messaging_service_sid: str | None = Field(
        default=None, description="A Twilio messaging service, instead of one number."
    )
    twilio_api_url: str = Field(
        default="https://api.twilio.com", description="Where Twilio's API is; another host only in tests."
    )
    telegram_token: SecretStr | None = Field(default=None, description="The token that BotFather gave for our bot.")
    telegram_api_url: str = Field(
        default="https://api.telegram.org", description="Where the Bot API is; another host for an own server or tests."
    )
    telegram_mode: Literal["poll", "webhook"] = Field(
        default="poll", description="Whether we ask Telegram for updates (`poll`) or it calls us (`webhook`)."
    )
    telegram_webhook_secret: SecretStr | None = Field(
        default=None, description="What Telegram must say when it calls us. Required in the mode `webhook`."
    )
    oidc_issuer: str | None = Field(default=None, description="The address of the staff's sign-in service (OIDC).")
    oidc_client_id: str | None = Field(default=None, description="Our name at the sign-in service. Required with it.")
    oidc_client_secret: SecretStr | None = Field(
        default=None, description="Our secret at the sign-in service. Required with it."
    )
    retention_days: int = Field(
        default=30,
        ge=1,
        le=3650,
        description="After how many days the words of a text are forgotten, from 1 to 3650, in a school that is added"
        " from now on; a school changes its own with `howwasschool school set retention_days=…`.",
    )

    @field_validator("public_url", "twilio_api_url", "telegram_api_url", "oidc_issuer")
    @classmethod
    def _is_an_address(cls, value: str | None) -> str | None:
        if value is None:
            return None
        if not value.startswith(("http://", "https://")):
            raise ValueError("must start with https:// (or http:// in tests)")
        return value.rstrip("/")

    @field_validator("database_url")
    @classmethod
    def _names_a_driver(cls, value: str) -> str:
        """`postgres://` and `postgresql://`, as hosts hand them out, mean psycopg 3."""
        scheme, separator, rest = value.partition("://")
        if not separator or scheme.split("+")[0] not in {"sqlite", "postgres", "postgresql"}:
            raise ValueError("must be a sqlite:/// or postgresql+psycopg:// URL")
        return f"postgresql+psycopg://{rest}" if scheme in {"postgres", "postgresql"} else value

    @field_validator("twilio_from")
    @classmethod
    def _is_a_number_or_a_name(cls, value: str | None) -> str | None:
        if value is not None and value.startswith("+") and not value[1:].isdigit():
            raise ValueError("must be a number in international form, such as +447700900000")
        return value

    @property
    def has_twilio(self) -> bool:
        """Whether SMS go through Twilio."""
        return self.twilio_account_sid is not None

    @property
    def sqlite_path(self) -> Path | None:
        """The database's file, or None on PostgreSQL."""
        if not self.database_url.startswith("sqlite"):
            return None
        return Path(self.database_url.partition(":///")[2].partition("?")[0])


def load(*, rehearsal: bool = False, **given: Any) -> Settings:
    """The settings of this process; refuses with the names of what is missing or wrong.

    A rehearsal sends nothing, so it needs no secret. `given` wins over the environment.
    """
    try:
        settings = Settings(**given)
    except ValidationError as error:
        raise SettingsRefused("\n".join(_said(fault) for fault in error.errors())) from None
    if not rehearsal and (faults := missing(settings)):
        raise SettingsRefused("\n".join(faults))
    return settings


def missing(settings: Settings) -> list[str]:
    """A line for each setting that a live house lacks."""
    return [line for check in (_own, _twilio, _telegram, _sign_in) for line in check(settings)]


def _own(settings: Settings) -> list[str]:
    if settings.secret_key is not None:
        return []
    return [f"{PREFIX}SECRET_KEY is missing: it must hold 32 or more random characters"]


def _twilio(settings: Settings) -> list[str]:
    senders = (settings.twilio_from, settings.twilio_messaging_service_sid)
    if not any((settings.twilio_account_sid, settings.twilio_auth_token, *senders)):
        return []
    faults = _lacking(settings, "Twilio", "twilio_account_sid", "twilio_auth_token", "public_url")
    if not any(senders):
        faults.append(f"{PREFIX}TWILIO_FROM or {PREFIX}TWILIO_MESSAGING_SERVICE_SID is missing: Twilio needs it")
    return faults


def _telegram(settings: Settings) -> list[str]:
    if settings.telegram_mode != "webhook":
        return []
    return _lacking(settings, "Telegram's webhook", "telegram_token", "telegram_webhook_secret", "public_url")


def _sign_in(settings: Settings) -> list[str]:
    return [] if settings.oidc_issuer is None else _lacking(settings, "sign-in", "oidc_client_id", "oidc_client_secret")


def _lacking(settings: Settings, needed_by: str, *names: str) -> list[str]:
    return [f"{PREFIX}{name.upper()} is missing: {needed_by} needs it" for name in names if not getattr(settings, name)]


def _said(fault: Any) -> str:
    setting = f"{PREFIX}{str(fault['loc'][0]).upper()}" if fault["loc"] else "settings"
    return f"{setting}: {str(fault['msg']).removeprefix('Value error, ')}"
