"""What a parent asks the school for, as effects: how often a child was away, and leave in term time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from school.rules.calendar import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendanceAsked:
    """A parent asks how often their children were away; `children` are those of whom they may be told."""

    children: tuple[str, ...]
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveAsked:
    """A parent with whom the children live asks for leave, having read back what is asked.

    `sessions` are all that would be missed, by child. `words` are the ids of the messages in which the parent says
    what it is for; `reason` is a category of theirs (`corpus/LABELS.md`), None where nobody heard one.
    """

    frame: str
    message: str
    sessions: tuple[tuple[str, date, Session], ...]
    words: tuple[str, ...] = ()
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveTakenBack:
    """A parent takes back what was asked in `frame`."""

    frame: str
    message: str


Asked: TypeAlias = AttendanceAsked | LeaveAsked | LeaveTakenBack
"""Whatever is asked for, or no longer."""
