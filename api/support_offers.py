"""Offers of support: made by a person, sent as a question, answered in the parent's own time or over the telephone."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi.responses import JSONResponse
from pydantic import Field
from sqlalchemy.orm import Session

from api.access import Caller, Scope, Who
from api.idempotency import IdempotencyKey, once
from api.problems import not_found
from api.routes import Routes
from api.shapes import Body, BodyId, Moment, Note, PathId, Shown
from api.support_cases import ShownCase, found_case, refusals, show_all
from school.records.support import SupportCase, SupportOffer
from school.records.support_queries import locked_offer
from school.support_offers import MOST_TIMES, NewOffer, offer, record_answer, withdraw

routes = Routes("/support-cases/{case_id}/offers", "support-cases")


class Offer(Body):
    """What is offered to one contact. `team` is a meeting with others who can help: they say yes to that in words."""

    kind: Literal["call", "meeting", "team"]
    contact: BodyId
    pupils: Annotated[list[BodyId], Field(max_length=10, default_factory=list, description="All of the case's.")]
    times: Annotated[
        list[Moment], Field(max_length=MOST_TIMES, default_factory=list, description="To choose from, by one digit.")
    ]


class Made(Shown):
    """The offer that was put in line."""

    case: str
    offer: str


class Said(Body):
    """What the parent said to a person. For a yes to `team`, the words in which it was asked and given."""

    answer: Literal["accepted", "declined"]
    words: Note = ""


@routes.change(
    "POST",
    "",
    Scope.SUPPORT_WRITE,
    status=201,
    problems=[404, 409],
    response_model=Made,
    summary="Offer support",
)
def make_offer(case_id: PathId, new: Offer, who: Who, key: IdempotencyKey = None) -> JSONResponse:
    """Sends the offer by day, with yes, no and a question to choose from. Silence is no answer and no consent."""

    def act(session: Session) -> dict[str, Any]:
        case = found_case(session, who, case_id)
        wanted = NewOffer(kind=new.kind, contact_id=new.contact, pupil_ids=tuple(new.pupils), times=tuple(new.times))
        row = offer(session, case, wanted, actor=who.actor, now=who.now)
        who.database.notify(session, "inbox")
        return {"case": case.id, "offer": row.id}

    with who.writing() as session, refusals():
        asked = ("offer", case_id, new.model_dump_json())
        status, answer = once(session, who, key, request=asked, status=201, act=act)
    return JSONResponse(answer, status)


@routes.change("POST", "/{offer_id}/answer", Scope.SUPPORT_WRITE, problems=[404, 409], summary="Write down an answer")
def answer_offer(case_id: PathId, offer_id: PathId, said: Said, who: Who) -> ShownCase:
    """What the parent said over the telephone or at the gate."""
    with who.writing() as session, refusals():
        case, row = _found(session, who, case_id, offer_id)
        record_answer(session, case, row, said.answer, said.words, actor=who.actor, now=who.now)
        return show_all(session, who, [case])[case.id]


@routes.change("POST", "/{offer_id}/withdrawal", Scope.SUPPORT_WRITE, problems=[404, 409], summary="Withdraw an offer")
def withdraw_offer(case_id: PathId, offer_id: PathId, who: Who) -> ShownCase:
    """The school offers it no more; what waits for the morning does not go."""
    with who.writing() as session, refusals():
        case, row = _found(session, who, case_id, offer_id)
        withdraw(session, case, row, actor=who.actor, now=who.now)
        return show_all(session, who, [case])[case.id]


def _found(session: Session, who: Caller, case_id: str, offer_id: str) -> tuple[SupportCase, SupportOffer]:
    case = found_case(session, who, case_id)
    row = locked_offer(session, who.school_id, offer_id)
    if row is None or row.case_id != case.id:
        raise not_found()
    return case, row
