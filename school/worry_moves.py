"""The safeguarding queue moves by itself: who is told of a worry, and to whom it goes while nobody opens it."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from school import ledger
from school.calendars import calendar_of
from school.reaching import line_to, push_to
from school.records.people import School
from school.records.safeguarding_queries import moves_due
from school.records.staff import SafeguardingItem
from school.rules.allegations import About
from school.rules.calendar import CalendarEnds
from school.rules.worry_queue import DEPUTY, HEAD, LAST_STEP, LEAD, NAMED_GOVERNOR, STEPS
from school.settings import SchoolSettings, settings_of
from school.threads import school_hours_after

# What is said on those phones, and what it is for: nothing of it stands in threads that the office reads.
ON_CALL, PURPOSE = "on_call", "worry"
AT_ONCE = 50


def first_told_at(session: Session, school_id: str, *, now: datetime) -> datetime:
    """When the first readers are told: now while the school is open, else when it opens (care rule 7)."""
    settings, calendar = settings_of(session.get_one(School, school_id)), calendar_of(session, school_id)
    hours = {"opens": settings.office_opens, "closes": settings.office_closes}
    try:
        return now if calendar.is_open(now, **hours) else calendar.next_opening(now, **hours)
    except CalendarEnds:
        return now


def move(session: Session, *, now: datetime) -> int:
    """Tells and moves on what is due: unopened for ten school minutes, to the deputy; for twenty, to the head.

    An allegation about staff moves to nobody else: those whom the rule names are told again. How many items it was.
    """
    due = moves_due(session, now, limit=AT_ONCE)
    for school_id in sorted({item.school_id for item in due}):
        settings = settings_of(session.get_one(School, school_id))
        phones = set()
        for item in (each for each in due if each.school_id == school_id):
            phones |= {_phone(settings, role) for role in _step(session, item, settings, now=now)}
        for phone in sorted(phones - {""}):
            thread = line_to(session, school_id, phone, now=now)
            if thread is not None:
                push_to(session, thread, flow=ON_CALL, purpose=PURPOSE, now=now)
    session.flush()
    return len(due)


def _step(session: Session, item: SafeguardingItem, settings: SchoolSettings, *, now: datetime) -> tuple[str, ...]:
    """One item's turn: the roles that are told now."""
    item.move_at = None
    if item.status != "new":
        return ()
    if item.told:
        item.moved = min(item.moved + 1, LAST_STEP)
    roles = STEPS[About(item.about)][item.moved]
    item.told = [*item.told, *([role, now.isoformat()] for role in roles)]
    item.version += 1
    if item.moved < LAST_STEP:
        minutes = timedelta(minutes=settings.worry_move_minutes)
        calendar = calendar_of(session, item.school_id)
        item.move_at = school_hours_after(calendar, now, settings=settings, hours=minutes)
    entry = ledger.Entry(
        school_id=item.school_id,
        actor=ledger.SYSTEM,
        verb="tell_worry",
        subject="safeguarding_item",
        subject_id=item.id,
        detail={"roles": sorted(roles), "step": item.moved},
        restricted=True,
    )
    ledger.record(session, entry, now=now)
    return roles


def _phone(settings: SchoolSettings, role: str) -> str:
    phones = {
        LEAD: settings.lead_phone,
        DEPUTY: settings.deputy_phone,
        HEAD: settings.head_phone,
        NAMED_GOVERNOR: settings.named_governor_phone,
    }
    return phones[role]
