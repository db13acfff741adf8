"""What parents told of a day and nobody has settled, as the threads remember it, in SQL."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from school.records.messaging import Thread


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsettled:
    """Where somebody wrote of a pupil's day: the thread, whose it is, and the id of the text."""

    thread_id: str
    contact_id: str | None
    message_id: str


def unsettled_on(session: Session, school_id: str, day: date) -> dict[str, Unsettled]:
    """By pupil the text that told something of that day and was asked about, the latest; `conversations` wrote them."""
    statement = select(Thread.id, Thread.contact_id, Thread.unsettled).where(
        Thread.school_id == school_id, Thread.unsettled_until >= day
    )
    found: dict[str, Unsettled] = {}
    for thread_id, contact_id, rows in session.execute(statement):
        for message_id, pupil_id, first, last, _ in rows:
            if date.fromisoformat(first) <= day and (last is None or day <= date.fromisoformat(last)):
                told = Unsettled(thread_id=thread_id, contact_id=contact_id, message_id=message_id)
                # Ids sort by time: the latest words are those to read.
                found[pupil_id] = max(found.get(pupil_id, told), told, key=lambda each: each.message_id)
    return found
