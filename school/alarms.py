"""The duty phone: what could hurt a child and nobody acknowledged is told to whoever is on call, without content."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from school.ledger import SYSTEM, Entry, record
from school.reaching import line_to, push_to
from school.records.item_queries import alarms_due
from school.records.people import School
from school.records.staff import StaffItem
from school.settings import settings_of

# Care rules 4 and 5: these are not left on a board that nobody looks at.
ALARMING = frozenset({"claims_present", "missing_afternoon"})
ON_CALL = "on_call"
AT_ONCE = 50


def arm(session: Session, items: Iterable[StaffItem], *, now: datetime) -> None:
    """Sets the alarm of those items that have one, where the school has a duty phone."""
    for item in items:
        if item.why not in ALARMING or item.alarm_at is not None or item.acknowledged_at or item.closed_at:
            continue
        settings = settings_of(session.get_one(School, item.school_id))
        if settings.duty_phone:
            item.alarm_at = now + timedelta(minutes=settings.duty_after_minutes)
    session.flush()


def acknowledge(session: Session, item: StaffItem, *, actor: str, now: datetime) -> None:
    """A person is on it; who was first stays. The duty phone is left alone."""
    if item.acknowledged_at is None and item.closed_at is None:
        item.acknowledged_at, item.acknowledged_by, item.alarm_at = now, actor, None
        _record(session, item, "acknowledge_item", actor=actor, now=now)


def ring(session: Session, *, now: datetime) -> int:
    """Tells the duty phones of what nobody has acknowledged in time: one message a school; how many items it was."""
    due = alarms_due(session, now, limit=AT_ONCE)
    for school_id in sorted({item.school_id for item in due}):
        own = [item for item in due if item.school_id == school_id]
        unseen = [item for item in own if item.acknowledged_at is None and item.closed_at is None]
        for item in own:
            item.alarm_at = None
        phone = settings_of(session.get_one(School, school_id)).duty_phone
        thread = line_to(session, school_id, phone, now=now) if unseen and phone else None
        if thread is None:
            continue
        push_to(session, thread, flow=ON_CALL, purpose="safeguarding", now=now)
        for item in unseen:
            _record(session, item, "ring_duty_phone", actor=SYSTEM, now=now)
    session.flush()
    return len(due)


def _record(session: Session, item: StaffItem, verb: str, *, actor: str, now: datetime) -> None:
    entry = Entry(
        school_id=item.school_id,
        actor=actor,
        verb=verb,
        subject="staff_item",
        subject_id=item.id,
        detail={"why": item.why},
    )
    record(session, entry, now=now)
