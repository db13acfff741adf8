"""School years and terms as people speak of them: a year from September, a term of two half-terms."""

from __future__ import annotations

import re
from datetime import date, timedelta

from school.rules.calendar import Calendar, Term

SEPTEMBER = 9
# Half-terms of one term are a week or two apart, with the weekends around it; what is further apart is two terms.
HALF_TERM_BREAK = timedelta(days=16)
# Names that every half-term of a school may have alike: "Term 1" and "Term 2" are not one term.
_NO_NAME = re.compile(r"(half[- ]?)?terms?|block|", re.IGNORECASE)


def school_year(day: date) -> Term:
    """The school year of a day, 1 September to 31 August (domain.md, section 7)."""
    first = day.year if day.month >= SEPTEMBER else day.year - 1
    return Term(first=date(first, SEPTEMBER, 1), last=date(first + 1, 8, 31), name=f"{first}/{first + 1}")


def half_term_of(calendar: Calendar, day: date) -> Term | None:
    """The term as the calendar has it in which `day` lies, or the last that began in its school year; else None."""
    year = school_year(day)
    begun = [term for term in calendar.terms or () if year.first <= term.first <= day]
    return max(begun, key=lambda term: term.first, default=None)


def term_of(calendar: Calendar, day: date) -> Term | None:
    """The whole term of a day: half-terms that share a name ("Autumn 1", "Autumn 2") are one. None where none began.

    A school that enters whole terms, or half-terms without such names, is told of what it entered.
    """
    last = half_term_of(calendar, day)
    if last is None:
        return None
    first = last.first
    for term in sorted(calendar.terms or (), key=lambda each: each.first, reverse=True):
        if term.last < first <= term.last + HALF_TERM_BREAK and _is_one(term, last):
            first = term.first
    return Term(first=first, last=last.last, name=last.name)


def half_term_before(calendar: Calendar, day: date) -> Term | None:
    """The last term of the calendar that ended before `day`, in the same school year; None where there is none."""
    year = school_year(day)
    over = [term for term in calendar.terms or () if year.first <= term.first and term.last < day]
    return max(over, key=lambda term: term.last, default=None)


def _is_one(one: Term, other: Term) -> bool:
    name = _base(one.name)
    return _NO_NAME.fullmatch(name) is None and name == _base(other.name)


def _base(name: str) -> str:
    """A term's name without its number and year: "Autumn 1 2026" is "autumn"."""
    return " ".join(re.findall(r"[^\W\d]+", name)).casefold().removesuffix(" term").strip()
