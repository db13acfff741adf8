"""A made-up school and its families, for the tests of verbs."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy.orm import Session as DatabaseSession

from school.absences import AbsenceStatement, Withdrawal
from school.records.people import Address, Contact, Pupil, Right, School
from school.rules.calendar import Session

MONDAY = date(2026, 11, 23)
EARLY = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)
LATER = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
# The morning register closes at 09:15, which in November is UTC too.
CLOSED = datetime(2026, 11, 23, 9, 15, tzinfo=UTC)

SAM, LEO = "sam", "leo"
MOTHER, FATHER, GRAN, BARRED = "mother", "father", "gran", "barred"
PHONES = {
    MOTHER: "+447700900001",
    FATHER: "+447700900002",
    GRAN: "+447700900003",
    BARRED: "+447700900004",
}


def add_family(session: DatabaseSession, school_id: str = "s") -> None:
    """Sam and Leo Oakes: two parents, a grandmother who may not report, and somebody barred by a court."""
    names = {"name": f"School {school_id}", "short_name": school_id, "phone": "+447700900999"}
    session.add(School(id=school_id, created_at=EARLY, settings={}, **names))
    for pupil_id, name in ((SAM, "Sam"), (LEO, "Leo")):
        names = {"first_name": name, "known_as": name, "surname": "Oakes"}
        session.add(Pupil(school_id=school_id, id=pupil_id, external_id=pupil_id, year="3", class_name="3A", **names))
    for contact_id, phone in PHONES.items():
        session.add(Contact(school_id=school_id, id=contact_id, external_id=contact_id, name=contact_id))
        session.flush()
        session.add(
            Address(school_id=school_id, id=f"a-{contact_id}", contact_id=contact_id, channel="sms", address=phone)
        )
    session.flush()
    for pupil_id in (SAM, LEO):
        add_right(session, MOTHER, pupil_id, school_id, may_report=True, may_be_told=True, may_see_reasons=True)
        add_right(session, FATHER, pupil_id, school_id, may_report=True, may_be_told=True, priority=2)
        add_right(session, GRAN, pupil_id, school_id, may_be_told=True, priority=3)
        add_right(session, BARRED, pupil_id, school_id, may_report=True, no_contact=True, priority=4)


def add_right(session: DatabaseSession, contact_id: str, pupil_id: str, school_id: str = "s", **rights: Any) -> None:
    """What one contact may do for one child."""
    session.add(Right(school_id=school_id, contact_id=contact_id, pupil_id=pupil_id, **rights))


def said(contact_id: str | None = MOTHER, **more: Any) -> AbsenceStatement:
    """Sam is poorly on Monday morning, unless more is said."""
    facts: dict[str, Any] = {
        "school_id": "s",
        "pupil_id": SAM,
        "day": MONDAY,
        "session": Session.AM,
        "kind": "sickness",
        "at": EARLY,
        "message_id": f"m-{contact_id}",
    }
    return AbsenceStatement(**facts | {"contact_id": contact_id} | more)


def unsaid(contact_id: str = MOTHER, **more: Any) -> Withdrawal:
    """Whoever it is takes back what they said of Sam's Monday morning."""
    facts: dict[str, Any] = {
        "school_id": "s",
        "pupil_id": SAM,
        "day": MONDAY,
        "session": Session.AM,
        "at": LATER,
        "message_id": f"m2-{contact_id}",
    }
    return Withdrawal(**facts | {"contact_id": contact_id} | more)
