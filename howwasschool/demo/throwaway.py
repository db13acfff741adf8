"""The settings of a house that lives for an hour: nothing of the environment, a secret drawn anew."""

from __future__ import annotations

import secrets
from pathlib import Path

from pydantic import SecretStr

from howwasschool.lines import REHEARSAL_NUMBER
from howwasschool.settings import Settings

ACCOUNT = "AC" + "d" * 32
PUBLIC_URL = "https://texts.hollybank.example"


def throwaway_settings(folder: Path) -> Settings:
    """A SQLite file in `folder` and a made-up Twilio; an operator's own settings stay out of it."""
    return Settings.model_construct(
        database_url=f"sqlite:///{folder / 'school.sqlite3'}",
        public_url=PUBLIC_URL,
        twilio_account_sid=ACCOUNT,
        twilio_auth_token=SecretStr(secrets.token_hex(16)),
        twilio_from=REHEARSAL_NUMBER,
    )
