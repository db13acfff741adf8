"""The blast brake: what holds the whole school, what holds one class, and what goes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from school.rules.brake import ClassRegister, Held, Register, Why, checked, limit

OPENED = datetime(2026, 3, 3, 8, 45, tzinfo=UTC)
CLOSED = OPENED + timedelta(minutes=30)
NOW = CLOSED + timedelta(minutes=10)


def class_of(name: str, **more: Any) -> ClassRegister:
    facts: dict[str, Any] = {"expected": 30, "absent": 1, "unexplained": 1, "taken_at": OPENED + timedelta(minutes=12)}
    return ClassRegister(name=name, **{**facts, **more})


FOUR = (class_of("1A"), class_of("2A"), class_of("3A"), class_of("4A"))
USUAL = Register(is_school_day=True, opened_at=OPENED, closed_at=CLOSED, classes=FOUR)


def with_classes(*classes: ClassRegister, **more: Any) -> Register:
    return replace(USUAL, classes=(*classes, *FOUR[len(classes) :]), **more)


def test_an_ordinary_morning_goes() -> None:
    assert checked(USUAL, NOW) == ()


def test_nothing_goes_on_a_day_without_school_or_while_the_register_is_open() -> None:
    assert checked(replace(USUAL, is_school_day=False), NOW) == (Held(why=Why.NO_SCHOOL_DAY),)
    assert checked(USUAL, CLOSED - timedelta(minutes=1)) == (Held(why=Why.REGISTER_OPEN),)


def test_a_class_without_marks_holds_itself_alone() -> None:
    late = class_of("1A", unmarked=30, absent=0, unexplained=0, taken_at=None)
    assert checked(with_classes(late), NOW) == (Held(why=Why.CLASS_UNMARKED, class_name="1A"),)


def test_one_child_who_just_joined_holds_nobody() -> None:
    assert checked(with_classes(class_of("1A", unmarked=1)), NOW) == ()


def test_half_an_import_holds_the_school() -> None:
    half = [class_of(name, unmarked=30, absent=0, unexplained=0, taken_at=None) for name in ("1A", "2A", "3A")]
    assert checked(with_classes(*half), NOW) == (Held(why=Why.NO_MARKS),)


def test_marks_from_before_the_register_was_opened_hold() -> None:
    old = OPENED - timedelta(hours=14)
    one = with_classes(class_of("1A", taken_at=old))
    assert checked(one, NOW) == (Held(why=Why.STALE_MARKS, class_name="1A"),)
    most = with_classes(*(class_of(name, taken_at=old) for name in ("1A", "2A", "3A")))
    assert checked(most, NOW) == (Held(why=Why.STALE_MARKS),)


def test_a_class_that_is_all_absent_is_on_a_trip_or_a_slip() -> None:
    trip = with_classes(class_of("1A", absent=30, unexplained=30), usual=(0.3, 0.3, 0.3))
    assert checked(trip, NOW) == (Held(why=Why.CLASS_ALL_ABSENT, class_name="1A"),)


def test_a_class_of_three_who_are_all_ill_is_no_slip() -> None:
    assert checked(with_classes(class_of("1A", expected=3, absent=3, unexplained=3)), NOW) == ()


def test_a_class_with_an_outing_on_the_calendar_waits() -> None:
    out = with_classes(class_of("1A", outing=True))
    assert checked(out, NOW) == (Held(why=Why.OUTING, class_name="1A"),)
    assert checked(with_classes(class_of("1A", outing=True, unexplained=0)), NOW) == ()


@pytest.mark.parametrize(("absent", "held"), [(4, False), (7, True)])
def test_more_absent_than_is_normal_for_the_weekday_holds_the_school(absent: int, held: bool) -> None:
    many = [class_of(name, absent=absent, unexplained=2) for name in ("1A", "2A", "3A", "4A")]
    usual = (0.08, 0.11, 0.09, 0.12)
    assert bool(checked(with_classes(*many, usual=usual), NOW)) is held


def test_a_school_without_a_past_goes_by_its_own_setting() -> None:
    assert limit((0.05, 0.06), 0.2) == 0.2
    assert limit((0.05, 0.05, 0.05), 0.2) == pytest.approx(0.1)


@given(st.integers(1, 30), st.integers(0, 30), st.integers(0, 30), st.booleans())
def test_a_class_is_never_alarmed_whole(expected: int, absent: int, unmarked: int, fresh: bool) -> None:
    """Whatever its register says: no class of four or more has all of its pupils' homes texted."""
    unmarked = min(unmarked, expected)
    absent = min(absent, expected - unmarked)
    taken_at = OPENED + timedelta(minutes=5 if fresh else -600)
    one = class_of("1A", expected=expected, absent=absent, unexplained=absent, unmarked=unmarked, taken_at=taken_at)
    held = checked(with_classes(one, usual=(0.5, 0.5, 0.5)), NOW)
    if expected >= 4 and absent == expected - unmarked:
        assert held


def test_a_click_for_the_whole_school_is_no_second_click_for_each_class() -> None:
    stale = [class_of(name, taken_at=OPENED - timedelta(hours=2)) for name in ("1A", "2A", "3A")]
    school = checked(with_classes(*stale), NOW)
    assert [held.why for held in school] == [Why.STALE_MARKS]
    assert checked(with_classes(*stale), NOW, released=school) == ()
    empty = [class_of(name, unmarked=30, absent=0, unexplained=0, taken_at=None) for name in ("1A", "2A", "3A")]
    half = with_classes(*empty)
    assert checked(half, NOW, released=checked(half, NOW)) == ()
