"""The sessions that a set of texts is about, locked and loaded at once: what verbs read, change and write back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session as DatabaseSession

from school.calendars import calendar_of
from school.ledger import Entry, record
from school.records.absence_queries import (
    Key,
    lock_absences,
    lock_pupils,
    religious_absences,
    standing_statements,
)
from school.records.attendance import Absence, Statement
from school.records.base import new_id
from school.records.people import Pupil
from school.rules.absence_times import missed_for_appointment
from school.rules.calendar import Calendar, CalendarEnds, Session
from school.rules.proposals import Proposal, propose
from school.standing import APPOINTMENT, LATENESS, Position, positions, strongest

REPORTED, CONFIRMED, WITHDRAWN = "reported", "confirmed", "withdrawn"
# What an absence shows of the position that is strongest, field by field.
_SHOWN = tuple(Position.__dataclass_fields__)


class Sheet:
    """Pupils, absences and standing statements of some sessions. Pupils of another school are not on it."""

    def __init__(self, session: DatabaseSession, keys: Iterable[Key], *, now: datetime) -> None:
        wanted = set(keys)
        self._session = session
        self._now = now
        self._pupils = lock_pupils(session, {(school_id, pupil_id) for school_id, pupil_id, _, _ in wanted})
        self.absences = lock_absences(session, {key for key in wanted if key[:2] in self._pupils})
        self._statements = standing_statements(session, self.absences.values()) if self.absences else {}
        self._calendars: dict[str, Calendar] = {}
        self._new: list[Statement] = []

    def pupil(self, key: Key) -> Pupil | None:
        """The pupil of a session; None for one who is not of that school."""
        return self._pupils.get(key[:2])

    def statements(self, absence: Absence) -> Sequence[Statement]:
        """The statements about an absence that stand, those of this set included."""
        return self._statements.get(absence.id, ())

    def calendar(self, school_id: str) -> Calendar:
        """The school's calendar, looked up once."""
        if school_id not in self._calendars:
            self._calendars[school_id] = calendar_of(self._session, school_id)
        return self._calendars[school_id]

    def is_closed(self, key: Key, *, at: datetime) -> bool:
        """Whether the session's register had closed at that moment."""
        pupil = self._pupils[key[:2]]
        return is_register_closed(self.calendar(key[0]), key[2], Session(key[3]), year=pupil.year, at=at)

    def absence(self, key: Key, position: Position) -> Absence:
        """What is on record for a session, or a new absence that shows `position`."""
        if key not in self.absences:
            school_id, pupil_id, day, half = key
            self.absences[key] = Absence(
                school_id=school_id,
                id=new_id(self._now),
                pupil_id=pupil_id,
                day=day,
                session=half,
                status=WITHDRAWN,
                version=0,
                created_at=self._now,
                changed_at=self._now,
                **{name: getattr(position, name) for name in _SHOWN},
            )
            self._session.add(self.absences[key])
        return self.absences[key]

    def add(self, absence: Absence, statement: Statement) -> None:
        """A new statement about an absence; it counts at once and is written by `write`."""
        self._statements.setdefault(absence.id, []).append(statement)
        self._new.append(statement)

    def withdraw(self, absence: Absence, statements: Iterable[Statement], *, at: datetime) -> None:
        """Takes statements back: they stay on record and count no more."""
        gone = set(map(id, statements))
        for statement in self._statements.get(absence.id, []):
            if id(statement) in gone:
                statement.withdrawn_at = at
        self._statements[absence.id] = [each for each in self.statements(absence) if id(each) not in gone]

    def refresh(self, absence: Absence) -> bool:
        """Lets the absence show what its standing statements say; whether that changed anything.

        What staff confirmed is not for statements to change: the caller looks first.
        """
        shown = strongest(positions(self.statements(absence)))
        before = _facts(absence)
        if shown is None:
            absence.status, absence.accounted_for, absence.explained = WITHDRAWN, False, False
            absence.proposed_code, absence.proposed_why = None, ""
        else:
            self._show(absence, shown)
        if _facts(absence) == before:
            return False
        self.touch(absence)
        return True

    def _show(self, absence: Absence, shown: Position) -> None:
        for name in _SHOWN:
            # A column that is set is a column that is written, changed or not.
            if getattr(absence, name) != (value := getattr(shown, name)):
                setattr(absence, name, value)
        absence.status, absence.accounted_for, absence.explained = REPORTED, True, shown.is_explained
        proposal = self._proposal(absence, shown)
        absence.proposed_code, absence.proposed_why = proposal.code, proposal.why

    def touch(self, absence: Absence) -> None:
        """A new version: whoever looked at the one before must look again."""
        absence.version += 1
        absence.changed_at = self._now

    def record(self, absence: Absence, verb: str, actor: str) -> None:
        """A line for the ledger: which session, and what it is now; the reason is not for every reader of changes."""
        entry = Entry(
            school_id=absence.school_id,
            actor=actor,
            verb=verb,
            subject="absence",
            subject_id=absence.id,
            detail={
                "pupil": absence.pupil_id,
                "day": absence.day.isoformat(),
                "session": absence.session,
                "status": absence.status,
                "code": absence.code,
                "version": absence.version,
            },
        )
        record(self._session, entry, now=self._now)

    def write(self) -> None:
        """Absences first, since statements point at them."""
        self._session.flush()
        self._session.add_all(self._new)
        self._session.flush()
        self._new = []

    # Proposals --------------------------------------------------------------------------------

    def _proposal(self, absence: Absence, shown: Position) -> Proposal:
        calendar = self.calendar(absence.school_id)
        year = self._pupils[(absence.school_id, absence.pupil_id)].year
        half = Session(absence.session)
        return propose(
            shown.kind,
            shown.reason_category,
            session=half,
            times=calendar.times_on(absence.day, year=year),
            missed=is_missed(calendar, absence.day, half, shown, year=year),
            arrives=calendar.local(shown.expected_at).time() if shown.expected_at is not None else None,
            minutes_late=shown.minutes_late,
            day_number=self._day_number(absence, shown, year),
        )

    def _day_number(self, absence: Absence, shown: Position, year: str) -> int:
        """2 where the school day before was religious too: only the first can be the day set apart."""
        if shown.reason_category != "religious":
            return 1
        try:
            before = self.calendar(absence.school_id).previous_school_day(absence.day, year=year)
        except CalendarEnds:
            return 1
        return 2 if self._is_religious(absence.school_id, absence.pupil_id, before) else 1

    def _is_religious(self, school_id: str, pupil_id: str, day: date) -> bool:
        here = [self.absences.get((school_id, pupil_id, day, half.value)) for half in Session]
        if any(each is not None for each in here):
            return any(each.reason_category == "religious" and each.status != WITHDRAWN for each in here if each)
        with self._session.no_autoflush:
            return bool(religious_absences(self._session, school_id, {pupil_id}, day))


def _facts(absence: Absence) -> tuple[object, ...]:
    names = (*_SHOWN, "status", "accounted_for", "explained", "proposed_code", "proposed_why")
    return tuple(getattr(absence, name) for name in names)


def is_register_closed(calendar: Calendar, day: date, session: Session, *, year: str, at: datetime) -> bool:
    """Whether the register of a session had closed at that moment: on a later day it has, whatever the hour."""
    _, closes = calendar.times_on(day, year=year).register(session)
    return at >= calendar.moment(day, closes)


def is_missed(calendar: Calendar, day: date, session: Session, shown: Position, *, year: str) -> bool:
    """Whether the child is away while the session's register is open (care rule 30).

    Of an appointment only its times say so: one whose time is not known yet makes nobody miss anything. Whoever is
    ill misses the session, unless times say otherwise.
    """
    if shown.kind == LATENESS:
        return False
    if shown.kind == APPOINTMENT:
        return session in missed_for_appointment(
            calendar, day, at=shown.appointment_at, leaves=shown.leaves_at, returns=shown.returns_at, year=year
        )
    if shown.leaves_at is None and shown.returns_at is None:
        return True
    return session in calendar.missed_sessions(day, leaves=shown.leaves_at, returns=shown.returns_at, year=year)


def arrival(calendar: Calendar, day: date, session: Session, *, minutes_late: int, year: str) -> datetime:
    """When a child who comes so many minutes late is expected, counted from the start of the session."""
    starts, _ = calendar.times_on(day, year=year).register(session)
    return calendar.moment(day, starts) + timedelta(minutes=minutes_late)
