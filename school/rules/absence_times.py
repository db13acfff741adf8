"""What an appointment's times mean for a day's sessions (care rule 30): part of a day, never all of it by default."""

from __future__ import annotations

from datetime import date, time

from school.rules.calendar import Calendar, Session


def missed_for_appointment(
    calendar: Calendar,
    day: date,
    *,
    at: time | None = None,
    leaves: time | None = None,
    returns: time | None = None,
    year: str = "",
) -> tuple[Session, ...]:
    """The sessions that an appointment makes a child miss, from as much as the parent said.

    `at` is the appointment's own time, `leaves` when the child leaves school, `returns` when it is back; any may be
    None. An appointment before the register closes keeps the child away from the start, since nobody comes in to
    leave again at once. With a return the sessions in between are missed, as `Calendar.missed_sessions` has it;
    without one only the session in which the child goes can be, because more was not said; who is fetched late in the
    morning to be seen in the afternoon misses the afternoon. Nothing said: none.
    """
    goes = leaves if leaves is not None else at
    if goes is None and returns is None:
        return ()
    times = calendar.times_on(day, year=year)
    around = Session.AM if goes is None or goes < times.morning_ends else Session.PM
    if at is not None and leaves is not None and times.register(Session.AM)[1] < leaves < times.morning_ends <= at:
        around = Session.PM
    opens, closes = times.register(around)
    if leaves is None and at is not None and opens < at < closes:
        goes = opens
    missed = calendar.missed_sessions(day, leaves=goes, returns=returns, year=year)
    return missed if returns is not None else tuple(session for session in missed if session is around)
