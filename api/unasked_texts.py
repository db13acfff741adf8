"""What the school sends unasked: what is left of a family's budget this week, what waits, and why."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from fastapi import Query
from pydantic import Field

from api.access import Scope, Who
from api.problems import not_found
from api.routes import Routes
from api.shapes import ID, After, Limit, Page, PathId, Shown, page_of, place
from school.records.pupil_queries import contacts_by_id
from school.records.unasked import UnaskedText
from school.records.unasked_queries import families_of, texts_page
from school.unasked import left_for_all

routes = Routes("/unasked-texts", "unasked-texts")

Status = Literal["waiting", "sent", "merged", "let_go", "fell_away"]


class ShownText(Shown):
    """A text that the school starts, that nobody asked for and that may wait (care rule 23)."""

    id: str
    contact: str
    channel: str
    what: str = Field(description="back_today, how_was_school, attendance_update, support, broadcast.")
    pupils: list[str]
    status: Status = Field(description="let_go: nothing was left to say; fell_away: it would have come too late.")
    why: str = Field(description="Why it waits or waited: hours, budget or conversation; empty: it did not.")
    at: datetime = Field(description="When it was to go.")
    goes_at: datetime | None = Field(description="When it is tried next, while it waits.")
    until: datetime = Field(description="After this it is of no use, and is not sent.")
    into: str | None = Field(description="The text with which it went as one.")
    settled_at: datetime | None


class Budget(Shown):
    """How many texts may still go to a contact this week, and to whoever shares a phone or chat with them."""

    contact: str
    shared_with: list[str]
    week: date = Field(description="Its Monday.")
    sent: int
    most_by_sms: int
    most_by_telegram: int
    left_by_sms: int
    left_by_telegram: int


@routes.get("", Scope.THREADS_READ, problems=[404], summary="List texts that may wait")
def list_texts(
    who: Who,
    status: Annotated[Status | None, Query(description="Only those that stand so.")] = None,
    contact: Annotated[str | None, Query(pattern=f"^{ID.pattern}$", description="Only this family's.")] = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[ShownText]:
    """In the order in which they were wanted."""
    last = place(after, form=ID)
    with who.reading() as session:
        family = families_of(session, who.school_id, [contact])[contact] if contact is not None else None
        rows = texts_page(session, who.school_id, status=status, contact_ids=family, after=last, limit=limit + 1)
    return page_of(rows, limit, show=_show, key=lambda row: row.id)


@routes.get("/budgets/{contact_id}", Scope.THREADS_READ, problems=[404], summary="What is left for a family")
def budget(contact_id: PathId, who: Who) -> Budget:
    """What is left this week of a family's budget."""
    with who.reading() as session:
        if contact_id not in contacts_by_id(session, who.school_id, [contact_id]):
            raise not_found()
        left = left_for_all(session, who.school_id, [contact_id], now=who.now)[contact_id]
    return Budget(
        contact=contact_id,
        shared_with=[each for each in left.contacts if each != contact_id],
        week=left.week,
        sent=left.sent,
        most_by_sms=left.caps["sms"],
        most_by_telegram=left.caps["telegram"],
        left_by_sms=left.left("sms"),
        left_by_telegram=left.left("telegram"),
    )


def _show(row: UnaskedText) -> ShownText:
    return ShownText(
        id=row.id,
        contact=row.contact_id,
        channel=row.channel,
        what=row.flow,
        pupils=list(row.pupil_ids),
        status=row.status,
        why=row.why,
        at=row.at,
        goes_at=row.goes_at,
        until=row.until,
        into=row.into_id,
        settled_at=row.settled_at,
    )
