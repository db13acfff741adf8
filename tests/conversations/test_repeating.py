"""Questions of ours that stand open when a chase begins: asked once more, answered by the chase's answer, then gone."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from itertools import product

import pytest

from conversations.acts import AbsenceStated, Incoming, NeedsPerson, Press, Push, Text, Topic, Turn
from conversations.chasing import is_chase
from conversations.context import Child
from conversations.flows import absence, back_today
from conversations.frame import KNOWN
from conversations.slots.who import ids_of
from conversations.state import DEEPEST, Frame
from school.rules.calendar import Session
from tests.conversations.laws import Step, broken
from tests.conversations.phone import MAYA as CALLED_MAYA
from tests.conversations.phone import SAM as CALLED_SAM
from tests.conversations.phone import TUESDAY, Phone, at

# Ids that hold no name, so that a state that holds one is seen.
MAYA, SAM = replace(CALLED_MAYA, id="01J00000000000000000000001"), replace(CALLED_SAM, id="01J00000000000000000000002")
DOUBTED = "is it ok if maya stays off today with a tummy bug?"
# What leaves a question of ours open, and what leaves none: reports, leave, other days, another child.
BEFORE = (
    DOUBTED,
    "is it ok if maya stays off today with a tummy bug?",
    "is it ok if maya stays off till friday with a tummy bug?",
    "is it ok if sam stays off today with a tummy bug?",
    "poorly today",
    "will maya be late today do you think",
    "maya has the dentist tomorrow at 10. do you have her PE kit there?",
    "maya wont be in on tuesday, tummy bug",
    "can maya have next friday off for a wedding?",
    "what time is football",
)
ANSWERS = (
    "1", "2", "3", "4", "9", "0", "yes", "no", "she has a tummy bug", "tummy bug", "maya has a temperature",
    "sam is poorly", "both have a tummy bug", "shes at the dentist this morning", "she left at 8!", "ok", "thanks",
    "she wont go in, shes so anxious", "running late, 10 mins", "she'll be back on thursday", "I meant sam",
    "is there football club today?", "maya is in", "wrong number",
)  # fmt: skip
SIBLINGS = (MAYA, SAM)


def asked(phone: Phone, *whom: Child, tone: str = "first") -> Turn:
    """The school asks where these children are."""
    phone.expects, phone.expects_child = "chase", whom[0].id
    day = TUESDAY.isoformat()
    fills = {"who": [each.id for each in whom], "tone": tone, "days": [[day, day]]}
    return phone.take(Push(id=phone.new_id(), flow="absence", fills=fills, over=True))  # type: ignore[arg-type]


def keys(made: Turn) -> list[str]:
    """The messages that a turn says."""
    return [say.key for say in made.says]


def test_the_very_question_comes_with_what_the_register_says_and_one_more_number() -> None:
    phone = Phone(children=(MAYA,))
    phone.text(DOUBTED)
    made = asked(at(phone, TUESDAY, time(9, 25)), MAYA)
    assert keys(made) == ["chase.missing", "ask.sure"]
    assert [option.key for option in made.says[-1].options] == ["yes", "no", absence.IN_SCHOOL]


@pytest.mark.parametrize("answer", ["1", "yes", "that's right", "she has a tummy bug", "she's at the dentist"])
def test_nothing_is_asked_of_a_day_that_is_on_record(answer: str) -> None:
    phone = Phone(children=(MAYA,))
    phone.text(DOUBTED)
    asked(phone, MAYA)
    assert "ask.sure" not in keys(phone.text(answer))
    assert not [each for each in phone.state.stack if each.status == "open"]
    assert phone.off()


def test_a_button_under_the_question_as_it_was_first_counts_no_more() -> None:
    phone = Phone(children=(MAYA,))
    phone.text(DOUBTED)
    token = phone.state.ask.token if phone.state.ask else ""
    asked(phone, MAYA)
    assert keys(phone.press("yes", token=token)) == ["moved_on", "ask.sure"]
    assert phone.off() == []


def test_a_question_is_repeated_where_there_is_no_room_for_a_chase_beneath_it() -> None:
    phone = Phone(children=SIBLINGS)
    for text in (BEFORE[1], "can sam have next friday off for a wedding?", "is it ok if sam stays off tomorrow?"):
        phone.text(text)
    assert len(phone.state.stack) == DEEPEST
    made = asked(phone, MAYA)
    assert keys(made)[0] in ("chase.missing", "chase.again")


@pytest.mark.parametrize("may_be_told", [True, False])
def test_what_another_home_said_lets_a_question_go_only_for_who_may_be_told(may_be_told: bool) -> None:
    mum = Phone(children=(replace(MAYA, may_be_told=may_be_told),))
    mum.text(DOUBTED)
    dad = Phone(children=(MAYA,), who="dad", record=mum.record)
    dad.text("maya has a tummy bug")
    assert ("ask.sure" in keys(mum.text("what time does football club end?"))) is not may_be_told
    assert ("unanswered" in mum.reasons) is may_be_told


def test_a_question_about_what_was_on_record_already_stays() -> None:
    phone = Phone(children=(MAYA,))
    phone.text("maya has a tummy bug")
    phone.text("is it ok if maya stays off today with a temperature?")
    held = [each for each in phone.state.stack if each.status == "open"]
    phone.text("what time does football club end?")
    assert [each.id for each in phone.state.stack if each.status == "open"] == [each.id for each in held]
    assert all(each.value(KNOWN) for each in held)


def test_is_she_back_becomes_the_kind_question() -> None:
    phone = Phone(children=(MAYA,))
    phone.push(back_today.NAME, who=[MAYA.id])
    assert keys(asked(phone, MAYA, tone="again")) == ["ask.back_gentle"]
    assert "claims_present" in [each.why for each in phone.text("1").effects if isinstance(each, NeedsPerson)]


@pytest.mark.parametrize(("hour", "again"), [(time(8, 30), True), (time(9, 40), False)])
def test_is_she_back_is_asked_again_below_a_notice_until_the_register_says_it(hour: time, again: bool) -> None:
    phone = at(Phone(children=SIBLINGS), TUESDAY, time(7, 45))
    phone.push(back_today.NAME, who=[SAM.id])
    phone = at(phone, TUESDAY, hour)
    phone.take(Push(id=phone.new_id(), flow="all_clear", fills={"in_school": [MAYA.id]}, over=True))
    assert keys(phone.turns[-1]) == ["all_clear.in_school", *["ask.back"] * again]
    # A number answers what was asked last, as before.
    assert "something_else" not in [each.why for each in phone.text("1").effects if isinstance(each, NeedsPerson)]
    assert keys(phone.turns[-1]) == ["back.thanks"]


# Every question, every answer ----------------------------------------------------------------


def _step(phone: Phone, incoming: Incoming) -> list[str]:
    """The laws that one more turn breaks."""
    before, context = phone.state, phone.context
    made = phone.take(incoming)
    return broken(Step(before=before, incoming=incoming, context=context, abilities=phone.abilities, made=made))


def _looked_for(phone: Phone) -> set[str]:
    """The children whom an open question of this thread asks about."""
    return {child for each in phone.state.stack for child in ids_of(each, phone.context) if each.status == "open"}


def _answered(made: Turn) -> set[str]:
    """The children of whom a turn says that they are accounted for, or that a person must look for them."""
    stated = {each.child for each in made.effects if isinstance(each, AbsenceStated) and each.day == TUESDAY}
    shown = [each for each in made.effects if isinstance(each, NeedsPerson)]
    if any(each.why == "something_else" for each in shown):
        # A person has the whole matter; the school's own ladder goes on.
        return {MAYA.id, SAM.id}
    to_person = {Topic.CLAIMS_PRESENT, Topic.BARRIER, Topic.WRONG_NUMBER}
    return stated | {child for each in shown if each.topic in to_person for child in each.children or [MAYA.id, SAM.id]}


@pytest.mark.parametrize("before", BEFORE)
@pytest.mark.parametrize("whom", [(MAYA,), SIBLINGS], ids=["Maya", "both"])
@pytest.mark.parametrize("family", [(MAYA,), SIBLINGS], ids=["one child", "two"])
def test_every_answer_keeps_the_laws_and_looks_for_whoever_is_not_accounted_for(
    before: str, whom: tuple[Child, ...], family: tuple[Child, ...]
) -> None:
    whom = tuple(each for each in whom if each in family)
    for answer, more in product(ANSWERS, ("", "what time does football club end?", "1")):
        phone = Phone(children=family)
        phone.text(before)
        missing = {each.id for each in whom if (TUESDAY, each.id) not in _on_record(phone)}
        if not missing:
            continue
        phone = at(phone, TUESDAY, time(9, 25))
        asked(phone, *[each for each in whom if each.id in missing])
        assert missing <= _looked_for(phone) | (missing if phone.state.ask and not _named(phone) else set())
        for words in filter(None, (answer, more)):
            assert _step(phone, Text(id=phone.new_id(), text=words)) == [], (before, answer, more)
            made = phone.turns[-1]
            missing -= _answered(made)
            told = {child for day, child in _on_record(phone) if day == TUESDAY}
            asks = [each for each in phone.state.stack if each.status == "open" and not each.value(KNOWN)]
            about = [each for each in asks if _is_all_on_record(phone, each)]
            assert not about, (before, answer, more, told)
            assert missing <= _looked_for(phone), (before, answer, more)


def _named(phone: Phone) -> bool:
    return all("who" in each.fills for each in phone.state.stack)


def _on_record(phone: Phone) -> set[tuple[object, str]]:
    return {(day, child) for (_, child, day, session) in phone.record.statements if session is Session.AM}


def _is_all_on_record(phone: Phone, frame: Frame) -> bool:
    if frame.flow != absence.NAME or is_chase(frame):
        return False
    said = {(each.child, each.day, each.session) for each in absence.stated(frame, phone.context, False)}
    held = {(each.child, each.day, each.session) for each in phone.context.recorded}
    return bool(said) and said <= held


def test_presses_keep_the_laws() -> None:
    for before in BEFORE:
        phone = Phone(children=SIBLINGS)
        phone.text(before)
        asked(phone, MAYA)
        options = phone.state.ask.options if phone.state.ask else ()
        for key in options:
            other = Phone(children=SIBLINGS)
            other.text(before)
            asked(other, MAYA)
            token = other.state.ask.token if other.state.ask else ""
            assert _step(other, Press(id=other.new_id(), token=token, key=key)) == [], (before, key)


def test_who_was_recorded_by_another_is_not_asked_about_in_a_thread_that_hears_of_it() -> None:
    phone = Phone(children=(MAYA,))
    phone.text(DOUBTED)
    asked(phone, MAYA)
    dad = Phone(children=(MAYA,), who="dad", record=phone.record)
    dad.text("maya has a tummy bug")
    assert keys(phone.text("1"))[0] == "receipt.known"


def test_a_chase_names_no_child_of_whom_the_contact_may_not_be_told() -> None:
    secret = replace(SAM, may_be_told=False)
    phone = Phone(children=(MAYA, secret))
    assert keys(phone.text("poorly today")) == ["ask.who.off"]
    made = asked(at(phone, TUESDAY, time(9, 25)), MAYA)
    assert secret.id not in _named_in(made)
    assert "chase.missing" not in keys(made)
    # The question of their own text stands beneath, and names the child again where they write.
    assert secret.id in _named_in(phone.text("she has the dentist"))


def _named_in(made: Turn) -> set[object]:
    """Whoever the messages of a turn name, the options too."""
    whom = (say.args.get("names") or () for say in made.says)
    return {child for each in whom for child in each} | {option.key for say in made.says for option in say.options}  # type: ignore[attr-defined]
