"""Leave in term time: what parents asked for, what the head decides, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Literal

from fastapi import Query, Response
from pydantic import Field
from sqlalchemy.orm import Session as DatabaseSession

from api.access import Caller, Scope, Who
from api.problems import Problem, Problems, invalid, not_found
from api.pupils import ShownPupil, show_pupil
from api.routes import Routes
from api.shapes import (
    ID,
    After,
    Body,
    Day,
    IfMatch,
    Limit,
    Note,
    Page,
    PathId,
    Shown,
    etag,
    page_of,
    place,
    require_version,
)
from school.calendars import calendar_of
from school.leave import REASONS, LeaveRefused, NewDecision, decide_leave
from school.leave_after import Aftermath, aftermath
from school.records.leave import LeaveRequest, LeaveSession
from school.records.leave_queries import granted_before, locked_request, requests_page, sessions_asked
from school.records.people import Pupil
from school.records.pupil_queries import pupils_by_id
from school.records.thread_queries import plain_messages
from school.rules.calendar import Session
from school.rules.leave import ground_of
from school.rules.terms import school_year

routes = Routes("/leave-requests", "leave-requests")

Status = Literal["asked", "granted", "part", "refused", "withdrawn"]
Why = Literal["ordinary", "tests", "long", "another_time"]


class ShownSession(Shown):
    """One child's session that is asked for; `granted` is null until it is decided, `mark` until it is marked."""

    pupil: str
    date: date
    session: Session
    granted: bool | None
    mark: str | None


class Stayed(Shown):
    """A child who was not back on the day back: so many sessions in a row were missed since."""

    pupil: str
    sessions: int


class ShownLeave(Shown):
    """A request: the parent's words, the sessions, the head's decision and what became of it."""

    id: str
    contact: str | None
    thread: str
    status: Status
    pupils: list[ShownPupil]
    first: date
    last: date
    reason: str | None = Field(description="What was heard in the words.")
    words: list[str] | None = Field(description="The parent's own words, while they are kept; with `reasons:read`.")
    look: str = Field(description="What this kind of reason asks of whoever decides.")
    code: str | None = Field(description="The code that leave of this kind would have; never written by itself.")
    asked_at: datetime
    sessions: list[ShownSession]
    granted_this_year: int = Field(description="Sessions of leave that these children were granted this school year.")
    why: Why | None
    note: str | None = Field(description="The head's own note, for staff.")
    decided_at: datetime | None
    decided_by: str | None
    told_at: datetime | None = Field(description="When the answer was put in line for the parent.")
    overstayed: list[Stayed]
    version: int


class Decided(Body):
    """The head's decision. `why` is needed where not all is granted; it is said in the family's own language."""

    decision: Literal["granted", "part", "refused"]
    days: Annotated[
        list[Day], Field(max_length=60, default_factory=list, description="For part: the days that are granted.")
    ]
    why: Why | None = None
    note: Note = ""


@routes.get("", Scope.LEAVE_READ, summary="List requests for leave")
def list_requests(
    who: Who,
    status: Annotated[Status | None, Query(description="Only those of one status.")] = None,
    pupil: Annotated[str | None, Query(pattern=f"^{ID.pattern}$", description="Only about one pupil.")] = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[ShownLeave]:
    """Requests in the order in which they came."""
    last = place(after, form=ID)
    with who.reading() as session:
        rows = requests_page(session, who.school_id, status=status, pupil_id=pupil, after=last, limit=limit + 1)
        shown = _show_all(session, who, rows)
    return page_of(rows, limit, show=lambda row: shown[row.id], key=lambda row: row.id)


@routes.get("/{request_id}", Scope.LEAVE_READ, problems=[404], summary="One request for leave")
def one_request(request_id: PathId, who: Who, response: Response) -> ShownLeave:
    """One request, with the version that a decision names."""
    with who.reading() as session:
        row = session.get(LeaveRequest, (who.school_id, request_id))
        if row is None:
            raise not_found()
        response.headers.update(etag(row.version))
        return _show_all(session, who, [row])[row.id]


@routes.change(
    "POST", "/{request_id}/decision", Scope.LEAVE_DECIDE, problems=[404, 409, 412, 428], summary="Decide on leave"
)
def decide(request_id: PathId, new: Decided, who: Who, response: Response, if_match: IfMatch = None) -> ShownLeave:
    """Decides once, and tells whoever asked. What has begun is never granted: leave is given in advance only."""
    with who.writing() as session:
        row = locked_request(session, who.school_id, request_id)
        if row is None:
            raise not_found()
        require_version(if_match, row.version)
        wanted = NewDecision(decision=new.decision, days=tuple(new.days), why=new.why or "", note=new.note)
        try:
            decide_leave(session, row, wanted, actor=who.actor, user_id=who.identity.user_id, now=who.now)
        except LeaveRefused as refused:
            if refused.code in ("decided", "withdrawn", "begun"):
                raise Problem(Problems.CONFLICT, detail=str(refused)) from None
            where = "why" if refused.code == "no_reason" else "days"
            raise invalid(where, refused.code.replace("_", "-"), str(refused)) from None
        response.headers.update(etag(row.version))
        return _show_all(session, who, [row])[row.id]


def _show_all(session: DatabaseSession, who: Caller, rows: Sequence[LeaveRequest]) -> dict[str, ShownLeave]:
    asked = sessions_asked(session, who.school_id, [row.id for row in rows])
    pupils = pupils_by_id(session, who.school_id, {each.pupil_id for found in asked.values() for each in found})
    year = school_year(calendar_of(session, who.school_id).local(who.now).date())
    had = granted_before(session, who.school_id, sorted(pupils), year.first)
    words = plain_messages(session, who.school_id, {str(each) for row in rows for each in row.words})
    return {
        row.id: _show(
            row,
            asked.get(row.id, []),
            pupils,
            aftermath(session, row, asked.get(row.id, []), now=who.now),
            words=[words[each].body for each in row.words if each in words] if who.may(Scope.REASONS_READ) else None,
            had=sum(
                each.request_id != row.id and each.pupil_id in {one.pupil_id for one in asked.get(row.id, [])}
                for each in had
            ),
        )
        for row in rows
    }


def _show(
    row: LeaveRequest,
    asked: Sequence[LeaveSession],
    pupils: Mapping[str, Pupil],
    after: Aftermath,
    *,
    words: list[str] | None,
    had: int,
) -> ShownLeave:
    ground = ground_of(row.reason)
    children = dict.fromkeys(each.pupil_id for each in asked)
    return ShownLeave(
        id=row.id,
        contact=row.contact_id,
        thread=row.thread_id,
        status=row.status,
        pupils=[show_pupil(pupils[each]) for each in children],
        first=row.first,
        last=row.last,
        reason=(row.reason or None) if words is not None else None,
        words=words,
        look=ground.look,
        code=ground.code,
        asked_at=row.asked_at,
        sessions=[
            ShownSession(
                pupil=each.pupil_id,
                date=each.day,
                session=Session(each.session),
                granted=each.granted,
                mark=after.marks.get((each.pupil_id, each.day, each.session)),
            )
            for each in asked
        ],
        granted_this_year=had,
        why=row.why if row.why in REASONS else None,
        note=row.note or None,
        decided_at=row.decided_at,
        decided_by=row.decided_by,
        told_at=row.told_at,
        overstayed=[Stayed(pupil=pupil, sessions=count) for pupil, count in after.overstayed.items()],
        version=row.version,
    )
