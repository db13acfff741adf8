"""Schools and their lines: how an installation gets its first school, and how a number or a bot chooses its school."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from school.ledger import SYSTEM, Entry, record
from school.records.base import new_id
from school.records.people import Line, School
from school.records.school_queries import all_schools, line_at, school_named

LONGEST_SHORT_NAME = 20


class SchoolRefused(ValueError):  # noqa: N818
    """The school or the line cannot be added as it stands; the message says why."""


def add_school(
    session: Session,
    *,
    name: str,
    short_name: str,
    phone: str,
    now: datetime,
    care_line: str = "",
    on_call: str = "nobody",
    timezone: str = "Europe/London",
) -> School:
    """A new school. `short_name`, of 20 characters at most, is what texts call it. Raises SchoolRefused."""
    if not name.strip() or not short_name.strip() or not phone.strip():
        raise SchoolRefused("a school needs a name, a short name and a phone number")
    if len(short_name) > LONGEST_SHORT_NAME:
        raise SchoolRefused(
            f"the short name has {len(short_name)} characters; a text has room for {LONGEST_SHORT_NAME}"
        )
    if school_named(session, name) is not None:
        raise SchoolRefused("there is a school of that name already")
    school = School(
        id=new_id(now),
        name=name,
        short_name=short_name,
        phone=phone,
        care_line=care_line,
        on_call=on_call,
        timezone=timezone,
        created_at=now,
        settings={},
    )
    session.add(school)
    session.flush()
    _record(session, school.id, "add_school", "school", school.id, now)
    return school


def add_line(session: Session, school_id: str, *, channel: str, address: str, now: datetime, secret: str = "") -> Line:
    """One of our own addresses for a school; the same one again changes nothing but its secret.

    Raises SchoolRefused where the address is another school's.
    """
    line = line_at(session, channel, address)
    if line is not None and line.school_id != school_id:
        raise SchoolRefused("that address is another school's line")
    if line is None:
        line = Line(school_id=school_id, id=new_id(now), channel=channel, address=address, secret=secret, active=True)
        session.add(line)
        session.flush()
        _record(session, school_id, "add_line", "line", line.id, now)
    line.secret, line.active = secret, True
    return line


def schools(session: Session) -> list[School]:
    """All schools of this installation, by name."""
    return all_schools(session)


def find_school(session: Session, wanted: str | None = None) -> School:
    """The school with this id, name or short name; where none is named, the only one there is.

    Raises LookupError with a sentence that says what to name.
    """
    there = all_schools(session)
    named = [each for each in there if wanted is None or wanted in {each.id, each.name, each.short_name}]
    if len(named) == 1:
        return named[0]
    if not there:
        raise LookupError("there is no school yet: add one first")
    choice = ", ".join(each.short_name for each in there)
    raise LookupError(
        f"name one of these schools: {choice}" if wanted is None else f"no such school; there are: {choice}"
    )


def _record(session: Session, school_id: str, verb: str, subject: str, subject_id: str, now: datetime) -> None:
    entry = Entry(school_id=school_id, actor=SYSTEM, verb=verb, subject=subject, subject_id=subject_id)
    record(session, entry, now=now)
