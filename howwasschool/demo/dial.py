"""The demo's clock: where it stands, and the moments to which a visitor may move it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from howwasschool.demo.pages import Dial
from school.rules.calendar import Calendar

LONDON = ZoneInfo("Europe/London")
MORNING = time(8, 12)


def _at(moment: time) -> Callable[[datetime, Calendar], datetime]:
    """The next time that the clock shows this, today or on the next school day."""

    def put(now: datetime, calendar: Calendar) -> datetime:
        today = datetime.combine(now.date(), moment, LONDON)
        return today if today > now else datetime.combine(calendar.next_school_day(now.date()), moment, LONDON)

    return put


MOVES: Mapping[str, tuple[str, Callable[[datetime, Calendar], datetime]]] = {
    "later": ("+10 min", lambda now, _: now + timedelta(minutes=10)),
    "half-nine": ("09:30", _at(time(9, 30))),
    "half-twelve": ("12:30", _at(time(12, 30))),
    "home-time": ("15:50", _at(time(15, 50))),
    "evening": ("21:00", _at(time(21))),
    "morning": ("Next day", lambda now, calendar: first_morning(now, calendar, after=True)),
}


def first_morning(now: datetime, calendar: Calendar, *, after: bool = False) -> datetime:
    """A quarter past eight on a school day: today or the next, or (with `after`) never today."""
    day = calendar.next_school_day(now.date()) if after else calendar.on_or_after(now.date())
    return datetime.combine(day, MORNING, LONDON)


def moved(key: str, now: datetime, calendar: Calendar) -> datetime | None:
    """Where a press on the clock's button leads; None for a button that is not there."""
    return MOVES[key][1](now.astimezone(LONDON), calendar) if key in MOVES else None


def dial(now: datetime, calendar: Calendar) -> Dial:
    """What the page shows of the clock."""
    local = now.astimezone(LONDON)
    return Dial(
        day=f"{local:%A} {local.day} {local:%B %Y}",
        iso=local.isoformat(timespec="minutes"),
        time=f"{local:%H:%M}",
        note=_note(local, calendar),
        moves=tuple((key, label) for key, (label, _) in MOVES.items()),
    )


def _note(local: datetime, calendar: Calendar) -> str:
    if not calendar.is_school_day(local.date()):
        return "no school today"
    times = calendar.times_on(local.date())
    at = local.time()
    if at < times.starts:
        return "before school"
    if at < times.register_closes:
        return "the register is open"
    return "the register has closed" if at < times.ends else "after school"
