"""The second pass of the grammar of dates: weeks, counts, ends and returns, over the single days of the first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from conversations.hearing.atoms import Atom
from conversations.hearing.resolving import FRIDAY, Moment, Pin, Span, dated, in_a_row, week
from conversations.hearing.single_days import Reading, is_either, pins, values


def week_beginning(found: list[Atom], _moment: Moment) -> Reading:
    """week commencing 3rd march."""
    day = pins(found)[0].day
    return week(day - timedelta(days=day.weekday()))


def rest_of_week(found: list[Atom], moment: Moment) -> Reading:
    """rest of the week, all week, this week, the week."""
    span = week(moment.monday)
    if moment.past and any(atom.letter == "t" for atom in found):
        return Span(first=span.first, last=moment.today)
    first = max(moment.start, moment.monday)
    return (
        Span(first=first, last=span.last)
        if span.last and first <= span.last
        else week(moment.monday + timedelta(days=7))
    )


def other_week(found: list[Atom], moment: Moment) -> Reading:
    """next week, last week, the week after next."""
    letters = {atom.letter for atom in found}
    weeks = 2 if "Z" in letters else -1 if "l" in letters else 1
    monday = moment.today - timedelta(days=moment.today.weekday())
    return week(monday + timedelta(days=7 * weeks))


def first_week_of(found: list[Atom], moment: Moment) -> Reading:
    """first week of april: from its first school day to the Friday."""
    first = dated(1, values(found, "M")[0], None, moment)
    if first is None:
        return None
    first = moment.calendar.on_or_after(first)
    return Span(first=first, last=first + timedelta(days=FRIDAY - first.weekday()))


def until_end_of_week(found: list[Atom], moment: Moment) -> Reading:
    """until the end of the week; until next week (back on Monday)."""
    monday = moment.monday
    if any(atom.letter == "n" for atom in found) and any(atom.letter == "E" for atom in found):
        monday += timedelta(days=7)
    return Span(first=None, last=monday + timedelta(days=FRIDAY), role="until")


def until_end_of_month(found: list[Atom], moment: Moment) -> Reading:
    """until the end of the month, until the end of March: its last school day."""
    named = next(iter(values(found, "M")), moment.start.month)
    first = moment.start.replace(day=1) if named == moment.start.month else dated(1, named, None, moment)
    if first is None:
        return None
    after = (first + timedelta(days=31)).replace(day=1)
    return Span(first=None, last=moment.back_to(after), role="until")


def counted(found: Sequence[Atom]) -> int:
    """How many school days a count of days, weeks or hours stands for."""
    letters = {atom.letter for atom in found}
    number = next(iter(values(found, "N")), 2 if "c" in letters else 3 if "f" in letters else 1)
    if letters & {"w", "v"}:
        return number * 5
    if "Q" in letters:
        return 5
    if "y" in letters:
        return number * 10
    return number // 24 if "h" in letters else number


def duration(found: list[Atom], moment: Moment) -> Reading:
    """3 days, a week, 48 hours: counted from a day that is named beside it, else from the first day meant."""
    named = pins(found)
    count = counted(found)
    if not 1 <= count <= 60:
        return None
    if any(atom.letter == "l" for atom in found) or (moment.past and not named):
        days = [moment.today]
        while len(days) < count:
            days.append(moment.back_to(days[-1]))
        return Span(first=days[-1], last=moment.today)
    first = named[0].day if named else moment.start
    first = moment.calendar.on_or_after(first)
    if any(atom.letter == "f" for atom in found):
        # "A few days" has no last one that could be filed.
        return Span(first=first, last=None, role="on", open_ended=True)
    return Span(first=first, last=moment.last_of(first, count))


def duration_from(found: list[Atom], moment: Moment) -> Reading:
    """From Monday, 3 days; de luni o săptămână: counted from a day to come; else something has lasted so long."""
    return duration(found, moment) if pins(found)[0].day >= moment.today else None


def until(found: list[Atom], moment: Moment) -> Reading:
    """until Thursday: that day included; until Monday is more often the day of return, so both readings are kept."""
    pin = pins(found)[0]
    including = any(atom.letter == "i" for atom in found)
    if pin.day.weekday() == 0 and not including:
        return Span(first=None, last=moment.back_to(pin.day), role="until", others=((None, pin.day),))
    return Span(first=None, last=pin.day, role="until", others=tuple((None, other) for other in pin.others))


def until_back(found: list[Atom], moment: Moment) -> Reading:
    """back on Thursday; not back until Monday: the last day off is the one before."""
    pin = pins(found)[0]
    if pin.day <= moment.today:
        # "Back today": said of a day in school, and of no absence.
        return Span(first=None, last=None, role="")
    others = tuple((None, moment.back_to(other)) for other in pin.others if other > moment.today)
    return Span(first=None, last=moment.back_to(pin.day), role="until", others=others)


def likely(found: list[Atom], moment: Moment) -> Reading:
    """probably tomorrow: a day to come that is not sure; of today it is as good as said."""
    said = found[-1].value
    if isinstance(said, Pin):
        return Span(first=said.day, last=said.day, role="likely") if said.day > moment.today else said
    ahead = isinstance(said, Span) and said.role == "on" and said.last is not None and said.last > moment.today
    return replace(said, role="likely") if isinstance(said, Span) and ahead else None


def until_or_back(found: list[Atom], moment: Moment) -> Reading:
    """not coming until Thursday, where that may be the last day off or the day of return."""
    pin = pins(found)[0]
    if pin.day <= moment.today:
        return None
    if any(atom.letter == "Y" for atom in found):
        return until_back(found, moment)
    return Span(first=None, last=moment.back_to(pin.day), role="until", others=((None, pin.day),))


def to_or_on(found: list[Atom], moment: Moment) -> Reading:
    """A word that says "till Monday" as well as "for Monday"."""
    pin = pins(found)[0]
    if pin.day <= moment.today:
        return Span(first=pin.day, last=pin.day)
    return Span(first=None, last=pin.day, role="until", others=((pin.day, pin.day),))


def back_after(found: list[Atom], moment: Moment) -> Reading:
    """back next week, back the week after next: on its Monday, or some day in it."""
    monday = other_week(found, moment)
    if not isinstance(monday, Span) or monday.first is None:
        return None
    return Span(first=None, last=moment.back_to(monday.first), role="until")


def since(found: list[Atom], moment: Moment) -> Reading:
    """since Tuesday: up to today; the weekday is the one just past."""
    weekdays, named = values(found, "W"), pins(found)
    if weekdays:
        first = moment.today - timedelta(days=(moment.today.weekday() - weekdays[0] - 1) % 7 + 1)
    elif named:
        first = named[0].day
    else:
        first = moment.today - timedelta(days=moment.today.weekday() + 7)
    return Span(first=first, last=moment.today, role="since") if first <= moment.today else None


def since_count(found: list[Atom], moment: Moment) -> Reading:
    """for the last three days, up to today."""
    count = counted(found)
    if not 1 <= count <= 60 or any(atom.letter == "f" for atom in found):
        return Span(first=None, last=None, role="")
    days = [moment.today]
    while len(days) < count:
        days.append(moment.back_to(days[-1]))
    return Span(first=days[-1], last=moment.today, role="since")


def span(found: list[Atom], moment: Moment) -> Reading:
    """from tomorrow till friday, 3/3 - 7/3, between the 3rd and the 7th."""
    first, last = pins(found)[0], pins(found)[-1]
    if last.day < first.day:
        return None
    others = tuple((other, last.day) for other in first.others if other <= last.day)
    others += tuple((first.day, other) for other in last.others if other >= first.day)
    if any(atom.letter == "U" for atom in found) and last.day.weekday() == 0 and last.day > first.day:
        others += ((first.day, moment.back_to(last.day)),)
    return Span(first=first.day, last=last.day, others=others)


def several(found: list[Atom], moment: Moment) -> Reading:
    """today and tomorrow; the 3rd and the 10th of March; today and yesterday. "Tomorrow, today" tells two things.

    "Tomorrow or Thursday" is one of them, and which is asked.
    """
    days = [pin.day for pin in pins(found)]
    if is_either(found):
        return Pin(day=days[0], others=tuple(days[1:]))
    if min(days) < moment.today < max(days) and all(atom.letter != "&" for atom in found):
        return None  # "Dziadek zmarł wczoraj, w piątek pogrzeb": a day that is past and one ahead are two things.
    return in_a_row(days, moment) if days == sorted(days) or max(days) <= moment.today else None


def and_following(found: list[Atom], moment: Moment) -> Reading:
    """tomorrow and the day after: two school days in a row."""
    day = pins(found)[0].day
    return in_a_row([day, moment.calendar.next_school_day(day)], moment)


def starting(found: list[Atom], moment: Moment) -> Reading:
    """from monday: an end is not said; from yesterday: up to today."""
    pin = pins(found)[0]
    if pin.day < moment.today and not pin.others:
        return Span(first=pin.day, last=moment.today, role="since")
    return Span(first=pin.day, last=None, role="from", others=tuple((other, None) for other in pin.others))


def while_open(_found: list[Atom], _moment: Moment) -> Reading:
    """for a while, until further notice."""
    return Span(first=None, last=None, role="until", open_ended=True)


def about(_found: list[Atom], moment: Moment) -> Reading:
    """2-3 days: the first is sure, the last is not."""
    return Span(first=moment.calendar.on_or_after(moment.start), last=None, role="on", open_ended=True)


def since_or_from(found: list[Atom], moment: Moment) -> Reading:
    """od wczoraj, od jutra, od 3 marca: since a day that is past, from one that is not."""
    pin = pins(found)[0]
    if pin.day < moment.today:
        return Span(first=pin.day, last=moment.today, role="since")
    return starting(found, moment)
