"""All-clears: to exactly those whom a morning's message alarmed, and 'in school' only of a child marked present."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy.orm import Session

from school.chase_record import end
from school.ledger import Entry, record
from school.morning import has_come
from school.reaching import Start, start
from school.records.chase_queries import chases_on, deliveries, marks_of, recall, steps_of
from school.records.chasing import Chase, ChaseStep
from school.staff_items import StaffNote, raise_items

# A message in one of these states has alarmed nobody, and never will.
NEVER_LEFT = frozenset({"", "queued", "suppressed", "expired", "failed"})
ALARMING = frozenset({"ask", "late", "social_worker"})
RING_HOME = "ring_home"


@dataclass(frozen=True, slots=True, kw_only=True)
class AllClear:
    """What was sent: pupils who are in school, pupils of whom a person rings, and how many contacts were told."""

    in_school: tuple[str, ...]
    checking: tuple[str, ...]
    contacts: int
    unreached: int


def send_all_clear(
    session: Session,
    school_id: str,
    day: date,
    *,
    ring_by: time,
    actor: str,
    now: datetime,
    pupil_ids: Collection[str] | None = None,
) -> AllClear:
    """Tells all who were alarmed about these pupils (all of the day's, where none are named) what is so (care rule 2).

    What has not left yet never does. Nobody is told twice. Children whom nobody has marked present are staff's to
    ring about by then.
    """
    chases = [each for each in chases_on(session, school_id, day) if pupil_ids is None or each.pupil_id in pupil_ids]
    steps = [step for step in steps_of(session, school_id, [each.id for each in chases]) if _may_alarm(step)]
    recall(session, school_id, [step.inbox_id or "" for step in steps], now=now)
    left = deliveries(session, school_id, {step.inbox_id or "" for step in steps})
    alarmed = [step for step in steps if left[step.inbox_id or ""].status not in NEVER_LEFT]
    marks = marks_of(session, school_id, day)
    by_id = {each.id: each for each in chases}
    seen = {
        each.pupil_id for each in chases
        if (mark := marks.get((each.pupil_id, each.session))) is not None and has_come(mark.code)
    }  # fmt: skip
    told: dict[str, set[str]] = defaultdict(set)
    for step in alarmed:
        told[step.contact_id].add(by_id[step.chase_id].pupil_id)
        step.cleared_at = now
    starts = [
        Start(
            school_id=school_id,
            contact_id=contact,
            flow="all_clear",
            purpose="chase",
            pupil_ids=tuple(sorted(pupils)),
            fills={
                "in_school": sorted(pupils & seen),
                "checking": sorted(pupils - seen),
                "by": ring_by.isoformat("minutes"),
            },
            over=True,
        )
        for contact, pupils in sorted(told.items())
    ]
    started, unreached = start(session, starts, now=now)
    pupils = {pupil for each in told.values() for pupil in each}
    _leave_to_staff(session, school_id, chases, pupils - seen, ring_by, now=now)
    found = AllClear(
        in_school=tuple(sorted(pupils & seen)),
        checking=tuple(sorted(pupils - seen)),
        contacts=len(started),
        unreached=len(unreached),
    )
    _record(session, school_id, day, found, actor=actor, now=now)
    return found


def _may_alarm(step: ChaseStep) -> bool:
    return step.inbox_id is not None and step.kind in ALARMING and step.cleared_at is None


def _leave_to_staff(
    session: Session, school_id: str, chases: Sequence[Chase], pupils: Collection[str], by: time, *, now: datetime
) -> None:
    """No more texts about children who are still looked for: a person rings, as the message says."""
    for chase in chases:
        if chase.pupil_id in pupils and chase.status == "going":
            end(session, chase, "all_clear", now=now)
    if pupils:
        detail = {"by": by.isoformat("minutes")}
        note = StaffNote(
            school_id=school_id, why=RING_HOME, pupil_ids=tuple(sorted(pupils)), urgent=True, detail=detail
        )
        raise_items(session, [note], now=now)
    session.flush()


def _record(session: Session, school_id: str, day: date, sent: AllClear, *, actor: str, now: datetime) -> None:
    detail = {"in_school": list(sent.in_school), "checking": list(sent.checking), "contacts": sent.contacts}
    entry = Entry(
        school_id=school_id,
        actor=actor,
        verb="send_all_clear",
        subject="day",
        subject_id=day.isoformat(),
        detail=detail,
    )
    record(session, entry, now=now)
