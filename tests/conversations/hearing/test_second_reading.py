"""Where the words are sure of other days than the tables heard, both are put before the parent: nothing is filed."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from conversations.acts import Change, Clause, Days, Kind, Mention, Topic
from conversations.doubt import Doubt
from conversations.hearing.distances import read_as
from conversations.hearing.resolving import Moment
from conversations.hearing.second_reading import SOFT, asked_better, likelier
from school.rules.calendar import weekdays_only
from tests.conversations.phone import LONDON, MAYA, Phone

# A Friday.
TODAY = date(2026, 1, 30)
MONDAY = date(2026, 2, 2)
TUESDAY = date(2026, 2, 3)
MOMENT = Moment(today=TODAY, now=time(7, 32), past=False, calendar=weekdays_only())
ILL = Clause(topic=Topic.SICKNESS)


def until(day: date) -> Mention:
    """The last day off."""
    return Mention(kind=Kind.DAYS, value=Days(last=day), role="until", span=(3, 9), concept="days", rule="days.until")


def answers(start: str, length: str, sure: float = 0.97) -> dict[str, dict[str, float]]:
    """Answers of which one to each question is likely, and all others hardly."""
    return {"start": {"x": 1 - sure, start: sure}, "length": {"x": 1 - sure, length: sure}}


def readings(clause: Clause, *, start: str, length: str, doubts: tuple[Doubt, ...] = (Doubt.UNSURE,)) -> list[Days]:
    """The days that the clause bears afterwards, none where nothing was changed."""
    (made,), raised = asked_better([clause], doubts, answers(start, length), MOMENT)
    found = [mention for mention in made.mentions if mention.kind is Kind.DAYS]
    if made == clause:
        assert raised == doubts
        return []
    assert Doubt.DATES in raised
    assert Doubt.UNSURE not in raised
    (both,) = found
    assert not both.sure
    assert isinstance(both.value, Days)
    return [both.value, *(each for each in both.alternatives if isinstance(each, Days))]


def test_both_readings_are_kept() -> None:
    told = Clause(topic=Topic.SICKNESS, mentions=(until(MONDAY),))
    one, two = readings(told, start="0", length="0")
    assert (one.first, one.last) == (TODAY, MONDAY)
    assert (two.first, two.last) == (TODAY, TODAY)


def test_a_text_in_which_no_day_was_heard_may_be_of_another_day() -> None:
    one, two = readings(ILL, start="1", length="1")
    assert (one.first, one.last) == (TODAY, TODAY)
    assert (two.first, two.last) == (MONDAY, TUESDAY)


@pytest.mark.parametrize(("start", "length"), [("past", "0"), ("none", "none"), ("0", "open"), ("6", "0"), ("0", "6")])
def test_days_that_their_name_does_not_tell_are_none(start: str, length: str) -> None:
    assert readings(ILL, start=start, length=length) == []


def test_what_was_heard_is_not_asked_about_twice() -> None:
    assert readings(ILL, start="0", length="0") == []


def test_it_must_be_sure_and_what_was_heard_unlikely() -> None:
    heard = read_as(ILL, MOMENT)
    assert likelier(heard, answers("1", "0", 0.85), MOMENT) is None
    torn = {"start": {"0": 0.15, "1": 0.85}, "length": {"0": 1.0}}
    assert likelier(heard, torn, MOMENT) is None


@pytest.mark.parametrize("doubt", sorted(set(Doubt) - SOFT))
def test_what_is_asked_about_for_another_reason_is_asked_as_it_was(doubt: Doubt) -> None:
    assert readings(ILL, start="1", length="0", doubts=(Doubt.UNSURE, doubt)) == []


def test_what_nobody_doubts_is_left_alone() -> None:
    assert asked_better([ILL], (), answers("1", "0"), MOMENT) == ([ILL], ())


@pytest.mark.parametrize(
    "clauses",
    [
        [ILL, Clause(topic=Topic.ABSENCE_OTHER)],
        [Clause(topic=Topic.SICKNESS, change=Change.INSTEAD)],
        [Clause(topic=Topic.APPOINTMENT)],
        [Clause(topic=Topic.LEAVE)],
    ],
)
def test_only_a_single_report_has_a_second_reading(clauses: list[Clause]) -> None:
    assert asked_better(clauses, (Doubt.UNSURE,), answers("1", "0"), MOMENT) == (clauses, (Doubt.UNSURE,))


def test_the_end_of_the_calendar_is_no_fault() -> None:
    over = Moment(today=TODAY, now=time(7, 32), past=False, calendar=weekdays_only(closed=_rest_of_the_year()))
    assert likelier({"start": "x", "length": "x"}, answers("5", "5"), over) is None


def _rest_of_the_year() -> list[date]:
    return [date.fromordinal(TODAY.toordinal() + each) for each in range(1, 900)]


def test_a_parent_settles_it_with_a_digit() -> None:
    phone = Phone(children=(MAYA,), now=datetime.combine(TODAY, time(7, 32), LONDON))
    phone.text("Maya has croup. We were in the ambulance at 2am. She'll be off today certainly. Monday: wait and see")
    assert "1 Back on Tue 3 Feb" in phone.reply
    assert "2 Back on Mon 2 Feb" in phone.reply
    phone.text("2")
    assert "Maya is off today" in phone.reply
