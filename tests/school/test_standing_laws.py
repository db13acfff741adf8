"""Laws of what stands, over random accounts of one session by two parents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from school.absences import AbsenceStatement, Withdrawal, state_absences, withdraw_statements
from school.records.attendance import Absence, Statement
from school.records.database import Database
from school.rules.day_times import Session as Half
from school.standing import Position, added, contradict, positions, strongest
from tests.school.made_up import EARLY, FATHER, GRAN, LEO, MOTHER, SAM, add_family, said, unsaid

KINDS = {
    "sickness": [None, "unspecified", "gi", "fever"],
    "lateness": [None, "traffic", "child_unwell", "weather"],
    "appointment": [None, "dental"],
    "absence_other": [None, "unspecified", "transport", "family_emergency"],
}


@st.composite
def accounts(draw: st.DrawFn) -> dict[str, Any]:
    """A kind with a reason that it can have, and a delay where it is one."""
    kind = draw(st.sampled_from(sorted(KINDS)))
    delay = draw(st.sampled_from([None, 10, 40])) if kind == "lateness" else None
    return {"kind": kind, "reason_category": draw(st.sampled_from(KINDS[kind])), "minutes_late": delay}


# None is to take back.
STEPS = st.lists(st.one_of(st.none(), accounts()), max_size=5)
MANY = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])


def _timed(contact_id: str, steps: Sequence[dict[str, Any] | None]) -> list[AbsenceStatement | Withdrawal]:
    """A parent's texts, a minute apart, all before the register closes; two parents never at the same second."""
    start = EARLY + timedelta(seconds=30 if contact_id == FATHER else 0)
    texts: list[AbsenceStatement | Withdrawal] = []
    for number, step in enumerate(steps):
        facts = {"at": start + timedelta(minutes=number), "message_id": f"{contact_id}-{number}"}
        texts.append(unsaid(contact_id, **facts) if step is None else said(contact_id, **facts, **step))
    return texts


def _run(session: Session, texts: Sequence[AbsenceStatement | Withdrawal]) -> tuple[Any, ...] | None:
    """What is on record of the session after these texts; None where nothing ever was."""
    for text in texts:
        if isinstance(text, Withdrawal):
            withdraw_statements(session, [text], now=text.at)
        else:
            state_absences(session, [text], now=text.at)
    found = session.scalars(sa.select(Absence)).one_or_none()
    return None if found is None else _facts(found)


def _facts(absence: Absence) -> tuple[Any, ...]:
    standing = (absence.status, absence.accounted_for, absence.explained, absence.proposed_code)
    # What a withdrawn absence last showed means nothing.
    shown = Position.of(absence) if absence.status != "withdrawn" else None
    return (absence.pupil_id, absence.session, *standing, shown)


@dataclass
class Trial:
    """A school whose every example is rolled back."""

    database: Database

    def result(self, texts: Sequence[AbsenceStatement | Withdrawal]) -> tuple[Any, int]:
        """What is on record after these texts, and how many statements."""
        with self.undone() as session:
            facts = _run(session, texts)
            return facts, session.scalar(sa.select(sa.func.count()).select_from(Statement)) or 0

    @contextmanager
    def undone(self) -> Iterator[Session]:
        """A transaction of which nothing is left."""
        with self.database.write() as session:
            yield session
            session.rollback()
            session.info.clear()


@pytest.fixture
def trial(database: Database) -> Trial:
    with database.write() as session:
        add_family(session)
    return Trial(database)


def _by_time(texts: Sequence[AbsenceStatement | Withdrawal]) -> list[AbsenceStatement | Withdrawal]:
    return sorted(texts, key=lambda text: text.at)


# On a real database ---------------------------------------------------------------------------------------


@MANY
@given(mother=STEPS, father=STEPS)
def test_an_absence_stands_while_the_last_word_of_one_parent_is_a_statement(
    trial: Trial, mother: list[Any], father: list[Any]
) -> None:
    facts, statements = trial.result(_by_time(_timed(MOTHER, mother) + _timed(FATHER, father)))
    last_words = [steps[-1] for steps in (mother, father) if steps]
    stands = any(last is not None for last in last_words)
    assert (facts is not None and facts[2] == "reported") == stands
    assert facts is None or facts[3] == stands
    # Nothing that was said is lost.
    assert statements == sum(step is not None for step in (*mother, *father))


@MANY
@given(mother=STEPS, father=STEPS)
def test_in_which_order_two_parents_texts_are_handled_does_not_matter(
    trial: Trial, mother: list[Any], father: list[Any]
) -> None:
    hers, his = _timed(MOTHER, mother), _timed(FATHER, father)
    assert trial.result(hers + his) == trial.result(his + hers) == trial.result(_by_time(hers + his))


@MANY
@given(mother=STEPS, father=STEPS)
def test_a_text_handled_twice_counts_once(trial: Trial, mother: list[Any], father: list[Any]) -> None:
    once = _by_time(_timed(MOTHER, mother) + _timed(FATHER, father))
    assert trial.result([text for text in once for _ in range(2)]) == trial.result(once)


@MANY
@given(mother=STEPS, gran=STEPS)
def test_who_may_not_report_changes_nothing_and_takes_nothing_back(
    trial: Trial, mother: list[Any], gran: list[Any]
) -> None:
    hers = _timed(MOTHER, mother)
    assert trial.result(_by_time(hers + _timed(GRAN, gran))) == trial.result(hers)


@MANY
@given(
    texts=st.lists(
        st.tuples(
            st.sampled_from([MOTHER, FATHER]), st.sampled_from([SAM, LEO]), st.sampled_from(list(Half)), accounts()
        ),
        max_size=8,
    )
)
def test_a_set_gives_what_its_members_give_one_by_one(trial: Trial, texts: list[Any]) -> None:
    statements = [
        said(who, pupil_id=pupil, session=half, at=_minute(n), message_id=f"m{n}", **account)
        for n, (who, pupil, half, account) in enumerate(texts)
    ]
    kept: list[Any] = []
    for sets in ([statements], [[each] for each in statements]):
        with trial.undone() as session:
            for each in sets:
                state_absences(session, each, now=EARLY)
            order = (Absence.pupil_id, Absence.session)
            kept.append([_facts(absence) for absence in session.scalars(sa.select(Absence).order_by(*order))])
    assert kept[0] == kept[1]


def _minute(number: int) -> datetime:
    return EARLY + timedelta(minutes=number)


# Pure -----------------------------------------------------------------------------------------------------


def _position(account: dict[str, Any]) -> Position:
    return Position(**account)


POSITIONS = accounts().map(_position)


@given(POSITIONS)
def test_saying_the_same_again_adds_nothing(position: Position) -> None:
    assert added(position, position) == position


@given(POSITIONS, POSITIONS)
def test_a_reason_is_never_lost_but_with_the_lateness_that_it_explained(before: Position, later: Position) -> None:
    both = added(before, later)
    if before.is_explained and before.kind != "lateness":
        assert both.is_explained or later.kind == "lateness"
    if later.is_explained:
        assert both.is_explained
    if later.kind == before.kind and before.reason_category not in {None, "unspecified"}:
        assert both.reason_category not in {None, "unspecified"}


@given(POSITIONS, POSITIONS)
def test_what_a_later_text_says_definitely_is_what_counts(before: Position, later: Position) -> None:
    if later.is_definite:
        assert added(before, later).kind == later.kind


@given(st.lists(POSITIONS, min_size=1, max_size=4), st.randoms())
def test_the_strongest_does_not_depend_on_the_order_of_speakers(found: list[Position], random: Any) -> None:
    speakers = {f"c{number}": position for number, position in enumerate(found)}
    shuffled = list(speakers.items())
    random.shuffle(shuffled)
    assert strongest(dict(shuffled)) == strongest(speakers)


@given(POSITIONS, POSITIONS)
def test_a_contradiction_is_one_from_both_sides_and_never_with_oneself(one: Position, other: Position) -> None:
    assert contradict(one, other) == contradict(other, one)
    assert not contradict(one, one)


def test_nobodys_position_is_none() -> None:
    assert strongest(positions([])) is None
