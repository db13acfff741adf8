"""All-clears after a false alarm: to exactly those who got the message."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Annotated

from fastapi import Response
from pydantic import Field
from sqlalchemy.orm import Session

from api.access import Scope, Who
from api.idempotency import IdempotencyKey, once
from api.routes import Routes
from api.shapes import Body, BodyId, Day, Shown
from school.all_clears import send_all_clear
from school.calendars import calendar_of

routes = Routes("/all-clears", "all-clears")

LARGEST_GROUP = 2000
# Where staff name no time, a person rings within half an hour, on the next five minutes.
RING_WITHIN = timedelta(minutes=30)
ROUND_TO = 5


class NewAllClear(Body):
    """About whom: all about whom anybody was alarmed that day, unless pupils are named."""

    date: Day | None = Field(default=None, description="Today where none is given.")
    pupils: Annotated[list[BodyId], Field(min_length=1, max_length=LARGEST_GROUP)] | None = None
    ring_by: time | None = Field(default=None, description="By when a person rings about those not marked present.")


class SentAllClear(Shown):
    """Whom it was about, and how many contacts it went to."""

    date: date
    in_school: list[str]
    checking: list[str]
    contacts: int
    unreached: int


@routes.change("POST", "", Scope.CHASES_WRITE, status=201, problems=[409], summary="Send an all-clear")
def send(new: NewAllClear, who: Who, response: Response, key: IdempotencyKey = None) -> SentAllClear:
    """Says 'in school' only of a child whom staff have marked present; for the others that a person will ring."""

    def act(session: Session) -> dict[str, object]:
        calendar = calendar_of(session, who.school_id)
        sent = send_all_clear(
            session,
            who.school_id,
            new.date or calendar.local(who.now).date(),
            ring_by=(new.ring_by or _soon(calendar.local(who.now))).replace(tzinfo=None),
            pupil_ids=new.pupils,
            actor=who.actor,
            now=who.now,
        )
        return {
            "date": (new.date or calendar.local(who.now).date()).isoformat(),
            "in_school": list(sent.in_school),
            "checking": list(sent.checking),
            "contacts": sent.contacts,
            "unreached": sent.unreached,
        }

    request = ["all-clears", new.model_dump_json()]
    with who.writing() as session:
        status, answer = once(session, who, key, request=request, status=201, act=act)
    response.status_code = status
    return SentAllClear.model_validate(answer)


def _soon(now: datetime) -> time:
    """In half an hour, on a round minute."""
    at = now + RING_WITHIN
    at += timedelta(minutes=-at.minute % ROUND_TO)
    return at.time().replace(second=0, microsecond=0)
