"""A school in which nothing leaves: its clock, and the list of what would have gone."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Protocol

from fastapi import Query, Request
from pydantic import Field

from api.access import Scope, Who
from api.problems import invalid
from api.routes import Routes
from api.shapes import ID, Body, Limit, Moment, Page, Shown, page_of, place
from school.records.outgoing import Departed, departed

routes = Routes("/rehearsal", "rehearsal")


class Rehearsal(Protocol):
    """What the house offers while it rehearses; `howwasschool` supplies it."""

    def set_clock(self, now: datetime) -> None:
        """Moves the clock and runs all that is due by then before it returns; ValueError where it cannot move so."""


class Clock(Body):
    """What time it shall be."""

    now: Moment


class ClockSet(Shown):
    """What time it is."""

    now: datetime


class Sent(Shown):
    """A message that would have left."""

    id: str
    thread: str
    at: datetime
    channel: str
    recipient: str
    purpose: str = Field(description="reply, staff, chase, prompt, notice, broadcast, safeguarding or worry")
    segments: int
    words: str | None = Field(description="Null once the words are forgotten.")
    buttons: list[Any]


@routes.change("PUT", "/clock", Scope.REHEARSAL, problems=[404], summary="Move the clock")
def put_clock(clock: Clock, request: Request) -> ClockSet:
    """Moves the clock and runs all that is due before it answers."""
    rehearsal: Rehearsal = request.app.state.rehearsal
    try:
        rehearsal.set_clock(clock.now)
    except ValueError:
        raise invalid("/now", "clock", "The clock cannot be put there.") from None
    return ClockSet(now=clock.now)


@routes.get("/sent", Scope.REHEARSAL, problems=[404], summary="List what would have gone")
def list_sent(
    who: Who,
    after: Annotated[str | None, Query(max_length=200, description="The `next` or the last id that you have.")] = None,
    limit: Limit = 50,
) -> Page[Sent]:
    """What would have left the school, in order, with purpose, segments and recipient."""
    last = after if after and ID.fullmatch(after) else place(after, form=ID)
    with who.reading() as session:
        rows = departed(session, who.school_id, after=last or "", limit=limit + 1)
    return page_of(rows, limit, show=_show, key=lambda message: message.id)


def _show(message: Departed) -> Sent:
    return Sent(
        id=message.id,
        thread=message.thread_id,
        at=message.sent_at,
        channel=message.channel,
        recipient=message.address,
        purpose=message.purpose,
        segments=message.segments,
        words=message.body,
        buttons=message.buttons,
    )
