"""The illness clock: 48 hours after the last vomiting, by the clock and over weekends, and never against the parent."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from school.rules.calendar import Session, weekdays_only
from school.rules.illness_clock import NEVER_ASKED, ask_on, earliest_session

LONDON = ZoneInfo("Europe/London")
CALENDAR = weekdays_only(closed=[date(2026, 3, 13)])
# Sunday 1 March 2026.
MON, TUE, WED, THU, FRI = (date(2026, 3, day) for day in range(2, 7))


def at(day: int, hour: int, minute: int = 0, month: int = 3) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=LONDON)


@pytest.mark.parametrize(
    ("last", "day", "session"),
    [
        (at(1, 18), WED, Session.AM),
        (at(2, 3), WED, Session.AM),
        (at(2, 8, 45), WED, Session.AM),
        (at(2, 8, 46), WED, Session.PM),
        (at(2, 12, 59), WED, Session.PM),
        (at(2, 13, 1), THU, Session.AM),
        (at(5, 10), date(2026, 3, 9), Session.AM),
        (at(6, 22), date(2026, 3, 9), Session.AM),
        (at(7, 18), date(2026, 3, 10), Session.AM),
        # A closed Friday, then the weekend.
        (at(11, 7), date(2026, 3, 16), Session.AM),
        # The clocks go forward on Sunday 29 March: 48 hours are 48 hours, so nine on the clock.
        (at(28, 8, 0), date(2026, 3, 30), Session.PM),
        (at(28, 7, 45), date(2026, 3, 30), Session.AM),
    ],
)
def test_the_first_session_48_hours_after_the_last_vomiting(last: datetime, day: date, session: Session) -> None:
    assert earliest_session(CALENDAR, last) == (day, session)


def test_the_question_waits_for_the_clock_and_never_comes_before_the_day_that_the_parent_gave() -> None:
    sick_at_night = {"told_at": at(2, 7, 30), "category": "gi"}
    assert ask_on(CALENDAR, last_day=MON, **sick_at_night) == WED  # type: ignore[arg-type]
    assert ask_on(CALENDAR, last_day=THU, **sick_at_night) == FRI  # type: ignore[arg-type]
    assert ask_on(CALENDAR, last_day=MON, told_at=at(2, 7, 30), category="respiratory") == TUE


@pytest.mark.parametrize("category", sorted(NEVER_ASKED))
def test_after_some_absences_nobody_is_asked(category: str) -> None:
    assert ask_on(CALENDAR, last_day=MON, told_at=at(2, 7, 30), category=category) is None
