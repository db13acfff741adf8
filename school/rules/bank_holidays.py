"""Bank holidays in England, which close a school only where they fall in its terms."""

from __future__ import annotations

from datetime import date

import holidays

from school.rules.calendar import SATURDAY, Term


def bank_holidays(first: date, last: date) -> frozenset[date]:
    """England's bank holidays from `first` to `last`, both included, weekdays only.

    One that falls on a weekend is kept on its substitute weekday; the weekend day itself closes nothing.
    """
    found = holidays.country_holidays("GB", subdiv="ENG", years=range(first.year, last.year + 1))
    return frozenset(day for day in found if first <= day <= last and day.weekday() < SATURDAY)


def bank_holidays_in(terms: tuple[Term, ...]) -> frozenset[date]:
    """Those that fall within the school's terms, as Easter Monday does in some years and May Day in all."""
    return frozenset(day for term in terms for day in bank_holidays(term.first, term.last))
