"""Ways to say one thing end alike: number, label and button; at once and bit by bit; a set and its turns."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from datetime import datetime, timedelta

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from conversations.acts import Text, Turn
from conversations.context import after
from conversations.judging import state_for
from conversations.language import load as load_language
from conversations.state import dump, load
from conversations.turn import turn
from tests.conversations import texts
from tests.conversations.chat import FAMILY
from tests.conversations.phone import LONDON, SMS, TELEGRAM, TUESDAY, Phone
from tests.conversations.test_chats import EXPLORES, STARTS

# Whole chats are shrunk for minutes.
QUICK = [Phase.explicit, Phase.reuse, Phase.generate]
MANY = settings(max_examples=1500 if EXPLORES else 120, suppress_health_check=list(HealthCheck), phases=QUICK)

said = st.sampled_from([each for each in texts.ALL if each.tells != "person"])
families = st.permutations(FAMILY).flatmap(lambda each: st.integers(1, 3).map(lambda size: tuple(each[:size])))


def outcome(phone: Phone, made: Turn) -> object:
    """All that a turn left behind, without which words it was made of."""
    return dump(made.state), made.effects, made.says, made.wake


def record(phone: Phone) -> dict[object, object]:
    """What is on record, without who said it in which message."""
    return {key: replace(each, frame="", message="", evidence=()) for key, each in phone.record.off().items()}


# Number, label, button -----------------------------------------------------------------------


def forked(phone: Phone) -> None:
    """Answers the question on the screen in three ways, with each of its options."""
    ask = phone.state.ask
    labels = phone.labels()
    assert ask is not None
    assert len(labels) == len(ask.options)
    for number, key in enumerate(ask.options):
        by_number, by_label, by_button = copy.deepcopy(phone), copy.deepcopy(phone), copy.deepcopy(phone)
        made = by_number.text(str(number + 1))
        assert outcome(by_label, by_label.text(labels[number])) == outcome(by_number, made), labels[number]
        assert outcome(by_button, by_button.press(key)) == outcome(by_number, made), key


@MANY
@given(
    children=families,
    start=st.sampled_from(STARTS),
    screen=st.sampled_from([SMS, TELEGRAM]),
    chat=st.lists(said, max_size=4),
)
def test_a_number_its_label_and_its_button_are_one_answer(children, start, screen, chat):
    phone = Phone(children=children, now=start, abilities=screen)
    for sentence in chat:
        if sentence.needs <= len(children):
            phone.text(sentence.of(children))
            if phone.state.ask and phone.state.ask.options:
                forked(phone)


# The questions that have options, each reached once, so that none goes without.
ASKED = {
    "who": ["poorly today"],
    "days": ["Maya is off until monday, poorly"],
    "also": ["Maya is poorly today", "Maya is poorly on friday"],
    "which": ["Maya is poorly today", "Maya will be in at 10"],
}


@pytest.mark.parametrize("slot", ASKED)
def test_each_question_with_options_takes_all_three(slot):
    phone = Phone(children=FAMILY)
    for words in ASKED[slot]:
        phone.text(words)
    assert phone.state.ask is not None
    assert phone.state.ask.slot == slot
    forked(phone)


def test_a_doubt_takes_all_three():
    phone = Phone(children=FAMILY)
    phone.state, _ = state_for("prompt:confirm", FAMILY[0].id, phone.context, lang="en")
    phone.text("help")
    assert phone.state.ask is not None
    assert phone.state.ask.slot == "sure"
    forked(phone)


def test_after_the_register_closed_coming_in_or_still_off_takes_all_three():
    phone = Phone(children=FAMILY)
    phone.text("Maya is poorly today")
    phone.now = datetime.combine(TUESDAY, STARTS[2].time(), LONDON)
    phone.text("0")
    assert phone.state.ask is not None
    assert phone.state.ask.slot == "answer"
    forked(phone)


def test_a_chase_takes_all_three():
    phone = Phone(children=FAMILY)
    phone.push("absence", who=[FAMILY[0].id], days=[["2026-03-03", "2026-03-03"]])
    forked(phone)


# All at once, bit by bit ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at_once", "bit_by_bit"),
    [
        ("Sam is poorly today", ["poorly today", "Sam"]),
        ("Sam is poorly today", ["poorly today", "2"]),
        ("Sam is poorly today", ["poorly", "sam", "thanks"]),
        ("Sam is poorly tomorrow", ["poorly", "Sam tomorrow"]),
        ("Sam is poorly tomorrow", ["poorly", "tomorrow", "2"]),
        ("Maya and Sam are poorly tomorrow", ["poorly tomorrow", "Maya and Sam"]),
        ("all of them are poorly today", ["poorly today", "all of them"]),
        ("Sam is poorly today and tomorrow", ["Sam is poorly today", "and tomorrow"]),
        ("Sam is poorly today and tomorrow", ["poorly today", "??", "Sam", "ok", "tomorrow too"]),
        ("Sam is poorly, back friday", ["Sam is poorly", "back friday"]),
        ("Sam is poorly, back friday", ["poorly today", "help", "Sam", "back on friday"]),
        ("Maya is poorly and Leo has the dentist at 10", ["Maya is poorly", "Leo has the dentist at 10"]),
        ("Leo has the dentist tomorrow at 10", ["Leo has the dentist tomorrow", "at 10"]),
        ("Leo has the dentist tomorrow at 10", ["dentist tomorrow", "Leo", "10am"]),
        ("Leo is off today with a tummy bug", ["Leo is off today", "tummy bug"]),
        ("Leo is off today, he is poorly", ["Leo is off today", "he is poorly"]),
        ("Leo will be in at 10 today", ["in at 10 today", "Leo"]),
    ],
)  # fmt: skip
def test_all_at_once_is_one_by_one(at_once, bit_by_bit):
    one, other = Phone(children=FAMILY), Phone(children=FAMILY)
    one.text(at_once)
    for words in bit_by_bit:
        other.text(words)
    assert one.record.off()
    assert other.off() == one.off()
    if "he is poorly" not in at_once:
        assert record(other) == record(one)


def test_what_a_chase_was_told_is_what_a_text_would_have_told():
    chased, unasked = Phone(children=FAMILY), Phone(children=FAMILY)
    chased.push("absence", who=[FAMILY[1].id], days=[["2026-03-03", "2026-03-03"]])
    chased.text("he is poorly")
    unasked.text("Sam is poorly today")
    assert record(chased) == record(unasked)


# A set, its turns ----------------------------------------------------------------------------


@MANY
@given(children=families, start=st.sampled_from(STARTS), chat=st.lists(said, min_size=3, max_size=3))
def test_a_set_of_three_texts_is_three_turns(children, start, chat):
    """A set sees the record as it was, and what its own turns changed; single turns see the record anew."""
    words = [each.of(children) for each in chat if each.needs <= len(children)]
    single = Phone(children=children, now=start)
    for text in words:
        single.text(text)
    together = Phone(children=children, now=start)
    context, state = together.context, together.state
    made = []
    for text in words:
        made.append(turn(state, Text(id=together.new_id(), text=text), context, load_language("en")))
        state = load(json.loads(json.dumps(dump(made[-1].state))))
        context = after(context, made[-1].effects)
    assert [each.effects for each in made] == [each.effects for each in single.turns]
    assert [each.says for each in made] == [each.says for each in single.turns]
    assert state == single.state


def test_time_between_turns_alone_changes_nothing():
    slow, quick = Phone(children=FAMILY), Phone(children=FAMILY)
    for words in ("poorly today", "2", "and tomorrow", "i meant Leo"):
        slow.text(words)
        slow.wait(minutes=2)
        quick.text(words)
    assert slow.record.statements == quick.record.statements
    assert timedelta(minutes=8) == slow.now - quick.now
