"""Worrying texts, for those alone whom care rule 8 names; nothing about them is anywhere else."""

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
from api.shapes import ID, After, Body, IfMatch, Limit, Page, PathId, Shown, etag, page_of, place, require_version
from school.records.messaging import Message
from school.records.safeguarding_queries import items_page, lock_item, shown_item, words_of
from school.records.staff import SafeguardingItem
from school.rules.allegations import About
from school.safeguarding import AlreadyHandedBack, NotOpened, call_allegation, file_item, hand_back, open_item

routes = Routes("/safeguarding-items", "safeguarding-items")


class ToldOfWorry(Shown):
    """A role that was told, and when."""

    role: str
    at: datetime


class Allegation(Body):
    """Whom the text accuses."""

    about: Literal["staff", "lead", "head"]


class ShownWorry(Shown):
    """A worrying text with its words, and what became of it."""

    id: str
    status: Literal["new", "opened", "handed_back"]
    category: str = Field(description="What hearing took it for: a code.")
    about: Literal["staff", "lead", "head"] | None = Field(description="Whom it accuses, if it accuses staff.")
    words: str | None = Field(description="Null once the words are forgotten.")
    thread: str
    contact: str | None
    pupils: list[str] = Field(description="All children of the family that is held.")
    at: datetime
    opened_at: datetime | None
    opened_by: str | None
    closed_at: datetime | None
    told: list[ToldOfWorry] = Field(description="Unopened it goes on: to the deputy, then to the head.")
    filed_at: datetime | None = Field(description="When it was recorded that the words were copied to the file.")
    filed_by: str | None
    version: int


def _show(item: SafeguardingItem, words: Mapping[str, Message]) -> ShownWorry:
    message = words.get(item.message_id)
    return ShownWorry(
        id=item.id,
        status=item.status,
        category=item.category,
        about=item.about or None,
        words=message.body if message is not None else None,
        thread=item.thread_id,
        contact=item.contact_id,
        pupils=list(item.pupil_ids),
        at=item.at,
        opened_at=item.opened_at,
        opened_by=item.opened_by,
        closed_at=item.closed_at,
        told=[ToldOfWorry(role=role, at=datetime.fromisoformat(at)) for role, at in item.told],
        filed_at=item.filed_at,
        filed_by=item.filed_by,
        version=item.version,
    )


Status = Annotated[Literal["new", "opened", "handed_back"] | None, Query(description="Only of this status.")]


@routes.get("", Scope.SAFEGUARDING_READ, summary="List worrying texts")
def list_worries(who: Who, status: Status = None, after: After = None, limit: Limit = 50) -> Page[ShownWorry]:
    """Worrying texts in the order in which they came; without `status`, those that are not handed back."""
    last = place(after, form=ID)
    with who.reading() as session:
        statuses = [status] if status else ["new", "opened"]
        rows = items_page(session, who.school_id, roles=who.worry_roles, statuses=statuses, after=last, limit=limit + 1)
        words = words_of(session, who.school_id, [item.message_id for item in rows])
    return page_of(rows, limit, show=lambda item: _show(item, words), key=lambda item: item.id)


@routes.get("/{item_id}", Scope.SAFEGUARDING_READ, problems=[404], summary="One worrying text")
def one_worry(item_id: PathId, who: Who, response: Response) -> ShownWorry:
    """One of them, with its ETag. Looking does not open it: that is said with `opening`."""
    with who.reading() as session:
        item = shown_item(session, who.school_id, item_id, roles=who.worry_roles)
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


@routes.change(
    "POST", "/{item_id}/allegation", Scope.SAFEGUARDING_WRITE, problems=[404, 409], summary="Say whom it accuses"
)
def call_it_an_allegation(item_id: PathId, said: Allegation, who: Who, response: Response) -> ShownWorry:
    """About staff it goes to the head and the lead; about either of those, to the other and the named governor.

    The answer is the last that whoever is accused sees of it.
    """
    with who.writing() as session:
        item = _locked(session, who, item_id)
        try:
            call_allegation(session, item, About(said.about), actor=who.actor, now=who.now)
        except AlreadyHandedBack:
            raise Problem(Problems.CONFLICT, "It was handed back before.") from None
        words = words_of(session, who.school_id, [item.message_id])
    response.headers.update(etag(item.version))
    return _show(item, words)


@routes.change(
    "POST", "/{item_id}/filing", Scope.SAFEGUARDING_WRITE, problems=[404, 409], summary="Record that it is on file"
)
def file_worry(item_id: PathId, who: Who, response: Response) -> ShownWorry:
    """The words were copied to the child's file. Until that is recorded no purge forgets them (care rule 9)."""
    with who.writing() as session:
        item = _locked(session, who, item_id)
        try:
            file_item(session, item, actor=who.actor, user_id=who.author, now=who.now)
        except NotOpened:
            raise Problem(Problems.CONFLICT, "Nobody has opened it yet.") from None
        words = words_of(session, who.school_id, [item.message_id])
    response.headers.update(etag(item.version))
    return _show(item, words)


def _locked(session: Session, who: Caller, item_id: str) -> SafeguardingItem:
    item = lock_item(session, who.school_id, item_id, roles=who.worry_roles)
    if item is None:
        raise not_found()
    return item
