"""Updates of days missed and their children, as verbs and lists need them."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from school.records.people import Pupil
from school.records.updates import AttendanceUpdate, UpdateChild


def update_of(session: Session, school_id: str, first: date, last: date) -> AttendanceUpdate | None:
    """The update of a stretch of days that was prepared or sent; a dropped one can be prepared anew."""
    statement = select(AttendanceUpdate).where(
        AttendanceUpdate.school_id == school_id,
        AttendanceUpdate.first == first,
        AttendanceUpdate.last == last,
        AttendanceUpdate.status != "dropped",
    )
    return session.scalars(statement).first()


def locked_update(session: Session, school_id: str, update_id: str) -> AttendanceUpdate | None:
    """One update of this school, locked until the transaction ends."""
    statement = (
        select(AttendanceUpdate)
        .where(AttendanceUpdate.school_id == school_id, AttendanceUpdate.id == update_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return session.scalars(statement).one_or_none()


def updates_page(session: Session, school_id: str, *, after: str | None, limit: int) -> list[AttendanceUpdate]:
    """Updates by id, which is the order in which they were prepared."""
    statement = select(AttendanceUpdate).where(AttendanceUpdate.school_id == school_id)
    if after is not None:
        statement = statement.where(AttendanceUpdate.id > after)
    return list(session.scalars(statement.order_by(AttendanceUpdate.id).limit(limit)))


def children_of_update(session: Session, school_id: str, update_id: str) -> list[tuple[UpdateChild, Pupil]]:
    """The children of an update by name."""
    statement = (
        select(UpdateChild, Pupil)
        .join(Pupil, (Pupil.school_id == UpdateChild.school_id) & (Pupil.id == UpdateChild.pupil_id))
        .where(UpdateChild.school_id == school_id, UpdateChild.update_id == update_id)
        .order_by(Pupil.surname, Pupil.known_as, Pupil.id)
    )
    return [(child, pupil) for child, pupil in session.execute(statement)]
