"""Advice on illness: from one table, to a question alone, with its source, and never in the way of a report."""

from __future__ import annotations

from importlib import resources

import pytest

from conversations.acts import AbsenceStated, Effect, NeedsPerson, Turn
from conversations.hearing.ailments import phrases
from conversations.speaking import Voice, message_keys
from school.rules.illness_guidance import GUIDANCE
from tests.conversations.phone import MAYA, SAM, Phone

PACKS = sorted(each.name for each in resources.files("locales").iterdir() if (each / "illness.toml").is_file())

# domain.md, section 6: what is asked, and the message that answers it.
TABLE = {
    "a temperature": "fever", "a cough": "mild", "a cold": "mild", "a runny nose": "mild", "diarrhoea": "stomach",
    "a sickness bug": "stomach", "chickenpox": "chickenpox", "flu": "recovered", "covid": "covid",
    "scarlet fever": "antibiotics", "impetigo": "impetigo", "measles": "measles", "german measles": "rash",
    "mumps": "swelling", "whooping cough": "whooping", "scabies": "treated", "nits": "treat", "head lice": "treat",
    "conjunctivitis": "treat", "threadworms": "treat", "a cold sore": "treat", "a verruca": "treat",
    "slapped cheek": "well", "hand foot and mouth": "well", "glandular fever": "well", "an ear infection": "ear",
    "shingles": "shingles", "tonsillitis": "mild",
}  # fmt: skip


def advice(made: Turn) -> list[str]:
    return [fact.key for say in made.says if say.key == "illness" for fact in say.args["facts"]]  # type: ignore[attr-defined]


def filed(effects: tuple[Effect, ...]) -> set[tuple[object, ...]]:
    return {(each.child, each.day, each.session, each.kind) for each in effects if isinstance(each, AbsenceStated)}


@pytest.mark.parametrize("illness", TABLE)
def test_a_question_about_an_illness_is_answered_from_the_table(illness: str) -> None:
    made = Phone().text(f"how long should maya stay off with {illness}")
    assert advice(made) == [f"illness.{TABLE[illness]}"]
    assert not any(isinstance(effect, NeedsPerson | AbsenceStated) for effect in made.effects)


@pytest.mark.parametrize("illness", ["meningitis", "hepatitis", "tuberculosis", "something odd"])
def test_what_is_not_in_the_table_is_for_a_person(illness: str) -> None:
    made = Phone().text(f"how long should maya stay off with {illness}")
    assert advice(made) == []
    assert any(isinstance(effect, NeedsPerson) for effect in made.effects)


def test_where_two_illnesses_are_named_the_one_that_keeps_a_child_off_decides() -> None:
    made = Phone().text("how long should maya stay off with scarlet fever and conjunctivitis")
    assert advice(made) == ["illness.antibiotics"]


def test_a_brothers_illness_says_nothing_of_the_child() -> None:
    made = Phone().text("her brother has chickenpox can maya come to school")
    assert advice(made) == []


def test_a_red_flag_comes_first_and_alone() -> None:
    made = Phone().text("maya has a rash that doesnt fade and a temperature, should i send her in")
    assert made.says[0].key == "red_flag"
    assert advice(made) == []


@pytest.mark.parametrize("illness", ["chickenpox", "a cold", "a tummy bug", "a temperature"])
def test_a_plain_report_is_filed_and_lectures_nobody(illness: str) -> None:
    made = Phone().text(f"maya has {illness} so is off today")
    assert advice(made) == []
    assert len(filed(made.effects)) == 2


@pytest.mark.parametrize("illness", ["chickenpox", "a cold", "diarrhoea"])
def test_a_report_with_a_question_ends_filed_as_without_it(illness: str) -> None:
    asks, tells = Phone(), Phone()
    made = asks.text(f"maya has {illness} and is off today, how long should she stay off?")
    done = filed(made.effects) or filed(asks.text("1").effects)
    assert done == filed(tells.text(f"maya has {illness} and is off today").effects)


def test_what_stood_open_is_asked_again_below_the_advice() -> None:
    on = Phone(children=(MAYA, SAM))
    on.text("poorly today")
    made = on.text("how long off with impetigo")
    assert [say.key for say in made.says] == ["illness", "ask.who.off"]
    assert made.state.ask is not None


@pytest.mark.parametrize("code", PACKS)
def test_every_illness_of_the_table_has_words_in_every_language(code: str) -> None:
    listed = phrases(code)
    assert set(listed.values()) == set(GUIDANCE)
    assert all(phrase and all(phrase) for phrase in listed)


@pytest.mark.parametrize("code", ["en", "pl", "ro", "pt", "uk", "ur", "ur_Latn", "ar"])
def test_every_piece_of_advice_has_its_source_and_where_else_to_ask(code: str) -> None:
    voice = Voice(lang=code, context=Phone().context)
    said = {f"illness.{each.says}" for each in GUIDANCE.values()}
    assert said == {key for key in message_keys(code) if key.startswith("illness.")}
    for key in said:
        made = Phone().text("how long should maya stay off with chickenpox").says[0]
        words = voice.render(type(made)(key="illness", args={"facts": (type(made)(key=key),)}))
        assert all(each in words for each in ("NHS", "UKHSA", "111"))


def test_every_rule_says_where_it_stands() -> None:
    assert all(each.source and each.rule for each in GUIDANCE.values())
    assert not GUIDANCE["mild"].keeps_off
    assert GUIDANCE["stomach"].keeps_off
