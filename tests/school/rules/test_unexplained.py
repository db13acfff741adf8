"""N's clock of five school days."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from school.rules.calendar import Calendar, CalendarEnds, Term, weekdays_only
from school.rules.unexplained import n_due

TERMS = (
    Term(first=date(2026, 9, 1), last=date(2026, 10, 23)),
    Term(first=date(2026, 11, 2), last=date(2026, 12, 18)),
    Term(first=date(2027, 1, 4), last=date(2027, 2, 12)),
)
SCHOOL = Calendar(terms=TERMS, closed=frozenset({date(2026, 11, 27), date(2027, 1, 4)}))


@pytest.mark.parametrize(
    ("absent", "due"),
    [
        (date(2026, 11, 9), date(2026, 11, 16)),  # a whole week on
        (date(2026, 11, 13), date(2026, 11, 20)),  # Friday to Friday
        (date(2026, 11, 24), date(2026, 12, 2)),  # over an INSET day
        (date(2026, 10, 21), date(2026, 11, 4)),  # over half-term
        (date(2026, 12, 18), date(2027, 1, 11)),  # over Christmas and an INSET day
        (date(2026, 12, 16), date(2027, 1, 7)),
    ],
)
def test_n_stands_for_five_school_days_after_the_session_and_no_longer(absent, due):
    assert n_due(SCHOOL, absent) == due


def test_a_year_groups_own_closed_days_do_not_count_for_it():
    calendar = Calendar(closed_by_year={"11": frozenset({date(2026, 11, 12)})})
    assert n_due(calendar, date(2026, 11, 9)) == date(2026, 11, 16)
    assert n_due(calendar, date(2026, 11, 9), year="11") == date(2026, 11, 17)


def test_where_term_dates_run_out_no_day_is_made_up():
    with pytest.raises(CalendarEnds):
        n_due(SCHOOL, date(2027, 2, 10))


@given(st.dates(date(2024, 1, 1), date(2028, 1, 1)))
def test_exactly_five_school_days_lie_between(day):
    calendar = weekdays_only()
    assert len(calendar.school_days(day + timedelta(days=1), n_due(calendar, day))) == 5
