"""Evidence: asked for by a person where there is real doubt, seen by few, and every look at it written down."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal, Self

from fastapi import Query, Response
from pydantic import Field, StringConstraints, model_validator
from sqlalchemy.orm import Session

from api.access import Caller, Scope, Who
from api.problems import Problem, Problems, invalid, not_found
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
    etag,
    page_of,
    place,
    require_version,
)
from school.evidence import EvidenceRefused, NewEvidence, ask, close, look, withdraw
from school.evidence_links import masked
from school.pictures import PDF
from school.records.evidence import EvidenceFile, EvidenceRequest
from school.records.evidence_queries import evidence_page, files_of_requests, locked_evidence, told
from school.records.thread_queries import plain_messages

routes = Routes("/evidence-requests", "evidence-requests")

Status = Literal["asked", "received", "closed", "withdrawn", "expired"]
BYTES = {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}
# What came from outside is never shown as a page of ours, nor kept by a browser.
AS_ATTACHMENT = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "no-store",
}


class NewRequest(Body):
    """What to ask for: about one absence or one request for leave, of one contact, and why, for staff alone."""

    absence: BodyId | None = None
    leave: BodyId | None = None
    contact: BodyId
    why: Annotated[Note, StringConstraints(min_length=1)]

    @model_validator(mode="after")
    def _is_about_one_thing(self) -> Self:
        if (self.absence is None) == (self.leave is None):
            raise ValueError("an absence, or a request for leave: one of the two")
        return self


class Closing(Body):
    """What was seen, in staff's words: also of a card that was shown at the desk."""

    note: Note = ""


class ShownFile(Shown):
    """A picture or document; what is in it comes on its own. Once forgotten, only that it came is left."""

    id: str
    status: Literal["waiting", "kept", "unread", "forgotten"]
    channel: str
    content_type: str | None
    size: int = Field(description="Bytes.")
    sha256: str | None
    received_at: datetime


class ShownEvidence(Shown):
    """A request to be shown something, the words in which it went, and what came."""

    id: str
    absence: str | None
    leave: str | None
    pupils: list[str]
    contact: str
    why: str
    status: Status
    asked_at: datetime
    asked_by: str
    until: datetime
    told_at: datetime | None = Field(description="When the one text that asks was handed to the provider.")
    words: str | None = Field(description="What was said to the parent, while it is kept.")
    files: list[ShownFile]
    note: str | None
    ended_at: datetime | None
    ended_by: str | None
    version: int


@routes.change("POST", "", Scope.EVIDENCE_WRITE, status=201, problems=[404, 409], summary="Ask to be shown something")
def ask_for_evidence(new: NewRequest, who: Who, response: Response) -> ShownEvidence:
    """Sends one kind text. Never to a family that is held or bereaved, nor twice about the same thing."""
    wanted = NewEvidence(contact_id=new.contact, note=new.why, absence_id=new.absence, leave_id=new.leave)
    with who.writing() as session:
        try:
            row = ask(session, who.school_id, wanted, actor=who.actor, now=who.now)
        except EvidenceRefused as refused:
            raise _problem(refused) from None
        response.headers.update(etag(row.version))
        return _show_all(session, [row])[row.id]


@routes.get("", Scope.EVIDENCE_READ, summary="List what was asked for")
def list_evidence(
    who: Who,
    status: Annotated[Status | None, Query(description="Only those of one status.")] = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[ShownEvidence]:
    """Requests in the order in which they were made."""
    last = place(after, form=ID)
    with who.reading() as session:
        rows = evidence_page(session, who.school_id, status=status, after=last, limit=limit + 1)
        shown = _show_all(session, rows)
    return page_of(rows, limit, show=lambda row: shown[row.id], key=lambda row: row.id)


@routes.get("/{request_id}", Scope.EVIDENCE_READ, problems=[404], summary="One request")
def one_evidence(request_id: PathId, who: Who, response: Response) -> ShownEvidence:
    """One request, with the version that a closing names."""
    with who.reading() as session:
        row = session.get(EvidenceRequest, (who.school_id, request_id))
        if row is None:
            raise not_found()
        response.headers.update(etag(row.version))
        return _show_all(session, [row])[row.id]


@routes.change(
    "POST",
    "/{request_id}/withdrawal",
    Scope.EVIDENCE_WRITE,
    problems=[404, 409, 412, 428],
    summary="Ask for it no more",
)
def withdraw_evidence(request_id: PathId, who: Who, response: Response, if_match: IfMatch = None) -> ShownEvidence:
    """What has not gone out yet does not go, and what comes from now on is not taken."""
    with who.writing() as session:
        row = _locked(session, who, request_id, if_match)
        try:
            withdraw(session, row, actor=who.actor, now=who.now)
        except EvidenceRefused as refused:
            raise _problem(refused) from None
        response.headers.update(etag(row.version))
        return _show_all(session, [row])[row.id]


@routes.change(
    "POST",
    "/{request_id}/closing",
    Scope.EVIDENCE_WRITE,
    problems=[404, 409, 412, 428],
    summary="Say that it was seen",
)
def close_evidence(
    request_id: PathId, new: Closing, who: Who, response: Response, if_match: IfMatch = None
) -> ShownEvidence:
    """Somebody has looked at what there was. It decides nothing: a code or a decision is given where it always is."""
    with who.writing() as session:
        row = _locked(session, who, request_id, if_match)
        try:
            close(session, row, new.note, actor=who.actor, now=who.now)
        except EvidenceRefused as refused:
            raise _problem(refused) from None
        response.headers.update(etag(row.version))
        return _show_all(session, [row])[row.id]


@routes.change(
    "POST",
    "/{request_id}/files/{file_id}/looks",
    Scope.EVIDENCE_READ,
    problems=[404],
    summary="Look at a file",
    responses={200: BYTES},
    response_class=Response,
)
def look_at_file(request_id: PathId, file_id: PathId, who: Who) -> Response:
    """The picture or document as an attachment. Who looked, and when, is in the ledger."""
    with who.writing() as session:
        row = session.get(EvidenceRequest, (who.school_id, request_id))
        file = look(session, row, file_id, actor=who.actor, now=who.now) if row is not None else None
        if file is None or file.data is None:
            raise not_found()
        name = f"{file.id}.{'pdf' if file.content_type == PDF else 'jpg'}"
        headers = {**AS_ATTACHMENT, "Content-Disposition": f'attachment; filename="{name}"'}
        return Response(file.data, media_type="application/octet-stream", headers=headers)


def _locked(session: Session, who: Caller, request_id: str, if_match: str | None) -> EvidenceRequest:
    row = locked_evidence(session, who.school_id, request_id)
    if row is None:
        raise not_found()
    require_version(if_match, row.version)
    return row


def _problem(refused: EvidenceRefused) -> Problem:
    if refused.code == "unknown":
        return not_found()
    if refused.code == "not_theirs":
        return invalid("/contact", "not-theirs", str(refused))
    if refused.code == "held":
        return Problem(Problems.DO_NOT_CONTACT)
    return Problem(Problems.CONFLICT, str(refused))


def _show_all(session: Session, rows: Sequence[EvidenceRequest]) -> dict[str, ShownEvidence]:
    if not rows:
        return {}
    school_id = rows[0].school_id
    files = files_of_requests(session, school_id, [row.id for row in rows])
    went = told(session, rows)
    words = plain_messages(session, school_id, {message_id for _, message_id in went.values()})
    shown = {}
    for row in rows:
        at, message_id = went.get(row.inbox_id, (None, ""))
        said = words.get(message_id)
        shown[row.id] = ShownEvidence(
            id=row.id,
            absence=row.absence_id,
            leave=row.leave_id,
            pupils=[str(each) for each in row.pupil_ids],
            contact=row.contact_id,
            why=row.note,
            status=row.status,
            asked_at=row.asked_at,
            asked_by=row.asked_by,
            until=row.until,
            told_at=at,
            words=masked(said.body) if said is not None else None,
            files=[_file(each) for each in files.get(row.id, [])],
            note=row.closing or None,
            ended_at=row.ended_at,
            ended_by=row.ended_by,
            version=row.version,
        )
    return shown


def _file(row: EvidenceFile) -> ShownFile:
    return ShownFile(
        id=row.id,
        status=row.status,
        channel=row.channel,
        content_type=row.content_type or None,
        size=row.size,
        sha256=row.sha256 or None,
        received_at=row.received_at,
    )
