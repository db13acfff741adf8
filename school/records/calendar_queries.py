"""A school's own days and times as they stand on record."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from school.records.people import ClosedDay, School, SchoolTimes, Term


def terms_of(session: Session, school_id: str) -> list[Term]:
    """The school's terms in order."""
    return list(session.scalars(select(Term).where(Term.school_id == school_id).order_by(Term.first)))


def closed_days_of(session: Session, school_id: str) -> list[ClosedDay]:
    """The days on which the school, or one of its year groups, is closed, in order."""
    wanted = select(ClosedDay).where(ClosedDay.school_id == school_id).order_by(ClosedDay.day, ClosedDay.year)
    return list(session.scalars(wanted))


def times_of(session: Session, school_id: str) -> list[SchoolTimes]:
    """The school's times, and those of year groups that have their own."""
    return list(session.scalars(select(SchoolTimes).where(SchoolTimes.school_id == school_id)))


def timezone_of(session: Session, school_id: str) -> str | None:
    """The school's time zone; None where there is no such school."""
    return session.scalar(select(School.timezone).where(School.id == school_id))
