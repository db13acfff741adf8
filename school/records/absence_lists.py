"""Absences as staff look through them, with what was said about each."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from school.records.absence_queries import lock_pupils
from school.records.attendance import Absence, Statement
from school.records.people import Pupil


def absences_page(
    session: Session,
    school_id: str,
    *,
    first: date | None,
    last: date | None,
    statuses: Collection[str] | None,
    kinds: Collection[str] | None,
    half: str | None,
    pupil_id: str | None,
    reference: str | None,
    after: tuple[date, str, str] | None,
    limit: int,
) -> list[tuple[Absence, Pupil]]:
    """Absences with their pupils by day, session and id, starting after the given (day, session, id)."""
    statement = (
        select(Absence, Pupil)
        .join(Pupil, (Pupil.school_id == Absence.school_id) & (Pupil.id == Absence.pupil_id))
        .where(Absence.school_id == school_id)
    )
    if first is not None:
        statement = statement.where(Absence.day >= first)
    if last is not None:
        statement = statement.where(Absence.day <= last)
    if statuses is not None:
        statement = statement.where(Absence.status.in_(sorted(statuses)))
    if kinds is not None:
        statement = statement.where(Absence.kind.in_(sorted(kinds)))
    if half is not None:
        statement = statement.where(Absence.session == half)
    if pupil_id is not None:
        statement = statement.where(Absence.pupil_id == pupil_id)
    if reference is not None:
        told = select(Statement.absence_id).where(
            Statement.school_id == school_id, Statement.message_id.like(f"%{reference.upper()}")
        )
        statement = statement.where(Absence.id.in_(told))
    place = tuple_(Absence.day, Absence.session, Absence.id)
    if after is not None:
        statement = statement.where(place > after)
    statement = statement.order_by(Absence.day, Absence.session, Absence.id).limit(limit)
    return [(absence, pupil) for absence, pupil in session.execute(statement)]


def absence_with_pupil(session: Session, school_id: str, absence_id: str) -> tuple[Absence, Pupil] | None:
    """One absence of this school."""
    statement = (
        select(Absence, Pupil)
        .join(Pupil, (Pupil.school_id == Absence.school_id) & (Pupil.id == Absence.pupil_id))
        .where(Absence.school_id == school_id, Absence.id == absence_id)
    )
    found = session.execute(statement).first()
    return (found[0], found[1]) if found is not None else None


def lock_absence(session: Session, school_id: str, absence_id: str) -> Absence | None:
    """An absence, locked until the transaction ends: its pupil first, in the order of all who change absences."""
    pupil_id = session.scalars(
        select(Absence.pupil_id).where(Absence.school_id == school_id, Absence.id == absence_id)
    ).one_or_none()
    if pupil_id is None:
        return None
    lock_pupils(session, [(school_id, pupil_id)])
    return session.get(Absence, (school_id, absence_id), with_for_update=True, populate_existing=True)


def statements_of(session: Session, school_id: str, absence_ids: Collection[str]) -> dict[str, list[Statement]]:
    """All statements about these absences, withdrawn ones too, oldest first."""
    statement = (
        select(Statement)
        .where(Statement.school_id == school_id, Statement.absence_id.in_(sorted(absence_ids)))
        .order_by(Statement.id)
    )
    found: dict[str, list[Statement]] = {}
    for row in session.scalars(statement):
        found.setdefault(row.absence_id, []).append(row)
    return found
