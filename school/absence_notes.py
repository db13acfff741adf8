"""What a set of statements gives staff to look at, gathered so that one message makes one item."""

from __future__ import annotations

from datetime import date, datetime
from typing import Protocol

from sqlalchemy.orm import Session as DatabaseSession

from school.rules.calendar import Session
from school.staff_items import StaffNote, raise_items


class About(Protocol):
    """A statement or a withdrawal: what was said of one session, by which message."""

    @property
    def school_id(self) -> str: ...
    @property
    def pupil_id(self) -> str: ...
    @property
    def day(self) -> date: ...
    @property
    def session(self) -> Session: ...
    @property
    def message_id(self) -> str | None: ...


class Notes:
    """Notes by school, message, contact and why."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str | None, str | None, str], list[About]] = {}

    def add(self, why: str, about: About, contact_id: str | None) -> None:
        """One more session for the same item."""
        self._found.setdefault((about.school_id, about.message_id, contact_id, why), []).append(about)

    def raise_all(self, session: DatabaseSession, *, now: datetime) -> None:
        """Puts them before staff."""
        if not self._found:
            return
        notes = [
            StaffNote(
                school_id=school_id,
                why=why,
                message_id=message_id,
                contact_id=contact_id,
                pupil_ids=tuple(sorted({each.pupil_id for each in about})),
                detail={"sessions": [[each.pupil_id, each.day.isoformat(), each.session.value] for each in about]},
            )
            for (school_id, message_id, contact_id, why), about in self._found.items()
        ]
        raise_items(session, notes, now=now)
