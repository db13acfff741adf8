"""The morning's chase: who is asked about, how far each ladder is, and a ladder that staff begin themselves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated

from fastapi import Query
from pydantic import Field
from sqlalchemy.orm import Session as DatabaseSession

from api.access import Caller, Scope, Who
from api.problems import not_found
from api.pupils import ShownPupil, show_pupil
from api.routes import Routes
from api.shapes import ID, After, Body, BodyId, Day, Limit, Page, PathId, Shown, page_of, place
from school.calendars import calendar_of
from school.chase import start_by_hand
from school.records.chase_queries import chases_page, steps_of
from school.records.chasing import Chase, ChaseStep
from school.records.people import Pupil
from school.records.pupil_queries import pupils_by_id
from school.rules.calendar import Session

routes = Routes("/chases", "chases")

LARGEST_GROUP = 500


class ShownStep(Shown):
    """One contact who was asked or told, and when; `failed` says why nobody would have got it."""

    contact: str
    kind: str
    at: datetime
    failed: str
    cleared_at: datetime | None = Field(description="When an all-clear went to the same contact.")


class ShownChase(Shown):
    """One child's ladder."""

    id: str
    pupil: ShownPupil
    date: date
    session: Session
    kind: str = Field(description="ladder, gentle (ill yesterday), late (an hour that passed), staff.")
    status: str = Field(description="going, not_known (a parent thinks that the child is in school), ended.")
    started_at: datetime
    staff_at: datetime | None
    staff_why: str
    ended_at: datetime | None
    ended_why: str
    steps: list[ShownStep]


class ByHand(Body):
    """Whom to ask about now."""

    pupils: Annotated[list[BodyId], Field(min_length=1, max_length=LARGEST_GROUP)]
    session: Session = Session.AM


class NotChased(Shown):
    """A pupil about whom nobody is asked, and where the session stands; null: no pupil who is expected today."""

    pupil: str
    standing: str | None


class Begun(Shown):
    """The ladders that began, and the pupils who are accounted for, so that nobody is alarmed about them."""

    started: list[str]
    refused: list[NotChased]


@routes.get("", Scope.TODAY_READ, summary="List a day's chases")
def list_chases(
    who: Who,
    date: Annotated[Day | None, Query(description="Today where none is given.")] = None,
    is_open: Annotated[bool | None, Query(alias="open", description="Only open or only ended ones.")] = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[ShownChase]:
    """Chases in the order in which they began, each with whom it asked."""
    last = place(after, form=ID)
    with who.reading() as session:
        day = date or calendar_of(session, who.school_id).local(who.now).date()
        rows = chases_page(session, who.school_id, day=day, is_open=is_open, after=last, limit=limit + 1)
        pupils, steps = _around(session, who, rows)
    return page_of(rows, limit, show=lambda row: _show(row, pupils, steps), key=lambda row: row.id)


@routes.get("/{chase_id}", Scope.TODAY_READ, problems=[404], summary="One chase")
def one_chase(chase_id: PathId, who: Who) -> ShownChase:
    """One child's ladder."""
    with who.reading() as session:
        row = session.get(Chase, (who.school_id, chase_id))
        if row is None:
            raise not_found()
        pupils, steps = _around(session, who, [row])
    return _show(row, pupils, steps)


@routes.change("POST", "", Scope.CHASES_WRITE, summary="Begin ladders by hand")
def begin(group: ByHand, who: Who) -> Begun:
    """Begins the ladders of those among these pupils whom nobody has accounted for; the others are named."""
    with who.writing() as session:
        day = calendar_of(session, who.school_id).local(who.now).date()
        begun, refused = start_by_hand(session, who.school_id, day, group.session, group.pupils, now=who.now)
    return Begun(
        started=[each.id for each in begun],
        refused=[NotChased(pupil=pupil, standing=standing) for pupil, standing in refused.items()],
    )


def _around(
    session: DatabaseSession, who: Caller, rows: Sequence[Chase]
) -> tuple[dict[str, Pupil], dict[str, list[ChaseStep]]]:
    steps: dict[str, list[ChaseStep]] = defaultdict(list)
    for step in steps_of(session, who.school_id, [row.id for row in rows]):
        steps[step.chase_id].append(step)
    return pupils_by_id(session, who.school_id, {row.pupil_id for row in rows}), steps


def _show(row: Chase, pupils: Mapping[str, Pupil], steps: Mapping[str, Sequence[ChaseStep]]) -> ShownChase:
    return ShownChase(
        id=row.id,
        pupil=show_pupil(pupils[row.pupil_id]),
        date=row.day,
        session=Session(row.session),
        kind=row.kind,
        status=row.status,
        started_at=row.started_at,
        staff_at=row.staff_at,
        staff_why=row.staff_why,
        ended_at=row.ended_at,
        ended_why=row.ended_why,
        steps=[
            ShownStep(
                contact=step.contact_id, kind=step.kind, at=step.at, failed=step.failed, cleared_at=step.cleared_at
            )
            for step in steps.get(row.id, ())
        ],
    )
