"""Conversations as staff read them and write in them; worrying texts are never here."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Any

from fastapi import Query
from pydantic import Field
from sqlalchemy.orm import Session
from starlette.responses import JSONResponse

from api.access import Caller, Scope, Who
from api.idempotency import IdempotencyKey, once
from api.problems import Problem, Problems, not_found
from api.routes import Routes
from api.shapes import ID, After, Body, BodyId, Limit, Page, PathId, Shown, TextOut, page_of, place
from school.evidence_links import masked
from school.records.messaging import Message, OutboxRow, Thread
from school.records.thread_queries import deliveries, lock_thread, messages_page, shown_thread, threads_page
from school.threads import CannotReply, Speaker, close, is_taken, reply_as_staff, take

routes = Routes("/threads", "threads")

PLACE = re.compile(rf"[0-9T:.+-]+/{ID.pattern}")


class ShownThread(Shown):
    """A conversation with one phone or chat. `contact` is null for a sender whom nobody knows."""

    id: str
    channel: str
    address: str
    contact: str | None
    language: str
    numbers_only: bool
    last_at: datetime
    taken_until: datetime | None = Field(description="A person speaks here: the flows do not reply until then.")
    opted_out: bool


class Delivery(Shown):
    """How the sending of a message of ours stands."""

    status: str
    error_code: str


class ShownMessage(Shown):
    """A text that came in or goes out; `author` is the member of staff who wrote it, else null."""

    id: str
    direction: str
    words: str
    author: str | None
    media: int
    at: datetime
    delivery: Delivery | None


class StaffWords(Body):
    """What a member of staff writes to a family, in their own words."""

    words: TextOut


class Accepted(Shown):
    """The words are in line and will be sent; `id` is their message's."""

    id: str
    thread: str
    at: datetime


def _show(thread: Thread, last_at: datetime, now: datetime) -> ShownThread:
    return ShownThread(
        id=thread.id,
        channel=thread.channel,
        address=thread.address,
        contact=thread.contact_id,
        language=thread.language,
        numbers_only=thread.numbers_only,
        last_at=last_at,
        taken_until=thread.staff_until if is_taken(thread, now=now) else None,
        opted_out=thread.opted_out_at is not None,
    )


@routes.get("", Scope.THREADS_READ, summary="List threads")
def list_threads(
    who: Who,
    contact: Annotated[BodyId | None, Query(description="Only of this contact.")] = None,
    unknown: Annotated[bool | None, Query(description="Only of senders whom nobody knows, or only of others.")] = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[ShownThread]:
    """Conversations, the latest words first."""
    last = _moment_and_id(place(after, form=PLACE))
    with who.reading() as session:
        rows = threads_page(session, who.school_id, contact_id=contact, unknown=unknown, after=last, limit=limit + 1)
    return page_of(
        rows, limit, show=lambda row: _show(*row, who.now), key=lambda row: f"{row[1].isoformat()}/{row[0].id}"
    )


def _moment_and_id(last: str | None) -> tuple[datetime, str] | None:
    if last is None:
        return None
    moment, _, thread_id = last.rpartition("/")
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        raise _no_cursor() from None
    if at.tzinfo is None:
        raise _no_cursor()
    return at, thread_id


def _no_cursor() -> Problem:
    return Problem(Problems.INVALID, "`after` is no `next` of a page of this list.")


@routes.get("/{thread_id}", Scope.THREADS_READ, problems=[404], summary="One thread")
def one_thread(thread_id: PathId, who: Who) -> ShownThread:
    """A conversation of this school."""
    with who.reading() as session:
        found = shown_thread(session, who.school_id, thread_id)
    if found is None:
        raise not_found()
    return _show(*found, who.now)


@routes.get("/{thread_id}/messages", Scope.THREADS_READ, problems=[404], summary="A thread's messages")
def list_messages(thread_id: PathId, who: Who, after: After = None, limit: Limit = 50) -> Page[ShownMessage]:
    """The words in the order in which they came and went."""
    last = place(after, form=ID)
    with who.reading() as session:
        if shown_thread(session, who.school_id, thread_id) is None:
            raise not_found()
        rows = messages_page(session, who.school_id, thread_id, after=last, limit=limit + 1)
        sent = deliveries(session, who.school_id, thread_id, [row.id for row in rows if row.direction == "out"])
    return page_of(rows, limit, show=lambda row: _message(row, sent.get(row.id)), key=lambda row: row.id)


def _message(message: Message, sent: OutboxRow | None) -> ShownMessage:
    return ShownMessage(
        id=message.id,
        direction=message.direction,
        words=masked(message.body),
        author=message.author or None,
        media=message.media,
        at=message.at,
        delivery=Delivery(status=sent.status, error_code=sent.error_code) if sent is not None else None,
    )


@routes.change(
    "POST",
    "/{thread_id}/messages",
    Scope.THREADS_WRITE,
    status=202,
    problems=[404, 409],
    response_model=Accepted,
    summary="Write to a family",
)
def write(thread_id: PathId, said: StaffWords, who: Who, key: IdempotencyKey = None) -> JSONResponse:
    """Puts the words in line to be sent and takes the thread: the flows do not reply while a person speaks."""

    def put_in_line(session: Session) -> dict[str, Any]:
        thread = _locked(session, who, thread_id)
        try:
            message = reply_as_staff(session, thread, said.words, by=speaker(who), now=who.now)
        except CannotReply as refused:
            raise refusal(refused) from None
        who.database.notify(session, "inbox")
        return Accepted(id=message.id, thread=thread.id, at=message.at).model_dump(mode="json")

    with who.writing() as session:
        status, answer = once(session, who, key, request=("write", thread_id, said.words), status=202, act=put_in_line)
    return JSONResponse(answer, status)


def refusal(refused: CannotReply) -> Problem:
    """Why nothing was sent, as it is answered."""
    if refused.code == "held":
        return Problem(Problems.DO_NOT_CONTACT)
    return Problem(Problems.CONFLICT, "Nothing may be sent to this address: they opted out, or it is not theirs.")


@routes.change("POST", "/{thread_id}/taking", Scope.THREADS_WRITE, problems=[404], summary="Take a thread")
def take_thread(thread_id: PathId, who: Who) -> ShownThread:
    """A person speaks here from now on: the flows do not reply until it is closed or two school hours have passed."""
    return _change(who, thread_id, lambda session, thread: take(session, thread, by=speaker(who), now=who.now))


@routes.change("POST", "/{thread_id}/closing", Scope.THREADS_WRITE, problems=[404], summary="Close a thread")
def close_thread(thread_id: PathId, who: Who) -> ShownThread:
    """Nobody speaks here any more: the flows reply again."""
    return _change(who, thread_id, lambda session, thread: close(session, thread, by=speaker(who), now=who.now))


def _change(who: Caller, thread_id: str, act: Any) -> ShownThread:
    with who.writing() as session:
        thread = _locked(session, who, thread_id)
        act(session, thread)
        session.flush()
        found = shown_thread(session, who.school_id, thread_id)
        assert found is not None  # noqa: S101  it was there a moment ago, under the same lock
        return _show(*found, who.now)


def _locked(session: Session, who: Caller, thread_id: str) -> Thread:
    if shown_thread(session, who.school_id, thread_id) is None:
        raise not_found()
    thread = lock_thread(session, who.school_id, thread_id)
    assert thread is not None  # noqa: S101  threads are never deleted
    return thread


def speaker(who: Caller) -> Speaker:
    """The caller as one who speaks for the school."""
    return Speaker(
        id=who.author,
        actor=who.actor,
        may_reach_held=who.is_lead(Scope.SAFEGUARDING_WRITE),
    )
