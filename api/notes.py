"""Notes about a pupil's day: a word at the gate, sent home ill. What accounts for a child stops the chase."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from fastapi import Query
from pydantic import Field

from api.access import Scope, Who
from api.problems import not_found
from api.routes import Routes
from api.shapes import Body, BodyId, Day, Note, Shown
from school.calendars import calendar_of
from school.notes import NewNote, add_notes
from school.records.chase_queries import notes_of
from school.records.chasing import PupilNote

routes = Routes("/notes", "notes")


class NewPupilNote(Body):
    """What an adult said or a member of staff saw."""

    pupil: BodyId
    kind: Literal["with_adult", "sent_home_ill"] = Field(
        description="with_adult: an adult who may say so said where the child is, so nobody at home is asked."
    )
    date: Day | None = Field(default=None, description="Today where none is given.")
    session: Literal["AM", "PM"] | None = Field(default=None, description="The whole day where none is given.")
    note: Note = ""


class ShownNote(Shown):
    """A note; its words are shown with `reasons:read` alone."""

    id: str
    pupil: str
    kind: str
    date: date
    session: str | None
    note: str | None
    at: datetime
    by: str


class Notes(Shown):
    """A day's notes, oldest first."""

    items: list[ShownNote]


@routes.get("", Scope.TODAY_READ, summary="List a day's notes")
def list_notes(who: Who, date: Annotated[Day | None, Query(description="Today where none is given.")] = None) -> Notes:
    """All notes about a day, oldest first."""
    with who.reading() as session:
        day = date or calendar_of(session, who.school_id).local(who.now).date()
        rows = notes_of(session, who.school_id, [day])
    return Notes(items=[_show(row, reasons=who.may(Scope.REASONS_READ)) for row in rows])


@routes.change("POST", "", Scope.NOTES_WRITE, status=201, problems=[404], summary="Write a note")
def add(new: NewPupilNote, who: Who) -> ShownNote:
    """Keeps a note; where it accounts for the child, the chase ends at once."""
    with who.writing() as session:
        day = new.date or calendar_of(session, who.school_id).local(who.now).date()
        note = NewNote(
            school_id=who.school_id,
            pupil_id=new.pupil,
            day=day,
            session=new.session or "",
            kind=new.kind,
            note=new.note,
            by=who.actor,
        )
        kept = add_notes(session, [note], now=who.now)
        if not kept:
            raise not_found()
        return _show(kept[0], reasons=True)


def _show(row: PupilNote, *, reasons: bool) -> ShownNote:
    return ShownNote(
        id=row.id,
        pupil=row.pupil_id,
        kind=row.kind,
        date=row.day,
        session=row.session or None,
        note=row.note if reasons else None,
        at=row.at,
        by=row.by,
    )
