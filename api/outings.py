"""Trips and exam days, entered beforehand so that nobody's home is alarmed about them."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from fastapi import Query
from pydantic import Field

from api.access import Scope, Who
from api.problems import not_found
from api.routes import Routes
from api.shapes import Body, Day, Note, PathId, Shown
from school.calendars import calendar_of
from school.outings import NewOuting, add_outing, remove_outing
from school.records.chase_queries import outings_on
from school.records.chasing import Outing

routes = Routes("/outings", "calendar")


class NewOutingBody(Body):
    """A trip or an exam of one class, one year group, or everybody."""

    date: Day
    kind: Literal["trip", "exam", "other"]
    class_name: Annotated[str, Field(max_length=100, pattern=r"^[^\x00]*$")] = ""
    year: Annotated[str, Field(max_length=10, pattern=r"^[^\x00]*$")] = ""
    note: Note = ""


class ShownOuting(Shown):
    """An outing as it was entered."""

    id: str
    date: date
    kind: str
    class_name: str
    year: str
    note: str


class Outings(Shown):
    """A day's outings."""

    items: list[ShownOuting]


@routes.get("", Scope.TODAY_READ, summary="List a day's outings")
def list_outings(
    who: Who, date: Annotated[Day | None, Query(description="Today where none is given.")] = None
) -> Outings:
    """The trips and exams of a day."""
    with who.reading() as session:
        day = date or calendar_of(session, who.school_id).local(who.now).date()
        rows = outings_on(session, who.school_id, day)
    return Outings(items=[_show(row) for row in rows])


@routes.change("POST", "", Scope.CHASES_WRITE, status=201, summary="Enter an outing")
def enter(new: NewOutingBody, who: Who) -> ShownOuting:
    """From now on alerts about its class wait for a click on that day."""
    wanted = NewOuting(day=new.date, kind=new.kind, class_name=new.class_name, year=new.year, note=new.note)
    with who.writing() as session:
        row = add_outing(session, who.school_id, wanted, actor=who.actor, now=who.now)
    return _show(row)


@routes.change("DELETE", "/{outing_id}", Scope.CHASES_WRITE, status=204, problems=[404], summary="Take an outing back")
def take_back(outing_id: PathId, who: Who) -> None:
    """It was entered by mistake, or does not take place."""
    with who.writing() as session:
        if not remove_outing(session, who.school_id, outing_id, actor=who.actor, now=who.now):
            raise not_found()


def _show(row: Outing) -> ShownOuting:
    return ShownOuting(id=row.id, date=row.day, kind=row.kind, class_name=row.class_name, year=row.year, note=row.note)
