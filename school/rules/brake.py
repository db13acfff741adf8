"""The blast brake: whether a morning's alerts may go, or what about the register looks wrong (care rule 6)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from math import sqrt

# A class of two who both have a cold is no mistake; from so many on, all absent is.
SMALLEST_CLASS = 4
# In a school of fewer no share says anything.
SMALLEST_SCHOOL = 20
# With fewer mornings of the same weekday behind it, a usual share is only the school's own setting.
FEWEST_MORNINGS = 3
# What a register lacks beyond this share of a class is a half import and not a child who just joined.
MOST_UNMARKED = 0.1


class Why(StrEnum):
    """What looks wrong, as a code; staff pages have the words."""

    NO_SCHOOL_DAY = "no_school_day"
    REGISTER_OPEN = "register_open"
    NO_MARKS = "no_marks"
    STALE_MARKS = "stale_marks"
    TOO_MANY_ABSENT = "too_many_absent"
    CLASS_UNMARKED = "class_unmarked"
    CLASS_ALL_ABSENT = "class_all_absent"
    OUTING = "outing"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassRegister:
    """One class's register for a session: pupils expected, without any mark, absent, and unexplained among those.

    `taken_at` is when the latest of its marks was put in; None without marks. `outing`: a trip or an exam is on the
    calendar for the class that day.
    """

    name: str
    expected: int
    unmarked: int = 0
    absent: int = 0
    unexplained: int = 0
    taken_at: datetime | None = None
    outing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """A session's registers as the brake sees them.

    `usual` are the shares absent on earlier mornings of the same weekday, 0 to 1; `most_absent` is what the school
    takes as too many while there are few of those. `opened_at` and `closed_at` are the register's own times.
    """

    is_school_day: bool
    opened_at: datetime
    closed_at: datetime
    classes: Sequence[ClassRegister]
    usual: Sequence[float] = ()
    most_absent: float = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Alerts that wait for one click: why, and of which class; "" is the whole school."""

    why: Why
    class_name: str = ""


def checked(register: Register, now: datetime, *, released: Collection[Held] = ()) -> tuple[Held, ...]:
    """What to hold, the whole school's first; none where all alerts may go. Classes hold only themselves.

    What somebody has released holds no more, the same doubt about each class with it, and lets no other doubt pass.
    """
    if not register.is_school_day:
        return (Held(why=Why.NO_SCHOOL_DAY),)
    if now < register.closed_at:
        return (Held(why=Why.REGISTER_OPEN),)
    school = next((held for held in _school(register) if held not in released), None)
    if school is not None:
        return (school,)
    return tuple(
        held
        for each in register.classes
        if (held := _class(each, register)) is not None and not _is_released(held, released)
    )


# The whole school's doubt that is the same one as a class's.
_WHOLE = {Why.CLASS_UNMARKED: Why.NO_MARKS, Why.STALE_MARKS: Why.STALE_MARKS}


def _is_released(held: Held, released: Collection[Held]) -> bool:
    whole = _WHOLE.get(held.why)
    return held in released or (whole is not None and Held(why=whole) in released)


def is_untaken(each: ClassRegister) -> bool:
    """Whether a class's register is still to come, or broke off: that a child has no mark in it says nothing."""
    return each.expected >= SMALLEST_CLASS and _is_incomplete(each)


def share(classes: Iterable[ClassRegister]) -> float:
    """The share absent among those who have a mark, 0 where nobody has."""
    counted = list(classes)
    marked = sum(each.expected - each.unmarked for each in counted)
    return sum(each.absent for each in counted) / marked if marked else 0.0


def limit(usual: Sequence[float], most_absent: float) -> float:
    """The largest share absent that is still normal: three deviations over the mean, and five in a hundred at least."""
    if len(usual) < FEWEST_MORNINGS:
        return most_absent
    mean = sum(usual) / len(usual)
    deviation = sqrt(sum((each - mean) ** 2 for each in usual) / len(usual))
    return mean + max(3 * deviation, 0.05)


def _school(register: Register) -> Iterator[Held]:
    """What is wrong with all of it: one class is a slip, half of the classes are an import that broke off."""
    able = [each for each in register.classes if each.expected >= SMALLEST_CLASS]
    incomplete = [each for each in able if _is_incomplete(each)]
    if len(able) > 1 and len(incomplete) * 2 > len(able):
        yield Held(why=Why.NO_MARKS)
    stale = [each for each in able if _is_stale(each, register)]
    if len(able) > 1 and len(stale) * 2 > len(able):
        yield Held(why=Why.STALE_MARKS)
    marked = sum(each.expected - each.unmarked for each in register.classes)
    if marked >= SMALLEST_SCHOOL and share(register.classes) > limit(register.usual, register.most_absent):
        yield Held(why=Why.TOO_MANY_ABSENT)


def _class(each: ClassRegister, register: Register) -> Held | None:
    if each.outing and each.unexplained:
        return Held(why=Why.OUTING, class_name=each.name)
    if each.expected < SMALLEST_CLASS:
        return None
    if _is_incomplete(each):
        return Held(why=Why.CLASS_UNMARKED, class_name=each.name)
    if each.absent >= each.expected - each.unmarked:
        return Held(why=Why.CLASS_ALL_ABSENT, class_name=each.name)
    if _is_stale(each, register):
        return Held(why=Why.STALE_MARKS, class_name=each.name)
    return None


def _is_incomplete(each: ClassRegister) -> bool:
    return each.unmarked > max(1, MOST_UNMARKED * each.expected)


def _is_stale(each: ClassRegister, register: Register) -> bool:
    """Marks that stood there before the register was opened are yesterday's, or a guess."""
    return each.taken_at is not None and each.taken_at < register.opened_at
