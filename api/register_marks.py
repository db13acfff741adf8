"""The register: sheets of marks put in, marks with what stood there before."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Annotated

from fastapi import Query
from pydantic import Field

from api.access import Scope, Who
from api.problems import Fault, Problem, Problems, invalid
from api.pupils import ShownPupil, show_pupil
from api.routes import Routes
from api.shapes import ID, After, Body, BodyId, Day, Limit, NoNul, Note, Page, Shown, page_of, place
from school.calendars import calendar_of
from school.records.attendance import MarkAmendment, RegisterMark
from school.records.people import Pupil
from school.records.register_queries import MarkKey, amendments_of, marks_page
from school.registers import Mark, Marker, SheetRefused, put_marks
from school.rules.calendar import Session
from school.rules.codes import CODES

routes = Routes("/register-marks", "register-marks")

# Both sessions of the largest schools on one sheet.
LARGEST_SHEET = 5000
# What somebody may write, and read, who may not see why a child is away: seen, late, or not seen and no reason yet.
WITHOUT_REASONS = frozenset({"/", "\\", "L", "U", "N"})
PLACE = re.compile(rf"\d{{4}}-\d\d-\d\d/(AM|PM)/{ID.pattern}")


class NewMark(Body):
    """One mark of a sheet. `reason` is needed where another mark stands there."""

    pupil: BodyId
    date: Day
    session: Session
    code: Annotated[str, Field(min_length=1, max_length=2)]
    minutes_late: Annotated[int, Field(ge=0, le=600)] | None = None
    reason: Note = ""


class Sheet(Body):
    """Marks that are written all or not at all."""

    marks: Annotated[list[NewMark], Field(min_length=1, max_length=LARGEST_SHEET)]


class SheetWritten(Shown):
    """What became of the sheet's marks."""

    new: int
    amended: int
    unchanged: int


class ShownAmendment(Shown):
    """A change to a mark; codes that would say why a child was away are null without `reasons:read`."""

    original_code: str | None
    new_code: str | None
    reason: str | None
    at: datetime
    by: str
    by_role: str


class ShownMark(Shown):
    """The mark that stands, and what stood there before, oldest first."""

    pupil: ShownPupil
    date: date
    session: Session
    code: str | None = Field(description="Null where it would say why the child is away, without `reasons:read`.")
    absent: bool | None = Field(description="Null where the session does not count.")
    minutes_late: int | None
    taken_at: datetime
    taken_by: str
    version: int
    amendments: list[ShownAmendment]


@routes.change("PUT", "", Scope.MARKS_WRITE, summary="Put in a sheet of marks")
def put_sheet(sheet: Sheet, who: Who) -> SheetWritten:
    """All or nothing: where a row has a fault nothing is written, and every fault is named with its row.

    The same sheet put in twice changes nothing. A mark that replaces another needs a reason, and both are kept.
    """
    if not who.may(Scope.REASONS_READ):
        _require_plain(sheet.marks)
    marks = [
        Mark(
            pupil_id=mark.pupil,
            day=mark.date,
            session=mark.session,
            code=mark.code,
            minutes_late=mark.minutes_late,
            reason=mark.reason,
        )
        for mark in sheet.marks
    ]
    by = Marker(actor=who.actor, role=",".join(who.identity.roles)[:40] or "machine")
    with _faults_as_problem(), who.writing() as session:
        written = put_marks(session, marks, school_id=who.school_id, by=by, now=who.now)
    return SheetWritten(new=written.new, amended=written.amended, unchanged=written.unchanged)


@contextmanager
def _faults_as_problem() -> Iterator[None]:
    try:
        yield
    except SheetRefused as refused:
        faults = [
            Fault(where=f"/marks/{fault.row}/{fault.field}", code=fault.code, says=fault.says)
            for fault in refused.faults
        ]
        raise Problem(Problems.INVALID, "Nothing was written.", faults=faults) from None


def _require_plain(marks: Sequence[NewMark]) -> None:
    faults = [
        Fault(where=f"/marks/{row}/code", code="not-yours", says="Why a child is away is the office's to write.")
        for row, mark in enumerate(marks)
        if mark.code not in WITHOUT_REASONS and mark.code in CODES
    ]
    if faults:
        raise Problem(Problems.INVALID, "Nothing was written.", faults=faults)


# Reading --------------------------------------------------------------------------------------

_FROM = Query(alias="from", description="The first day; the school's today where none is given.")
_TO = Query(description="The last day, a year after the first at most; the first where none is given.")


@routes.get("", Scope.MARKS_READ, summary="List marks")
def list_marks(
    who: Who,
    first: Annotated[Day | None, _FROM] = None,
    to: Annotated[Day | None, _TO] = None,
    session: Annotated[Session | None, Query(description="Only of this half of the day.")] = None,
    pupil: Annotated[BodyId | None, Query(description="Only of this pupil.")] = None,
    class_name: Annotated[NoNul, Query(max_length=100)] = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[ShownMark]:
    """Marks by day, session and pupil, each with what stood before."""
    last_seen = _key(place(after, form=PLACE))
    with who.reading() as records:
        begins = first or calendar_of(records, who.school_id).local(who.now).date()
        ends = to or begins
        if not begins <= ends <= begins + timedelta(days=366):
            raise invalid("to", "range", "The last day comes before the first, or more than a year after it.")
        rows = marks_page(
            records,
            who.school_id,
            first=begins,
            last=ends,
            half=session,
            pupil_id=pupil,
            class_name=class_name,
            after=last_seen,
            limit=limit + 1,
        )
        kept = amendments_of(records, who.school_id, [_key_of(mark) for mark, _ in rows])
    return page_of(
        rows,
        limit,
        show=lambda row: _show(*row, kept.get(_key_of(row[0]), []), reasons=who.may(Scope.REASONS_READ)),
        key=lambda row: f"{row[0].day}/{row[0].session}/{row[0].pupil_id}",
    )


def _key(last: str | None) -> MarkKey | None:
    if last is None:
        return None
    day, half, pupil_id = last.split("/")
    try:
        return pupil_id, date.fromisoformat(day), half
    except ValueError:
        raise invalid("after", "cursor", "This is no `next` of a page of this list.") from None


def _key_of(mark: RegisterMark) -> MarkKey:
    return mark.pupil_id, mark.day, mark.session


def _show(mark: RegisterMark, pupil: Pupil, amendments: Sequence[MarkAmendment], *, reasons: bool) -> ShownMark:
    code = CODES.get(mark.code)
    counts = code is not None and code.counts_as_possible
    return ShownMark(
        pupil=show_pupil(pupil),
        date=mark.day,
        session=Session(mark.session),
        code=_shown_code(mark.code, reasons=reasons),
        absent=code.counts_as_absent if code is not None and counts else None,
        minutes_late=mark.minutes_late,
        taken_at=mark.taken_at,
        taken_by=mark.taken_by,
        version=mark.version,
        amendments=[
            ShownAmendment(
                original_code=_shown_code(row.original_code, reasons=reasons),
                new_code=_shown_code(row.new_code, reasons=reasons),
                reason=row.reason if reasons else None,
                at=row.at,
                by=row.by,
                by_role=row.by_role,
            )
            for row in amendments
        ],
    )


def _shown_code(code: str, *, reasons: bool) -> str | None:
    return code if reasons or code in WITHOUT_REASONS else None
