"""Trips and exam days known beforehand: the brake holds alerts about their classes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from school.ledger import Entry, record
from school.records.base import new_id
from school.records.chasing import Outing


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOuting:
    """An outing to enter: of one class, a year group, or ('' both) all; `kind` is trip, exam or other."""

    day: date
    kind: str
    class_name: str = ""
    year: str = ""
    note: str = ""


def add_outing(session: Session, school_id: str, new: NewOuting, *, actor: str, now: datetime) -> Outing:
    """Enters an outing of this school."""
    row = Outing(
        school_id=school_id,
        id=new_id(now),
        day=new.day,
        kind=new.kind,
        class_name=new.class_name,
        year=new.year,
        note=new.note,
    )
    session.add(row)
    _record(session, row, "add_outing", actor=actor, now=now)
    session.flush()
    return row


def remove_outing(session: Session, school_id: str, outing_id: str, *, actor: str, now: datetime) -> bool:
    """Takes an outing back; whether there was one of this school."""
    row = session.get(Outing, (school_id, outing_id))
    if row is None:
        return False
    _record(session, row, "remove_outing", actor=actor, now=now)
    session.delete(row)
    session.flush()
    return True


def _record(session: Session, row: Outing, verb: str, *, actor: str, now: datetime) -> None:
    entry = Entry(
        school_id=row.school_id,
        actor=actor,
        verb=verb,
        subject="outing",
        subject_id=row.id,
        detail={"day": row.day.isoformat(), "kind": row.kind},
    )
    record(session, entry, now=now)
