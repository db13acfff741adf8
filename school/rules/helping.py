"""For how long a helper may report: to the end of a school's own day, and not a text longer."""

from __future__ import annotations

from datetime import date

# Whoever reads the list of helpers sees who ends within so many days.
SOON_DAYS = 7


def stands(until: date | None, day: date | None) -> bool:
    """Whether a right stands on that day of the school's; `until` is its last, None a right without an end.

    Where the day is not known, a right that ends is none: default deny.
    """
    return until is None or (day is not None and day <= until)


def ends_soon(until: date, day: date) -> bool:
    """Whether a helper who stands on that day ends within a week."""
    return 0 <= (until - day).days <= SOON_DAYS
