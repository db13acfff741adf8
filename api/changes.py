"""What changed, in order, and a stream that only says how far it has got."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated, Any

from fastapi import Query, Request
from fastapi.concurrency import run_in_threadpool
from pydantic import Field
from sqlalchemy.orm import Session
from starlette.responses import StreamingResponse

from api.access import Caller, Entrance, Scope, Who
from api.problems import Problem
from api.routes import Routes
from api.shapes import Limit, Shown
from school.records.change_queries import Eyes, changes_after, latest_number
from school.records.database import DatabaseBusy, DatabaseGone
from school.records.safeguarding_queries import hidden_items

routes = Routes("/changes", "changes")

LARGEST_NUMBER = 2**31 - 1
# A line that says nothing keeps a quiet stream from being taken for a dead one.
QUIET_LOOKS = 15


class Change(Shown):
    """Who did what to which thing: ids and codes, no words. Numbers are those of the reader's own feed."""

    number: int
    at: datetime
    actor: str
    verb: str
    subject: str
    subject_id: str
    detail: dict[str, Any]


class Changes(Shown):
    """A part of the feed; pass `latest` of an empty part, or the last number, as `after`."""

    items: list[Change]
    latest: int = Field(description="The number of the last change that this reader may see.")


@routes.get("", Scope.CHANGES_READ, summary="Read the feed")
def list_changes(
    who: Who,
    after: Annotated[int, Query(ge=0, le=LARGEST_NUMBER, description="The last number that you have.")] = 0,
    limit: Limit = 50,
) -> Changes:
    """Changes after a number, oldest first. Without `reasons:read` their details are left out."""
    with who.reading() as session:
        eyes = _eyes(session, who)
        rows = changes_after(session, who.school_id, after=after, limit=limit, eyes=eyes)
        latest = latest_number(session, who.school_id, eyes=eyes)
    return Changes(
        items=[
            Change(
                number=number,
                at=row.at,
                actor=row.actor,
                verb=row.verb,
                subject=row.subject,
                subject_id=row.subject_id,
                detail=row.detail if who.may(Scope.REASONS_READ) else {},
            )
            for number, row in rows
        ],
        latest=latest,
    )


@routes.get(
    "/stream",
    Scope.TODAY_READ,
    summary="Hear of changes",
    response_class=StreamingResponse,
)
def stream(who: Who, request: Request) -> StreamingResponse:
    """Server-sent events that carry only the latest number, one whenever it moves: fetch anew what you show.

    The stream ends when the token is revoked or runs out, and when the database cannot be reached.
    """
    entrance: Entrance = request.app.state.entrance
    every: float = request.app.state.settings.look_seconds
    return StreamingResponse(
        _numbers(who, entrance, request.headers.get("authorization"), every),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def _numbers(who: Caller, entrance: Entrance, header: str | None, every: float) -> AsyncIterator[str]:
    told, quiet = -1, 0
    while True:
        try:
            latest = await run_in_threadpool(_look, who, entrance, header)
        except (Problem, DatabaseBusy, DatabaseGone):
            return
        if latest != told:
            told, quiet = latest, 0
            yield f"event: changed\nid: {latest}\ndata: {latest}\n\n"
        elif quiet >= QUIET_LOOKS:
            quiet = 0
            yield ": nothing new\n\n"
        await asyncio.sleep(every)
        quiet += 1


def _look(who: Caller, entrance: Entrance, header: str | None) -> int:
    """The latest number for who still holds the token; raises 401 or 403 where that is over."""
    caller = entrance.enter(header, Scope.TODAY_READ)
    with who.reading() as session:
        return latest_number(session, who.school_id, eyes=_eyes(session, caller or who))


def _eyes(session: Session, who: Caller) -> Eyes:
    """The lead's feed has what is done about worries, but for those that accuse the lead; nobody else's has any."""
    if not who.is_lead(Scope.SAFEGUARDING_READ):
        return Eyes()
    return Eyes(restricted=True, but_not=tuple(hidden_items(session, who.school_id, roles=who.worry_roles)))
