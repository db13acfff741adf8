"""How long an absence may stand without its reason: N becomes something else within five school days (WT, code N)."""

from __future__ import annotations

from datetime import date

from school.rules.calendar import Calendar

SCHOOL_DAYS = 5


def n_due(calendar: Calendar, day: date, *, year: str = "") -> date:
    """The last day on which N may still stand for a session of `day`: the fifth school day after it.

    Weekends, holidays and INSET days do not count. What is still unknown then becomes O, by staff's hand alone
    (care rule 25). Raises CalendarEnds where term dates do not reach that far.
    """
    return calendar.last_of(calendar.next_school_day(day, year=year), SCHOOL_DAYS, year=year)
