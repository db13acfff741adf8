"""Helpers: who may report a family's children until a date, added by staff after a call, and told nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Literal

from fastapi import Query, Response
from fastapi.responses import JSONResponse
from pydantic import Field
from sqlalchemy.orm import Session

from api.access import Scope, Who
from api.contacts import PlaceOfContact, reached_at
from api.idempotency import IdempotencyKey, once
from api.problems import Problem, Problems, invalid, not_found
from api.routes import Routes
from api.shapes import (
    ID,
    After,
    Body,
    BodyId,
    Day,
    IfMatch,
    Limit,
    Name,
    Page,
    PathId,
    Shown,
    etag,
    page_of,
    place,
    require_version,
)
from school.calendars import calendar_of
from school.helping import AlreadyThere, HelperRefused, NewHelper, Why, add_helper, end_helper
from school.records.helping_queries import helper_of, helpers_page
from school.records.people import Helper
from school.records.pupil_queries import addresses_of, children_of, contacts_by_id
from school.rules.helping import SOON_DAYS, ends_soon

routes = Routes("/helpers", "contacts")


class NewHelperBody(Body):
    """Whom a parent named on the telephone. A text never adds anybody."""

    name: Name
    phone: Annotated[str, Field(min_length=3, max_length=30, pattern=r"^[^\x00]*$")]
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}(_[A-Z][a-z]{3})?$")] = "en"
    pupils: Annotated[list[BodyId], Field(min_length=1, max_length=10)]
    until: Annotated[Day, Field(description="The last day on which they may report.")]
    why: Why
    rang: Annotated[BodyId, Field(description="The contact whom you rang, with whom each of the children lives.")]
    call_confirmed: Annotated[
        Literal[True],
        Field(description="You rang a number on record, and the parent agreed. Without it, nobody is added."),
    ]


class ShownHelper(Shown):
    """A helper; `contact` is what reports and threads name."""

    contact: str
    name: str
    language: str
    addresses: list[PlaceOfContact]
    pupils: list[str]
    until: date
    ends_soon: bool = Field(description="Within a week.")
    why: str
    rang: str
    added_by: str
    added_at: datetime
    ended_at: datetime | None
    version: int


class Added(Shown):
    """The helper who was added."""

    contact: str
    version: int


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except AlreadyThere as error:
        raise Problem(Problems.CONFLICT, str(error)) from None
    except HelperRefused as error:
        raise invalid(error.where, error.code, str(error)) from None


@routes.get("", Scope.CONTACTS_READ, summary="List helpers")
def list_helpers(
    who: Who,
    ending: Annotated[bool, Query(description="Only those whose last day is within a week.")] = False,
    after: After = None,
    limit: Limit = 50,
) -> Page[ShownHelper]:
    """Those who may report today, a page at a time."""
    last = place(after, form=ID)
    with who.reading() as session:
        today = calendar_of(session, who.school_id).local(who.now).date()
        until = today + timedelta(days=SOON_DAYS) if ending else None
        rows = helpers_page(session, who.school_id, after=last, limit=limit + 1, standing_on=today, until=until)
        shown = {each.contact: each for each in _show(session, rows, today)}
    return page_of(rows, limit, show=lambda row: shown[row.contact_id], key=lambda row: row.contact_id)


@routes.change(
    "POST", "", Scope.CONTACTS_WRITE, status=201, problems=[409], response_model=Added, summary="Add a helper"
)
def add(new: NewHelperBody, who: Who, key: IdempotencyKey = None) -> JSONResponse:
    """After a call to a parent on record. The first text works at once; nobody is texted about it."""
    wanted = NewHelper(
        name=new.name,
        phone=new.phone,
        language=new.language,
        pupil_ids=tuple(new.pupils),
        until=new.until,
        why=new.why,
        rang=new.rang,
    )

    def act(session: Session) -> dict[str, Any]:
        row = add_helper(session, who.school_id, wanted, actor=who.actor, by=who.author, now=who.now)
        return {"contact": row.contact_id, "version": row.version}

    with who.writing() as session, _refusals():
        asked = ("helper", new.model_dump_json())
        status, answer = once(session, who, key, request=asked, status=201, act=act)
    return JSONResponse(answer, status)


@routes.change(
    "POST", "/{contact_id}/ending", Scope.CONTACTS_WRITE, problems=[404, 412, 428], summary="End a helper early"
)
def end(contact_id: PathId, who: Who, response: Response, if_match: IfMatch = None) -> ShownHelper:
    """From this moment on they may report nothing. What they reported stands."""
    with who.writing() as session:
        row = helper_of(session, who.school_id, contact_id)
        if row is None:
            raise not_found()
        require_version(if_match, row.version)
        end_helper(session, row, actor=who.actor, now=who.now)
        response.headers.update(etag(row.version))
        today = calendar_of(session, who.school_id).local(who.now).date()
        return _show(session, [row], today)[0]


def _show(session: Session, rows: Sequence[Helper], today: date) -> list[ShownHelper]:
    if not rows:
        return []
    school_id, ids = rows[0].school_id, [row.contact_id for row in rows]
    contacts = contacts_by_id(session, school_id, ids)
    addresses, children = addresses_of(session, school_id, ids), children_of(session, school_id, ids)
    return [
        ShownHelper(
            contact=row.contact_id,
            name=contacts[row.contact_id].name,
            language=contacts[row.contact_id].language,
            addresses=reached_at(addresses.get(row.contact_id, [])),
            pupils=[pupil.id for pupil, _ in children.get(row.contact_id, [])],
            until=row.until,
            ends_soon=row.ended_at is None and ends_soon(row.until, today),
            why=row.why,
            rang=row.rang_contact_id,
            added_by=row.added_by,
            added_at=row.added_at,
            ended_at=row.ended_at,
            version=row.version,
        )
        for row in rows
    ]
