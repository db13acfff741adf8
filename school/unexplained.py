"""Marks that still lack their reason: each is put before staff once, the school day before it is too old."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from school.calendars import calendar_of
from school.records.chase_queries import marked
from school.rules.calendar import CalendarEnds
from school.rules.unexplained import n_due
from school.staff_items import StaffNote, raise_items

NO_REASON = "N"
N_DUE = "n_due"
# Five school days, and the longest holiday that may lie between them.
LOOKS_BACK = timedelta(days=70)


def raise_due(session: Session, school_id: str, day: date, *, now: datetime) -> int:
    """Puts before staff the marks whose last day is the next school day, an item a pupil; how many.

    What becomes of them is staff's to choose: N turns into nothing by itself (care rule 25).
    """
    calendar = calendar_of(session, school_id)
    due: dict[str, list[str]] = {}
    for mark, pupil in marked(session, school_id, NO_REASON, day - LOOKS_BACK, day):
        try:
            last = n_due(calendar, mark.day, year=pupil.year)
            soon = calendar.next_school_day(day, year=pupil.year)
        except CalendarEnds:
            continue
        if last == soon:
            due.setdefault(pupil.id, []).append(f"{mark.day.isoformat()}/{mark.session}")
    notes = [
        StaffNote(school_id=school_id, why=N_DUE, pupil_ids=(pupil,), detail={"marks": marks})
        for pupil, marks in sorted(due.items())
    ]
    raise_items(session, notes, now=now)
    return len(notes)
