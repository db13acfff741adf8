"""The first pass of the grammar of dates: single days, and days listed or ranged by their own names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import TypeAlias, cast

from conversations.hearing.atoms import EITHER, Atom
from conversations.hearing.resolving import (
    FRIDAY,
    Moment,
    Pin,
    Span,
    dated,
    day_of_month,
    following,
    in_a_row,
    qualified,
    weekday,
    weekday_of_week,
)

Reading: TypeAlias = "Pin | Span | None"

# "In forty days" is no day of absence that anybody announces by counting.
MOST_AHEAD = 31
# Two or three months ahead at most is meant where only weekdays tell the month.
MOST_COUNTED = 92
# A bare number up to this may be an hour of the day.
LAST_HOUR = 12
# More weeks ahead than these nobody counts.
MOST_WEEKS = 8


def values(found: Sequence[Atom], letters: str) -> list[int]:
    """The numbers that the atoms of some letters carry, in order."""
    return [atom.value for atom in found if atom.letter in letters and isinstance(atom.value, int)]


def pins(found: Sequence[Atom]) -> list[Pin]:
    """The single days among some atoms."""
    return [atom.value for atom in found if isinstance(atom.value, Pin)]


def is_either(found: Sequence[Atom]) -> bool:
    """Whether an "or" that no "not" precedes stands among some atoms: one of the days is meant."""
    return any(atom.letter == "&" and atom.value == EITHER for atom in found)


def at(day: date | None) -> Pin | None:
    """A sure day, or nothing."""
    return None if day is None else Pin(day=day)


def month_list(found: list[Atom], moment: Moment) -> Reading:
    """3rd-7th March; 3, 4 and 5 March; mon 3rd to fri 7th march; March 3rd to 7th."""
    days, months = values(found, "ONo"), values(found, "M")
    if days and days[-1] > 31:
        days.pop()
    listed = len(days) > 1 and not any(atom.letter in "-TUb" for atom in found)
    dates = [day for number in days if (day := dated(number, months[0], None, moment))]
    if len(dates) != len(days):
        return None
    return in_a_row(dates, moment) if listed else ordered(dates[0], dates[-1])


def weekdays_dated(found: list[Atom], moment: Moment) -> Reading:
    """Thursday and Friday 18-19 September: the dates of the weekdays before them, where they fall on those."""
    weekdays = values(found, "W")
    rest = [atom for atom in found if atom.letter != "W"]
    said = month_list(rest, moment) if values(rest, "M") else figures_range(rest, moment)
    if not isinstance(said, Span) or said.first is None or said.last is None:
        return None
    return said if [said.first.weekday(), said.last.weekday()] == [weekdays[0], weekdays[-1]] else None


def ordered(first: date, last: date) -> Span | None:
    """A span, unless it would end before it starts."""
    return Span(first=first, last=last) if first <= last else None


def day_and_month(found: list[Atom], moment: Moment) -> Reading:
    """3rd March, March 3rd, tues 4th march 2026. A weekday that disagrees makes it doubtful."""
    days, months, weekdays = values(found, "ONo"), values(found, "M"), values(found, "W")
    year = days.pop() if len(days) > 1 and days[-1] > 2000 else None
    return agreeing(dated(days[0], months[0], year, moment), weekdays, moment)


def in_figures(found: list[Atom], moment: Moment) -> Reading:
    """12/3, 12.3.25, 2025-03-12."""
    figures = next(atom.value for atom in found if atom.letter == "X")
    day, month, year = cast("tuple[int, int, int | None]", figures)
    return agreeing(dated(day, month, year, moment), values(found, "W"), moment)


def figures_range(found: list[Atom], moment: Moment) -> Reading:
    """24-28.03: the first is of the same month."""
    last = in_figures(found, moment)
    if not isinstance(last, Pin) or not 1 <= values(found, "N")[0] < last.day.day:
        return None
    return Span(first=last.day.replace(day=values(found, "N")[0]), last=last.day)


def agreeing(day: date | None, weekdays: list[int], moment: Moment) -> Pin | None:
    """The day, with the weekday's own reading beside it where the two disagree."""
    if day is None or not weekdays or day.weekday() == weekdays[0]:
        return at(day)
    return Pin(day=day, others=(weekday(weekdays[0], moment).day,))


def of_month(found: list[Atom], moment: Moment) -> Reading:
    """the 12th of next month."""
    return at(day_of_month(values(found, "Oo")[0], moment, months=1 if any(a.letter == "n" for a in found) else 0))


def bare_ordinals(found: list[Atom], moment: Moment) -> Reading:
    """27th and 28th; from the 3rd till the 7th."""
    numbers = values(found, "O")
    first = day_of_month(numbers[0], moment)
    if first is None:
        return None
    days = [first]
    for number in numbers[1:]:
        later = next((d for n in range(1, 62) if (d := days[-1] + timedelta(days=n)).day == number), None)
        if later is None:
            return None
        days.append(later)
    return ordered(days[0], days[-1]) if any(a.letter in "-TU" for a in found) else in_a_row(days, moment)


def weekday_and_number(found: list[Atom], moment: Moment) -> Reading:
    """tuesday the 20th, mon 26th."""
    number = values(found, "ON")[0]
    if not 1 <= number <= 31:
        return None
    return agreeing(day_of_month(number, moment), values(found, "W"), moment)


def falling_on(number: int, on: int, moment: Moment) -> date | None:
    """The first day of the month with this number that falls on this weekday, within the months that are counted."""
    ahead = (moment.today + timedelta(days=count) for count in range(MOST_COUNTED))
    return next((day for day in ahead if (day.day, day.weekday()) == (number, on)), None)


def weekday_with_number(found: list[Atom], moment: Moment) -> Reading:
    """Friday 13, where the 13th falls on one soon; where the number may be an hour, the next Friday is read too."""
    number, on = values(found, "N")[0], values(found, "W")[0]
    day = None if moment.past else falling_on(number, on, moment)
    if day is None:
        return None
    soon = following(on, moment.today)
    if number > LAST_HOUR or day == soon:
        return Pin(day=day)
    likelier, other = (day, soon) if day - moment.today <= timedelta(days=MOST_AHEAD) else (soon, day)
    return Pin(day=likelier, others=(other,))


def weekdays_and_numbers(found: list[Atom], moment: Moment) -> Reading:
    """luni 13 și marți 14: the days of the month that fall on these weekdays, in the first month where they do."""
    numbers, weekdays = values(found, "ON"), values(found, "W")
    if len(numbers) != len(weekdays) or not all(1 <= number <= 31 for number in numbers):
        return None
    first = falling_on(numbers[0], weekdays[0], moment)
    if first is None:
        return None
    days = [first + timedelta(days=number - numbers[0]) for number in numbers]
    if [day.weekday() for day in days] != weekdays or days != sorted(days):
        return None
    return in_a_row(days, moment)


def ordinal(found: list[Atom], moment: Moment) -> Reading:
    """on the 3rd."""
    return at(day_of_month(values(found, "O3")[0], moment))


def weekdays_of_week(found: list[Atom], moment: Moment) -> Reading:
    """monday next week; mon-wed next week; friday last week."""
    letter = next(atom.letter for atom in found if atom.letter in "ntl")
    if letter == "n":
        days = [moment.monday + timedelta(days=number) for number in values(found, "W")]
        if moment.today.weekday() <= FRIDAY:
            days = [day + timedelta(days=7) for day in days]
    else:
        weeks = -1 if letter == "l" else 0
        days = [weekday_of_week(number, moment, weeks=weeks).day for number in values(found, "W")]
    if len(days) == 1:
        return Pin(day=days[0])
    return ordered(days[0], days[-1]) if any(a.letter in "-TU" for a in found) else in_a_row(days, moment)


def weekday_week(found: list[Atom], moment: Moment) -> Reading:
    """friday week; a week on monday."""
    return Pin(day=following(values(found, "W")[0], moment.today) + timedelta(days=7))


def weekday_range(found: list[Atom], moment: Moment) -> Reading:
    """mon to wed; next mon till fri; thursday till monday (where the end may be the day of return)."""
    first, last = values(found, "W")
    head = next((atom.letter for atom in found if atom.letter in "ntlg"), "")
    start = qualified(head, first, moment) if head else weekday(first, moment)
    end = following(last, start.day)
    others: list[tuple[date | None, date | None]] = [(other, following(last, other)) for other in start.others]
    if any(atom.letter == "U" for atom in found) and last == 0:
        others.append((start.day, moment.back_to(end)))
    return Span(first=start.day, last=end, others=tuple(others))


def weekday_list(found: list[Atom], moment: Moment) -> Reading:
    """thurs and fri; wed, thu & fri; where "last" follows: Wed and Thu last."""
    numbers = values(found, "W")
    if found[-1].letter == "l":
        days = [weekday(number, replace(moment, past=True)).day for number in numbers]
        return in_a_row(days, moment) if days == sorted(days) else None
    head = next((atom.letter for atom in found if atom.letter in "ntlg"), "")
    days = [qualified(head, numbers[0], moment).day if head else weekday(numbers[0], moment).day]
    days.extend(following(number, days[0]) for number in numbers[1:])
    if moment.past:  # "Was off Monday and Friday", told on Tuesday: neither is ahead.
        days = [day if day <= moment.today else day - timedelta(days=7) for day in days]
    if is_either(found):
        return Pin(day=days[0], others=tuple(days[1:]))
    told = in_a_row(sorted(days) if moment.past else days, moment)
    if head or moment.past or numbers[0] != moment.today.weekday() or not isinstance(told, Span):
        return told
    # "Off Tuesday and Wednesday", told on a Tuesday: from today, or a week on.
    week = timedelta(days=7)
    return replace(told, others=((told.first and told.first - week, told.last and told.last - week),))


def weekdays_side_by_side(found: list[Atom], moment: Moment) -> Reading:
    """wed thurs: two school days in a row with nothing between them."""
    numbers = values(found, "W")
    if any(later - earlier != 1 for earlier, later in pairwise(numbers)) or numbers[-1] > FRIDAY:
        return None
    first = weekday(numbers[0], moment).day
    if numbers[0] == moment.today.weekday() and not moment.past:
        first = moment.today
    return Span(first=first, last=first + timedelta(days=len(numbers) - 1))


def one_weekday(found: list[Atom], moment: Moment) -> Reading:
    """Friday, next Friday, this Friday, Friday coming."""
    head = next((atom.letter for atom in found if atom.letter in "ntlg"), "")
    if found[0].letter == "W" and head == "n":
        # Where "next" follows its weekday, it is the coming one.
        head = "g"
    number = values(found, "W")[0]
    return qualified(head, number, moment) if head else weekday(number, moment)


def weekdays_until_either(found: list[Atom], moment: Moment) -> Reading:
    """back thurs or fri; until wednesday or maybe thursday."""
    first = weekday(values(found, "W")[0], moment).day
    return ends_on(first, following(values(found, "W")[1], first), found, moment)


def until_either(found: list[Atom], moment: Moment) -> Reading:
    """back tomorrow or maybe thursday; until the 4th or 5th."""
    first, last = (pin.day for pin in pins(found))
    return ends_on(first, last, found, moment) if moment.today < first < last else None


def ends_on(first: date, last: date, found: list[Atom], moment: Moment) -> Span:
    """Off until one day or until another; where they are days of return, the last day off is the one before."""
    if found[0].letter == "B":
        first, last = moment.back_to(first), moment.back_to(last)
    return Span(first=None, last=first, role="until", others=((None, last),))


def any_week(_found: list[Atom], _moment: Moment) -> Reading:
    """on a Sunday, every Monday: no day at all."""
    return Span(first=None, last=None, role="")


def relative(found: list[Atom], moment: Moment) -> Reading:
    """today, tomorrow, yesterday; a word for both of the last two keeps both."""
    offset = found[0].value
    days = [moment.today + timedelta(days=each) for each in (offset if isinstance(offset, tuple) else (offset,))]
    return Pin(day=days[0], others=tuple(days[1:]))


def ahead(found: list[Atom], moment: Moment) -> Reading:
    """za trzy dni, za tydzień: so many days from today."""
    letters = {atom.letter for atom in found}
    number = next(iter(values(found, "N")), 2 if "c" in letters else 1)
    length = 14 if "y" in letters else 7 if letters & {"v", "w"} else 1
    return at(moment.today + timedelta(days=number * length)) if 1 <= number <= MOST_AHEAD else None


def ahead_of(found: list[Atom], moment: Moment) -> Reading:
    """two weeks today, a week tomorrow: that one day, unless it is how long something has lasted by then."""
    start = relative(found[-1:], moment)
    weeks = ahead(found[:-1], moment)
    if not isinstance(start, Pin) or not isinstance(weeks, Pin) or start.day < moment.today:
        return None
    return Pin(day=weeks.day + (start.day - moment.today), others=(start.day,))


def before(found: list[Atom], moment: Moment) -> Reading:
    """so many days ago."""
    pin = ahead(found, moment)
    return at(moment.today - (pin.day - moment.today)) if isinstance(pin, Pin) else None


def weekday_week_ahead(found: list[Atom], moment: Moment) -> Reading:
    """w piątek za tydzień: a week after the one that comes; w that week's own Friday is another reading."""
    number = values(found, "W")[0]
    day = following(number, moment.today) + timedelta(days=7)
    other = moment.monday + timedelta(days=7 + number)
    return Pin(day=day, others=(other,) if other != day else ())


def weekday_weeks_ahead(found: list[Atom], moment: Moment) -> Reading:
    """Za dwa tygodnie w środę: the Wednesday of the week that begins so many weeks after this one."""
    number = next(iter(values(found, "N")), 2)
    return Pin(day=moment.monday + timedelta(days=7 * number + values(found, "W")[0])) if number <= MOST_WEEKS else None


def weekday_since_or_from(found: list[Atom], moment: Moment) -> Reading:
    """od poniedziałku: from the coming one where the text tells of what will be, else since the last."""
    head = next((atom.letter for atom in found if atom.letter in "tlg"), "")
    number = values(found, "W")[0]
    # "Kaszle od poniedziałku, nie przyjdzie": told in the past, whatever the rest of the text tells.
    ahead = moment.future and not moment.past
    if (ahead or head in {"t", "g"}) and head != "l":
        pin = qualified(head, number, moment) if head else weekday(number, replace(moment, past=False))
        return Span(first=pin.day, last=None, role="from", others=tuple((other, None) for other in pin.others))
    back = (moment.today.weekday() - number - 1) % 7 + 1
    return Span(first=moment.today - timedelta(days=back), last=moment.today, role="since")
