"""The times of one school day: when its two sessions start and end, and when their registers close."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from datetime import time
from enum import StrEnum
from itertools import pairwise


class Session(StrEnum):
    """Half a school day: every day that pupils attend has two sessions (Regs reg 10)."""

    AM = "AM"
    PM = "PM"


@dataclass(frozen=True, slots=True, kw_only=True)
class DayTimes:
    """The school's own times, local, each without a time zone.

    The morning register opens when the day starts, the afternoon register when the afternoon starts
    (Regs reg 10: 'at the beginning of each morning session and once during each afternoon session').
    Raises ValueError where the six are not in the order in which a day passes.
    """

    starts: time = time(8, 45)
    register_closes: time = time(9, 15)
    morning_ends: time = time(12, 0)
    afternoon_starts: time = time(13, 0)
    afternoon_register_closes: time = time(13, 15)
    ends: time = time(15, 15)

    def __post_init__(self) -> None:
        times = astuple(self)
        if any(each.tzinfo is not None for each in times):
            raise ValueError("a school's times are local and carry no time zone")
        in_order = all(earlier <= later for earlier, later in pairwise(times))
        opens_at_all = self.starts < self.register_closes and self.afternoon_starts < self.afternoon_register_closes
        if not in_order or not opens_at_all:
            raise ValueError(
                "a day's times must follow each other: starts, register closes, morning ends, "
                "afternoon starts, afternoon register closes, ends"
            )

    def register(self, session: Session) -> tuple[time, time]:
        """When the session's register opens and when it closes."""
        if session is Session.AM:
            return self.starts, self.register_closes
        return self.afternoon_starts, self.afternoon_register_closes

    def bounds(self, session: Session) -> tuple[time, time]:
        """When the session starts and when it ends."""
        if session is Session.AM:
            return self.starts, self.morning_ends
        return self.afternoon_starts, self.ends
