"""An appointment's times, and the sessions that they make a child miss."""

from datetime import date, time

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from school.rules.absence_times import missed_for_appointment
from school.rules.calendar import Session, weekdays_only

DAY = date(2026, 11, 24)
CALENDAR = weekdays_only()
AM, PM = Session.AM, Session.PM


@pytest.mark.parametrize(
    ("said", "missed"),
    [
        ({"at": time(8, 30)}, (AM,)),
        ({"at": time(9, 0)}, (AM,)),  # before the register closes: nobody comes in to leave again at once
        ({"at": time(9, 14)}, (AM,)),
        ({"at": time(9, 15)}, ()),
        ({"at": time(11, 0)}, ()),  # the dentist at eleven: present in the morning, and no word of the afternoon
        ({"at": time(11, 59)}, ()),
        ({"at": time(12, 0)}, (PM,)),  # as the morning ends
        ({"at": time(12, 30)}, (PM,)),
        ({"at": time(13, 10)}, (PM,)),
        ({"at": time(13, 20)}, ()),
        ({"at": time(15, 40)}, ()),  # after school
        ({"at": time(9, 0), "returns": time(11, 0)}, (AM,)),
        ({"at": time(9, 0), "returns": time(9, 10)}, ()),  # in before the register closes: late, which is present
        ({"at": time(9, 0), "returns": time(14, 0)}, (AM, PM)),
        ({"at": time(11, 0), "returns": time(13, 30)}, (PM,)),
        ({"at": time(11, 0), "returns": time(12, 45)}, ()),
        ({"at": time(11, 0), "leaves": time(8, 45), "returns": time(12, 0)}, (AM,)),
        ({"leaves": time(9, 0)}, ()),  # leaves while the register is open: was there when it began
        ({"leaves": time(11, 30)}, ()),
        ({"leaves": time(12, 15)}, (PM,)),
        ({"leaves": time(14, 0)}, ()),
        ({"at": time(9, 0), "leaves": time(8, 50)}, ()),
        ({"at": time(13, 0), "leaves": time(11, 30)}, (PM,)),  # was there in the morning, is away when it is afternoon
        ({"at": time(13, 0), "leaves": time(11, 30), "returns": time(14, 30)}, (PM,)),
        ({"at": time(11, 45), "leaves": time(11, 30)}, ()),
        ({"returns": time(10, 0)}, (AM,)),
        ({"returns": time(13, 30)}, (AM, PM)),
        ({"returns": time(9, 0)}, ()),
        ({"at": time(11, 0), "returns": time(10, 0)}, ()),
        ({}, ()),
    ],
)
def test_an_appointment_takes_only_the_sessions_that_its_times_take(said, missed):
    assert missed_for_appointment(CALENDAR, DAY, **said) == missed


def test_no_appointment_takes_a_session_of_a_day_without_school():
    assert missed_for_appointment(CALENDAR, date(2026, 11, 28), at=time(9, 0)) == ()


TIMES = st.none() | st.times()


@given(TIMES, TIMES)
def test_without_a_return_no_appointment_takes_a_whole_day(at, leaves):
    assert len(missed_for_appointment(CALENDAR, DAY, at=at, leaves=leaves)) <= 1


@given(TIMES, TIMES, st.times())
def test_who_is_back_before_the_morning_register_closes_misses_nothing(at, leaves, returns):
    assume(returns < CALENDAR.times.register_closes)
    assert missed_for_appointment(CALENDAR, DAY, at=at, leaves=leaves, returns=returns) == ()


@given(TIMES, TIMES, TIMES)
def test_a_later_return_never_misses_less(at, leaves, returns):
    assume(returns is not None)
    goes = leaves if leaves is not None else at
    assume(goes is None or returns > goes)
    sooner = set(missed_for_appointment(CALENDAR, DAY, at=at, leaves=leaves, returns=returns))
    assert sooner <= set(missed_for_appointment(CALENDAR, DAY, at=at, leaves=leaves, returns=time(23, 59, 59, 999_999)))
