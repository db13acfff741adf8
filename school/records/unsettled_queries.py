"""What parents told of a day and nobody has settled, as the threads remember it, in SQL."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from school.records.messaging import Thread


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsettled:
    """Where somebody wrote of a pupil's day: the thread, whose it is, the text's id, and the first day it tells of.

    `with_staff`: the question was left unanswered for so long that a person has it.
    """

    thread_id: str
    contact_id: str | None
    message_id: str
    first: date
    with_staff: bool


def unsettled_on(session: Session, school_id: str, day: date) -> dict[str, Unsettled]:
    """By pupil the text that told something of that day and was asked about, the latest; `conversations` wrote them."""
    statement = select(Thread.id, Thread.contact_id, Thread.unsettled).where(
        Thread.school_id == school_id, Thread.unsettled_until >= day
    )
    found: dict[str, Unsettled] = {}
    for thread_id, contact_id, rows in session.execute(statement):
        for message_id, pupil_id, begins, last, with_staff in rows:
            first = date.fromisoformat(begins)
            if first <= day and (last is None or day <= date.fromisoformat(last)):
                told = Unsettled(
                    thread_id=thread_id,
                    contact_id=contact_id,
                    message_id=message_id,
                    first=first,
                    with_staff=with_staff,
                )
                # Ids sort by time: the latest words are those to read.
                found[pupil_id] = max(found.get(pupil_id, told), told, key=lambda each: each.message_id)
    return found
