"""A chase as a row: how one begins and ends, and the ledger's line about it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session as DatabaseSession

from school.ledger import SYSTEM, Entry, record
from school.morning import Facts, Morning
from school.records.base import new_id
from school.records.chase_queries import chases_on, recall, steps_of
from school.records.chasing import Chase


def new_chase(facts: Facts, found: Morning, kind: str, *, now: datetime, staff_why: str = "") -> Chase:
    """A chase that begins now; `staff_why` makes it a person's from the start."""
    return Chase(
        school_id=found.school_id,
        id=new_id(now),
        pupil_id=facts.pupil.id,
        day=found.day,
        session=found.half.value,
        kind=kind,
        status="going",
        started_at=now,
        staff_at=now if staff_why else None,
        staff_why=staff_why,
        ended_why="",
        version=1,
    )


def end(session: DatabaseSession, chase: Chase, why: str, *, now: datetime) -> None:
    """Nothing more is asked about the child: what waits to be sent is taken back."""
    chase.status, chase.ended_at, chase.ended_why = "ended", now, why
    chase.version += 1
    steps = [step for step in steps_of(session, chase.school_id, [chase.id]) if step.inbox_id and step.kind != "late"]
    shared = _still_wanted(session, chase, {step.inbox_id or "" for step in steps})
    recall(session, chase.school_id, {step.inbox_id or "" for step in steps} - shared, now=now)
    note(session, chase, "end_chase", now=now, why=why)


def _still_wanted(session: DatabaseSession, chase: Chase, inbox_ids: set[str]) -> set[str]:
    """Messages that ask about a sibling too, who is not accounted for yet."""
    others = [
        each
        for each in chases_on(session, chase.school_id, chase.day, chase.session)
        if each.id != chase.id and each.status == "going"
    ]
    steps = steps_of(session, chase.school_id, [each.id for each in others]) if others and inbox_ids else []
    return {step.inbox_id for step in steps if step.inbox_id in inbox_ids}


def note(session: DatabaseSession, chase: Chase, verb: str, *, now: datetime, **detail: str) -> None:
    """The ledger's line about a chase."""
    entry = Entry(
        school_id=chase.school_id,
        actor=SYSTEM,
        verb=verb,
        subject="chase",
        subject_id=chase.id,
        detail={"pupil": chase.pupil_id, **detail},
    )
    record(session, entry, now=now)
