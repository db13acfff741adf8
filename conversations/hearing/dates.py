"""Days of absence in a text: a small grammar over the letters of `atoms`, read in two passes, days first and then spans."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import TypeAlias

from conversations.hearing.atoms import Atom
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
    week,
    weekday,
    weekday_of_week,
)
from school.rules.calendar import CalendarEnds

Reading: TypeAlias = "Pin | Span | None"
Rule: TypeAlias = "tuple[str, re.Pattern[str], Callable[[list[Atom], Moment], Reading]]"


def values(found: Sequence[Atom], letters: str) -> list[int]:
    """The numbers that the atoms of some letters carry, in order."""
    return [atom.value for atom in found if atom.letter in letters and isinstance(atom.value, int)]


def pins(found: Sequence[Atom]) -> list[Pin]:
    """The single days among some atoms."""
    return [atom.value for atom in found if isinstance(atom.value, Pin)]


def at(day: date | None) -> Pin | None:
    """A sure day, or nothing."""
    return None if day is None else Pin(day=day)


# First pass: days ----------------------------------------------------------------------------


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
    parts = next(atom.value for atom in found if atom.letter == "X")
    day, month, year = parts  # type: ignore[misc]
    return agreeing(dated(day, month, year, moment), values(found, "W"), moment)


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


def ordinal(found: list[Atom], moment: Moment) -> Reading:
    """on the 3rd."""
    return at(day_of_month(values(found, "O")[0], moment))


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
    """thurs and fri; wed, thu & fri."""
    numbers = values(found, "W")
    head = next((atom.letter for atom in found if atom.letter in "ntlg"), "")
    days = [qualified(head, numbers[0], moment).day if head else weekday(numbers[0], moment).day]
    days.extend(following(number, days[0]) for number in numbers[1:])
    return in_a_row(days, moment)


def one_weekday(found: list[Atom], moment: Moment) -> Reading:
    """Friday, next Friday, this Friday, Friday coming."""
    head = next((atom.letter for atom in found if atom.letter in "ntlg"), "")
    number = values(found, "W")[0]
    return qualified(head, number, moment) if head else weekday(number, moment)


def any_week(found: list[Atom], moment: Moment) -> Reading:
    """on a Sunday, every Monday: no day at all."""
    return Span(first=None, last=None, role="")


def relative(found: list[Atom], moment: Moment) -> Reading:
    """today, tomorrow, yesterday."""
    return Pin(day=moment.today + timedelta(days=values(found, "D")[0]))


# Second pass: spans --------------------------------------------------------------------------


def week_beginning(found: list[Atom], moment: Moment) -> Reading:
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


def counted(found: Sequence[Atom]) -> int:
    """How many school days a count of days, weeks or hours stands for."""
    letters = {atom.letter for atom in found}
    number = next(iter(values(found, "N")), 2 if "c" in letters else 3 if "f" in letters else 1)
    if letters & {"w", "v"}:
        return number * 5
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


def days_only(found: list[Atom], moment: Moment) -> Reading:
    """A count that may be of days past or to come: an end is not sure where only "a few" was said."""
    return duration(found, moment)


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
        return None
    others = tuple((None, moment.back_to(other)) for other in pin.others if other > moment.today)
    return Span(first=None, last=moment.back_to(pin.day), role="until", others=others)


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


def span(found: list[Atom], moment: Moment) -> Reading:
    """from tomorrow till friday, 3/3 - 7/3, between the 3rd and the 7th."""
    first, last = pins(found)
    if last.day < first.day:
        return None
    others = tuple((other, last.day) for other in first.others if other <= last.day)
    others += tuple((first.day, other) for other in last.others if other >= first.day)
    if any(atom.letter == "U" for atom in found) and last.day.weekday() == 0 and last.day > first.day:
        others += ((first.day, moment.back_to(last.day)),)
    return Span(first=first.day, last=last.day, others=others)


def several(found: list[Atom], moment: Moment) -> Reading:
    """today and tomorrow; the 3rd and the 10th of March."""
    return in_a_row([pin.day for pin in pins(found)], moment)


def starting(found: list[Atom], moment: Moment) -> Reading:
    """from monday: an end is not said."""
    pin = pins(found)[0]
    return Span(first=pin.day, last=None, role="from", others=tuple((other, None) for other in pin.others))


def while_open(found: list[Atom], moment: Moment) -> Reading:
    """for a while, until further notice."""
    return Span(first=None, last=None, role="until", open_ended=True)


def rules(*table: tuple[str, str, Callable[[list[Atom], Moment], Reading]]) -> tuple[Rule, ...]:
    """The rules of one pass, compiled, in the order in which they are tried."""
    return tuple((name, re.compile(pattern), made) for name, pattern, made in table)


NUMBER = "[ONo]"
JOIN = "j*[-TU&,]+[jWU,]*"
COUNT = "(?:[Nfc]j*e|[Na]d|[Nfc][vw]|a?y|[Nc]y|aw|Nh)"
FIRST_PASS = rules(
    ("date.every", "j?aW|VW|V[de]", any_week),
    ("date.month_list", f"(?:W,?)?[bF]?j*{NUMBER}(?:(?:{JOIN}|(?<=O)){NUMBER})+j*M", month_list),
    ("date.month_list", f"Mj*{NUMBER}(?:j*[-TU&]+j*{NUMBER})+(?![ehmvwdM])", month_list),
    ("date.day_month", f"(?:W[,j]*)?{NUMBER}j*M(?:,?N)?", day_and_month),
    ("date.day_month", f"(?:W[,j]*)?Mj*{NUMBER}(?![ehmvwd])(?:,?N)?", day_and_month),
    ("date.figures", "(?:W[,j]*)?X", in_figures),
    ("date.of_month", "[Oo]j*[nt]q", of_month),
    ("date.weekday_number", "Wj*O|W,?j+N(?![ehmvwd])", weekday_and_number),
    ("date.ordinals", "O(?:(?:j*[-TU&,]+j*)?O)+", bare_ordinals),
    ("date.ordinal", "(?<=[jFUBSK&T-])O(?![.dewA])|^O(?![.dew])|O(?=$|!|,)", ordinal),
    ("date.weekdays_of_week", "[ntl]w[,j]*W(?:[-TU&,]+j*W)*|W(?:[-TU&,]+j*W)*j*[ntl]w", weekdays_of_week),
    ("date.weekday_week", "a?wj+W|W[,j]*a?w(?![-e])", weekday_week),
    ("date.weekday_range", "[ntlg]?W[,j]*[-TU]j*[tg]?W", weekday_range),
    ("date.weekday_list", "[ntlg]?W(?:[,&-]+j*W)+", weekday_list),
    ("date.weekday", "(?<!S)(?<!Sj)(?:[ntlg]j?W|Wg?)", one_weekday),
    ("date.relative", "D", relative),
)
SECOND_PASS = rules(
    ("days.week_beginning", "zj*x", week_beginning),
    ("days.week_beginning", "[jp]*wj*[Fs]j*x", week_beginning),
    ("days.first_week", "1M", first_week_of),
    ("days.until_end_of_week", "U[jp]*Ej*[nt]?w|U[jp]*nw", until_end_of_week),
    ("days.back_week", "[BK]U?j*(?:Z|nw)", back_after),
    ("days.rest_of_week", "[jp]*[rA]j*t?w|tw|pw|[jp]+r?w(?=$|!|,)", rest_of_week),
    ("days.other_week", "A?j*(?:[nl]w|Z)", other_week),
    ("days.since", "Sj*(?:[tlg]?W|x|lw)", since),
    ("days.duration", f"p?j*[nl]?{COUNT}j*[Fs]j*x|x[,j]*p{COUNT}|[lnp]j*{COUNT}", duration),
    ("days.duration", COUNT, days_only),
    ("days.not_back_until", "KUj*i?x", until_back),
    ("days.span", "F?j*[xi]*xi?[-TU]i?j*xi?|bj*x&j*x|F?j*xU+i?x", span),
    ("days.until", "Ui?j*xi?|ij*x|xi", until),
    ("days.back", "B[jpFP]*x", until_back),
    ("days.several", "x(?:[,&]+j*x)+", several),
    ("days.from", "Fj*x", starting),
    ("days.while", "u", while_open),
)


def reduced(found: list[Atom], table: Sequence[Rule], moment: Moment, names: dict[int, str]) -> list[Atom]:
    """The atoms after one pass: what a rule matched becomes one atom, "x" for a day and "s" for a span."""
    text = "".join(atom.letter for atom in found)
    for name, pattern, made in table:
        place = 0
        while match := pattern.search(text, place):
            first, last = match.span()
            reading = made(found[first:last], moment)
            if reading is None:
                place = max(last, first + 1)
                continue
            letter = "x" if isinstance(reading, Pin) else "s"
            names[found[first].first] = name
            found[first:last] = [Atom(letter, found[first].first, found[last - 1].last, reading)]
            text = text[:first] + letter + text[last:]
            place = first + 1
    return found


def find_days(found: list[Atom], moment: Moment) -> list[tuple[Atom, Span, str]]:
    """Every statement of days in a text: where it stands, what it says, and the rule's id."""
    names: dict[int, str] = {}
    try:
        found = reduced(found, FIRST_PASS, moment, names)
        found = reduced(found, SECOND_PASS, moment, names)
    except (CalendarEnds, OverflowError):
        return []
    result = []
    for atom in found:
        value = atom.value
        if isinstance(value, Pin):
            others = tuple((other, other) for other in value.others)
            value = Span(first=value.day, last=value.day, others=others)
        if isinstance(value, Span) and value.role:
            result.append((atom, value, names.get(atom.first, "date")))
    return result
