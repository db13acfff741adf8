"""Subject access: a copy of what is kept about an adult and their children, once a named person has signed it off."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated

from pydantic import Field
from sqlalchemy.orm import Session

from api.access import Caller, Scope, Who
from api.problems import Problem, Problems, not_found
from api.routes import Routes
from api.shapes import Body, BodyId, PathId, Shown
from school.evidence_links import masked
from school.records.access_requests import AccessRequest, lock_request
from school.records.evidence import EvidenceFile, EvidenceRequest
from school.subject_access import Copy, NotSignedOff, NotTheirs, OwnRequest, ask_for_copy, copy_of, sign_off

routes = Routes("/subject-access", "subject-access")


class NewRequest(Body):
    """Who asks, and for which of their children too."""

    contact: BodyId
    pupils: Annotated[list[BodyId], Field(max_length=20)] = Field(default_factory=list)


class ShownRequest(Shown):
    """A request, and who signed it off."""

    id: str
    contact: str
    pupils: list[str]
    at: datetime
    signed_at: datetime | None
    signed_by: str | None


class CopiedChild(Shown):
    """A child as the record has it."""

    first_name: str
    known_as: str
    surname: str
    year: str
    class_name: str


class CopiedWords(Shown):
    """A text of theirs, or one of ours to them, as far as it is not forgotten."""

    at: datetime
    direction: str
    words: str


class CopiedStatement(Shown):
    """What they said of an absence."""

    at: datetime
    date: date
    session: str
    kind: str
    reason_category: str | None
    withdrawn_at: datetime | None


class CopiedMark(Shown):
    """A mark of the register, of children about whom they may see reasons."""

    pupil: str
    date: date
    session: str
    code: str


class CopiedFile(Shown):
    """A picture or document that they sent, as it is kept."""

    received_at: datetime
    content_type: str
    base64: str


class CopiedEvidence(Shown):
    """What they were asked to show, of which child, and what they sent. Why staff asked stands in no copy."""

    asked_at: datetime
    pupils: list[str]
    status: str
    ended_at: datetime | None
    files: list[CopiedFile]


class ShownCopy(Shown):
    """The copy. Nothing of another adult is in it, and nothing of the safeguarding queue."""

    name: str
    language: str
    addresses: list[str]
    children: list[CopiedChild]
    texts: list[CopiedWords]
    statements: list[CopiedStatement]
    marks: list[CopiedMark]
    evidence: list[CopiedEvidence]


@routes.change("POST", "", Scope.CONTACTS_WRITE, status=201, problems=[404], summary="Write a request down")
def ask(new: NewRequest, who: Who) -> ShownRequest:
    """Somebody asks for what is kept about them. Only children of whom they may be told can be in it."""
    with who.writing() as session:
        try:
            asked = ask_for_copy(session, who.school_id, new.contact, new.pupils, actor=who.actor, now=who.now)
        except NotTheirs:
            raise not_found() from None
    return _show(asked)


@routes.change("POST", "/{request_id}/draft", Scope.COPIES_SIGN, problems=[404], summary="Look before signing")
def draft(request_id: PathId, who: Who) -> ShownCopy:
    """The copy as it would be handed out, for who signs it off. That it was looked at is in the ledger."""
    with who.writing() as session:
        return _copied(copy_of(session, _locked(session, who, request_id), actor=who.actor, now=who.now, look=True))


@routes.change("POST", "/{request_id}/sign-off", Scope.COPIES_SIGN, problems=[404, 409], summary="Sign it off")
def sign(request_id: PathId, who: Who) -> ShownRequest:
    """A person by name, and another than the one who wrote the request down."""
    with who.writing() as session:
        asked = _locked(session, who, request_id)
        try:
            sign_off(session, asked, actor=who.actor, user_id=who.identity.user_id, now=who.now)
        except OwnRequest:
            raise Problem(Problems.CONFLICT, "Another person, by name, must sign it off.") from None
    return _show(asked)


@routes.change("POST", "/{request_id}/copy", Scope.CONTACTS_WRITE, problems=[404, 409], summary="Hand the copy out")
def hand_out(request_id: PathId, who: Who) -> ShownCopy:
    """What is kept, as it stands now; only once it is signed off. That it was handed out is in the ledger."""
    with who.writing() as session:
        try:
            copy = copy_of(session, _locked(session, who, request_id), actor=who.actor, now=who.now)
        except NotSignedOff:
            raise Problem(Problems.CONFLICT, "Nobody has signed it off yet.") from None
        return _copied(copy)


def _locked(session: Session, who: Caller, request_id: str) -> AccessRequest:
    asked = lock_request(session, who.school_id, request_id)
    if asked is None:
        raise not_found()
    return asked


def _show(asked: AccessRequest) -> ShownRequest:
    return ShownRequest(
        id=asked.id,
        contact=asked.contact_id,
        pupils=list(asked.pupil_ids),
        at=asked.at,
        signed_at=asked.signed_at,
        signed_by=asked.signed_by,
    )


def _copied(copy: Copy) -> ShownCopy:
    return ShownCopy(
        name=copy.contact.name,
        language=copy.contact.language,
        addresses=[each.address for each in copy.addresses],
        children=[
            CopiedChild(
                first_name=pupil.first_name,
                known_as=pupil.known_as,
                surname=pupil.surname,
                year=pupil.year,
                class_name=pupil.class_name,
            )
            for pupil, _ in copy.children
        ],
        texts=[CopiedWords(at=each.at, direction=each.direction, words=masked(each.body)) for each in copy.words],
        statements=[
            CopiedStatement(
                at=statement.at,
                date=absence.day,
                session=absence.session,
                kind=statement.kind,
                reason_category=statement.reason_category,
                withdrawn_at=statement.withdrawn_at,
            )
            for statement, absence in copy.statements
        ],
        marks=[
            CopiedMark(pupil=mark.pupil_id, date=mark.day, session=mark.session, code=mark.code) for mark in copy.marks
        ],
        evidence=[_evidence(row, files) for row, files in copy.evidence],
    )


def _evidence(row: EvidenceRequest, files: Sequence[EvidenceFile]) -> CopiedEvidence:
    return CopiedEvidence(
        asked_at=row.asked_at,
        pupils=[str(each) for each in row.pupil_ids],
        status=row.status,
        ended_at=row.ended_at,
        files=[
            CopiedFile(
                received_at=each.received_at,
                content_type=each.content_type,
                base64=b64encode(each.data or b"").decode("ascii"),
            )
            for each in files
        ],
    )
