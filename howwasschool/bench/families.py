"""A school of made-up families for the benches: one child and one phone each, under numbers that nobody can have."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from school.records.base import new_id
from school.records.database import Database
from school.records.people import Address, Contact, Line, Pupil, Right, School

OUR_NUMBER = "+447700900000"
AT_ONCE = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """One phone, whose it is and whose child it may report."""

    number: str
    contact_id: str
    pupil_id: str
    name: str


def name_of(number: int) -> str:
    """A child's name for a number: letters alone, never two alike."""
    letters = "".join(chr(ord("a") + int(digit)) for digit in f"{number:05d}")
    return f"Kid{letters}"


def phone_of(number: int) -> str:
    """Fifteen digits that begin in Ofcom's range for drama: longer than any British number."""
    return f"+447700900{number:06d}"


def settle(database: Database, count: int, *, now: datetime) -> tuple[str, list[Family]]:
    """Writes a school, its line and so many families; gives the school's id and the families."""
    school_id = new_id(now)
    with database.write() as session:
        session.add(School(id=school_id, name="Bench", short_name="Bench", phone="01632 960000", created_at=now))
        session.flush()
        session.add(Line(school_id=school_id, id=new_id(now), channel="sms", address=OUR_NUMBER))
    families = [
        Family(number=phone_of(each), contact_id=new_id(now), pupil_id=new_id(now), name=name_of(each))
        for each in range(count)
    ]
    for first in range(0, count, AT_ONCE):
        with database.write() as session:
            some = families[first : first + AT_ONCE]
            session.add_all([row for family in some for row in _people(school_id, family)])
            session.flush()
            session.add_all([row for family in some for row in _bonds(school_id, family, now)])
    return school_id, families


def _people(school_id: str, family: Family) -> list[Pupil | Contact]:
    pupil = Pupil(
        school_id=school_id,
        id=family.pupil_id,
        external_id=family.pupil_id,
        first_name=family.name,
        known_as=family.name,
        surname="Sample",
        year="4",
        class_name="4B",
    )
    contact = Contact(
        school_id=school_id, id=family.contact_id, external_id=family.contact_id, name=f"Parent of {family.name}"
    )
    return [pupil, contact]


def _bonds(school_id: str, family: Family, now: datetime) -> list[Address | Right]:
    address = Address(
        school_id=school_id, id=new_id(now), contact_id=family.contact_id, channel="sms", address=family.number
    )
    right = Right(
        school_id=school_id,
        contact_id=family.contact_id,
        pupil_id=family.pupil_id,
        may_report=True,
        may_be_told=True,
        may_see_reasons=True,
        lives_with=True,
    )
    return [address, right]
