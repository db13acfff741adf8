"""A school's roster taken in: read and checked whole, previewed, then written all or nothing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy.orm import Session

from school.csv_table import Fault, FileRefused
from school.ledger import Entry, record
from school.records.base import new_id
from school.records.people import Address, Contact, Pupil, Right
from school.records.roster_queries import PHONE, People, people_of
from school.roster_columns import RIGHTS, ColumnMap, MapRefused, read_map
from school.roster_file import Roster, RosterPupil, read_roster
from school.roster_plan import NO_CONTACT, NOT_IN_ROSTER, PUPIL_FIELDS, Plan, Waiting, plan_roster
from school.waiting_rights import raise_still_rung, raise_waiting

__all__ = [
    "ColumnMap",
    "Fault",
    "FileRefused",
    "ManyWouldLeave",
    "MapRefused",
    "Plan",
    "Roster",
    "Waiting",
    "import_roster",
    "preview",
    "read_map",
    "read_roster",
]


class ManyWouldLeave(Exception):  # noqa: N818
    """So many pupils would leave that the file may be half of one; somebody must say that it is meant."""


def preview(session: Session, school_id: str, roster: Roster, *, today: date) -> Plan:
    """What taking the roster in would change; nothing is written."""
    return plan_roster(roster, people_of(session, school_id), today=today)


def import_roster(
    session: Session,
    school_id: str,
    roster: Roster,
    *,
    today: date,
    actor: str,
    now: datetime,
    many_may_leave: bool = False,
) -> Plan:
    """Takes the roster in, and gives what that changed; the same roster again changes nothing.

    What waits for a person becomes a staff item each (care rule 12). Raises ManyWouldLeave before anything is
    written, where a fifth of the pupils or more would leave.
    """
    people = people_of(session, school_id)
    plan = plan_roster(roster, people, today=today)
    if plan.leaves_many and not many_may_leave:
        raise ManyWouldLeave(
            f"{len(plan.pupils_left)} of {plan.pupils_before} pupils are not in the file and would leave"
        )
    writing = _Writing(session, school_id, people, plan, actor=actor, now=now)
    writing.pupils(roster, today)
    writing.contacts(roster)
    session.flush()
    writing.phones()
    writing.rights()
    session.flush()
    raise_waiting(session, school_id, plan.waiting, people, now=now)
    raise_still_rung(session, school_id, [people.pupils[each].id for each in plan.ring_first_stays], now=now)
    if plan:
        writing.record("import_roster", "school", school_id, **plan.counts())
    return plan


class _Writing:
    """A plan being written: rows by external id, those that were just made included."""

    def __init__(
        self, session: Session, school_id: str, people: People, plan: Plan, *, actor: str, now: datetime
    ) -> None:
        self._session = session
        self._school_id = school_id
        self._people = people
        self._plan = plan
        self._actor = actor
        self._now = now

    def pupils(self, roster: Roster, today: date) -> None:
        """Adds, changes, lets leave and takes back."""
        there = self._people.pupils
        for pupil in self._plan.pupils_added:
            facts = {name: getattr(pupil, name) for name in (*PUPIL_FIELDS, "external_id", "left_on", "ring_first")}
            there[pupil.external_id] = Pupil(school_id=self._school_id, id=new_id(self._now), **facts)
            self._session.add(there[pupil.external_id])
            self.record("add_pupil", "pupil", there[pupil.external_id].id)
        for external_id, names in self._plan.pupils_changed.items():
            self._change(there[external_id], roster.pupils[external_id], names)
        for external_id in self._plan.pupils_back:
            there[external_id].left_on = None
            self._touch(there[external_id], "take_back_pupil")
        for external_id in self._plan.pupils_left:
            there[external_id].left_on = today
            self._touch(there[external_id], "pupil_left")

    def _change(self, row: Pupil, pupil: RosterPupil, names: Iterable[str]) -> None:
        for name in names:
            setattr(row, name, getattr(pupil, name))
        self._touch(row, "change_pupil")

    def contacts(self, roster: Roster) -> None:
        """Adds and changes; a contact of nobody in the roster is closed, and opened when it is there again."""
        there = self._people.contacts
        for contact in self._plan.contacts_added:
            there[contact.external_id] = Contact(
                school_id=self._school_id,
                id=new_id(self._now),
                external_id=contact.external_id,
                name=contact.name,
                language=contact.language or "en",
                ring_only=contact.ring_only,
                active=True,
            )
            self._session.add(there[contact.external_id])
            self.record("add_contact", "contact", there[contact.external_id].id)
        for external_id, names in self._plan.contacts_changed.items():
            for name in names:
                setattr(there[external_id], name, getattr(roster.contacts[external_id], name))
            self._touch(there[external_id], "change_contact")
        for external_ids, active in ((self._plan.contacts_back, True), (self._plan.contacts_gone, False)):
            for external_id in external_ids:
                there[external_id].active = active
                self._touch(there[external_id], "open_contact" if active else "close_contact")

    def phones(self) -> None:
        """Adds; one that is gone stays in quarantine, so that an opt-out outlives a gap in the file."""
        for external_id, phone in self._plan.phones_added:
            contact = self._people.contacts[external_id]
            row = Address(
                school_id=self._school_id, id=new_id(self._now), contact_id=contact.id, channel=PHONE, address=phone
            )
            self._session.add(row)
            self.record("add_phone", "address", row.id)
        for row in self._plan.phones_gone:
            row.quarantined_at, row.quarantine_reason = self._now, NOT_IN_ROSTER
            self.record("quarantine", "address", row.id, reason=NOT_IN_ROSTER)
        for row in self._plan.phones_back:
            row.quarantined_at, row.quarantine_reason = None, ""
            self.record("release", "address", row.id)

    def rights(self) -> None:
        """Adds where the plan allows it, narrows at once, lifts nothing."""
        for said, given in self._plan.rights_added:
            contact, pupil = self._people.contacts[said.contact], self._people.pupils[said.pupil]
            row = Right(school_id=self._school_id, contact_id=contact.id, pupil_id=pupil.id, priority=said.priority)
            row.care_week = said.care_week
            for name in RIGHTS:
                setattr(row, name, name in given)
            self._session.add(row)
            self._record_right("add_right", row, rights=sorted(given))
        for key, names in self._plan.rights_narrowed.items():
            row = self._right(key)
            for name in names:
                setattr(row, name, name == NO_CONTACT)
            self._record_right("narrow_right", row, rights=sorted(names))
        for key, priority in self._plan.priorities.items():
            self._right(key).priority = priority
        for key, week in self._plan.care_weeks.items():
            self._right(key).care_week = week
        for row in self._plan.rights_gone:
            self._record_right("remove_right", row)
            self._session.delete(row)

    def _right(self, key: tuple[str, str]) -> Right:
        pupil, contact = key
        return self._people.rights[(self._people.contacts[contact].id, self._people.pupils[pupil].id)]

    def _touch(self, row: Pupil | Contact, verb: str) -> None:
        row.version += 1
        self.record(verb, "pupil" if isinstance(row, Pupil) else "contact", row.id)

    def _record_right(self, verb: str, row: Right, **detail: object) -> None:
        self.record(verb, "right", row.contact_id, pupil=row.pupil_id, **detail)

    def record(self, verb: str, subject: str, subject_id: str, **detail: object) -> None:
        """A line for the ledger."""
        entry = Entry(
            school_id=self._school_id,
            actor=self._actor,
            verb=verb,
            subject=subject,
            subject_id=subject_id,
            detail=detail,
        )
        record(self._session, entry, now=self._now)
