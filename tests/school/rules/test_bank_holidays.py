"""England's bank holidays against the government's own list, and what they close in a school's year."""

from datetime import date

import pytest
from govuk_bank_holidays.bank_holidays import BankHolidays

from school.rules.bank_holidays import bank_holidays, bank_holidays_in
from school.rules.calendar import Calendar, Term


@pytest.mark.parametrize("year", range(2024, 2029))
def test_weekday_bank_holidays_are_those_that_the_government_lists(year):
    official = BankHolidays(use_cached_holidays=True).get_holidays(division="england-and-wales", year=year)
    expected = {holiday["date"] for holiday in official if holiday["date"].weekday() < 5}
    assert len(expected) == 8
    assert bank_holidays(date(year, 1, 1), date(year, 12, 31)) == expected


def test_the_extra_ones_of_a_jubilee_a_funeral_and_a_coronation_are_there():
    assert {date(2022, 6, 3), date(2022, 9, 19)} <= bank_holidays(date(2022, 1, 1), date(2022, 12, 31))
    assert date(2023, 5, 8) in bank_holidays(date(2023, 5, 8), date(2023, 5, 8))


def test_christmas_on_a_weekend_is_kept_on_the_next_weekdays():
    assert bank_holidays(date(2027, 12, 20), date(2027, 12, 31)) == {date(2027, 12, 27), date(2027, 12, 28)}
    assert bank_holidays(date(2026, 12, 20), date(2027, 1, 3)) == {
        date(2026, 12, 25),
        date(2026, 12, 28),
        date(2027, 1, 1),
    }


def test_scotland_s_second_of_january_is_none_in_england():
    assert date(2026, 1, 2) not in bank_holidays(date(2026, 1, 1), date(2026, 1, 31))


def test_only_those_in_term_close_a_school():
    terms = (
        Term(first=date(2025, 4, 21), last=date(2025, 5, 23)),
        Term(first=date(2025, 6, 2), last=date(2025, 7, 22)),
    )
    closed = bank_holidays_in(terms)
    assert closed == {date(2025, 4, 21), date(2025, 5, 5)}
    calendar = Calendar(terms=terms, closed=closed)
    assert calendar.on_or_after(date(2025, 4, 21)) == date(2025, 4, 22)
    assert len(calendar.school_days(date(2025, 5, 5), date(2025, 5, 9))) == 4


def test_a_range_without_days_or_terms_holds_none():
    assert bank_holidays(date(2026, 12, 31), date(2026, 1, 1)) == frozenset()
    assert bank_holidays(date(2027, 1, 1), date(2026, 1, 1)) == frozenset()
    assert bank_holidays_in(()) == frozenset()
