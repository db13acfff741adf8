"""Worrying texts, for the safeguarding lead alone; nothing about them is anywhere else."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal

from fastapi import Query, Response
from pydantic import Field
from sqlalchemy.orm import Session

from api.access import Caller, Scope, Who
from api.problems import Problem, Problems, not_found
from api.routes import Routes
from api.shapes import ID, After, IfMatch, Limit, Page, PathId, Shown, etag, page_of, place, require_version
from school.records.messaging import Message
from school.records.safeguarding_queries import items_page, lock_item, words_of
from school.records.staff import SafeguardingItem
from school.safeguarding import AlreadyHandedBack, hand_back, open_item

routes = Routes("/safeguarding-items", "safeguarding-items")


class ShownWorry(Shown):
    """A worrying text with its words, and what became of it."""

    id: str
    status: Literal["new", "opened", "handed_back"]
    category: str = Field(description="What hearing took it for: a code.")
    words: str | None = Field(description="Null once the words are forgotten.")
    thread: str
    contact: str | None
    pupils: list[str] = Field(description="All children of the family that is held.")
    at: datetime
    opened_at: datetime | None
    opened_by: str | None
    closed_at: datetime | None
    version: int


def _show(item: SafeguardingItem, words: Mapping[str, Message]) -> ShownWorry:
    message = words.get(item.message_id)
    return ShownWorry(
        id=item.id,
        status=item.status,
        category=item.category,
        words=message.body if message is not None else None,
        thread=item.thread_id,
        contact=item.contact_id,
        pupils=list(item.pupil_ids),
        at=item.at,
        opened_at=item.opened_at,
        opened_by=item.opened_by,
        closed_at=item.closed_at,
        version=item.version,
    )


Status = Annotated[Literal["new", "opened", "handed_back"] | None, Query(description="Only of this status.")]


@routes.get("", Scope.SAFEGUARDING_READ, summary="List worrying texts")
def list_worries(who: Who, status: Status = None, after: After = None, limit: Limit = 50) -> Page[ShownWorry]:
    """Worrying texts in the order in which they came; without `status`, those that are not handed back."""
    last = place(after, form=ID)
    with who.reading() as session:
        statuses = [status] if status else ["new", "opened"]
        rows = items_page(session, who.school_id, statuses=statuses, after=last, limit=limit + 1)
        words = words_of(session, who.school_id, [item.message_id for item in rows])
    return page_of(rows, limit, show=lambda item: _show(item, words), key=lambda item: item.id)


@routes.get("/{item_id}", Scope.SAFEGUARDING_READ, problems=[404], summary="One worrying text")
def one_worry(item_id: PathId, who: Who, response: Response) -> ShownWorry:
    """One of them, with its ETag. Looking does not open it: that is said with `opening`."""
    with who.reading() as session:
        item = session.get(SafeguardingItem, (who.school_id, item_id))
        if item is None:
            raise not_found()
        words = words_of(session, who.school_id, [item.message_id])
    response.headers.update(etag(item.version))
    return _show(item, words)


@routes.change("POST", "/{item_id}/opening", Scope.SAFEGUARDING_WRITE, problems=[404], summary="Open it")
def open_worry(item_id: PathId, who: Who, response: Response) -> ShownWorry:
    """The lead has read it; who was first, and when, is kept. Opening it again changes nothing."""
    with who.writing() as session:
        item = _locked(session, who, item_id)
        open_item(session, item, actor=who.actor, user_id=who.author, now=who.now)
        words = words_of(session, who.school_id, [item.message_id])
    response.headers.update(etag(item.version))
    return _show(item, words)


@routes.change(
    "POST",
    "/{item_id}/handing-back",
    Scope.SAFEGUARDING_WRITE,
    problems=[404, 409, 412, 428],
    summary="Hand the thread back",
)
def hand_back_worry(item_id: PathId, who: Who, response: Response, if_match: IfMatch = None) -> ShownWorry:
    """Later texts of the thread are answered as usual again. The family stays held until each hold is released."""
    with who.writing() as session:
        item = _locked(session, who, item_id)
        require_version(if_match, item.version)
        try:
            hand_back(session, item, actor=who.actor, now=who.now)
        except AlreadyHandedBack:
            raise Problem(Problems.CONFLICT, "It was handed back before.") from None
        words = words_of(session, who.school_id, [item.message_id])
    response.headers.update(etag(item.version))
    return _show(item, words)


def _locked(session: Session, who: Caller, item_id: str) -> SafeguardingItem:
    item = lock_item(session, who.school_id, item_id)
    if item is None:
        raise not_found()
    return item
