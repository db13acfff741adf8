"""A request for leave in conversation: read back, confirmed, never of what has begun, nor by whom may not ask."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import hypothesis.strategies as st
import pytest
from hypothesis import given

from conversations.acts import AbsenceStated, NeedsPerson, Text, Turn
from conversations.asked import LeaveAsked, LeaveTakenBack
from conversations.checking.sayings import english
from conversations.context import Child
from conversations.speaking import message_keys
from tests.conversations.phone import LEO, LONDON, MAYA, SAM, Phone

TUESDAY = datetime.combine(date(2026, 3, 3), time(7, 52), LONDON)


def phone(*children: Child, now: datetime = TUESDAY) -> Phone:
    return Phone(children=children or (MAYA,), now=now)


def says(on: Phone, *texts: str) -> Turn:
    made = None
    for words in texts:
        made = on.take(Text(id=on.new_id(), text=words))
    assert made is not None
    return made


def asked(made: Turn) -> list[LeaveAsked]:
    return [each for each in made.effects if isinstance(each, LeaveAsked)]


def whys(made: Turn) -> set[str]:
    return {each.why for each in made.effects if isinstance(each, NeedsPerson)}


def keys(made: Turn) -> list[str]:
    return [say.key for say in made.says]


def test_nothing_is_asked_of_the_head_before_the_parent_confirms() -> None:
    on = phone()
    made = says(on, "can we have 16th-20th march off for a wedding")
    assert keys(made) == ["leave.sure"]
    assert made.effects == ()
    (request,) = asked(says(on, "1"))
    assert len(request.sessions) == 10
    assert {day for _, day, _ in request.sessions} == {date(2026, 3, day) for day in range(16, 21)}
    assert request.reason == "family_event"
    assert len(request.words) == 1


@pytest.mark.parametrize("no", ["2", "no"])
def test_whoever_says_no_has_asked_nothing(no: str) -> None:
    made = says(phone(), "can we have 16th-20th march off for a wedding", no)
    assert (keys(made), made.effects, made.state.stack) == (["leave.not_sent"], (), ())


@pytest.mark.parametrize("child", [replace(MAYA, lives_with=False), replace(MAYA, may_request_leave=False)])
def test_only_who_lives_with_the_child_and_may_ask_does(child: Child) -> None:
    made = says(phone(child, now=TUESDAY.replace(hour=9)), "can we have 16th-20th march off for a wedding")
    assert keys(made) == ["person.leave"]
    assert whys(made) == {"leave"}
    assert made.state.stack == ()


def test_a_right_that_was_taken_away_meanwhile_ends_the_request() -> None:
    on = phone()
    says(on, "can we have 16th-20th march off for a wedding")
    on.children = (replace(MAYA, may_request_leave=False),)
    made = says(on, "1")
    assert asked(made) == []
    assert whys(made) == {"leave_not_entitled"}


def test_days_changed_after_reading_back_are_read_back_again() -> None:
    on = phone()
    made = says(on, "can we have 16th-20th march off for a wedding", "i meant 18th to 20th march")
    assert keys(made) == ["leave.sure"]
    assert asked(made) == []
    (request,) = asked(says(on, "1"))
    assert len(request.sessions) == 6


def test_free_words_at_confirming_are_kept_for_the_head_and_confirm_nothing() -> None:
    on = phone()
    made = says(on, "can we have 16th-20th march off for a wedding", "it means such a lot to all of us")
    assert keys(made) == ["leave.sure"]
    assert asked(made) == []
    (request,) = asked(says(on, "1"))
    assert len(request.words) == 2


def test_a_report_in_the_middle_is_filed_and_no_reason_for_the_head() -> None:
    on = phone()
    made = says(on, "can i request leave for maya", "16th to 20th march", "maya is poorly today")
    assert [each.kind for each in made.effects if isinstance(each, AbsenceStated)] == ["sickness", "sickness"]
    assert any(frame.flow == "leave" and "words" not in frame.fills for frame in made.state.stack)


def test_a_bare_day_back_is_the_day_the_child_is_back() -> None:
    on = phone()
    made = says(on, "maya is going to spain on holiday from 18 march", "23rd march")
    assert keys(made) == ["leave.sure"]
    (sent,) = asked(says(on, "1"))
    assert max(day for _, day, _ in sent.sessions) == date(2026, 3, 20)


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("maya is off today, we are on holiday", "holiday"),
        ("maya was off yesterday, we were away on holiday", "holiday"),
    ],
)
def test_what_has_begun_is_a_report_that_is_asked_about_and_staff_see_it(words: str, reason: str) -> None:
    on = phone(now=TUESDAY.replace(hour=9))
    made = says(on, words)
    assert asked(made) == []
    assert whys(made) == {"leave_past"}
    done = says(on, "1")
    assert asked(done) == []
    assert {each.reason for each in done.effects if isinstance(each, AbsenceStated)} == {reason}


def test_a_request_confirmed_after_its_first_session_began_is_a_report() -> None:
    on = phone(now=TUESDAY)
    says(on, "can maya be off today for a wedding")
    on.now = TUESDAY.replace(hour=8, minute=46)
    made = says(on, "1")
    assert asked(made) == []


def test_undo_takes_a_request_back() -> None:
    on = phone()
    (request,) = asked(says(on, "can we have 16th-20th march off for a wedding", "1"))
    made = says(on, "0")
    assert [each.frame for each in made.effects if isinstance(each, LeaveTakenBack)] == [request.frame]


def test_a_correction_of_what_was_sent_takes_the_old_request_back_and_asks_anew() -> None:
    on = phone()
    (request,) = asked(says(on, "can we have 16th-20th march off for a wedding", "1"))
    made = says(on, "sorry i meant 17th to 20th march")
    assert keys(made) == ["leave.sure"]
    done = says(on, "1")
    assert [each.frame for each in done.effects if isinstance(each, LeaveTakenBack)] == [request.frame]
    assert len(asked(done)[0].sessions) == 8


def test_rule_16_a_day_of_faith_is_filed_and_only_the_days_beyond_it_are_leave() -> None:
    one = says(phone(), "its eid on friday so maya wont be in")
    assert {each.day for each in one.effects if isinstance(each, AbsenceStated)} == {date(2026, 3, 6)}
    assert asked(one) == []
    on = phone()
    says(on, "maya will be off for eid on 19 and 20 march", "1")
    (request,) = asked(says(on, "1"))
    assert {day for _, day, _ in request.sessions} == {date(2026, 3, 20)}


def test_rule_17_a_funeral_asks_nothing_and_the_head_sees_it() -> None:
    made = says(phone(), "maya will be off on friday for her grandads funeral")
    assert keys(made) == ["receipt.bereavement"]
    assert whys(made) == {"leave"}


def test_children_whose_year_groups_are_off_on_other_days_are_counted_apart() -> None:
    on = phone(MAYA, SAM)
    on.calendar = replace(on.calendar, closed_by_year={"2": frozenset({date(2026, 3, 19)})})
    says(on, "can maya and sam be off 19 and 20 march for a wedding")
    (request,) = asked(says(on, "1"))
    assert sorted((child, day.day) for child, day, _ in set(request.sessions)) == sorted(
        [(MAYA.id, 19), (MAYA.id, 19), (MAYA.id, 20), (MAYA.id, 20), (SAM.id, 20), (SAM.id, 20)]
    )


@pytest.mark.parametrize("prefix", ["leave.", "attendance", "illness"])
def test_rule_20_no_text_about_leave_figures_or_illness_accuses(prefix: str) -> None:
    said = [form for key in message_keys("en") if key.startswith(prefix) for form in english(key)]
    assert said
    never = re.compile(
        r"unauthorised|truant|no excuses|%|failed|\bmust\b|\bfine\b|prosecut|class average", re.IGNORECASE
    )
    assert [words for words in said if never.search(words)] == []


@given(
    minutes=st.integers(0, 7 * 24 * 60),
    first=st.integers(0, 20),
    length=st.integers(0, 4),
    pause=st.integers(0, 23 * 60),
    child=st.sampled_from([MAYA, SAM, LEO]),
)
def test_whatever_is_asked_and_whenever_it_is_confirmed_no_session_of_a_request_has_begun(
    minutes: int, first: int, length: int, pause: int, child: Child
) -> None:
    on = phone(child, now=TUESDAY + timedelta(minutes=minutes))
    start = date(2026, 3, 2) + timedelta(days=first)
    end = start + timedelta(days=length)
    says(on, f"can {child.known_as} have {start.day} march to {end.day} march off for a holiday")
    on.now = on.now + timedelta(minutes=pause)
    made = says(on, "1")
    times = on.calendar.times
    for request in asked(made):
        assert child.may_request_leave
        for _, day, session in request.sessions:
            assert on.now < datetime.combine(day, times.bounds(session)[0], LONDON)
