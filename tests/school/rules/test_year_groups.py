"""Year groups from dates of birth, at the turn of August and September."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from school.rules.year_groups import school_year, year_group, year_name


@pytest.mark.parametrize(
    ("born", "group"),
    [
        (date(2022, 8, 31), 0),  # four on the last day before the year
        (date(2022, 9, 1), -1),
        (date(2021, 9, 1), 0),
        (date(2021, 8, 31), 1),
        (date(2020, 2, 29), 2),
        (date(2015, 8, 31), 7),
        (date(2009, 8, 31), 13),
        (date(2008, 8, 31), 14),
    ],
)
def test_the_year_group_follows_the_age_on_the_last_of_august(born, group):
    assert year_group(born, on=date(2026, 11, 24)) == group


def test_the_school_year_turns_on_the_first_of_september():
    assert school_year(date(2026, 8, 31)) == 2025
    assert school_year(date(2026, 9, 1)) == 2026
    assert year_group(date(2020, 2, 29), on=date(2026, 8, 31)) == 1
    assert year_group(date(2020, 2, 29), on=date(2026, 9, 1)) == 2


def test_years_are_named_as_schools_name_them():
    assert [year_name(group) for group in (-3, -2, -1, 0, 1, 13, 14)] == ["", "N", "N", "R", "1", "13", ""]


@given(st.dates(date(2005, 1, 1), date(2026, 1, 1)), st.dates(date(2026, 1, 1), date(2030, 1, 1)))
def test_it_is_the_age_on_31_august_less_four(born, day):
    last_of_august = date(day.year if day >= date(day.year, 9, 1) else day.year - 1, 8, 31)
    age = last_of_august.year - born.year - ((born.month, born.day) > (8, 31))
    assert year_group(born, on=day) == age - 4
