"""When a child who was ill may be asked for again: 48 hours after the last vomiting, or as the parent said."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from school.rules.calendar import Calendar, Session

# UKHSA's exclusion table, 21 February 2024 (domain.md, section 6): diarrhoea and vomiting, from the last episode.
CLEAR_AFTER = timedelta(hours=48)
STOMACH = "gi"

# Care rule 20: nobody is asked 'back today?' or welcomed back after these. A stay in hospital is among `medical_other`.
NEVER_ASKED = frozenset({"mental_health", "medical_other", "bereavement", "suspension"})


def earliest_session(calendar: Calendar, last_episode: datetime, *, year: str = "") -> tuple[date, Session]:
    """The first session that begins 48 hours or more after the last vomiting; raises CalendarEnds.

    Last sick on Sunday at six: clear on Tuesday at six, so Wednesday morning. The hours count over weekends too.
    """
    # Added in UTC: on the local clock, 48 hours are an hour more or less when the clocks change.
    clear = last_episode.astimezone(UTC) + CLEAR_AFTER
    day = calendar.on_or_after(calendar.local(clear).date(), year=year)
    while True:
        for session in Session:
            begins = calendar.moment(day, calendar.times_on(day, year=year).bounds(session)[0])
            if begins.astimezone(UTC) >= clear:
                return day, session
        day = calendar.next_school_day(day, year=year)


def ask_on(
    calendar: Calendar, *, last_day: date, category: str | None, told_at: datetime, year: str = ""
) -> date | None:
    """The day on which 'back today?' is asked: the expected return; None where it is never asked.

    `last_day` is the last day that the parent stated. Days that a parent stated stand; the clock only puts the
    question off (design.md, section 9), from the moment of the text, which is after the last episode that it tells of.
    Raises CalendarEnds.
    """
    if category in NEVER_ASKED:
        return None
    back = calendar.next_school_day(last_day, year=year)
    if category != STOMACH:
        return back
    clear, session = earliest_session(calendar, told_at, year=year)
    # Clear by noon: asked for on that day all the same, since the question is asked in the morning.
    del session
    return max(back, clear)
