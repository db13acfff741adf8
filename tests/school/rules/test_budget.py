"""What counts in a family's budget, its hours and weeks, and which texts go as one."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import hypothesis.strategies as st
import pytest
from hypothesis import given

from bot.turns import _OWN_WORDS
from conversations.flows.notices import NOTICES
from conversations.talk import FLOWS
from school.rules.budget import (
    CANNOT_WAIT,
    MAY_WAIT,
    MOST_SEGMENTS,
    MOST_TOGETHER,
    Manner,
    Text,
    first_of,
    in_hours,
    may_wait,
    next_week,
    together,
    week_of,
)
from school.rules.calendar import Calendar, Term

CALENDAR = Calendar(terms=(Term(name="All", first=date(2026, 1, 1), last=date(2026, 12, 31)),))
HOURS = {"first": time(7, 30), "last": time(19, 0)}
LATER = datetime(2026, 3, 10, tzinfo=UTC)
# What a parent's text opens, and nothing of the school's own.
THEIRS = {"coming_in", "leave", "meant", "menu"}


def test_care_rule_23_whatever_the_school_can_start_is_said_to_wait_or_not_to() -> None:
    flows = {flow for _, flow in (*MAY_WAIT, *CANNOT_WAIT)}
    assert (set(FLOWS) | set(NOTICES) | set(_OWN_WORDS)) - THEIRS == flows
    assert not set(MAY_WAIT) & CANNOT_WAIT


def test_care_rule_23_what_nobody_has_thought_of_and_what_is_urgent_goes_at_once() -> None:
    assert may_wait("broadcast", "broadcast")
    assert not may_wait("broadcast", "broadcast", urgent=True)
    assert not may_wait("chase", "back_today")
    assert not may_wait("news of tomorrow", "unheard of")


@pytest.mark.parametrize(
    ("now", "goes"),
    [
        (datetime(2026, 3, 3, 7, 29, tzinfo=UTC), datetime(2026, 3, 3, 7, 30, tzinfo=UTC)),
        (datetime(2026, 3, 3, 7, 30, tzinfo=UTC), datetime(2026, 3, 3, 7, 30, tzinfo=UTC)),
        (datetime(2026, 3, 3, 19, 0, tzinfo=UTC), datetime(2026, 3, 4, 7, 30, tzinfo=UTC)),
        # The night in which the clocks go forward: half past seven is an hour earlier then.
        (datetime(2026, 3, 28, 22, 0, tzinfo=UTC), datetime(2026, 3, 29, 6, 30, tzinfo=UTC)),
    ],
)
def test_a_text_waits_for_the_morning(now: datetime, goes: datetime) -> None:
    assert in_hours(CALENDAR, now, **HOURS) == goes


def test_a_week_begins_on_monday_in_london() -> None:
    # 23:30 on Sunday in UTC is Monday in London on summer time.
    assert week_of(CALENDAR, datetime(2026, 6, 7, 23, 30, tzinfo=UTC)) == date(2026, 6, 8)
    assert next_week(CALENDAR, datetime(2026, 3, 3, 9, 0, tzinfo=UTC), first=time(7, 30)) == datetime(
        2026, 3, 9, 7, 30, tzinfo=UTC
    )


def text(id_: str, manner: Manner = Manner.WORDS, *, thread: str = "t", segments: int = 1, days: int = 0) -> Text:
    return Text(id=id_, thread=thread, manner=manner, segments=segments, until=LATER + timedelta(days=days))


def ids(groups: list[tuple[Text, ...]]) -> list[str]:
    return ["".join(each.id for each in group) for group in groups]


def test_news_and_a_question_go_as_one_and_the_question_is_last() -> None:
    assert ids(together([text("a", Manner.ASKS), text("b", days=8)])) == ["ba"]


def test_two_questions_two_phones_and_more_than_anybody_reads_stay_apart() -> None:
    assert ids(together([text("a", Manner.ASKS), text("b", Manner.ASKS)])) == ["a", "b"]
    assert ids(together([text("a"), text("b", thread="u")])) == ["a", "b"]
    assert ids(together([text("a", segments=3), text("b", segments=2)])) == ["a", "b"]
    assert ids(together([text(each) for each in "abcd"])) == ["abc", "d"]


def test_what_is_soonest_of_no_use_goes_first() -> None:
    groups = together([text("a", segments=3, days=5), text("b", segments=3, days=1)])
    assert ids(groups) == ["b", "a"]
    assert first_of(1, groups, cap={"t": 2}) == 1
    assert first_of(2, groups, cap={"t": 2}) == 0


texts = st.builds(
    text,
    st.uuids().map(str),
    st.sampled_from(Manner),
    thread=st.sampled_from("tu"),
    segments=st.integers(1, 6),
    days=st.integers(0, 9),
)


@given(due=st.lists(texts, max_size=12, unique_by=lambda each: each.id), count=st.integers(0, 4), cap=st.integers(0, 4))
def test_nothing_is_lost_or_doubled_by_going_together_and_no_cap_is_broken(due: list[Text], count: int, cap: int):
    groups = together(due)
    assert sorted(each.id for group in groups for each in group) == sorted(each.id for each in due)
    for group in groups:
        assert len({each.thread for each in group}) == 1
        assert len(group) <= MOST_TOGETHER
        assert sum(each.segments for each in group) <= MOST_SEGMENTS or len(group) == 1
        assert [each.manner for each in group].count(Manner.ASKS) <= 1
        assert Manner.ASKS not in [each.manner for each in group[:-1]]
    fitting = first_of(count, groups, cap={"t": cap, "u": cap})
    assert fitting == min(len(groups), max(cap - count, 0))
