"""The ladder: each step at its time, the next contact at once where nobody got it, nothing after the session."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from school.rules.ladder import Ask, End, Ladder, Outcome, Pace, Rung, TellStaff, Wait, next_move

START = datetime(2026, 3, 3, 9, 25, tzinfo=UTC)
NOON = datetime(2026, 3, 3, 12, 0, tzinfo=UTC)
PACE = Pace()
BEGUN = Ladder(started_at=START, ends_at=NOON, contacts=("mum", "dad", "gran"))


def after(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def asked(contact: str, minutes: float, outcome: Outcome = Outcome.ARRIVED) -> Rung:
    return Rung(contact=contact, at=after(minutes), outcome=outcome)


def test_the_first_contact_is_asked_at_the_start_the_second_after_15_minutes_and_staff_after_30() -> None:
    assert next_move(BEGUN, PACE, START) == Ask(contact="mum")
    one = replace(BEGUN, rungs=(asked("mum", 0),))
    assert next_move(one, PACE, after(0)) == Wait(until=after(15))
    assert next_move(one, PACE, after(14.9)) == Wait(until=after(15))
    assert next_move(one, PACE, after(15)) == Ask(contact="dad")
    two = replace(one, rungs=(*one.rungs, asked("dad", 15)))
    assert next_move(two, PACE, after(15)) == Wait(until=after(30))
    assert next_move(two, PACE, after(30)) == TellStaff(why="unanswered")
    told = replace(two, staff_told=True)
    assert next_move(told, PACE, after(30)) == Wait(until=NOON)
    assert next_move(told, PACE, NOON) == End()


@pytest.mark.parametrize("outcome", [Outcome.STOPPED, Outcome.WRONG_NUMBER, Outcome.FAILED])
def test_the_next_contact_is_asked_at_once_where_the_first_cannot_answer(outcome: Outcome) -> None:
    assert next_move(replace(BEGUN, rungs=(asked("mum", 0, outcome),)), PACE, after(1)) == Ask(contact="dad")


def test_a_text_that_was_not_delivered_in_five_minutes_is_one_that_nobody_got() -> None:
    one = replace(BEGUN, rungs=(asked("mum", 0, Outcome.WAITING),))
    assert next_move(one, PACE, after(4)) == Wait(until=after(5))
    assert next_move(one, PACE, after(5)) == Ask(contact="dad")
    two = replace(one, rungs=(*one.rungs, asked("dad", 5)))
    assert next_move(two, PACE, after(15)) == Ask(contact="gran")


def test_a_text_that_was_not_understood_pauses_for_ten_minutes_at_most() -> None:
    one = replace(BEGUN, rungs=(asked("mum", 0),), heard_at=after(13))
    assert next_move(one, PACE, after(15)) == Wait(until=after(23))
    assert next_move(one, PACE, after(23)) == Ask(contact="dad")
    assert next_move(replace(BEGUN, heard_at=after(-3)), PACE, START) == Wait(until=after(7))


def test_a_stop_is_no_pause() -> None:
    one = replace(BEGUN, rungs=(asked("mum", 0, Outcome.STOPPED),), heard_at=after(1))
    assert next_move(one, PACE, after(1)) == Ask(contact="dad")


def test_staff_ring_at_once_where_there_is_nobody_to_text() -> None:
    assert next_move(replace(BEGUN, contacts=()), PACE, START) == TellStaff(why="nobody_to_text")
    gone = replace(BEGUN, contacts=("mum",), rungs=(asked("mum", 0, Outcome.STOPPED),))
    assert next_move(gone, PACE, after(1)) == TellStaff(why="nobody_to_text")


def test_who_is_rung_and_not_texted_is_staffs_at_minute_nought_and_the_second_has_a_quarter_of_an_hour() -> None:
    rung = replace(BEGUN, contacts=("dad",), ring_first=True)
    assert next_move(rung, PACE, START) == TellStaff(why="ring_only")
    told = replace(rung, staff_told=True)
    assert next_move(told, PACE, after(14)) == Wait(until=after(15))
    assert next_move(told, PACE, after(15)) == Ask(contact="dad")


def test_a_gentle_question_goes_to_one_contact_and_staff_ring_by_eleven() -> None:
    eleven = datetime(2026, 3, 3, 11, 0, tzinfo=UTC)
    gentle = replace(BEGUN, gentle=True, staff_by=eleven)
    assert next_move(gentle, PACE, START) == Ask(contact="mum")
    one = replace(gentle, rungs=(asked("mum", 0),))
    assert next_move(one, PACE, after(40)) == Wait(until=eleven)
    assert next_move(one, PACE, eleven) == TellStaff(why="unanswered")


OUTCOMES = st.lists(st.sampled_from(Outcome), min_size=3, max_size=3)


@given(OUTCOMES, st.booleans(), st.booleans(), st.lists(st.integers(0, 30), min_size=1, max_size=40))
def test_a_ladder_asks_nobody_twice_and_comes_to_an_end(
    outcomes: list[Outcome], gentle: bool, ring_first: bool, steps: list[int]
) -> None:
    """Whatever becomes of each text, the moves end, each contact is asked once, and staff hear within 30 minutes."""
    ladder = replace(BEGUN, gentle=gentle, ring_first=ring_first, staff_by=after(95))
    now, told = START, []
    becomes = dict(zip(BEGUN.contacts, outcomes, strict=True))
    for step in [*steps, 200]:
        for _ in range(10):
            move = next_move(ladder, PACE, now)
            if isinstance(move, Ask):
                told.append(move.contact)
                rung = Rung(contact=move.contact, at=now, outcome=becomes[move.contact])
                ladder = replace(ladder, rungs=(*ladder.rungs, rung))
            elif isinstance(move, TellStaff):
                assert not ladder.staff_told
                ladder = replace(ladder, staff_told=True)
            else:
                break
        else:
            pytest.fail("the moves do not end")
        if not gentle and now >= after(30):
            assert ladder.staff_told or now >= NOON
        now += timedelta(minutes=step)
    assert len(told) == len(set(told))
    live = [each for each in told if becomes[each] is Outcome.ARRIVED]
    assert len(live) <= 2
