"""The continuity sheet of half past nine, as a plain page to print."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query
from jinja2 import Environment, PackageLoader, select_autoescape
from starlette.responses import HTMLResponse

from api.access import Scope, Who
from api.problems import not_found
from api.routes import Routes
from api.shapes import Day
from school.calendars import calendar_of
from school.continuity import Sheet, fresh_sheet, read_sheet, with_names
from school.records.people import School
from school.rules.calendar import Calendar
from school.safeguarding import BEING_DEALT_WITH

routes = Routes("/continuity-sheet", "continuity-sheet")

# How the board's states are said on paper.
STATES = {
    "not_known": "home thinks the child is in school: RING NOW",
    "staff": "ring now",
    "second": "second contact asked",
    "asked": "first contact asked",
    "held": "alerts wait for a click",
    "none": "nobody asked yet",
}


def page(school: School, calendar: Calendar, sheet: Sheet) -> str:
    """The sheet as a page that needs nothing from anywhere: black on white, one print."""
    environment = Environment(
        loader=PackageLoader("api"), autoescape=select_autoescape(), trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template("continuity_sheet.html").render(
        school=school, sheet=sheet, at=calendar.local(sheet.at), states=STATES, held=BEING_DEALT_WITH
    )


@routes.get("", Scope.SHEET_READ, problems=[404], summary="The continuity sheet", response_class=HTMLResponse)
def continuity_sheet(
    who: Who,
    date: Annotated[Day | None, Query(description="Today where none is given.")] = None,
    fresh: Annotated[bool, Query(description="As it would be written at this moment; it is not kept.")] = False,
) -> HTMLResponse:
    """Who is unaccounted for and whom to ring, who is away, late or leaves, on a page to print. It never says why.

    It is written at half past nine on every school day; before that, and on other days, there is none.
    """
    with who.reading() as session:
        calendar = calendar_of(session, who.school_id)
        day = date or calendar.local(who.now).date()
        school = session.get_one(School, who.school_id)
        if fresh:
            sheet: Sheet | None = with_names(session, fresh_sheet(session, who.school_id, day, now=who.now))
        else:
            sheet = read_sheet(session, who.school_id, day)
        if sheet is None:
            raise not_found()
        shown = page(school, calendar, sheet)
    return HTMLResponse(shown, headers={"Cache-Control": "no-store"})
