"""Notes of adults in school: a word at the gate accounts for a child, and nobody at home is asked any more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from school.ledger import Entry, record
from school.records.base import new_id
from school.records.chase_queries import look_again
from school.records.chasing import PupilNote
from school.records.pupil_queries import pupils_by_id


@dataclass(frozen=True, slots=True, kw_only=True)
class NewNote:
    """A note to keep; `kind` is one of `PupilNote`'s, `session` '' for the whole day, `by` the ledger's name."""

    school_id: str
    pupil_id: str
    day: date
    kind: str
    by: str
    session: str = ""
    note: str = ""


def add_notes(session: Session, notes: Sequence[NewNote], *, now: datetime) -> list[PupilNote]:
    """Keeps the notes about pupils of their school; those about nobody are left out. Chases are looked at again."""
    kept = []
    for school_id in sorted({each.school_id for each in notes}):
        own = [each for each in notes if each.school_id == school_id]
        known = pupils_by_id(session, school_id, {each.pupil_id for each in own})
        for each in own:
            if each.pupil_id not in known:
                continue
            row = PupilNote(
                school_id=school_id,
                id=new_id(now),
                pupil_id=each.pupil_id,
                day=each.day,
                session=each.session,
                kind=each.kind,
                note=each.note,
                at=now,
                by=each.by,
            )
            session.add(row)
            kept.append(row)
            _record(session, row, now=now)
        for day in sorted({each.day for each in own}):
            look_again(session, school_id, day, now=now)
    session.flush()
    return kept


def _record(session: Session, row: PupilNote, *, now: datetime) -> None:
    entry = Entry(
        school_id=row.school_id,
        actor=row.by,
        verb="add_note",
        subject="pupil_note",
        subject_id=row.id,
        detail={"pupil": row.pupil_id, "kind": row.kind},
    )
    record(session, entry, now=now)
