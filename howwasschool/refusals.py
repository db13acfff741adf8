"""What a command refuses or cannot do, in a sentence for the person who typed it."""

from __future__ import annotations

from howwasschool.lock import AlreadyServed
from howwasschool.opening import OldSchema, WrongMode
from howwasschool.settings import SettingsRefused
from school.records.errors import DatabaseBusy, DatabaseGone


def in_words(error: Exception) -> str | None:
    """The sentence; None for an error that nobody foresaw, which keeps its traceback."""
    match error:
        case SettingsRefused() | AlreadyServed() | OldSchema() | WrongMode():
            return str(error)
        case DatabaseBusy():
            return f"The database is busy: {error}. Try again in a moment."
        case DatabaseGone():
            return f"The database is gone: {error}."
    return None
