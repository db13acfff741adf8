"""School years and terms as people speak of them."""

from __future__ import annotations

from datetime import date

import pytest

from school.rules.calendar import Calendar, Term
from school.rules.terms import half_term_before, half_term_of, school_year, term_of

AUTUMN_1 = Term(name="Autumn 1", first=date(2026, 9, 1), last=date(2026, 10, 23))
AUTUMN_2 = Term(name="Autumn 2", first=date(2026, 11, 2), last=date(2026, 12, 18))
SPRING_1 = Term(name="Spring 1", first=date(2027, 1, 4), last=date(2027, 2, 12))
SIX = Calendar(terms=(AUTUMN_1, AUTUMN_2, SPRING_1))


@pytest.mark.parametrize(
    ("day", "first"),
    [
        (date(2026, 8, 31), date(2025, 9, 1)),
        (date(2026, 9, 1), date(2026, 9, 1)),
        (date(2027, 1, 1), date(2026, 9, 1)),
        (date(2027, 8, 31), date(2026, 9, 1)),
    ],
)
def test_a_school_year_runs_from_the_first_of_september(day: date, first: date) -> None:
    year = school_year(day)
    assert (year.first, year.last) == (first, date(first.year + 1, 8, 31))


@pytest.mark.parametrize(
    ("day", "first"),
    [
        (date(2026, 9, 1), AUTUMN_1.first),
        (date(2026, 10, 28), AUTUMN_1.first),
        (date(2026, 12, 1), AUTUMN_1.first),
        (date(2026, 12, 28), AUTUMN_1.first),
        (date(2027, 1, 4), SPRING_1.first),
    ],
)
def test_two_half_terms_of_one_name_are_one_term(day: date, first: date) -> None:
    term = term_of(SIX, day)
    assert term is not None
    assert term.first == first


def test_half_terms_that_only_have_a_number_are_told_apart() -> None:
    numbered = Calendar(terms=tuple(Term(name=f"Term {n}", first=each.first, last=each.last)
                                    for n, each in enumerate(SIX.terms or (), start=1)))  # fmt: skip
    assert term_of(numbered, date(2026, 12, 1)) == Term(name="Term 2", first=AUTUMN_2.first, last=AUTUMN_2.last)


def test_terms_of_one_name_in_two_years_are_two() -> None:
    before = Term(name="Autumn 2025", first=date(2025, 9, 1), last=date(2025, 12, 19))
    now = Term(name="Autumn 2026", first=date(2026, 9, 1), last=date(2026, 12, 18))
    assert term_of(Calendar(terms=(before, now)), date(2026, 9, 9)) == now


def test_before_the_year_begins_and_without_terms_there_is_no_term() -> None:
    assert term_of(Calendar(terms=(AUTUMN_2,)), date(2026, 9, 3)) is None
    assert term_of(Calendar(), date(2026, 9, 3)) is None
    assert half_term_of(SIX, date(2026, 8, 30)) is None


def test_the_half_term_before_is_the_last_that_is_over() -> None:
    assert half_term_before(SIX, date(2026, 10, 23)) is None
    assert half_term_before(SIX, date(2026, 10, 24)) == AUTUMN_1
    assert half_term_before(SIX, date(2027, 1, 3)) == AUTUMN_2
