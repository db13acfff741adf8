"""Attendance in whole sessions: possible, attended, absent; persistent and severe absence; days missed.

All of it is arithmetic on integers: a rounded percentage would hide the pupil who stands exactly at 90%.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from school.rules.register_code import Code, Statistic

# Early in the year one session of two is 50%: no label before 30 possible sessions, unless the school sets another.
LEAST_POSSIBLE = 30


class Band(StrEnum):
    """The only two labels that are fixed for England; `NEITHER` is not praise."""

    SEVERE = "severe"
    PERSISTENT = "persistent"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """A pupil's sessions over some days, counted by class. `late` (L) is part of `present`.

    `unmarked` sessions are missing data: they are neither possible nor absences until somebody marks them.
    """

    present: int = 0
    approved_activity: int = 0
    authorised: int = 0
    unauthorised: int = 0
    not_possible: int = 0
    not_collected: int = 0
    unmarked: int = 0
    late: int = 0

    def __post_init__(self) -> None:
        counts = (self.present, self.approved_activity, self.authorised, self.unauthorised)
        if min(*counts, self.not_possible, self.not_collected, self.unmarked, self.late) < 0:
            raise ValueError("sessions are counted from nought")
        if self.late > self.present:
            raise ValueError("a late pupil is a present one: there cannot be more of them")

    def __add__(self, other: Tally) -> Tally:
        """Two stretches of days together."""
        return Tally(
            present=self.present + other.present,
            approved_activity=self.approved_activity + other.approved_activity,
            authorised=self.authorised + other.authorised,
            unauthorised=self.unauthorised + other.unauthorised,
            not_possible=self.not_possible + other.not_possible,
            not_collected=self.not_collected + other.not_collected,
            unmarked=self.unmarked + other.unmarked,
            late=self.late + other.late,
        )

    @property
    def attended(self) -> int:
        """Sessions present or at an approved educational activity."""
        return self.present + self.approved_activity

    @property
    def absent(self) -> int:
        """Sessions missed, authorised or not: a pupil who was ill was absent."""
        return self.authorised + self.unauthorised

    @property
    def possible(self) -> int:
        """The denominator: sessions less D, Q, X, Y1 to Y7, Z and #, less the unmarked."""
        return self.attended + self.absent

    @property
    def days_missed(self) -> float:
        """Absent sessions in days, exact to the half day. Parents understand it better than a percentage."""
        return self.absent / 2

    @property
    def is_persistent(self) -> bool:
        """Absent for 10% or more of the pupil's own possible sessions: exactly 90% attendance is persistent."""
        return self.possible > 0 and self.absent * 10 >= self.possible

    @property
    def is_severe(self) -> bool:
        """Absent for 50% or more of the pupil's own possible sessions; such a pupil is persistent too."""
        return self.possible > 0 and self.absent * 2 >= self.possible

    @property
    def attendance_per_mille(self) -> int | None:
        """Tenths of a percent for showing, halves rounded up; None without a possible session.

        Never compare it with a threshold: 90.04% shows as 90.0% and is not persistent.
        """
        if self.possible == 0:
            return None
        return (self.attended * 2000 + self.possible) // (self.possible * 2)

    @property
    def absence_per_mille(self) -> int | None:
        """What `attendance_per_mille` leaves of 1,000, so that the two shown together make 100%."""
        attended = self.attendance_per_mille
        return None if attended is None else 1000 - attended

    def band(self, *, least_possible: int = LEAST_POSSIBLE) -> Band | None:
        """The label for staff, or None while there are fewer possible sessions than `least_possible` (or none)."""
        if self.possible == 0 or self.possible < least_possible:
            return None
        if self.is_severe:
            return Band.SEVERE
        return Band.PERSISTENT if self.is_persistent else Band.NEITHER


def tally(marks: Iterable[Code | None]) -> Tally:
    """Count a pupil's sessions, one code each; None is a session that nobody has marked yet."""
    classes: Counter[Statistic | None] = Counter()
    late = 0
    for code in marks:
        classes[None if code is None else code.statistic] += 1
        late += code is not None and code.mark == "L"
    return Tally(
        present=classes[Statistic.PRESENT],
        approved_activity=classes[Statistic.APPROVED_ACTIVITY],
        authorised=classes[Statistic.AUTHORISED],
        unauthorised=classes[Statistic.UNAUTHORISED],
        not_possible=classes[Statistic.NOT_POSSIBLE],
        not_collected=classes[Statistic.NOT_COLLECTED],
        unmarked=classes[None],
        late=late,
    )
