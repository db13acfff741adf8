"""What makes school hard: a case for each adult who says so, with every step that was taken, by whom and when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import Query, Response
from fastapi.responses import JSONResponse
from pydantic import Field
from sqlalchemy.orm import Session

from api.access import Caller, Scope, Who
from api.idempotency import IdempotencyKey, once
from api.problems import Problem, Problems, invalid, not_found
from api.pupils import ShownPupil, show_pupil
from api.routes import Routes
from api.shapes import (
    ID,
    After,
    Body,
    BodyId,
    IfMatch,
    Limit,
    Note,
    Page,
    PathId,
    Shown,
    TextOut,
    etag,
    page_of,
    place,
    require_version,
)
from api.threads import refusal, speaker
from school.records.support import SupportCase, SupportOffer, SupportStep
from school.records.support_queries import (
    cases_page,
    locked_case,
    offers_of_cases,
    pupils_of_cases,
    steps_of_cases,
)
from school.records.thread_queries import lock_thread, plain_messages, thread_of_contact
from school.support import SupportRefused, close, note, open_case, reply, see
from school.support_offers import withdraw_all
from school.threads import CannotReply

routes = Routes("/support-cases", "support-cases")

Status = Literal["open", "seen", "replied", "closed"]
OfferStatus = Literal["offered", "accepted", "declined", "asked", "taken_back", "withdrawn"]


class ShownStep(Shown):
    """One step of a case. It is never changed or dropped."""

    kind: str = Field(
        description="opened, words, seen, replied, note, letter, offered, reminded, accepted, declined, asked, …"
    )
    at: datetime
    by: str = Field(description="`user:ID`, `token:ID`, `contact:ID` or `system`.")
    message: str | None
    words: str | None = Field(description="The parent's or staff's own words in a text, while they are kept.")
    about: str | None = Field(description="The offer or request that the step is about.")
    note: str | None = Field(description="What staff wrote down.")


class Consent(Shown):
    """Their yes to others being told: what was asked and what was said, word for word. Silence is none."""

    asked: str
    said: str
    at: datetime
    ended_at: datetime | None = Field(description="When they took it back.")


class ShownOffer(Shown):
    """What was offered to a contact, and what they said. A no is held against nobody, and counted nowhere."""

    id: str
    contact: str
    pupils: list[str]
    kind: Literal["call", "meeting", "team"]
    times: list[datetime]
    status: OfferStatus
    chosen: datetime | None
    offered_at: datetime
    offered_by: str
    answered_at: datetime | None
    consent: Consent | None
    reminder_at: datetime | None = Field(description="When it is called to mind, once, where the school wants that.")


class ShownCase(Shown):
    """A case with its steps in order."""

    id: str
    status: Status
    pupils: list[ShownPupil]
    contact: str | None = Field(description="Whose words opened it; nothing of it is for another adult of the child.")
    opened_at: datetime
    closed_at: datetime | None
    steps: list[ShownStep]
    offers: list[ShownOffer]
    version: int


class NewCase(Body):
    """A case that staff open."""

    pupils: Annotated[list[BodyId], Field(min_length=1, max_length=10)]
    contact: BodyId | None = Field(default=None, description="With whom it is talked over.")
    note: Note = ""


class Words(Body):
    """A member of staff's own words to the parent."""

    words: TextOut
    thread: BodyId | None = Field(default=None, description="One of the contact's threads; the latest where none is.")


class NewNote(Body):
    """What was done outside this house. A formal letter is written and sent by a person; this only notes it."""

    kind: Literal["note", "letter"] = "note"
    words: Note


class Closing(Body):
    """Why it is done with."""

    note: Note = ""


class Replied(Shown):
    """The message that was put in line."""

    case: str
    message: str


@routes.get("", Scope.SUPPORT_READ, summary="List cases of support")
def list_cases(
    who: Who,
    status: Annotated[Status | None, Query(description="Only those of one status.")] = None,
    pupil: Annotated[str | None, Query(pattern=f"^{ID.pattern}$", description="Only about one pupil.")] = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[ShownCase]:
    """Cases in the order in which they were opened."""
    last = place(after, form=ID)
    with who.reading() as session:
        rows = cases_page(session, who.school_id, status=status, pupil_id=pupil, after=last, limit=limit + 1)
        shown = show_all(session, who, rows)
    return page_of(rows, limit, show=lambda row: shown[row.id], key=lambda row: row.id)


@routes.get("/{case_id}", Scope.SUPPORT_READ, problems=[404], summary="One case of support")
def one_case(case_id: PathId, who: Who, response: Response) -> ShownCase:
    """A case, with the version that closing it names."""
    with who.reading() as session:
        row = session.get(SupportCase, (who.school_id, case_id))
        if row is None:
            raise not_found()
        response.headers.update(etag(row.version))
        return show_all(session, who, [row])[row.id]


@routes.change("POST", "", Scope.SUPPORT_WRITE, status=201, summary="Open a case")
def new_case(new: NewCase, who: Who, response: Response) -> ShownCase:
    """Opens a case about one or several children. Nothing is sent."""
    with who.writing() as session, refusals():
        row = open_case(
            session, who.school_id, new.pupils, contact_id=new.contact, note=new.note, actor=who.actor, now=who.now
        )
        response.headers.update(etag(row.version))
        return show_all(session, who, [row])[row.id]


@routes.change("POST", "/{case_id}/seeing", Scope.SUPPORT_WRITE, problems=[404], summary="Have seen a case")
def see_case(case_id: PathId, who: Who) -> ShownCase:
    """Somebody has read what is new in it."""
    with who.writing() as session:
        row = found_case(session, who, case_id)
        see(session, row, actor=who.actor, now=who.now)
        return show_all(session, who, [row])[row.id]


@routes.change(
    "POST",
    "/{case_id}/replies",
    Scope.SUPPORT_WRITE,
    status=202,
    problems=[404, 409],
    response_model=Replied,
    summary="Reply in a case",
)
def reply_in_case(case_id: PathId, said: Words, who: Who, key: IdempotencyKey = None) -> JSONResponse:
    """Puts a person's words in line for the parent whose case it is, in their own thread."""

    def put_in_line(session: Session) -> dict[str, Any]:
        row = found_case(session, who, case_id)
        found = said.thread or thread_of_contact(session, who.school_id, row.contact_id)
        thread = lock_thread(session, who.school_id, found) if found else None
        if thread is None or (said.thread and thread.contact_id != row.contact_id):
            raise invalid("thread", "no-thread", "There is no such thread with this contact. Please ring instead.")
        try:
            message = reply(session, row, thread, said.words, by=speaker(who), now=who.now)
        except CannotReply as refused:
            raise refusal(refused) from None
        who.database.notify(session, "inbox")
        return {"case": row.id, "message": message}

    asked = ("reply", case_id, said.words)
    with who.writing() as session, refusals():
        status, answer = once(session, who, key, request=asked, status=202, act=put_in_line)
    return JSONResponse(answer, status)


@routes.change("POST", "/{case_id}/notes", Scope.SUPPORT_WRITE, problems=[404, 409], summary="Note what was done")
def note_in_case(case_id: PathId, new: NewNote, who: Who) -> ShownCase:
    """Writes down a talk, or a letter that a person has sent."""
    with who.writing() as session, refusals():
        row = found_case(session, who, case_id)
        note(session, row, new.kind, new.words, actor=who.actor, now=who.now)
        return show_all(session, who, [row])[row.id]


@routes.change("POST", "/{case_id}/closing", Scope.SUPPORT_WRITE, problems=[404, 409, 412, 428], summary="Close a case")
def close_case(case_id: PathId, new: Closing, who: Who, if_match: IfMatch = None) -> ShownCase:
    """The case is done with; offers that nobody answered are withdrawn, and nobody is told of that."""
    with who.writing() as session, refusals():
        row = found_case(session, who, case_id)
        require_version(if_match, row.version)
        withdraw_all(session, row, actor=who.actor, now=who.now)
        close(session, row, new.note, actor=who.actor, now=who.now)
        return show_all(session, who, [row])[row.id]


# What the routes share -----------------------------------------------------------------------


def found_case(session: Session, who: Caller, case_id: str) -> SupportCase:
    """The case, locked; raises 404."""
    row = locked_case(session, who.school_id, case_id)
    if row is None:
        raise not_found()
    return row


_FAULTS = {
    "pupils": "pupils",
    "not_theirs": "contact",
    "times": "times",
    "no_words": "words",
    "contact": "contact",
}


@contextmanager
def refusals() -> Iterator[None]:
    """Answers what a verb refuses: a fault of the request, or what does not fit what is on record."""
    try:
        yield
    except SupportRefused as refused:
        if refused.code == "held":
            raise Problem(Problems.DO_NOT_CONTACT) from None
        where = _FAULTS.get(refused.code)
        if where is not None:
            raise invalid(where, refused.code.replace("_", "-"), str(refused)) from None
        raise Problem(Problems.CONFLICT, str(refused)) from None


def show_all(session: Session, who: Caller, rows: Sequence[SupportCase]) -> dict[str, ShownCase]:
    """Cases as they are shown, by id."""
    ids = [row.id for row in rows]
    steps, offers = steps_of_cases(session, who.school_id, ids), offers_of_cases(session, who.school_id, ids)
    pupils = pupils_of_cases(session, who.school_id, ids)
    cited = {step.message_id for found in steps.values() for step in found if step.message_id}
    words = {each.id: each.body for each in plain_messages(session, who.school_id, cited).values()}
    return {
        row.id: ShownCase(
            id=row.id,
            status=row.status,
            pupils=[show_pupil(each) for each in pupils.get(row.id, [])],
            contact=row.contact_id,
            opened_at=row.opened_at,
            closed_at=row.closed_at,
            steps=[_step(each, words) for each in steps.get(row.id, [])],
            offers=[_offer(each) for each in offers.get(row.id, [])],
            version=row.version,
        )
        for row in rows
    }


def _step(row: SupportStep, words: dict[str, str]) -> ShownStep:
    return ShownStep(
        kind=row.kind,
        at=row.at,
        by=row.by,
        message=row.message_id,
        words=words.get(row.message_id) if row.message_id else None,
        about=row.about_id,
        note=row.note or None,
    )


def _offer(row: SupportOffer) -> ShownOffer:
    consent = None
    if row.consent_at is not None:
        consent = Consent(
            asked=row.consent_asked, said=row.consent_said, at=row.consent_at, ended_at=row.consent_ended_at
        )
    return ShownOffer(
        id=row.id,
        contact=row.contact_id,
        pupils=[str(each) for each in row.pupil_ids],
        kind=row.kind,
        times=[datetime.fromisoformat(str(each)) for each in row.times],
        status=row.status,
        chosen=row.chosen_at,
        offered_at=row.offered_at,
        offered_by=row.offered_by,
        answered_at=row.answered_at,
        consent=consent,
        reminder_at=row.remind_at,
    )
