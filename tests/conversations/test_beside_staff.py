"""While a person speaks the flows are silent: nothing that a parent says is lost, and care is not silent."""

from __future__ import annotations

from datetime import datetime, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversations.acts import AbsenceStated, Effect, NeedsPerson, Push, Turn, WorryHeard
from conversations.flows.notices import TALK_OVER
from conversations.state import dump
from tests.conversations.phone import LONDON, MAYA, SAM, TUESDAY, Phone
from tests.conversations.texts import ALL

# Manners, what an order did in silence, and what is on record already in the same words.
OBEYED = {"smalltalk", "help", "undo", "language", "reports", "identity", "quiet", "ask", "start", "stop"}
MANNERS = ("thanks", "thank you", "ok thanks")
ANSWERS = ("yes", "ok", "no", "ten is fine", "yes she has it here", "2", "she's coming in tomorrow", "the blue one")


def _says(turn: Turn) -> list[str]:
    return [say.key for say in turn.says]


def _whys(effects: tuple[Effect, ...]) -> list[str]:
    return [effect.why for effect in effects if isinstance(effect, NeedsPerson)]


NINE = datetime.combine(TUESDAY, time(9), LONDON)


def _spoken() -> Phone:
    return Phone(children=(MAYA, SAM), now=NINE, staff_speaking=True)


@pytest.mark.parametrize("words", ANSWERS)
def test_an_answer_to_a_person_is_theirs_to_read_and_files_nothing(words: str) -> None:
    made = _spoken().text(words)
    assert not _says(made)
    assert _whys(made.effects) == ["said_in_talk"]
    assert not [effect for effect in made.effects if isinstance(effect, AbsenceStated)]


@pytest.mark.parametrize("words", MANNERS)
def test_manners_are_put_before_nobody(words: str) -> None:
    made = _spoken().text(words)
    assert (_says(made), made.effects) == ([], ())


def test_a_plain_report_is_filed_in_silence() -> None:
    made = _spoken().text("Maya is poorly today")
    assert not _says(made)
    assert {each.child for each in made.effects if isinstance(each, AbsenceStated)} == {MAYA.id}


def test_what_the_school_asked_before_is_answered_as_ever() -> None:
    phone = Phone(children=(MAYA, SAM), now=NINE)
    phone.text("poorly today")
    phone.staff_speaking = True
    made = phone.text("2")
    assert {each.child for each in made.effects if isinstance(each, AbsenceStated)} == {SAM.id}


def test_care_rule_11_a_red_flag_is_answered_whoever_speaks() -> None:
    made = _spoken().text("Maya cant breathe properly")
    assert _says(made) == ["red_flag"]
    assert "red_flag" in _whys(made.effects)


@pytest.mark.parametrize("hour", [10, 22])
def test_care_rule_7_a_worry_gets_its_fixed_words_whoever_speaks(hour: int) -> None:
    phone = _spoken()
    phone.now = datetime.combine(TUESDAY, time(hour), LONDON)
    made = phone.text("her dad hit her again last night")
    assert _says(made) == (["person.worry"] if hour == 10 else ["person.closed"])
    assert [type(effect) for effect in made.effects] == [WorryHeard]


def test_a_worry_that_asks_for_no_answer_gets_none() -> None:
    made = _spoken().text("he hits me, please dont reply he reads my phone")
    assert not _says(made)
    assert [type(effect) for effect in made.effects] == [WorryHeard]


def test_care_rule_7_whoever_asks_for_a_person_hears_the_same_words_with_a_worry_and_without() -> None:
    plain = Phone(now=NINE).text("can someone ring me please")
    worrying = Phone(now=NINE).text("can someone ring me please, he hits me and I am scared")
    assert any(isinstance(effect, WorryHeard) for effect in worrying.effects)
    assert plain.says == worrying.says


def test_who_is_asked_once_the_talk_is_over() -> None:
    phone = _spoken()
    phone.text("off poorly today")
    phone.staff_speaking = False
    made = phone.take(Push(id=phone.new_id(), flow=TALK_OVER, fills={}, over=True))
    assert _says(made) == ["talk.over", "ask.who.off"]


TOLD = [*(each.of((MAYA, SAM)) for each in ALL), *ANSWERS, "???", "my cat", "14:30", "back thursday"]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(TOLD), min_size=1, max_size=6), st.booleans())
def test_nothing_said_to_a_person_is_lost(said: list[str], asked_before: bool) -> None:
    """Each text is filed, put before staff, an order that was obeyed, or waits in a frame that silence ends there."""
    phone = Phone(children=(MAYA, SAM), now=NINE)
    if asked_before:
        phone.text("poorly today")
    phone.staff_speaking = True
    for words in said:
        made = phone.text(words)
        if any(isinstance(effect, WorryHeard) for effect in made.effects):
            return
        assert set(_says(made)) <= {"red_flag"}
        told = f"01JMESSAGE{phone.serial:013}MUM"
        topics = {str(reading.topic) for reading in made.readings}
        assert made.effects or told in repr(dump(made.state)) or topics <= OBEYED, words
