"""Schools and lines as they are looked up."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from school.records.people import Line, School


def all_schools(session: Session) -> list[School]:
    """Every school, by name."""
    return list(session.scalars(select(School).order_by(School.name, School.id)))


def school_named(session: Session, name: str) -> School | None:
    """The school of exactly that name."""
    return session.scalars(select(School).where(School.name == name)).first()


def line_at(session: Session, channel: str, address: str) -> Line | None:
    """Our own line at an address: the one door by which a text finds its school, so no school is asked for."""
    return session.scalars(select(Line).where(Line.channel == channel, Line.address == address)).first()


def lines_on(session: Session, channel: str | None) -> list[Line]:
    """Active lines of every school, on one channel or on all."""
    wanted = select(Line).where(Line.active).order_by(Line.channel, Line.address)
    return list(session.scalars(wanted if channel is None else wanted.where(Line.channel == channel)))
