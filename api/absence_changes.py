"""What staff may write of an absence, and how it becomes a report, an amendment or a confirmation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, time, timedelta
from typing import Annotated, Any, Literal, Self, TypeAlias

from pydantic import AfterValidator, Field, StringConstraints, model_validator
from sqlalchemy.orm import Session as DatabaseSession

from api.access import Caller
from api.problems import Problem, Problems, invalid, not_found
from api.shapes import Body, BodyId, Day, Moment, Note
from school.absences import AbsenceStatement, amend, confirm, report_for_parent
from school.calendars import calendar_of
from school.records.attendance import Absence
from school.records.people import Pupil
from school.records.pupil_queries import pupils_by_id
from school.rules.calendar import Calendar, Session
from school.rules.codes import ONE_KEY, NotACode
from school.settling import AbsenceRefused

AbsenceKind: TypeAlias = Literal["sickness", "lateness", "appointment", "absence_other"]
# A term is shorter than this: a longer range is a slip of the keyboard.
LONGEST_RANGE = timedelta(days=120)


def _local(value: time) -> time:
    if value.tzinfo is not None:
        raise ValueError("a time of the school's day has no time zone")
    return value


LocalTime: TypeAlias = Annotated[time, AfterValidator(_local)]
Minutes: TypeAlias = Annotated[int, Field(ge=0, le=600)]
Reason: TypeAlias = Annotated[
    str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,29}$"), Field(description="A category, such as vomiting.")
]
RegisterCode: TypeAlias = Annotated[str, StringConstraints(min_length=1, max_length=2)]


class Report(Body):
    """What a parent said by telephone or at the gate. Without `session`: all day, or, for lateness, the morning."""

    pupil: BodyId
    date: Day
    last: Day | None = Field(default=None, description="The last day, where there are several.")
    session: Session | None = None
    kind: AbsenceKind
    reason_category: Reason | None = None
    contact: BodyId | None = Field(default=None, description="Who rang.")
    minutes_late: Minutes | None = None
    expected_at: Moment | None = None
    appointment_at: LocalTime | None = None
    leaves_at: LocalTime | None = None
    returns_at: LocalTime | None = None
    note: Note = ""

    @model_validator(mode="after")
    def _is_one_report(self) -> Self:
        if self.last is not None and not self.date <= self.last <= self.date + LONGEST_RANGE:
            raise ValueError("the last day comes before the first, or more than 120 days after it")
        if self.last is not None and self.last != self.date and self.kind == "lateness":
            raise ValueError("a child is late on one day")
        return self


class AbsenceChange(Body):
    """What is to change; a field that is left out stays as it is."""

    code: RegisterCode | None = Field(default=None, description="Confirms the absence with this register code.")
    confirm: Literal[True] | None = Field(
        default=None, description="Confirms it with the proposed code, where that is I, M or L."
    )
    note: Note | None = None
    kind: AbsenceKind | None = None
    reason_category: Reason | None = None
    minutes_late: Minutes | None = None
    expected_at: Moment | None = None
    appointment_at: LocalTime | None = None
    leaves_at: LocalTime | None = None
    returns_at: LocalTime | None = None

    @model_validator(mode="after")
    def _is_one_change(self) -> Self:
        if self.code is not None and self.confirm is not None:
            raise ValueError("a code, or the proposed one: not both")
        if "kind" in self.model_fields_set and self.kind is None:
            raise ValueError("an absence has a kind")
        return self


# Reporting --------------------------------------------------------------------------------------


def write_down(session: DatabaseSession, said: Report, who: Caller) -> list[Absence]:
    """The absences of a report, one a session of each school day. Raises 404 and faults."""
    pupil = pupils_by_id(session, who.school_id, [said.pupil]).get(said.pupil)
    if pupil is None:
        raise not_found()
    sessions = list(_sessions(said, calendar_of(session, who.school_id), pupil))
    if not sessions:
        raise invalid("/date", "no-school-day", "There is no session of this pupil's in that time.")
    try:
        filed = report_for_parent(session, [_statement(said, who, day, half) for day, half in sessions], now=who.now)
    except LookupError:
        raise not_found() from None
    if said.note:
        for absence in filed:
            _amend(session, absence, {"note": said.note}, who)
    return filed


def _sessions(said: Report, calendar: Calendar, pupil: Pupil) -> Iterator[tuple[date, Session]]:
    for day, half in calendar.sessions(said.date, said.last or said.date, year=pupil.year):
        if said.session is not None and half is not said.session:
            continue
        if said.session is None and said.kind == "lateness" and half is Session.PM:
            continue
        starts, ends = calendar.times_on(day, year=pupil.year).bounds(half)
        if (said.leaves_at is None or said.leaves_at < ends) and (said.returns_at is None or said.returns_at > starts):
            yield day, half


def _statement(said: Report, who: Caller, day: date, half: Session) -> AbsenceStatement:
    return AbsenceStatement(
        school_id=who.school_id,
        pupil_id=said.pupil,
        day=day,
        session=half,
        kind=said.kind,
        at=who.now,
        reason_category=said.reason_category,
        contact_id=said.contact,
        user_id=who.author,
        written_by=who.actor,
        appointment_at=said.appointment_at,
        leaves_at=said.leaves_at,
        returns_at=said.returns_at,
        expected_at=said.expected_at,
        minutes_late=said.minutes_late,
        rule="rang",
    )


# Settling ---------------------------------------------------------------------------------------

FACTS = frozenset(
    {"kind", "reason_category", "minutes_late", "expected_at", "appointment_at", "leaves_at", "returns_at", "note"}
)


def apply(session: DatabaseSession, absence: Absence, changes: AbsenceChange, who: Caller) -> None:
    """Puts right what is said first, then confirms. Raises 409 and faults."""
    code = _code(absence, changes)
    if code is not None and absence.code not in {None, code.strip().upper()} and not changes.note:
        raise invalid("/note", "reason-needed", "It was confirmed with another code. Say in the note why that changes.")
    facts = {name: getattr(changes, name) for name in changes.model_fields_set & FACTS}
    if "note" in facts:
        facts["note"] = facts["note"] or ""
    if facts:
        _amend(session, absence, facts, who)
    if code is not None:
        with _refusals():
            confirm(session, absence, code, actor=who.actor, user_id=who.author, now=who.now)


def _code(absence: Absence, changes: AbsenceChange) -> str | None:
    """The code to confirm with; one key takes I, M and L alone (care rule 26)."""
    if changes.confirm is None:
        return changes.code
    if absence.proposed_code not in ONE_KEY:
        raise invalid("/confirm", "choose-a-code", "Only I, M and L are confirmed as proposed. Send the code.")
    return absence.proposed_code


def _amend(session: DatabaseSession, absence: Absence, facts: dict[str, Any], who: Caller) -> None:
    with _refusals():
        amend(session, absence, facts, actor=who.actor, user_id=who.author, now=who.now)


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except NotACode as refused:
        name = re.sub(r"(?<!^)(?=[A-Z])", "-", type(refused).__name__).lower()
        raise invalid("/code", name, str(refused)) from None
    except AbsenceRefused as refused:
        raise Problem(Problems.CONFLICT, f"{str(refused)[:1].upper()}{str(refused)[1:]}.") from None
