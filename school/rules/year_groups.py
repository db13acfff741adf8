"""A pupil's year group from the date of birth: the age on 31 August before the school year, less four."""

from __future__ import annotations

from datetime import date

SEPTEMBER = 9
RECEPTION = 0
LAST_YEAR = 13


def school_year(day: date) -> int:
    """The calendar year in which that day's school year began; it runs from 1 September to 31 August."""
    return day.year if day.month >= SEPTEMBER else day.year - 1


def year_group(born: date, *, on: date) -> int:
    """0 for Reception, 1 to 13 for years; below 0 for nursery age, above 13 for those who have left.

    It is the year of those of the same age: a pupil may be taught in another, so what the school records wins.
    """
    # Whoever is born in September or later turns a year older only within the school year.
    return school_year(on) - school_year(born) - 5


def year_name(group: int) -> str:
    """How a school writes it: N, R, 1 to 13; "" for nobody's year."""
    if group == RECEPTION:
        return "R"
    if group in {-1, -2}:
        return "N"
    return str(group) if RECEPTION < group <= LAST_YEAR else ""
