"""The day's board: absences with their pupils, marks of those due, and what waits for a person."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import ColumnElement, and_, exists, select
from sqlalchemy.orm import Session

from school.records.attendance import Absence, RegisterMark
from school.records.messaging import Message
from school.records.people import Pupil
from school.records.staff import LOW_DAYS, StaffItem


def absences_on(session: Session, school_id: str, day: date) -> list[tuple[Absence, Pupil]]:
    """The absences that stand on a day, by pupil's name and session."""
    statement = (
        select(Absence, Pupil)
        .join(Pupil, (Pupil.school_id == Absence.school_id) & (Pupil.id == Absence.pupil_id))
        .where(Absence.school_id == school_id, Absence.day == day, Absence.status.in_(["reported", "confirmed"]))
        .order_by(Pupil.surname, Pupil.known_as, Pupil.id, Absence.session)
    )
    return [(absence, pupil) for absence, pupil in session.execute(statement)]


def marks_on(
    session: Session, school_id: str, day: date, pupil_ids: Collection[str]
) -> dict[tuple[str, str], RegisterMark]:
    """The marks of these pupils on a day, by pupil and session."""
    statement = select(RegisterMark).where(
        RegisterMark.school_id == school_id, RegisterMark.day == day, RegisterMark.pupil_id.in_(sorted(pupil_ids))
    )
    return {(mark.pupil_id, mark.session): mark for mark in session.scalars(statement)}


def _for_staff(school_id: str, *, days: bool) -> ColumnElement[bool]:
    """An item about a text that only the lead may read is not for the office, whatever put it there.

    How a child's days went, with its name, is for those alone who may read the answers (`days`).
    """
    plain = ~exists().where(
        Message.school_id == school_id, Message.id == StaffItem.message_id, Message.restricted.is_(True)
    )
    return plain if days else and_(plain, StaffItem.why != LOW_DAYS)


def open_items(session: Session, school_id: str) -> list[StaffItem]:
    """All that waits for the office: urgent first, then the oldest."""
    statement = (
        select(StaffItem)
        .where(StaffItem.school_id == school_id, StaffItem.closed_at.is_(None), _for_staff(school_id, days=False))
        .order_by(StaffItem.urgent.desc(), StaffItem.at, StaffItem.id)
    )
    return list(session.scalars(statement))


def items_page(
    session: Session, school_id: str, *, is_open: bool | None, days: bool, after: str | None, limit: int
) -> list[StaffItem]:
    """Items in the order in which they came; `is_open` None gives the closed ones too, `days` hard days in a row."""
    statement = select(StaffItem).where(StaffItem.school_id == school_id, _for_staff(school_id, days=days))
    if is_open is not None:
        statement = statement.where(StaffItem.closed_at.is_(None) if is_open else StaffItem.closed_at.is_not(None))
    if after is not None:
        statement = statement.where(StaffItem.id > after)
    return list(session.scalars(statement.order_by(StaffItem.id).limit(limit)))


def lock_shown_item(session: Session, school_id: str, item_id: str, *, days: bool) -> StaffItem | None:
    """An item that the caller may see, locked until the transaction ends."""
    statement = (
        select(StaffItem)
        .where(StaffItem.school_id == school_id, StaffItem.id == item_id, _for_staff(school_id, days=days))
        .with_for_update(of=StaffItem)
    )
    return session.scalars(statement).one_or_none()
