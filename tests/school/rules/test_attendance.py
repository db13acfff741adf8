"""Attendance counted in whole sessions, at the thresholds where a rounded percentage would lie."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from school.rules.attendance import Band, Tally, tally
from school.rules.codes import CODES

COUNT = st.integers(min_value=0, max_value=400)


def of(possible, absent):
    return Tally(present=possible - absent, authorised=absent)


@pytest.mark.parametrize(("possible", "threshold"), [(10, 1), (26, 3), (70, 7), (148, 15), (380, 38)])
def test_persistent_absence_begins_at_a_tenth_of_ones_own_sessions(possible, threshold):
    assert of(possible, threshold).is_persistent
    assert not of(possible, threshold - 1).is_persistent


def test_exactly_ninety_percent_is_persistent_and_what_only_shows_as_ninety_is_not():
    assert of(380, 38).attendance_per_mille == 900
    assert of(380, 38).is_persistent
    # 2,251 of 2,500 sessions is 90.04%, which shows as 90.0%.
    assert of(2500, 249).attendance_per_mille == 900
    assert not of(2500, 249).is_persistent


def test_severe_absence_begins_at_half():
    assert of(380, 190).is_severe
    assert not of(380, 189).is_severe
    assert of(3, 2).is_severe
    assert not of(3, 1).is_severe


def test_a_pupil_without_a_possible_session_is_neither_persistent_nor_severe_nor_a_percentage():
    for nobody in (Tally(), Tally(unmarked=10), Tally(not_possible=10, not_collected=4)):
        assert nobody.possible == 0
        assert not nobody.is_persistent
        assert not nobody.is_severe
        assert nobody.attendance_per_mille is None
        assert nobody.absence_per_mille is None
        assert nobody.band() is None
        assert nobody.band(least_possible=0) is None
        assert nobody.days_missed == 0


def test_authorised_absence_counts_like_any_other():
    assert Tally(present=9, authorised=1).is_persistent
    assert Tally(present=9, unauthorised=1).is_persistent


@pytest.mark.parametrize(
    ("absent", "per_mille", "days"),
    [(0, 1000, 0), (3, 992, 1.5), (19, 950, 9.5), (38, 900, 19), (57, 850, 28.5), (190, 500, 95)],
)
def test_days_missed_are_exact_to_the_half_day(absent, per_mille, days):
    assert of(380, absent).days_missed == days
    assert of(380, absent).attendance_per_mille == per_mille


def test_no_label_is_given_before_thirty_possible_sessions():
    assert of(2, 1).is_severe
    assert of(2, 1).band() is None
    assert of(29, 29).band() is None
    assert of(30, 15).band() is Band.SEVERE
    assert of(30, 14).band() is Band.PERSISTENT
    assert of(30, 3).band() is Band.PERSISTENT
    assert of(30, 2).band() is Band.NEITHER
    assert of(10, 1).band(least_possible=10) is Band.PERSISTENT


def test_sessions_that_are_unmarked_or_not_possible_do_not_help_a_pupil_over_the_suppression():
    assert Tally(present=20, authorised=5, unmarked=50, not_possible=50).band() is None


def test_a_week_of_marks_is_counted_by_their_classes():
    counted = tally(CODES[mark] for mark in ("/", "\\", "L", "\\", "I", "I", "M", "\\", "U", "V"))
    assert counted == Tally(present=5, approved_activity=1, authorised=3, unauthorised=1, late=1)
    assert (counted.possible, counted.attended, counted.absent, counted.days_missed) == (10, 6, 4, 2.0)


def test_an_unmarked_session_is_missing_data_and_neither_presence_nor_absence():
    counted = tally([CODES["/"], None, CODES["I"], None])
    assert (counted.possible, counted.absent, counted.unmarked) == (2, 1, 2)


def test_closures_dual_registration_and_part_time_infants_shrink_the_denominator_only():
    counted = tally(CODES[mark] for mark in ("/", "D", "X", "Q", "Y4", "#", "Z", "\\"))
    assert counted == Tally(present=2, not_possible=4, not_collected=2)
    assert counted.attendance_per_mille == 1000


def test_a_part_time_timetable_of_compulsory_school_age_lowers_attendance():
    assert tally([CODES["/"], CODES["C2"]]).attendance_per_mille == 500


def test_impossible_counts_are_refused():
    for wrong in ({"present": -1}, {"unmarked": -1}, {"late": -1}, {"present": 1, "late": 2}):
        with pytest.raises(ValueError, match=r"session|late"):
            Tally(**wrong)


MARKS = st.lists(st.none() | st.sampled_from([code for code in CODES.values() if not code.is_retired]), max_size=400)


@given(MARKS)
def test_every_session_is_counted_once(marks):
    counted = tally(marks)
    assert counted.possible + counted.not_possible + counted.not_collected + counted.unmarked == len(marks)
    assert counted.present + counted.approved_activity + counted.authorised + counted.unauthorised == counted.possible
    assert counted.possible == sum(code is not None and code.counts_as_possible for code in marks)
    assert counted.absent == sum(code is not None and code.counts_as_absent for code in marks)


@given(MARKS, MARKS)
def test_two_stretches_counted_apart_and_added_are_both_counted_together(one, two):
    assert tally(one) + tally(two) == tally(one + two)


@given(COUNT, COUNT, COUNT, COUNT)
def test_thresholds_agree_with_exact_fractions(present, activity, authorised, unauthorised):
    counted = Tally(present=present, approved_activity=activity, authorised=authorised, unauthorised=unauthorised)
    if not counted.possible:
        return
    share = Fraction(authorised + unauthorised, counted.possible)
    assert counted.is_persistent == (share >= Fraction(1, 10))
    assert counted.is_severe == (share >= Fraction(1, 2))
    attended, absent = counted.attendance_per_mille, counted.absence_per_mille
    assert attended is not None
    assert absent is not None
    assert abs(Fraction(attended, 1000) - (1 - share)) <= Fraction(1, 2000)
    assert attended + absent == 1000
    assert 2 * counted.days_missed == counted.absent


@given(COUNT, COUNT)
def test_one_more_absence_never_improves_a_band(present, absent):
    order = [Band.NEITHER, Band.PERSISTENT, Band.SEVERE]
    before = Tally(present=present, authorised=absent).band(least_possible=0)
    after = Tally(present=present, authorised=absent + 1).band(least_possible=0)
    assert after is not None
    assert before is None or order.index(after) >= order.index(before)
