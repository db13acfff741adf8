"""What was said about a child's session: looked through, written down for a parent who rang, settled by staff."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated

from fastapi import Query, Response
from sqlalchemy.orm import Session as DatabaseSession

from api.absence_changes import AbsenceChange, AbsenceKind, Report, apply, write_down
from api.access import Caller, Scope, Who
from api.problems import Problem, Problems, invalid, not_found
from api.routes import Routes
from api.shapes import (
    ID,
    After,
    BodyId,
    Day,
    IfMatch,
    Limit,
    Page,
    PathId,
    Shown,
    etag,
    page_of,
    place,
    require_version,
)
from api.shown_absence import ShownAbsence, Status, show_all
from school.absences import withdraw
from school.records.absence_lists import absence_with_pupil, absences_page, lock_absence
from school.records.attendance import Absence
from school.rules.calendar import Session

routes = Routes("/absences", "absences")

# `school.rules.references`, in either case: it is typed from hearing it.
REFERENCE = r"^[0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]{4}$"
PLACE = re.compile(rf"\d{{4}}-\d\d-\d\d/(AM|PM)/{ID.pattern}")


class Absences(Shown):
    """The absences that came of a report: one a session."""

    items: list[ShownAbsence]


# Looking ---------------------------------------------------------------------------------------


@routes.get("", Scope.ABSENCES_READ, summary="List absences")
def list_absences(
    who: Who,
    date: Annotated[Day | None, Query(description="Only of this day.")] = None,
    first: Annotated[Day | None, Query(alias="from", description="The first day.")] = None,
    to: Annotated[Day | None, Query(description="The last day.")] = None,
    status: Annotated[Status | None, Query(description="Without it: all, withdrawn ones too.")] = None,
    session: Annotated[Session | None, Query(description="Only of this half of the day.")] = None,
    kind: Annotated[AbsenceKind | None, Query(description="Asks for `reasons:read`.")] = None,
    pupil: Annotated[BodyId | None, Query(description="Only of this pupil.")] = None,
    reference: Annotated[
        str | None, Query(pattern=REFERENCE, description="Of the report that a parent calls so.")
    ] = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[ShownAbsence]:
    """Absences by day and session."""
    if kind is not None and not who.may(Scope.REASONS_READ):
        raise Problem(Problems.REASONS_HIDDEN)
    if date is not None and (first is not None or to is not None):
        raise invalid("date", "range", "A day, or a range of days: not both.")
    with who.reading() as records:
        rows = absences_page(
            records,
            who.school_id,
            first=date or first,
            last=date or to,
            statuses=None if status is None else [status],
            kinds=None if kind is None else [kind],
            half=session,
            pupil_id=pupil,
            reference=reference,
            after=_key(place(after, form=PLACE)),
            limit=limit + 1,
        )
        shown = {seen.id: seen for seen in show_all(records, who, rows)}
    return page_of(
        rows, limit, show=lambda row: shown[row[0].id], key=lambda row: f"{row[0].day}/{row[0].session}/{row[0].id}"
    )


def _key(last: str | None) -> tuple[date, str, str] | None:
    if last is None:
        return None
    day, half, absence_id = last.split("/")
    try:
        return date.fromisoformat(day), half, absence_id
    except ValueError:
        raise invalid("after", "cursor", "This is no `next` of a page of this list.") from None


@routes.get("/{absence_id}", Scope.ABSENCES_READ, problems=[404], summary="One absence")
def one_absence(absence_id: PathId, who: Who, response: Response) -> ShownAbsence:
    """One absence with its ETag, which a change must name."""
    with who.reading() as session:
        shown = _shown(session, who, absence_id)
    response.headers.update(etag(shown.version))
    return shown


def _shown(session: DatabaseSession, who: Caller, absence_id: str) -> ShownAbsence:
    found = absence_with_pupil(session, who.school_id, absence_id)
    if found is None:
        raise not_found()
    return show_all(session, who, [found])[0]


# Changing ---------------------------------------------------------------------------------------


@routes.change(
    "POST", "", Scope.ABSENCES_WRITE, status=201, problems=[404], summary="Write down what a parent rang about"
)
def report(said: Report, who: Who) -> Absences:
    """What a parent said by telephone or at the gate: an absence for each school day and session.

    A repeat changes nothing. What staff had confirmed stays as it was, and stands on the staff's list.
    """
    with who.writing() as session:
        filed = write_down(session, said, who)
        session.flush()
        rows = [absence_with_pupil(session, who.school_id, absence.id) for absence in filed]
        return Absences(items=show_all(session, who, [row for row in rows if row is not None]))


@routes.change("PATCH", "/{absence_id}", Scope.ABSENCES_WRITE, problems=[404, 409, 412, 428], summary="Settle or amend")
def change(
    absence_id: PathId, changes: AbsenceChange, who: Who, response: Response, if_match: IfMatch = None
) -> ShownAbsence:
    """Confirms the absence with a register code, or puts right what it says. Only named fields change.

    From its confirmation on no text of a parent changes it. Another code later is an amendment and needs a note.
    """
    with who.writing() as session:
        absence = _locked(session, who, absence_id)
        require_version(if_match, absence.version)
        apply(session, absence, changes, who)
        session.flush()
        shown = _shown(session, who, absence_id)
    response.headers.update(etag(shown.version))
    return shown


@routes.change("POST", "/{absence_id}/withdrawal", Scope.ABSENCES_WRITE, problems=[404, 412], summary="Withdraw")
def take_back(absence_id: PathId, who: Who, response: Response, if_match: IfMatch = None) -> ShownAbsence:
    """Staff take the absence back whole, confirmed or not. Withdrawing it again changes nothing."""
    with who.writing() as session:
        absence = _locked(session, who, absence_id)
        if if_match is not None:
            require_version(if_match, absence.version)
        withdraw(session, absence, actor=who.actor, now=who.now)
        session.flush()
        shown = _shown(session, who, absence_id)
    response.headers.update(etag(shown.version))
    return shown


def _locked(session: DatabaseSession, who: Caller, absence_id: str) -> Absence:
    absence = lock_absence(session, who.school_id, absence_id)
    if absence is None:
        raise not_found()
    return absence
