"""Numbers alone: whatever is asked of a parent who chose them is a menu, and a digit answers it."""

from __future__ import annotations

from datetime import datetime, time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conversations.acts import AbsenceStated, NeedsPerson, OptedOut
from conversations.flows import menu
from conversations.told import NumbersChosen
from tests.conversations.phone import LEO, LONDON, MAYA, MORNING, SAM, TUESDAY, Phone

# What leads to each of our questions.
TEXTS = (
    "poorly today", "time off please", "late", "dentist tomorrow", "not in today", "?", "hi", "my reports",
    "Maya off on Saturday",
)  # fmt: skip


def by_number(*children, clock: time = MORNING) -> Phone:
    """A phone whose owner has just chosen numbers."""
    phone = Phone(children=children or (MAYA,), now=datetime.combine(TUESDAY, clock, LONDON))
    made = phone.text("just numbers")
    assert NumbersChosen(numbers=True) in made.effects
    return phone


def test_it_is_chosen_once_holds_and_ends_with_words_again() -> None:
    phone = by_number()
    phone.wait(days=3)
    assert (phone.state.numbers, phone.state.stack) == (True, ())
    made = phone.text("buttons again")
    assert NumbersChosen(numbers=False) in made.effects
    assert (made.state.numbers, made.state.stack) == (False, ())


@pytest.mark.parametrize(
    ("digit", "what"), [("1", "sickness"), ("2", "lateness"), ("3", "appointment"), ("4", "absence_other")]
)
def test_the_menu_files_what_it_says_and_nothing_before_it_is_known_for_whom(digit: str, what: str) -> None:
    phone = by_number(MAYA, SAM)
    assert not [each for each in phone.text(digit).effects if isinstance(each, AbsenceStated)]
    made = phone.text("1")
    assert {(each.child, each.kind) for each in made.effects if isinstance(each, AbsenceStated)} == {(MAYA.id, what)}


def test_a_report_in_words_takes_the_menu_off_the_screen() -> None:
    phone = by_number()
    phone.text("Maya has the dentist tomorrow at 10")
    assert not any(frame.flow == menu.NAME for frame in phone.state.stack)
    assert phone.off() == ["Maya Wed 4 Mar AM appointment"]


def test_a_menu_that_nobody_answers_reaches_nobody_and_waits_for_nothing() -> None:
    phone = by_number()
    assert not [each for made in phone.wait(hours=3) for each in made.effects]
    phone = by_number()
    assert phone.push("absence", who=[MAYA.id], first="told").says


def test_a_stale_digit_shows_the_menu_and_files_nothing() -> None:
    phone = by_number()
    phone.text("1")
    made = phone.text("2")
    assert [say.key for say in made.says] == ["moved_on.numbers", "menu"]
    assert not made.effects


def test_the_last_of_the_reasons_is_a_reason_and_no_other_child() -> None:
    phone = by_number()
    phone.text("4")
    made = phone.text("5")
    assert {each.reason for each in made.effects if isinstance(each, AbsenceStated)} == {"other"}
    assert not [each for each in made.effects if isinstance(each, NeedsPerson)]


def test_rule_17_a_death_chosen_by_number_asks_nothing_more() -> None:
    phone = by_number()
    phone.text("4")
    made = phone.text("4")
    assert [say.key for say in made.says] == ["receipt.bereavement"]
    assert phone.state.ask is None


def test_rule_18_one_still_says_that_the_child_should_be_in_school() -> None:
    phone = by_number()
    phone.push("absence", who=[MAYA.id])
    made = phone.text("1")
    assert [each.why for each in made.effects if isinstance(each, NeedsPerson)] == ["claims_present"]


def test_leave_and_a_question_to_an_offer_ring_whoever_writes_no_words() -> None:
    phone = by_number()
    asked = phone.text("can we have time off for Maya please")
    made = phone.text("1")
    told = [each for each in made.effects if isinstance(each, NeedsPerson)]
    assert [(each.why, each.message) for each in told] == [("asked_for_a_person", asked.state.stack[-1].message)]
    phone.push("support", who=[MAYA.id], kind="call", offer="o", times=[])
    phone.text("3")
    made = phone.text("1")
    assert "support_question" in [each.why for each in made.effects if isinstance(each, NeedsPerson)]


def test_numbers_chosen_while_staff_speak_are_kept_and_nothing_is_said() -> None:
    phone = Phone(children=(MAYA,), staff_speaking=True)
    made = phone.text("numbers only")
    assert (made.says, phone.state.numbers, phone.state.stack) == ((), True, ())


def test_stop_ends_the_menu_too() -> None:
    phone = by_number()
    made = phone.text("stop")
    assert [type(each) for each in made.effects] == [OptedOut]
    assert not phone.state.stack


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    children=st.sampled_from([(MAYA,), (MAYA, SAM), (MAYA, SAM, LEO)]),
    clock=st.sampled_from([time(6, 30), MORNING, time(9, 40), time(15, 20), time(21, 0)]),
    steps=st.lists(st.one_of(st.sampled_from(TEXTS), st.integers(0, 9).map(str)), max_size=12),
)
def test_whatever_is_asked_can_be_answered_by_one_digit(children, clock, steps) -> None:
    phone = by_number(*children, clock=clock)
    for step in steps:
        made = phone.text(step)
        if made.state.ask is not None:
            assert 1 <= len(made.state.ask.options) <= 8, made.state.ask
