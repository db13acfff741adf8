"""Laws of the morning's chase, over made-up mornings of marks, texts, notes, clicks and wrong registers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from school.morning import Standing
from school.records.database import Database
from tests.school.chase_mornings import (
    ADULTS,
    CHILDREN,
    FAMILIES,
    RING_ONLY,
    Happens,
    Plan,
    Played,
    add_school,
    play,
)

ABOUT_A_CHILD = ("absence", "late", "note", "come", "missing", "claims")
ABOUT_AN_ADULT = ("stop", "wrong")
MINUTES = st.integers(min_value=5, max_value=75)
FEW = settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])

happens = st.one_of(
    st.builds(Happens, MINUTES, st.sampled_from(ABOUT_A_CHILD), st.sampled_from(sorted(CHILDREN))),
    st.builds(Happens, MINUTES, st.sampled_from(ABOUT_AN_ADULT), st.sampled_from(ADULTS)),
    st.builds(Happens, MINUTES, st.just("release")),
)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """A morning; most registers are right, some lack a class or say that all of it is absent."""
    wrong = draw(st.sampled_from(["", "", "", "unmarked", "all_absent"]))
    classes = frozenset([draw(st.sampled_from(["1A", "2B"]))]) if wrong else frozenset()
    return Plan(
        missing=frozenset(draw(st.sets(st.sampled_from(sorted(CHILDREN)), min_size=1))),
        unmarked=classes if wrong == "unmarked" else frozenset(),
        all_absent=classes if wrong == "all_absent" else frozenset(),
        happens=tuple(draw(st.lists(happens, max_size=6))),
        arrive=draw(st.sampled_from([True, True, False])),
    )


@dataclass
class Trial:
    """A school whose every morning is rolled back."""

    database: Database

    def morning(self, plan: Plan) -> Played:
        """The morning, played."""
        with self.undone() as session:
            return play(session, plan)

    @contextmanager
    def undone(self) -> Iterator[Session]:
        """A transaction of which nothing is left."""
        with self.database.write() as session:
            yield session
            session.expunge_all()
            session.rollback()
            session.info.clear()


def adults_of(child: str) -> tuple[str, ...]:
    """The adults of a child's family."""
    return next(adults for children, adults in FAMILIES.values() if child in children)


@pytest.fixture
def trial(database: Database) -> Trial:
    with database.write() as session:
        add_school(session)
    return Trial(database)


def is_marked_missing_again(plan: Plan, child: str) -> bool:
    """Whether a mark was changed back to N, so that a child who was there is looked for again."""
    return any(each.kind == "missing" and each.who == child for each in plan.happens)


def nobody_is_asked_about_who_was_answered_for(played: Played) -> None:
    for seen in played.looks:
        for step in seen.asks:
            assert seen.standing[played.child(step)] is Standing.UNACCOUNTED
    told = [(minute, child) for minute, child, _ in played.asks()] + [(at, child) for child, at in played.sent_after]
    for minute, child in told:
        if not is_marked_missing_again(played.plan, child):
            assert minute < played.answered.get(child, 10**6), child


def a_second_look_changes_nothing(played: Played) -> None:
    assert played.repeated == []


def each_adult_of_the_family_is_asked_once(played: Played) -> None:
    asked = Counter((child, step.contact_id) for _, child, step in played.asks())
    assert all(count == 1 for count in asked.values())
    for _, child, step in played.asks():
        assert step.contact_id in adults_of(child)
        assert step.contact_id != RING_ONLY


def a_family_gets_one_message(played: Played) -> None:
    for seen in played.looks:
        messages = {(step.contact_id, step.inbox_id) for step in seen.asks if step.inbox_id}
        assert len(messages) == len({contact for contact, _ in messages})


def the_second_contact_waits_unless_the_first_cannot_answer(played: Played) -> None:
    plan = played.plan
    if not plan.arrive or any(each.kind in ABOUT_AN_ADULT for each in plan.happens):
        return
    for child, chase in played.chases.items():
        asks = [(minute, step) for minute, each, step in played.asks() if each == child]
        began = chase.started_at.minute + 60 * (chase.started_at.hour - 9)
        assert len(asks) <= 2
        assert all(minute >= began + 15 for minute, _ in asks[1:])


def no_ladder_begins_while_the_brake_holds_its_class(played: Played) -> None:
    for seen in played.looks:
        texted = [chase.pupil_id for chase in seen.begun if chase.kind in ("ladder", "gentle")]
        assert not (texted and "" in seen.held)
        assert not any(CHILDREN.get(child) in seen.held for child in texted)


def whoever_is_missing_and_unanswered_is_a_persons_in_the_end(played: Played) -> None:
    plan = played.plan
    for child in plan.missing:
        quiet = not any(each.who in (child, *adults_of(child)) for each in plan.happens)
        if quiet and not plan.unmarked and not plan.all_absent:
            assert played.chases[child].staff_at is not None


LAWS = (
    nobody_is_asked_about_who_was_answered_for,
    a_second_look_changes_nothing,
    each_adult_of_the_family_is_asked_once,
    a_family_gets_one_message,
    the_second_contact_waits_unless_the_first_cannot_answer,
    no_ladder_begins_while_the_brake_holds_its_class,
    whoever_is_missing_and_unanswered_is_a_persons_in_the_end,
)


@FEW
@given(plan=plans())
def test_every_morning_keeps_the_laws(trial: Trial, plan: Plan) -> None:
    played = trial.morning(plan)
    for law in LAWS:
        law(played)


def test_a_morning_without_a_word_asks_two_adults_and_then_a_person(trial: Trial) -> None:
    played = trial.morning(Plan(missing=frozenset({"ava"})))
    assert [(minute, step.contact_id) for minute, _, step in played.asks()] == [
        (25, "avas-mother"),
        (40, "avas-father"),
    ]
    chase = played.chases["ava"]
    assert (chase.staff_why, chase.staff_at is not None) == ("unanswered_chase", True)


def test_siblings_are_one_message(trial: Trial) -> None:
    played = trial.morning(Plan(missing=frozenset({"sam", "leo"}), happens=(Happens(30, "absence", "sam"),)))
    first, *later = played.looks
    assert len(first.asks) == 2
    assert len({step.inbox_id for step in first.asks}) == 1
    assert {played.child(step) for seen in later for step in seen.asks} == {"leo"}
