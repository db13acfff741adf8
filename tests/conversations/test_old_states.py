"""States that earlier releases left load and answer: the parent is at worst asked one question again."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from conversations.acts import AbsenceStated, Json, NeedsPerson
from conversations.state import SCHEMA, State, dump, load
from tests.conversations import texts
from tests.conversations.chat import FAMILY, Chat
from tests.conversations.old_states import aged, as_schema_1, as_schema_2, as_schema_3, as_schema_4
from tests.conversations.phone import Phone
from tests.conversations.test_chats import EXPLORES, STARTS

STATES = Path(__file__).parent / "states"
FIXTURES = sorted(STATES.glob("*.json"))
# Whole chats are shrunk for minutes.
QUICK = [Phase.explicit, Phase.reuse, Phase.generate]
MANY = settings(max_examples=1500 if EXPLORES else 120, suppress_health_check=list(HealthCheck), phases=QUICK)


def stored(path: Path) -> Json:
    """A state as it lay in a database."""
    found: Json = json.loads(path.read_text(encoding="utf-8"))
    return found


def phone_with(state: State) -> Phone:
    """A phone whose conversation goes on from there, an hour before school."""
    return Phone(children=FAMILY, state=state)


def test_there_are_fixtures_of_every_schema() -> None:
    found = {stored(path)["schema"] for path in FIXTURES}  # type: ignore[index,call-overload]
    assert found == set(range(1, SCHEMA + 1))


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_a_fixture_loads_whole(path: Path) -> None:
    state = load(stored(path))
    assert state.stack or state.recent
    assert load(dump(state)) == state


@pytest.mark.parametrize("path", sorted(STATES.glob("*_asks_who.json")), ids=lambda path: path.stem)
def test_a_question_of_an_earlier_release_is_answered_by_its_number(path: Path) -> None:
    phone = phone_with(load(stored(path)))
    # Schema 1 did not date its questions: there it is asked once again.
    phone.text("2")
    if not phone.record.off():
        phone.text("2")
    assert phone.off() == ["Sam Tue 3 Mar AM PM sickness"]


@pytest.mark.parametrize("path", sorted(STATES.glob("*_asks_who.json")), ids=lambda path: path.stem)
def test_a_question_of_an_earlier_release_is_answered_in_words(path: Path) -> None:
    phone = phone_with(load(stored(path)))
    phone.text("sam")
    assert phone.off() == ["Sam Tue 3 Mar AM PM sickness"]


@pytest.mark.parametrize("path", sorted(STATES.glob("*_filed.json")), ids=lambda path: path.stem)
def test_what_an_earlier_release_filed_can_be_put_right(path: Path) -> None:
    phone = phone_with(load(stored(path)))
    made = phone.text("i meant leo")
    stated = {effect.child for effect in made.effects if isinstance(effect, AbsenceStated)}
    asked = any(isinstance(effect, NeedsPerson) for effect in made.effects)
    assert stated == {FAMILY[2].id} or (asked and not stated)


def test_what_a_flow_that_is_gone_was_about_reaches_a_person() -> None:
    phone = Phone(children=FAMILY)
    phone.text("poorly today")
    opened = phone.state.stack[0]
    phone.state = replace(phone.state, stack=(replace(opened, flow="gone"),))
    made = phone.text("thanks")
    gone = [effect for effect in made.effects if isinstance(effect, NeedsPerson)]
    assert [(effect.why, effect.message) for effect in gone] == [("flow_gone", opened.message)]
    assert not made.state.stack


@MANY
@given(
    size=st.integers(1, 3),
    start=st.sampled_from(STARTS),
    before=st.lists(st.sampled_from(texts.ALL), min_size=1, max_size=4),
    then=st.lists(st.sampled_from(texts.ALL), min_size=1, max_size=3),
    release=st.sampled_from([as_schema_1, as_schema_2, as_schema_3, as_schema_4, None]),
    data=st.data(),
)
def test_a_state_of_any_release_loads_and_answers(size, start, before, then, release, data):
    """Slots dropped, renamed, spoilt or unknown, flows gone, questions of slots that are no more."""
    chat = Chat(children=FAMILY[:size], now=start)
    for sentence in before:
        if sentence.needs <= size:
            chat.text("mum", sentence.of(chat.children))
    state = chat.phones["mum"].state
    chat.deploy("mum", release(state) if release else data.draw(aged(json.loads(json.dumps(dump(state))))))
    for sentence in then:
        if sentence.needs <= size:
            chat.text("mum", sentence.of(chat.children), tells=sentence.tells)
    chat.run_out()


@pytest.mark.parametrize(
    "junk", [None, [], "x", 7, {}, {"schema": "x"}, {"schema": 99, "stack": 3}, {"stack": [1, {}]}]
)
def test_what_is_no_state_is_an_empty_one(junk: object) -> None:
    assert load(junk).stack == ()


def test_a_state_of_a_newer_release_keeps_what_this_one_knows() -> None:
    phone = Phone(children=FAMILY)
    phone.text("poorly today")
    newer = {**dump(phone.state), "schema": SCHEMA + 1, "mood": "fine"}
    assert load(newer) == phone.state
