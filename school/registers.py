"""The register: marks put in whole sheets, all or nothing, and amended only with a reason that is kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session as DatabaseSession

from school import ledger
from school.calendars import calendar_of
from school.records.attendance import MarkAmendment, RegisterMark
from school.records.base import new_id
from school.records.chase_queries import look_again
from school.records.people import Pupil
from school.records.pupil_queries import pupils_by_id
from school.records.register_queries import MarkKey, insert_new_marks, lock_marks
from school.rules.calendar import Calendar, Session
from school.rules.codes import NotACode, require_writable
from school.rules.register_code import Code, Statistic

# The two marks of children who came after the register was begun.
LATE = frozenset({"L", "U"})
CLOSED = "#"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A mark to put into the register; `reason` says why, where another mark stands there already."""

    pupil_id: str
    day: date
    session: Session
    code: str
    minutes_late: int | None = None
    reason: str = ""

    @property
    def key(self) -> MarkKey:
        """What a register knows it by."""
        return self.pupil_id, self.day, self.session.value


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkFault:
    """What is wrong with one row of a sheet, counted from 0."""

    row: int
    field: str
    code: str
    says: str


class SheetRefused(Exception):  # noqa: N818  it says what happened to the sheet
    """The sheet has faults, so that none of it was written."""

    def __init__(self, faults: Sequence[MarkFault]) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """How many marks were new, were amended, or stood there already just so."""

    new: int = 0
    amended: int = 0
    unchanged: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Marker:
    """Who puts the marks in: the ledger's name for them, and the role in which they do it."""

    actor: str
    role: str


def put_marks(session: DatabaseSession, marks: Sequence[Mark], *, school_id: str, by: Marker, now: datetime) -> Written:
    """Writes a sheet of marks, all or nothing; raises SheetRefused with every row's faults.

    A session without a mark gets one. Another mark that stands there is amended: the original, the new one, the
    reason, the moment and the person are kept (Regs reg 15 in domain.md, section 0, rule 10). The same mark again
    changes nothing.
    """
    pupils = pupils_by_id(session, school_id, {mark.pupil_id for mark in marks})
    faults = list(_faults(marks, pupils, calendar_of(session, school_id), now=now))
    if faults:
        raise SheetRefused(faults)
    ordered = sorted(marks, key=lambda mark: mark.key)
    put = insert_new_marks(session, [_row(mark, school_id, by, now) for mark in ordered])
    standing = lock_marks(session, school_id, (mark.key for mark in ordered if mark.key not in put))
    changed = [mark for mark in ordered if mark.key in standing and _differs(mark, standing[mark.key])]
    unsaid = {mark.key for mark in changed if not mark.reason and _overwrites(mark, standing[mark.key])}
    if unsaid:
        rows = (row for row, mark in enumerate(marks) if mark.key in unsaid)
        raise SheetRefused([_fault(row, "reason", "reason-needed", REASON_NEEDED) for row in rows])
    for mark in changed:
        _amend(session, mark, standing[mark.key], by=by, now=now)
    _record(session, put, school_id=school_id, by=by, now=now)
    for day in sorted({mark.day for mark in marks}):
        look_again(session, school_id, day, now=now)
    return Written(new=len(put), amended=len(changed), unchanged=len(standing) - len(changed))


REASON_NEEDED = "Another mark stands there. Say why it changes: the register keeps both."


def _row(mark: Mark, school_id: str, by: Marker, now: datetime) -> dict[str, object]:
    return {
        "school_id": school_id,
        "pupil_id": mark.pupil_id,
        "day": mark.day,
        "session": mark.session.value,
        "code": mark.code,
        "minutes_late": mark.minutes_late,
        "taken_at": now,
        "taken_by": by.actor,
        "version": 1,
    }


def _differs(mark: Mark, standing: RegisterMark) -> bool:
    return mark.code != standing.code or (mark.minutes_late is not None and mark.minutes_late != standing.minutes_late)


def _overwrites(mark: Mark, standing: RegisterMark) -> bool:
    """Whether something that was written goes; minutes that nobody had given yet only complete the mark."""
    return mark.code != standing.code or standing.minutes_late is not None


def _amend(session: DatabaseSession, mark: Mark, standing: RegisterMark, *, by: Marker, now: datetime) -> None:
    session.add(
        MarkAmendment(
            school_id=standing.school_id,
            id=new_id(now),
            pupil_id=mark.pupil_id,
            day=mark.day,
            session=mark.session.value,
            original_code=standing.code,
            new_code=mark.code,
            reason=mark.reason or "Minutes added.",
            at=now,
            by=by.actor,
            by_role=by.role,
        )
    )
    ledger.record(
        session,
        ledger.Entry(
            school_id=standing.school_id,
            actor=by.actor,
            verb="amend_mark",
            subject="register_mark",
            subject_id=f"{mark.pupil_id}/{mark.day}/{mark.session}",
            detail={"from": standing.code, "to": mark.code},
        ),
        now=now,
    )
    standing.code = mark.code
    standing.minutes_late = mark.minutes_late
    standing.version += 1


def _record(session: DatabaseSession, put: Iterable[MarkKey], *, school_id: str, by: Marker, now: datetime) -> None:
    """One ledger row for each session's new marks: who wrote each of them stands in the mark itself."""
    for (day, half), marks in sorted(Counter((day, half) for _, day, half in put).items()):
        entry = ledger.Entry(
            school_id=school_id,
            actor=by.actor,
            verb="take_register",
            subject="register",
            subject_id=f"{day}/{half}",
            detail={"marks": marks},
        )
        ledger.record(session, entry, now=now)


# Faults ---------------------------------------------------------------------------------------


def _fault(row: int, field: str, code: str, says: str) -> MarkFault:
    return MarkFault(row=row, field=field, code=code, says=says)


def _faults(
    marks: Sequence[Mark], pupils: dict[str, Pupil], calendar: Calendar, *, now: datetime
) -> Iterable[MarkFault]:
    today = calendar.local(now).date()
    times = Counter(mark.key for mark in marks)
    for row, mark in enumerate(marks):
        pupil = pupils.get(mark.pupil_id)
        if times[mark.key] > 1:
            yield _fault(row, "pupil", "twice", "This pupil's session stands on the sheet more than once.")
        if pupil is None:
            yield _fault(row, "pupil", "unknown-pupil", "No pupil of this school has that id.")
        elif pupil.left_on is not None and pupil.left_on < mark.day:
            yield _fault(row, "date", "pupil-left", "This pupil had left the school by then.")
        try:
            code = require_writable(mark.code, on=mark.day, session=mark.session)
        except NotACode as refused:
            yield _fault(row, "code", _kind(refused), str(refused))
        else:
            yield from _unfitting(row, mark, code, calendar, year=pupil.year if pupil else "", today=today)


def _unfitting(row: int, mark: Mark, code: Code, calendar: Calendar, *, year: str, today: date) -> Iterable[MarkFault]:
    """A code that is one, on a day or with minutes that it cannot have."""
    if code.mark != mark.code:
        yield _fault(row, "code", "unknown-mark", f"Write it as {code.mark}.")
    if code.mark != CLOSED and not calendar.is_school_day(mark.day, year=year):
        yield _fault(row, "date", "no-school-day", "That is no school day for this pupil.")
    if mark.day > today and (code.statistic is Statistic.PRESENT or code.mark in LATE):
        yield _fault(row, "date", "not-yet", "Nobody has been seen on a day that is still to come.")
    if mark.minutes_late is not None and code.mark not in LATE:
        yield _fault(row, "minutes_late", "not-late", "Minutes go with L and U only.")


def _kind(refused: NotACode) -> str:
    """The fault's code from the kind of refusal: RetiredCode is retired-code."""
    name = type(refused).__name__
    return "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("-")
