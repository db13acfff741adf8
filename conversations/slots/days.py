"""The slot for which days: stretches of days, trimmed to school days, or asked for where they bear two readings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time, timedelta

from conversations.acts import AbsenceKind, Days, Json, Kind, Mention, Option, Say
from conversations.context import Child, Context
from conversations.frame import CLOSED, DOUBTS, Need, Refusal, Slot, kind_of
from conversations.slots.who import children_of, ids_of, year_of
from conversations.state import Frame
from conversations.stretches import Stretch, joined, kept, school_days, single, stretches
from school.rules.calendar import CalendarEnds

# After three in the afternoon 'poorly' no longer means today.
AFTERNOON = time(15, 0)

# A parent may tell us afterwards of days that the office can still settle from a text; older ones it looks up itself.
LONG_AGO = timedelta(days=30)

# Nobody knows today that a child will be ill in three weeks: a day further off is leave, which a person decides.
FAR_AHEAD = timedelta(days=14)
# A feast and a funeral have their day, however far ahead it is told (care rules 16 and 17).
FIXED_DAYS = frozenset({"religious", "bereavement"})
# Hospitals give dates a school year ahead.
FAR_AHEAD_BOOKED = timedelta(days=366)

# Four weeks of school: a longer absence is for a person to talk about, not for a text to file.
MOST_SCHOOL_DAYS = 20


def default_day(context: Context, *, year: str = "") -> date:
    """The day that is meant where none is said: today until three on a school day, else the next school day."""
    today = context.now.date()
    if context.expects == "chase":
        return today
    start = today if context.now.time() < AFTERNOON else today + timedelta(days=1)
    try:
        return context.calendar.on_or_after(start, year=year)
    except CalendarEnds:
        return today


def stretches_of(frame: Frame) -> tuple[Stretch, ...]:
    """The days that a frame holds, school days or not."""
    return stretches(frame.value("days"))


def readings_of(frame: Frame) -> tuple[tuple[Stretch, ...], ...]:
    """The readings that the parent's words bear, likeliest first, where there is more than one."""
    held = frame.value(DAYS.readings)
    return tuple(stretches(each) for each in held if stretches(each)) if isinstance(held, list) else ()


def days_off(frame: Frame, child: Child, context: Context) -> tuple[date, ...]:
    """The school days of a child's year group that a frame is about, in order."""
    return school_days(stretches_of(frame), context.calendar, year=child.year)


def common_days(frame: Frame) -> Json:
    """The days that every reading agrees on; None where they agree on none."""
    readings = readings_of(frame)
    if not readings or any(len(each) != 1 for each in readings):
        return None
    first = max(each[0].first for each in readings)
    last = min(each[0].known_last for each in readings)
    return kept([Stretch(first=first, last=last)]) if first <= last else None


def refused(frame: Frame, context: Context) -> Refusal | None:
    """Why days are not filed: they are for a person, or school is closed on all of them, so we ask for others."""
    found = stretches_of(frame)
    today = context.now.date()
    reason = frame.value("reason")
    booked = kind_of(frame) is AbsenceKind.APPOINTMENT or (isinstance(reason, str) and reason in FIXED_DAYS)
    ahead = FAR_AHEAD_BOOKED if booked else FAR_AHEAD
    if any(each.first < today - LONG_AGO for each in found):
        return Refusal(why="long_ago")
    if any(each.first > today + ahead for each in found):
        return Refusal(why="far_ahead")
    if any((each.known_last - each.first).days > 2 * 7 * MOST_SCHOOL_DAYS for each in found):
        return Refusal(why="long")
    days = [days_off(frame, child, context) for child in children_of(frame, context)]
    if not any(days):
        return Refusal(opens_again={"days": None, CLOSED: frame.value("days")})
    return Refusal(why="long") if max(map(len, days)) > MOST_SCHOOL_DAYS else None


def _said(mention: Mention, frame: Frame, context: Context) -> Json:
    if not isinstance(mention.value, Days):
        return None
    year = year_of(frame, context)
    today = default_day(context, year=year)
    return joined(stretches_of(frame), mention.value, mention.role, today=today, calendar=context.calendar, year=year)


def _default(frame: Frame, context: Context) -> Json:
    if frame.value(CLOSED):
        return None
    return single(default_day(context, year=year_of(frame, context)))


def _is_days(value: Json, _frame: Frame, _context: Context) -> bool:
    return bool(stretches(value))


def _ask(frame: Frame, context: Context) -> Say:
    names = ids_of(frame, context)
    closed = stretches(frame.value(CLOSED))
    if closed:
        options = _choices(frame, context) if context.numbers else ()
        return Say(key="closed", args={"days": closed}, options=options)
    return Say(key="ask.days" if names else "ask.days.nobody", args={"names": names}, options=_choices(frame, context))


def _choices(frame: Frame, context: Context) -> tuple[Option, ...]:
    readings = [each for each in readings_of(frame) if len(each) == 1]
    if not readings:
        first = default_day(context, year=year_of(frame, context))
        readings = [(Stretch(first=first, last=first),)]
        following = _next(first, frame, context)
        if following is not None:
            readings.append((Stretch(first=following, last=following),))
    same_start = len({each[0].first for each in readings}) == 1 and len(readings) > 1
    return tuple(
        Option(
            key=f"{stretch.first.isoformat()}/{stretch.last.isoformat() if stretch.last else ''}",
            label=_label(stretch, frame, context, says_return=same_start),
        )
        for (stretch,) in readings
    )


def _label(stretch: Stretch, frame: Frame, context: Context, *, says_return: bool) -> Say:
    """'Back on Tue 10 Mar' where readings differ in their end alone: it cannot be misread as the last day off."""
    back = _next(stretch.known_last, frame, context) if says_return else None
    return Say(key="back_on", args={"day": back}) if back else Say(key="days", args={"days": (stretch,)})


def _next(day: date, frame: Frame, context: Context) -> date | None:
    try:
        return context.calendar.next_school_day(day, year=year_of(frame, context))
    except CalendarEnds:
        return None


def _chosen(key: str, _frame: Frame, _context: Context) -> Mapping[str, Json]:
    first, _, last = key.partition("/")
    return {"days": [[first, last]], DOUBTS: None}


DAYS = Slot(
    name="days",
    need=Need.REQUIRED,
    kind=Kind.DAYS,
    joins=True,
    read=_said,
    ok=_is_days,
    default=_default,
    ask=_ask,
    choose=_chosen,
)
