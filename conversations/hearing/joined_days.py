"""How several statements of days in one story go together: a start and an end, a count and its first day."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence, Set
from dataclasses import replace
from datetime import date, timedelta
from string import ascii_lowercase

from conversations.acts import Days, Mention
from conversations.hearing.normalise import Word
from conversations.hearing.resolving import Moment
from school.rules.calendar import CalendarEnds

WEEK = 7
# The rules of bare weekdays, and those of days of the month.
OF_THE_WEEK = frozenset({"date.weekday", "date.weekday_list"})
DATED = frozenset({"date.day_month", "date.month_list", "date.figures", "date.of_month", "date.ordinals"})
# The weekdays on which a week of school begins and ends.
WHOLE_WEEK = frozenset({0, 4})
# "Until the 19th": as many words a bare number of a day has beside it.
BARE = 3


def after_start(found: list[Mention], words: Sequence[Word]) -> list[Mention]:
    """ "Operation on Tuesday, home until Friday": a weekday that ends what begins later is the one after it begins."""
    starts = [m.value.first for m in found if isinstance(m.value, Days) and m.value.first and m.role in {"on", "from"}]
    if not starts:
        return found
    return last_end([ended_after(mention, min(starts), words) for mention in start_first(found)])


def start_first(found: list[Mention]) -> list[Mention]:
    """ "Off until Friday included, from today": the end said before the start is its end all the same."""
    if [mention.role for mention in found] != ["until", "from"]:
        return found
    end, start = (mention.value for mention in found)
    told = isinstance(end, Days) and isinstance(start, Days) and end.last and start.first and not start.open_ended
    return found[::-1] if told and start.first <= end.last else found  # type: ignore[union-attr,operator]


def of_its_date(found: list[Mention], words: Sequence[Word], joins: Set[str]) -> list[Mention]:
    """ "We fly on Friday, bright and early, 8 May": a weekday apart from its own date is that day, no Friday before it.

    So are two of them: "Friday and Monday, the 14th and 17th". "On Friday and on 22 May as well" are two days.
    """
    dated = [each for each in found if each.rule in DATED]
    return [
        each
        for each in found
        if each.rule not in OF_THE_WEEK
        or not ends_of(each)
        or not any(ends_of(each) <= ends_of(other) and not joined(each, other, words, joins) for other in dated)
    ]


def of_its_week(found: list[Mention]) -> list[Mention]:
    """ "In Tenerife from the 19th to the 23rd, away the whole week": a week told behind its own dates is that week."""
    weeks = [each for each in found if each.rule in DATED and ends_of(each) == WHOLE_WEEK]
    return [
        each
        for each in found
        if each.rule != "days.rest_of_week" or not any(other.span[0] < each.span[0] for other in weeks)
    ]


def of_one_day(found: list[Mention]) -> list[Mention]:
    """ "Eyes tested Thursday at 2, dentist as well this week": beside a day of its own a week dates no appointment."""
    spans = [each.value for each in found if each.role == "on" and isinstance(each.value, Days)]
    named = any(each.first and each.first == each.last for each in spans)
    return [each for each in found if each.rule != "days.rest_of_week"] if named else found


def joined(one: Mention, other: Mention, words: Sequence[Word], joins: Set[str]) -> bool:
    """Whether a word that joins stands between two mentions."""
    first, last = sorted((one.span, other.span))
    return any(word.norm in joins for word in words if first[1] <= word.start < last[0])


def ends_of(mention: Mention) -> frozenset[int]:
    """The weekdays on which a mention of days begins and ends."""
    value = mention.value
    if mention.role != "on" or not isinstance(value, Days) or value.first is None or value.last is None:
        return frozenset()
    return frozenset({value.first.weekday(), value.last.weekday()})


def last_end(found: list[Mention]) -> list[Mention]:
    """ "We fly back on Tuesday, she'll be in on Wednesday": of several returns the last one is the return to school."""
    ends = [m for m in found if m.role == "until" and isinstance(m.value, Days) and m.value.last]
    if len(ends) < 2 or not all(".in" in m.rule or "back" in m.rule for m in ends):
        return found
    last = max(ends, key=lambda mention: mention.value.last or date.min)  # type: ignore[union-attr]
    return [m for m in found if m not in ends or m is last]


def ended_after(mention: Mention, start: date, words: Sequence[Word]) -> Mention:
    """An end before the start moved on by a week, and one that is but a number ("the 19th") into its month."""
    value = mention.value
    if not isinstance(value, Days) or mention.role != "until" or value.last is None or value.last >= start:
        return mention
    inside = [word for word in words if mention.span[0] <= word.start < mention.span[1]]
    numbers = [word for word in inside if word.kind not in {"word", "mark"} or word.norm[:1].isdigit()]
    if len(numbers) == 1 and len(inside) <= BARE:
        last = day_of_month(numbers[0], start)
        return replace(mention, value=replace(value, last=last)) if last else mention
    if numbers or (start - value.last).days >= WEEK:
        return mention
    return replace(mention, value=replace(value, last=value.last + timedelta(days=WEEK)))


def day_of_month(number: Word, start: date) -> date | None:
    """The next day of this number on or after a start; none where the word is no such number."""
    digits = number.norm.rstrip(ascii_lowercase)
    if not digits.isdigit() or not start.day <= int(digits) <= monthrange(start.year, start.month)[1]:
        return None
    return start.replace(day=int(digits))


def counted_from(found: list[Mention], moment: Moment, *, leave: bool) -> list[Mention]:
    """ "A week in Tenerife from 23rd March": a count goes with the one day that is named apart from it.

    Of an illness that is so for a day ahead: "operation on the 12th, the hospital say two weeks off".
    """
    found = without_its_start(found)
    counts = [each for each in found if each.rule.startswith("days.duration")]
    starts = [each for each in found if each not in counts and isinstance(each.value, Days) and each.value.first]
    if len(counts) != 1 or not starts:
        return found
    count, start = counts[0].value, starts[0].value
    left = [each for each in found if each is not counts[0]]
    ahead = isinstance(start, Days) and start.first is not None and start.first > moment.likely
    begins = len(left) == 1 and left[0].role == "from"
    if not leave and not begins and not (ahead and len(left) == 1 and left[0].role == "on"):
        return found
    single = isinstance(start, Days) and start.last in {None, start.first} and len(left) == 1
    if single and isinstance(count, Days) and isinstance(start, Days) and start.first and count.first and count.last:
        days = len(moment.calendar.school_days(count.first, count.last))
        try:
            first = moment.calendar.on_or_after(start.first)
            span = Days(first=first, last=moment.calendar.last_of(first, days))
        except CalendarEnds:
            # Nobody knows yet which days of school those will be: the first is told, the last is asked.
            return left
        return [replace(starts[0], value=span, role="on", rule="days.duration.from")]
    return left


def without_its_start(found: list[Mention]) -> list[Mention]:
    """ "Not in the whole week, from today": the first day of the week that was told says nothing more."""
    begins = [m.value.first for m in found if m.rule == "days.rest_of_week" and isinstance(m.value, Days)]
    return [
        each
        for each in found
        if each.role != "from" or not (isinstance(each.value, Days) and [each.value.first] == begins)
    ]


def narrowed(found: list[Mention], words: Sequence[Word], joins: Set[str]) -> list[Mention]:
    """ "Away next week for the holy days, Monday and Tuesday": the weekdays of a week that was named are meant."""
    weeks = [each for each in found if each.rule == "days.other_week"]
    others = [each for each in found if each not in weeks]
    whole = weeks[0].value if len(weeks) == 1 else None
    if not others or not isinstance(whole, Days):
        return found
    within = [in_week(each, whole) for each in others]
    # "Off all next week and on Thursday": what is added does not say which days of the week.
    added = any(each.span < weeks[0].span or joined_to(each, words, joins) for each in others)
    return found if added or None in within else [each for each in within if each is not None]


def joined_to(mention: Mention, words: Sequence[Word], joins: Set[str]) -> bool:
    """Whether one of the two words before a mention joins it to what was said."""
    before = [word.norm for word in words if word.start < mention.span[0]]
    return bool(joins & set(before[-2:]))


def in_week(mention: Mention, week: Days) -> Mention | None:
    """The weekdays of a mention in a week that was named before them, or None where it says no such days."""
    said = mention.value
    if mention.role != "on" or not mention.rule.startswith("date.weekday") or not isinstance(said, Days):
        return None
    if said.first is None or said.last is None or week.first is None or week.last is None:
        return None
    for moved in (timedelta(0), timedelta(days=WEEK)):
        if week.first <= said.first + moved and said.last + moved <= week.last:
            return replace(mention, value=replace(said, first=said.first + moved, last=said.last + moved))
    return None


def is_today(mention: Mention, moment: Moment) -> bool:
    """Whether a statement of days is of today alone."""
    value = mention.value
    return isinstance(value, Days) and value.first == value.last == moment.today
