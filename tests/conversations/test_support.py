"""An offer of support: yes, no or a question; silence is no consent, no is no, and nobody is asked again by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from conversations.acts import NeedsPerson, Turn, WorryHeard
from conversations.flows.support import AGREE, KINDS, MOST_TIMES, NAME, SURE, YES
from conversations.offered import Answer, OfferAnswered, OfferTakenBack
from school import support_offers
from tests.conversations.phone import LONDON, MAYA, SAM, TELEGRAM, TUESDAY, Phone

LATE_MORNING = datetime.combine(TUESDAY, time(10, 10), LONDON)
OFFER = "01JOFFER000000000000000001"
TIMES = ["2026-03-05T10:00:00+00:00", "2026-03-06T15:30:00+00:00"]
ASKS = {f"ask.support_{kind}" for kind in (*KINDS, "reminder")}


def offered(kind: str = "call", **more: object) -> Phone:
    """A phone to which an offer has just come."""
    phone = Phone(now=LATE_MORNING)
    phone.push(NAME, who=[MAYA.id], kind=kind, offer=OFFER, **more)
    return phone


def answers(turn: Turn) -> list[OfferAnswered]:
    return [each for each in turn.effects if isinstance(each, OfferAnswered)]


def keys(turn: Turn) -> list[str]:
    return [say.key for say in turn.says]


# One by one -----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_asked_with_yes_no_and_a_question(kind: str) -> None:
    phone = offered(kind)
    assert keys(phone.turns[-1]) == [f"ask.support_{kind}"]
    assert [option.key for option in phone.turns[-1].says[-1].options] == ["yes", "no", "ask"]


@pytest.mark.parametrize("words", ["1", "yes please", "Yes please", "ok"])
def test_a_yes_to_a_call_is_a_yes(words: str) -> None:
    assert [each.answer for each in answers(offered().text(words))] == [Answer.ACCEPTED]


@pytest.mark.parametrize("words", ["2", "no", "No thank you", "nope"])
def test_a_no_is_thanked_and_ends_it(words: str) -> None:
    phone = offered("team")
    turn = phone.text(words)
    assert [each.answer for each in answers(turn)] == [Answer.DECLINED]
    assert keys(turn) == ["support.declined"]
    assert phone.state.stack == ()


def test_a_time_is_chosen_by_its_digit_after_the_yes_is_on_record() -> None:
    phone = offered(times=TIMES)
    assert [(each.answer, each.time) for each in answers(phone.text("1"))] == [(Answer.ACCEPTED, "")]
    assert [each.time for each in answers(phone.text("2"))] == [TIMES[1]]


def test_times_that_are_over_are_not_offered() -> None:
    phone = offered(times=["2026-03-02T10:00:00+00:00"])
    assert "ask.support_time" not in keys(phone.text("1"))


@pytest.mark.parametrize("words", ["ok", "👍", "yes", "thanks", "sounds good to me", "lovely"])
def test_others_are_told_only_after_a_yes_in_its_own_words(words: str) -> None:
    phone = offered("team")
    phone.text("1")
    assert not [each for each in answers(phone.text(words)) if each.answer is Answer.ACCEPTED]


@pytest.mark.parametrize("words", ["1", "I agree", "i agree!"])
def test_a_consent_names_the_question_that_it_answers(words: str) -> None:
    phone = offered("team")
    assert keys(phone.text("1")) == [SURE]
    assert [(each.answer, each.consent) for each in answers(phone.text(words))] == [(Answer.ACCEPTED, SURE)]


def test_no_to_the_consent_declines_all_of_it() -> None:
    for words in ("2", "no", "I don't agree"):
        phone = offered("team")
        phone.text("1")
        assert [(each.answer, each.consent) for each in answers(phone.text(words))] == [(Answer.DECLINED, "")]


def test_a_zero_takes_a_yes_back() -> None:
    phone = offered("team")
    phone.text("1")
    phone.text("1")
    assert [each.offer for each in phone.text("0").effects if isinstance(each, OfferTakenBack)] == [OFFER]


def test_a_question_is_asked_for_and_goes_to_a_person() -> None:
    phone = offered()
    assert keys(phone.text("3")) == ["support.write"]
    turn = phone.text("would my mum be able to come with me")
    assert [each.why for each in turn.effects if isinstance(each, NeedsPerson)] == ["support_question"]
    assert [each.answer for each in answers(turn)] == [Answer.ASKED]
    assert keys(turn) == ["person"]


def test_who_asks_at_night_is_told_that_nobody_reads() -> None:
    phone = offered()
    phone.now = datetime.combine(TUESDAY, time(21, 0), LONDON)
    assert keys(phone.text("what would we talk about then please")) == ["person.closed"]


def test_a_worry_in_an_answer_is_the_leads_and_no_answer() -> None:
    phone = offered()
    turn = phone.text("yes please he hit her again and im scared")
    assert any(isinstance(each, WorryHeard) for each in turn.effects)
    assert answers(turn) == []


def test_who_may_not_be_told_why_a_child_is_away_gets_no_offer_and_staff_learn_of_it() -> None:
    for child in (replace(MAYA, may_be_told=False), replace(MAYA, may_see_reasons=False)):
        phone = Phone(children=(child,), now=LATE_MORNING)
        turn = phone.push(NAME, who=[MAYA.id], kind="call", offer=OFFER)
        assert turn.says == ()
        assert [each.why for each in turn.effects if isinstance(each, NeedsPerson)] == ["support_not_sent"]


def test_nothing_is_offered_about_a_child_who_is_not_theirs() -> None:
    phone = Phone(children=(MAYA,), now=LATE_MORNING)
    assert phone.push(NAME, who=[MAYA.id, SAM.id], kind="call", offer=OFFER).says == ()


def test_a_button_answers_as_its_number_does() -> None:
    phone = Phone(now=LATE_MORNING, abilities=TELEGRAM)
    phone.push(NAME, who=[MAYA.id], kind="team", offer=OFFER)
    phone.press(YES)
    assert [each.consent for each in answers(phone.press(AGREE))] == [SURE]


def test_a_report_is_filed_and_the_offer_is_not_asked_again_beside_it() -> None:
    phone = offered()
    assert ASKS.isdisjoint(keys(phone.text("Maya is poorly tomorrow")))
    assert ASKS & set(keys(phone.text("1"))), "a number that came too late shows what it is about"
    assert [each.answer for each in answers(phone.text("1"))] == [Answer.ACCEPTED]


def test_the_flow_and_the_school_agree_on_kinds_and_times() -> None:
    assert (support_offers.KINDS, support_offers.MOST_TIMES, support_offers.FLOW) == (KINDS, MOST_TIMES, NAME)
    assert {each.value for each in Answer} <= {"accepted", "declined", "asked"}


# Laws -----------------------------------------------------------------------------------------

SAID = (
    "1", "2", "3", "9", "0", "yes please", "no thank you", "ok", "👍", "thanks", "I agree", "I don't agree",
    "not at the moment", "what is it about?", "can you ring me after five", "Maya is poorly today", "dentist at 2",
    "she hates school", "?", "Polski", "", "asdf", "would you tell her teacher about all this", "leave us alone",
)  # fmt: skip
STEPS = st.lists(st.sampled_from((*SAID, "wait", "night", "press")), max_size=7)
OFFERS = st.fixed_dictionaries(
    {"kind": st.sampled_from(KINDS), "times": st.sampled_from(([], TIMES)), "reminder": st.booleans()}
)


def _take(phone: Phone, step: str) -> list[Turn]:
    if step in ("wait", "night"):
        return phone.wait(hours=30 if step == "wait" else 10)
    if step == "press":
        options = phone.state.ask.options if phone.state.ask else ()
        return [phone.press(options[0])] if options else []
    return [phone.text(step)]


@settings(max_examples=200)
@given(OFFERS, STEPS)
def test_silence_agrees_to_nothing_and_consent_answers_its_own_question(
    offer: dict[str, object], steps: list[str]
) -> None:
    phone = offered(**{name: value for name, value in offer.items() if value})  # type: ignore[arg-type]
    for step in steps:
        shown = phone.state.ask
        for turn in _take(phone, step):
            agreed = [each for each in answers(turn) if each.answer is Answer.ACCEPTED]
            if step in ("wait", "night"):
                assert answers(turn) == []
                assert turn.says == ()
            if offer["kind"] != "team" or not agreed:
                continue
            first = not any(each.consent for earlier in phone.turns[:-1] for each in answers(earlier))
            assert all(each.consent == SURE for each in agreed)
            if first:
                assert shown is not None
                assert shown.slot == "sure"
                assert step in ("1", "I agree", "press")


@settings(max_examples=200)
@given(OFFERS, STEPS)
def test_nobody_is_asked_again_by_itself(offer: dict[str, object], steps: list[str]) -> None:
    """Only a late number, an order such as '?', or a slip brings a question back, and never once there is an answer."""
    phone = offered(**{name: value for name, value in offer.items() if value})  # type: ignore[arg-type]
    answered = False
    for step in steps:
        for turn in _take(phone, step):
            if ASKS & set(keys(turn)):
                assert not answered
                assert step in ("1", "2", "3", "9", "?", "Polski", "", "asdf", "press", "I agree"), step
            answered = answered or bool(answers(turn))
