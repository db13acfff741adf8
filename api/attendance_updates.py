"""The half-termly update of days missed: prepared, looked through by staff, and sent on one click or dropped."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Literal

from fastapi import Response
from pydantic import Field
from sqlalchemy.orm import Session as DatabaseSession

from api.access import Caller, Scope, Who
from api.problems import Problem, Problems, invalid, not_found
from api.pupils import ShownPupil, show_pupil
from api.routes import Routes
from api.shapes import ID, After, Body, Day, IfMatch, Limit, Page, PathId, Shown, etag, page_of, place, require_version
from school.attendance_updates import UpdateRefused, drop, prepare_update, review, send_update
from school.records.people import Pupil
from school.records.update_queries import children_of_update, locked_update, updates_page
from school.records.updates import AttendanceUpdate, UpdateChild

routes = Routes("/attendance-updates", "attendance-updates")

Why = Literal["bereavement", "long_illness", "complex", "held", "other"]


class ShownChild(Shown):
    """A child of an update, in sessions; two make a day."""

    pupil: ShownPupil
    missed: int
    possible: int
    unmarked: int = Field(description="Sessions that nobody has marked: missing data.")
    suggestion: str = Field(description="Why we would leave the child out; empty: we know of nothing.")
    left_out: bool
    why: str


class ShownUpdate(Shown):
    """An update and, where it is shown alone, the children whose families it is for."""

    id: str
    first: date
    last: date
    percent: int = Field(description="For those who attended less than this share.")
    status: Literal["prepared", "sent", "dropped"]
    prepared_at: datetime
    ended_at: datetime | None
    ended_by: str | None
    families: int = Field(description="How many adults it was put in line for.")
    unreached: int
    version: int
    children: list[ShownChild] | None = None


class NewUpdate(Body):
    """The half-term that is over, unless both days are given."""

    first: Day | None = None
    last: Day | None = None


class Reviewed(Body):
    """What staff decide of one child; `why` is needed where it is left out."""

    left_out: bool
    why: Why | None = None


@routes.get("", Scope.UPDATES_WRITE, summary="List updates of days missed")
def list_updates(who: Who, after: After = None, limit: Limit = 50) -> Page[ShownUpdate]:
    """Updates in the order in which they were prepared."""
    last = place(after, form=ID)
    with who.reading() as session:
        rows = updates_page(session, who.school_id, after=last, limit=limit + 1)
    return page_of(rows, limit, show=_show, key=lambda row: row.id)


@routes.get("/{update_id}", Scope.UPDATES_WRITE, problems=[404], summary="One update of days missed")
def one_update(update_id: PathId, who: Who, response: Response) -> ShownUpdate:
    """One update with its children by name."""
    with who.reading() as session:
        row = session.get(AttendanceUpdate, (who.school_id, update_id))
        if row is None:
            raise not_found()
        return _answer(session, row, response)


@routes.change("POST", "", Scope.UPDATES_WRITE, status=201, problems=[409], summary="Prepare an update of days missed")
def prepare(new: NewUpdate, who: Who, response: Response) -> ShownUpdate:
    """Puts together whose families would be told. Nothing is sent."""
    if (new.first is None) != (new.last is None) or (new.first and new.last and new.last < new.first):
        raise invalid("last", "days", "Give both days in order, or none of them.")
    days = (new.first, new.last) if new.first and new.last else None
    with who.writing() as session:
        try:
            row = prepare_update(session, who.school_id, days=days, actor=who.actor, now=who.now)
        except UpdateRefused as refused:
            raise Problem(Problems.CONFLICT, detail=str(refused)) from None
        return _answer(session, row, response)


@routes.change(
    "PATCH",
    "/{update_id}/children/{pupil_id}",
    Scope.UPDATES_WRITE,
    problems=[404, 409, 412, 428],
    summary="Leave a child out of an update",
)
def review_child(
    update_id: PathId, pupil_id: PathId, new: Reviewed, who: Who, response: Response, if_match: IfMatch = None
) -> ShownUpdate:
    """Leaves a child out, with the reason, or puts it in again."""
    with who.writing() as session:
        row = _locked(session, who, update_id, if_match)
        try:
            review(session, row, pupil_id, left_out=new.left_out, why=new.why or "", actor=who.actor, now=who.now)
        except UpdateRefused as refused:
            if refused.code == "not_in_it":
                raise not_found() from None
            if refused.code == "no_reason":
                raise invalid("why", "no-reason", str(refused)) from None
            raise Problem(Problems.CONFLICT, detail=str(refused)) from None
        return _answer(session, row, response)


@routes.change(
    "POST", "/{update_id}/sending", Scope.UPDATES_WRITE, problems=[404, 409, 412, 428], summary="Send an update"
)
def send(update_id: PathId, who: Who, response: Response, if_match: IfMatch = None) -> ShownUpdate:
    """The one click: puts it in line for every adult who may be told, siblings in one text."""
    with who.writing() as session:
        row = _locked(session, who, update_id, if_match)
        try:
            send_update(session, row, actor=who.actor, now=who.now)
        except UpdateRefused as refused:
            raise Problem(Problems.CONFLICT, detail=str(refused)) from None
        return _answer(session, row, response)


@routes.change(
    "POST", "/{update_id}/dropping", Scope.UPDATES_WRITE, problems=[404, 409, 412, 428], summary="Drop an update"
)
def drop_it(update_id: PathId, who: Who, response: Response, if_match: IfMatch = None) -> ShownUpdate:
    """Sends nothing of it; the same days can be prepared anew."""
    with who.writing() as session:
        row = _locked(session, who, update_id, if_match)
        try:
            drop(session, row, actor=who.actor, now=who.now)
        except UpdateRefused as refused:
            raise Problem(Problems.CONFLICT, detail=str(refused)) from None
        return _answer(session, row, response)


def _locked(session: DatabaseSession, who: Caller, update_id: str, if_match: str | None) -> AttendanceUpdate:
    row = locked_update(session, who.school_id, update_id)
    if row is None:
        raise not_found()
    require_version(if_match, row.version)
    return row


def _answer(session: DatabaseSession, row: AttendanceUpdate, response: Response) -> ShownUpdate:
    response.headers.update(etag(row.version))
    return _show(row, children_of_update(session, row.school_id, row.id))


def _show(row: AttendanceUpdate, children: Sequence[tuple[UpdateChild, Pupil]] | None = None) -> ShownUpdate:
    return ShownUpdate(
        id=row.id,
        first=row.first,
        last=row.last,
        percent=row.percent,
        status=row.status,
        prepared_at=row.prepared_at,
        ended_at=row.ended_at,
        ended_by=row.ended_by,
        families=row.families,
        unreached=row.unreached,
        version=row.version,
        children=None if children is None else [_show_child(child, pupil) for child, pupil in children],
    )


def _show_child(child: UpdateChild, pupil: Pupil) -> ShownChild:
    return ShownChild(
        pupil=show_pupil(pupil),
        missed=child.missed,
        possible=child.possible,
        unmarked=child.unmarked,
        suggestion=child.suggestion,
        left_out=child.left_out,
        why=child.why,
    )
