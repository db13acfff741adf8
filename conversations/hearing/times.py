"""Clock times, minutes and parts of a day in a text: half ten, quarter to 3, 9-11, in 20 mins, after lunch."""

from __future__ import annotations

from collections.abc import Sequence, Set
from datetime import time

from conversations.acts import Kind
from conversations.hearing.atoms import numeric
from conversations.hearing.clocks import Clock, Found, number, opening, role, role_after
from conversations.hearing.day_parts import part
from conversations.hearing.late_minutes import minutes
from conversations.hearing.lexicon import Lexicon
from conversations.hearing.normalise import Word
from conversations.hearing.phrases import Hit

# "at 3" is the afternoon, "at 8" the morning: school hours tell them apart.
EARLIEST_MORNING = 7
NOON = 12
# The hours in which four figures without a mark are a time: "1030 today".
SCHOOL_DAY = (8, 17)
# The latest hour at which anybody is collected or comes.
LATEST = 20
AFTER_HOUR = (
    ("time.half_after", 30), ("time.quarter_after", 15), ("time.quarter_before", -15), ("time.third_after", 20),
    ("time.third_before", -20),
)  # fmt: skip
# Minutes that words before an hour add to it: "half ten" and "quarter to"; "wpół do dziesiątej" is half an hour before.
SPOKEN = (("time.half", 30), ("time.quarter_past", 15), ("time.quarter_to", -15), ("time.half_to", -30))


def find_clocks(
    words: Sequence[Word], hits: Sequence[Hit], lexicon: Lexicon, greetings: Set[int] = frozenset()
) -> list[Clock]:
    """All times, minutes and parts of a day in a text, in order and without overlaps; none within `greetings`."""
    at = Found(hits, greetings)
    at.nots = lexicon.small["not_behind"]
    at.opens = bool(words) and words[0].norm in lexicon.greetings
    found: list[Clock] = []
    here = 0
    begins = {first for _, first in at}
    while here < len(words):
        if here not in begins and words[here].kind != "dotted" and number(words, here, lexicon) is None:
            here += 1
            continue
        some = (
            minutes(words, here, at, lexicon)
            or clock_range(words, here, at, lexicon)
            or single(words, here, at, lexicon)
        )
        found.extend(some := some or [each for each in (part(words, here, at),) if each])
        at.hour = next((each.value.hour for each in some if isinstance(each.value, time)), at.hour)
        at.past = max([at.past, *(each.last for each in some if each.kind is Kind.TIME)])
        here = max([here + 1, *(each.last for each in some)])
    return found


# Clock times ---------------------------------------------------------------------------------


def single(words: Sequence[Word], at: int, found: Found, lexicon: Lexicon) -> list[Clock]:
    """One clock time with its role."""
    read = clock(words, at, found, lexicon)
    if read is None:
        return []
    value, last, rule = read
    opens = opening(words, at, found, lexicon.small["on_days"])
    meant = role_after(words, last, found, opens=opens) or role(words, at, found)
    return [] if meant == "at" and at_night(words, at, found) else [Clock(at, last, Kind.TIME, value, meant, rule)]


def at_night(words: Sequence[Word], at: int, found: Found) -> bool:
    """ "Raat do baje", "raat mehman do baje gaye": an hour of the night, over one word at most."""
    near = (at, at - 1) if at and words[at - 1].kind == "word" else (at,)
    return any(concept == "day.night_before" for last in near for concept, _ in found.ends.get(last, ()))


def clock(
    words: Sequence[Word], at: int, found: Found, lexicon: Lexicon, *, expected: bool = False
) -> tuple[time, int, str] | None:
    """(time, one past its last word, rule) of a clock time here. A bare number counts only where expected."""
    word = words[at]
    if ("time.noon", at) in found:
        return time(NOON), found["time.noon", at], "clock.noon"
    if word.kind == "dotted":
        return dotted(words, at, found, lexicon)
    for concept, minute in SPOKEN:
        if (concept, at) in found:
            after = found[concept, at]
            hour = number(words, after, lexicon)
            if hour is not None and 1 <= hour <= latest_hour(lexicon) and not is_unit(after + 1, found):
                value, last = of_day(hour, minute, after + 1, found)
                return value, last, "clock.spoken"
            ends = after >= len(words) or words[after].kind == "mark"
            if ends and minute > 0 and found.hour is not None and led(at, found):
                return time(found.hour, minute), after, "clock.spoken"  # "Out from 11, the test is at quarter past".
    before = to_come(words, at, found, lexicon)
    if before:
        return before
    hour = number(words, at, lexicon)
    if hour is None:
        return None
    spoken = past_or_to(words, at, hour, found, lexicon) or said_after(words, at, hour, found, lexicon)
    if spoken:
        return spoken
    return plain_hour(words, at, hour, found, lexicon, expected=expected)


def plain_hour(
    words: Sequence[Word], at: int, hour: int, found: Found, lexicon: Lexicon, *, expected: bool
) -> tuple[time, int, str] | None:
    """0930, 9 am, at 9 30, at 9."""
    word = words[at]
    if word.kind == "number" and len(word.norm) in {3, 4} and (expected or led(at, found)):
        return digits(words, at, found)
    if word.kind == "number" and len(word.norm) == 4 and SCHOOL_DAY[0] <= int(word.norm) // 100 < SCHOOL_DAY[1]:
        beside = [concept for concept, first in found if first == at + 1]
        beside += [concept for concept, _ in found.ends.get(at, ())]
        if any(concept.startswith(("day.", "weekday.")) for concept in beside):
            return digits(words, at, found)  # "CAMHS 1030 today", "the optician this Friday 1350".
    if not 1 <= hour <= 24:
        return None
    # "Clasa 10H" is no ten o'clock.
    grade = (
        at > 0 and at + 1 < len(words) and words[at - 1].norm in lexicon.small["class"] and words[at + 1].norm == "h"
    )
    oclock = ("time.oclock", at + 1) in found and not grade
    if ("time.am", at + 1) in found or ("time.pm", at + 1) in found or oclock:
        value, last = of_day(hour, 0, at + 1, found)
        return value, last, "clock.hour"
    split = split_minutes(words, at, hour, found, lexicon)
    if split:
        value, last = of_day(hour, *split, found)
        return value, last, "clock.digits"
    if word.kind == "word" and number(words, at + 1, lexicon) is not None and is_unit(at + 2, found):
        return None  # "About ten fifteen minutes late".
    late = lexicon.hours_to_24 and NOON < hour <= LATEST and led(at, found)
    if late and not followed_by_other(words, at + 1, found, lexicon):
        return time(hour), at + 1, "clock.hour"
    # "Das tak pohncha dunga": what says that it is an hour may follow.
    come = ("time.at_after", at + 1) in found and role_after(words, at + 2, found) in {"back", "collect"}
    if hour <= NOON and (expected or come or led(at, found)) and not followed_by_other(words, at + 1, found, lexicon):
        value, last = of_day(hour, 0, at + 1, found)
        return value, last, "clock.bare"
    return None


def said_after(
    words: Sequence[Word], at: int, hour: int, found: Found, lexicon: Lexicon
) -> tuple[time, int, str] | None:
    """Zece și jumătate, zece fără un sfert, la zece și douăzeci: what follows an hour is added or taken off."""
    if not 1 <= hour <= LATEST:
        return None
    for concept, minute in AFTER_HOUR:
        if (concept, at + 1) in found and not is_unit(found[concept, at + 1], found):
            value, last = of_day(hour, minute, found[concept, at + 1], found)
            return value, last, "clock.spoken"
    for concept, sign in (("time.and_minutes", 1), ("time.less_minutes", -1)):
        after = found.get((concept, at + 1))
        # "9 baj kar 10 minute", "tis3a illa 3ashra": plain without an "at".
        plain = bool(after) and (after - at > 2 or concept == "time.less_minutes")  # type: ignore[operator]
        said = plain or led(at, found) or (sign > 0 and only_minutes(words, at, after or 0, hour, lexicon))
        counted = number(words, after, lexicon) if after and said else None
        if plain and counted is not None and not led(at, found) and counted % 5:
            continue
        ends = found.get(("calendar.minutes", after + 1), after + 1) if after else 1
        if after and counted and 1 <= counted <= 59 and not followed_by_other(words, ends, found, lexicon):
            value, last = of_day(hour, sign * counted, ends, found)
            return value, last, "clock.spoken"
    return None


# So many are minutes, whoever counts: no month has the days. And which minutes are said in words of their own.
LAST_OF_MONTH = 31
IN_WORDS = frozenset({5, 10})


def only_minutes(words: Sequence[Word], at: int, after: int, hour: int, lexicon: Lexicon) -> bool:
    """Whether two numbers joined by "and" can only be a time: "scan 11 wa 10" in words, "2 wa 50", but no "5 wa 10"."""
    counted = number(words, after, lexicon) if after else None
    if counted is None or hour > NOON or counted % 5 or number(words, after + 1, lexicon) is not None:
        return False
    if words[after].kind == "number":
        return counted > LAST_OF_MONTH and words[at].kind == "number"
    return counted in IN_WORDS


def to_come(words: Sequence[Word], at: int, found: Found, lexicon: Lexicon) -> tuple[time, int, str] | None:
    """Za dziesięć dziewiąta: minutes first, then the hour that is still to come."""
    if ("calendar.ahead", at) not in found:
        return None
    after = found["calendar.ahead", at]
    minute, hour = number(words, after, lexicon), number(words, after + 1, lexicon)
    if minute is None or hour is None or not (1 <= minute <= 29 and 1 <= hour <= latest_hour(lexicon)):
        return None
    if is_unit(after + 2, found):
        return None
    value, last = of_day(hour, -minute, after + 2, found)
    return value, last, "clock.spoken"


def dotted(words: Sequence[Word], at: int, found: Found, lexicon: Lexicon) -> tuple[time, int, str] | None:
    """10.30 or 10:30; not £5.00, 38.7 or 37.5 degrees."""
    hour, _, minute = words[at].norm.replace(":", ".").partition(".")
    before = words[at - 1].norm if at else ""
    if len(minute) != 2 or int(hour) > 23 or int(minute) > 59 or before in {"£", "$", "€"}:
        return None
    if (
        lexicon.dotted_dates
        and "." in words[at].norm
        and numeric(words[at])
        and not any(name == "time.at" for name, _ in found.ends.get(at, ()))
    ):
        return None  # "12.03" is a date where dates are written so, unless "at" says otherwise.
    value, last = of_day(int(hour), int(minute), at + 1, found)
    return value, last, "clock.digits"


def digits(words: Sequence[Word], at: int, found: Found) -> tuple[time, int, str] | None:
    """0930 or 1430 after "at"."""
    norm = words[at].norm.zfill(4)
    hour, minute = int(norm[:2]), int(norm[2:])
    if not (EARLIEST_MORNING - 1 <= hour <= 20 or 1 <= hour <= 6) or minute > 59 or minute % 5:
        return None
    value, last = of_day(hour, minute, at + 1, found)
    return value, last, "clock.digits"


def latest_hour(lexicon: Lexicon) -> int:
    """The highest hour that is named: "wpół do trzynastej" is half past twelve."""
    return LATEST if lexicon.hours_to_24 else NOON


def in_a_word(word: Word) -> bool:
    """Whether a number is written in letters."""
    return word.kind == "word" or (word.kind == "number" and word.typed[:1].isalpha())


# Minutes before an hour that are named in figures: "at 5 to 9".
TO_THE_HOUR = frozenset({5, 10})


def split_minutes(words: Sequence[Word], at: int, hour: int, found: Found, lexicon: Lexicon) -> tuple[int, int] | None:
    """At 9 30, "at two forty five", "aath pachas pe": full minutes behind an hour, and one past their last word."""
    minute, last = number(words, at + 1, lexicon), at + 2
    if minute is None:
        return None
    said = in_a_word(words[at + 1])
    ones = found.get(("time.and_minutes", last), last)
    if said and minute in {20, 30, 40, 50} and number(words, ones, lexicon) == 5 and in_a_word(words[ones]):
        # "Two forty five", "nouă patruzeci și cinci".
        minute, last = minute + 5, ones + 1
    if minute % 5 or not 10 <= minute <= 55 or hour > 23 or is_unit(last, found):
        return None
    plain = led(at, found) and (said or len(words[at + 1].norm) == 2)
    return (minute, last) if plain or ("time.at_after", last) in found else None


def past_or_to(
    words: Sequence[Word], at: int, minute: int, found: Found, lexicon: Lexicon
) -> tuple[time, int, str] | None:
    """Ten past nine, 20 to 10, 5 mins past 9."""
    after = found.get(("calendar.minutes", at + 1), at + 1)
    for concept, sign in (("time.past", 1), ("time.to", -1)):
        if (concept, after) in found and 1 <= minute <= 29:
            following = found[concept, after]
            hour = number(words, following, lexicon)
            if hour is not None and 1 <= hour <= NOON and not is_unit(following + 1, found):
                opened = any(concept in OPENS for concept, _ in found.ends.get(at, ()))
                at_an_hour = minute in TO_THE_HOUR and led(at, found) and not opened
                if sign == -1 and not at_an_hour and words[at].kind == "number" and minute < NOON and after == at + 1:
                    return None  # "9 to 11" is a range, and "in at 10 to 9" is none.
                value, last = of_day(hour, sign * minute, following + 1, found)
                return value, last, "clock.spoken"
    return None


def of_day(hour: int, minute: int, after: int, found: Found) -> tuple[time, int]:
    """The time of day, morning or afternoon as said, else as school hours make likely."""
    last = found.get(("time.oclock", after), after)
    said_am, said_pm = found.get(("time.am", last)), found.get(("time.pm", last))
    if said_pm and hour < NOON:
        hour += NOON
    elif said_am and hour == NOON:
        hour = 0
    elif not said_am and not said_pm and hour < EARLIEST_MORNING:
        hour += NOON
    # "this morning" tells which half, and is a part of the day too.
    last = said if (said := said_am or said_pm) and said - last == 1 else last
    minutes_of_day = (hour * 60 + minute) % (24 * 60)
    return time(minutes_of_day // 60, minutes_of_day % 60), last


JOINS = ("calendar.until", "calendar.to", "calendar.from_after")
# A word for "at" that is a "to" too, where a "from" opened the span: "de la 9 la 11".
OPENED = "calendar.span_to"
OPENS = frozenset({"calendar.from", "calendar.since_or_from"})


def clock_range(words: Sequence[Word], at: int, found: Found, lexicon: Lexicon) -> list[Clock]:
    """9-11, from 9 to 11.30, between 1 and 2."""
    led_by = (
        ("calendar.from", at - 1) in found
        or ("calendar.since_or_from", at - 1) in found
        or ("calendar.between", at - 1) in found
        or led(at, found)
    )
    first = clock(words, at, found, lexicon, expected=True)
    if first is None or first[1] >= len(words):
        return []
    opened = any(concept in OPENS for concept, _ in found.ends.get(at, ()))
    names = (*JOINS, OPENED) if opened else JOINS
    joins = next((found[name, first[1]] for name in names if (name, first[1]) in found), None)
    if words[first[1]].norm == "-":
        joins = first[1] + 1
    elif ("calendar.between", at - 1) in found:
        joins = found.get(("calendar.and", first[1]), joins)
    if not joins or joins >= len(words):
        return []
    second = clock(words, joins, found, lexicon, expected=True)
    sure = led_by or first[2] != "clock.bare" or (second is not None and second[2] != "clock.bare")
    if second is None or not sure or ("calendar.ordinal_ending", second[1]) in found:
        return []
    if not first[0] < second[0]:
        return []
    return [
        Clock(at, first[1], Kind.TIME, first[0], "from", "clock.range"),
        Clock(first[1], second[1], Kind.TIME, second[0], "until", "clock.range"),
    ]


def led(at: int, found: Found) -> bool:
    """Whether "at", "by", "around" or an arrival or collection stands right before."""
    return any(concept in {"time.at", "time.by", "time.back", "time.collect"} for concept, _ in found.ends.get(at, ()))


def is_unit(at: int, found: Found) -> bool:
    """Whether a count of something follows: "half 2 days" is none."""
    return any(
        (f"calendar.{unit}", at) in found for unit in ("day", "days", "weeks", "week", "hours", "minutes", "months")
    )


def followed_by_other(words: Sequence[Word], at: int, found: Found, lexicon: Lexicon) -> bool:
    """Whether what follows makes a number something else than an hour: a unit, a month, a percentage, a person."""
    if at >= len(words):
        return False
    if is_unit(at, found) or words[at].norm in lexicon.small["counted"]:
        return True
    if words[at - 1].norm == "4" and not lexicon.small["lessons"].isdisjoint(word.norm for word in words[at : at + 2]):
        return True  # "Be there 4 period 2", "4 second lesson".
    joined = (
        1
        if words[at].norm == "-"
        else next((found[join, at] - at for join in (*JOINS, OPENED) if (join, at) in found), 0)
    )
    if joined and number(words, at + joined, lexicon) is not None and is_month(at + joined + 1, found):
        # "20-24 October", "from 4 to 6 March".
        return True
    return is_month(at, found) or is_month(at + 1, found)


def is_month(at: int, found: Found) -> bool:
    """Whether a month stands there."""
    return any((f"month.{month}", at) in found for month in range(1, 13))
