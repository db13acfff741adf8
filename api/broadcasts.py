"""What the school tells many families: written, previewed, approved, watched and stopped."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field
from sqlalchemy.orm import Session

from api.access import Caller, Scope, Who
from api.problems import Problem, Problems, invalid, not_found
from api.routes import Routes
from api.shapes import ID, After, Body, Day, Limit, Page, PathId, Shown, TextOut, page_of, place
from school.broadcasts import Audience, BroadcastRefused, To, approve, audience_of, preview, stop, write
from school.records.broadcast_queries import broadcasts_page, lock_broadcast, progress_of, recipients_page
from school.records.broadcasting import Broadcast, BroadcastRecipient

routes = Routes("/broadcasts", "broadcasts")

LARGEST_LIST = 2_000
REFUSALS = {
    "no_english": "The texts must hold one in English, which families get whose own language is not among them.",
    "too_long": "A text is longer than three segments.",
    "link": "A text to families holds no link.",
    "nobody": "Nobody would get it: no contact of these pupils may be told.",
    "not_a_draft": "It was sent or stopped already.",
    "needs_second": "It goes to so many that somebody else than its writer must approve it.",
}
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}(_[A-Z][a-z]{3})?$")]
Chosen = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^\x00]+$")]


class ForWhom(Body):
    """Whom it is for; `of` are years, class names or pupils' ids, and is left out where it is for all."""

    to: To
    of: Annotated[list[Chosen], Field(max_length=LARGEST_LIST, default_factory=list)]


class NewBroadcast(Body):
    """A message to many families, in the school's own words and translations."""

    kind: Literal["news", "closure"] = Field(description="News goes between 07:30 and 19:00, a closure at any hour.")
    audience: ForWhom
    texts: Annotated[dict[Language, TextOut], Field(min_length=1, max_length=30)]
    last_day: Day | None = Field(default=None, description="After this day it is no news any more, and is not sent.")


class ShownBroadcast(Shown):
    """A message to many families and where it stands."""

    id: str
    kind: str
    to: str
    of: list[str]
    texts: dict[str, str]
    status: Literal["draft", "sending", "done", "stopped"]
    written_by: str
    at: datetime
    approved_by: str | None
    approved_at: datetime | None
    ended_at: datetime | None
    last_day: date | None
    version: int


class ShownPreview(Shown):
    """What sending it would mean now."""

    pupils: int
    contacts: int = Field(description="Phones and chats: adults who share one get it once.")
    by_channel: dict[str, int]
    by_language: dict[str, int]
    in_english: int = Field(description="Contacts who get English because their language is not among the texts.")
    unreached: dict[str, int] = Field(description="Contacts whom nothing reaches, by why.")
    segments: int
    cost_pence: float | None = Field(description="Null where the school has not set what a segment costs.")
    needs_second: bool = Field(description="Whether somebody else than its writer must approve it.")
    over_budget: int = Field(description="Contacts whose family has had its texts of this week: theirs waits.")


class Progress(Shown):
    """How far it is: contacts by where they stand, and their messages by what became of them."""

    status: str
    contacts: dict[str, int]
    messages: dict[str, int]


class ShownRecipient(Shown):
    """One contact, the pupils whom it is about, and what became of the message."""

    contact: str
    pupils: list[str]
    status: str = Field(description="waiting, put_in_line, unreached or stopped.")
    why: str = Field(description="Why nothing reached an unreached contact.")
    delivery: str | None = Field(description="The message's own status; null while there is none.")
    error_code: str


def _show(row: Broadcast) -> ShownBroadcast:
    whom = audience_of(row)
    return ShownBroadcast(
        id=row.id,
        kind=row.kind,
        to=whom.to,
        of=list(whom.of),
        texts=row.texts,
        status=row.status,
        written_by=row.written_by,
        at=row.at,
        approved_by=row.approved_by,
        approved_at=row.approved_at,
        ended_at=row.ended_at,
        last_day=row.last_day,
        version=row.version,
    )


@routes.get("", Scope.BROADCASTS_READ, summary="List broadcasts")
def list_broadcasts(who: Who, after: After = None, limit: Limit = 50) -> Page[ShownBroadcast]:
    """The latest first."""
    with who.reading() as session:
        rows = broadcasts_page(session, who.school_id, after=place(after, form=ID), limit=limit + 1)
    return page_of(rows, limit, show=_show, key=lambda row: row.id)


@routes.change("POST", "", Scope.BROADCASTS_WRITE, status=201, summary="Write a broadcast")
def new_broadcast(said: NewBroadcast, who: Who) -> ShownBroadcast:
    """A draft: nothing goes before it is approved."""
    if (said.audience.to == "all") == bool(said.audience.of):
        raise invalid("/audience/of", "audience", "It is left out for all, and names somebody otherwise.")
    audience = Audience(to=said.audience.to, of=tuple(said.audience.of))
    with who.writing() as session:
        try:
            made = write(
                session,
                who.school_id,
                kind=said.kind,
                audience=audience,
                texts=said.texts,
                actor=who.actor,
                now=who.now,
                last_day=said.last_day,
            )
        except BroadcastRefused as refused:
            where = "/audience" if refused.code == "nobody" else "/texts"
            raise invalid(where, refused.code, REFUSALS[refused.code]) from None
        session.flush()
        return _show(made)


@routes.get("/{broadcast_id}", Scope.BROADCASTS_READ, problems=[404], summary="One broadcast")
def one_broadcast(broadcast_id: PathId, who: Who) -> ShownBroadcast:
    """One broadcast with its texts."""
    with who.reading() as session:
        return _show(_found(session, who, broadcast_id))


@routes.get("/{broadcast_id}/preview", Scope.BROADCASTS_READ, problems=[404], summary="Preview")
def preview_broadcast(broadcast_id: PathId, who: Who) -> ShownPreview:
    """Whom it would reach, in which languages, in how many segments, and what it would cost."""
    with who.reading() as session:
        seen = preview(session, _found(session, who, broadcast_id), now=who.now)
    return ShownPreview(
        pupils=seen.pupils,
        contacts=seen.contacts,
        by_channel=dict(seen.by_channel),
        by_language=dict(seen.by_language),
        in_english=seen.in_english,
        unreached=dict(seen.unreached),
        segments=seen.segments,
        cost_pence=seen.tenths_of_pence / 10 if seen.tenths_of_pence is not None else None,
        needs_second=seen.needs_second,
        over_budget=seen.over_budget,
    )


@routes.change("POST", "/{broadcast_id}/approval", Scope.BROADCASTS_WRITE, problems=[404, 409], summary="Approve")
def approve_broadcast(broadcast_id: PathId, who: Who) -> ShownBroadcast:
    """It goes from now on, beside replies and after them. Above the school's own size its writer cannot approve it."""
    return _change(who, broadcast_id, lambda session, row: approve(session, row, actor=who.actor, now=who.now))


@routes.change("POST", "/{broadcast_id}/stopping", Scope.BROADCASTS_WRITE, problems=[404], summary="Stop")
def stop_broadcast(broadcast_id: PathId, who: Who) -> ShownBroadcast:
    """What has not left does not leave. Stopping what is over changes nothing."""
    return _change(who, broadcast_id, lambda session, row: stop(session, row, actor=who.actor, now=who.now))


@routes.get("/{broadcast_id}/progress", Scope.BROADCASTS_READ, problems=[404], summary="Progress")
def progress(broadcast_id: PathId, who: Who) -> Progress:
    """Counts of contacts and of their messages."""
    with who.reading() as session:
        row = _found(session, who, broadcast_id)
        contacts, messages = progress_of(session, who.school_id, row.id)
    return Progress(status=row.status, contacts=contacts, messages=messages)


@routes.get("/{broadcast_id}/recipients", Scope.BROADCASTS_READ, problems=[404], summary="List results by family")
def recipients(broadcast_id: PathId, who: Who, after: After = None, limit: Limit = 50) -> Page[ShownRecipient]:
    """Each contact and what became of the message."""
    last = place(after, form=ID)
    with who.reading() as session:
        _found(session, who, broadcast_id)
        rows = recipients_page(session, who.school_id, broadcast_id, after=last, limit=limit + 1)
    return page_of(rows, limit, show=_recipient, key=lambda row: row[0].contact_id)


def _recipient(found: tuple[BroadcastRecipient, str | None, str]) -> ShownRecipient:
    row, delivery, code = found
    return ShownRecipient(
        contact=row.contact_id,
        pupils=list(row.pupil_ids),
        status=row.status,
        why=row.why,
        delivery=delivery,
        error_code=code,
    )


def _found(session: Session, who: Caller, broadcast_id: str) -> Broadcast:
    row = session.get(Broadcast, (who.school_id, broadcast_id))
    if row is None:
        raise not_found()
    return row


def _change(who: Caller, broadcast_id: str, act: Callable[[Session, Broadcast], None]) -> ShownBroadcast:
    with who.writing() as session:
        row = lock_broadcast(session, who.school_id, broadcast_id)
        if row is None:
            raise not_found()
        try:
            act(session, row)
        except BroadcastRefused as refused:
            raise Problem(Problems.CONFLICT, REFUSALS[refused.code]) from None
        session.flush()
        who.database.notify(session, "inbox")
        return _show(row)
