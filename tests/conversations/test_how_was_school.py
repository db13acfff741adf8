"""How was school? Whatever is answered is heard kindly and kept; the question is over; nothing else is lost by it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, time
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import given

from conversations.acts import AbsenceStated, NeedsPerson, OptedOut
from conversations.context import CHECKIN, Child, Context, SchoolFacts, Sender
from conversations.flows.how_was_school import NAME, OPTIONS
from conversations.hearing import hear
from conversations.language import load
from conversations.told import DayTold, Mood, QuietChosen
from school.rules.calendar import weekdays_only
from tests.conversations import texts
from tests.conversations.phone import LONDON, MAYA, SAM, TELEGRAM, TUESDAY, Phone

CORPUS = Path(__file__).parents[1] / "corpus"
AFTERNOON = datetime.combine(TUESDAY, time(15, 45), LONDON)
PROMPT = "01JPROMPT00000000000000001"
MOODS = {"good": "good", "ok": "ok", "bad": "low"}


def asked(*children: Child, **more: object) -> Phone:
    """A phone on which it was just asked how school was."""
    whom = children or (MAYA,)
    phone = Phone(children=whom, now=AFTERNOON)
    ask(phone, **more)
    return phone


def ask(phone: Phone, **more: object) -> None:
    fills = {"who": [child.id for child in phone.children], "day": phone.now.date().isoformat(), "prompt": PROMPT}
    phone.push(NAME, **{**fills, "question": 2, **more})


def told(phone: Phone) -> dict[str, Mood | None]:
    """What the last turn told of each child's day."""
    return {effect.child: effect.mood for effect in phone.last if isinstance(effect, DayTold)}


def is_over(phone: Phone) -> bool:
    return not [frame for frame in phone.state.stack if frame.flow == NAME]


# What is asked --------------------------------------------------------------------------------


def test_the_first_one_says_how_to_have_none_and_later_ones_do_not():
    assert "Text QUIET for none." in asked(first=True).reply
    assert "QUIET" not in asked().reply


def test_each_of_the_five_questions_is_asked_in_its_words():
    said = {asked(question=number).reply for number in range(1, 6)}
    assert len(said) == 5
    assert any("most exciting thing learnt" in each for each in said)


def test_a_topic_is_asked_about_only_in_a_language_in_which_it_was_written():
    phone = Phone(children=(MAYA,), now=AFTERNOON)
    ask(phone, topic="t")
    assert "surprise" in phone.reply
    made = phone.turns[-1].says[0]
    assert made.args["question"] == (2, "t")


# Answers --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "mood"),
    [
        ("1", Mood.GOOD),
        ("2", Mood.OK),
        ("3", Mood.LOW),
        ("Not so good", Mood.LOW),
        ("good", Mood.GOOD),
        ("ok", Mood.OK),
        ("👍", Mood.GOOD),
    ],
)
def test_a_digit_a_label_or_a_word_is_an_answer(text, mood):
    phone = asked()
    phone.text(text)
    assert told(phone) == {MAYA.id: mood}
    assert is_over(phone)
    assert not phone.has(NeedsPerson)


@pytest.mark.parametrize("key", OPTIONS)
def test_a_button_is_an_answer_once(key):
    phone = asked()
    phone.abilities = TELEGRAM
    shown = phone.state.ask
    assert shown is not None
    phone.press(key)
    assert told(phone) == {MAYA.id: Mood(key)}
    phone.press(key, token=shown.token)
    assert told(phone) == {}


def test_words_without_a_mood_are_kept_and_thanked_for_without_cheer():
    phone = asked()
    phone.text("she told us all about the romans")
    assert told(phone) == {MAYA.id: None}
    assert "glad" not in phone.reply
    assert "good to hear" not in phone.reply


@pytest.mark.parametrize("text", ["did not have a good day", "it was never fun", "not happy", "no fun at all"])
def test_what_is_denied_is_never_heard_as_a_good_day(text):
    phone = asked()
    phone.text(text)
    assert Mood.GOOD not in told(phone).values()


def test_a_hard_day_gets_a_kinder_line_than_a_good_one():
    hard, good = asked(), asked()
    hard.text("3")
    good.text("1")
    assert "sorry" in hard.reply
    assert "sorry" not in good.reply


@pytest.mark.parametrize(
    ("text", "maya", "sam"),
    [
        ("Maya good, Sam not so good", Mood.GOOD, Mood.LOW),
        ("Sam cried, Maya loved it", Mood.GOOD, Mood.LOW),
        ("good for Maya, awful for Sam", Mood.GOOD, Mood.LOW),
        ("Maya and Sam good", Mood.GOOD, Mood.GOOD),
        ("both good", Mood.GOOD, Mood.GOOD),
        ("all good, Maya loved it", Mood.GOOD, Mood.GOOD),
        ("Maya had a lovely day", Mood.GOOD, None),
        ("Maya good but she cried, Sam good", None, Mood.GOOD),
        ("good and bad", None, None),
    ],
)
def test_of_siblings_each_has_what_was_said_of_it(text, maya, sam):
    phone = asked(MAYA, SAM)
    phone.text(text)
    assert told(phone) == {MAYA.id: maya, SAM.id: sam}


def test_a_mistyped_number_asks_nothing_again_and_the_right_one_still_counts():
    phone = asked()
    phone.text("7")
    assert told(phone) == {}
    assert "surprise" not in phone.reply
    phone.text("2")
    assert told(phone) == {MAYA.id: Mood.OK}


def test_manners_alone_end_it_without_an_answer():
    phone = asked()
    phone.text("thanks")
    assert (told(phone), phone.reply, is_over(phone)) == ({}, "", True)


# Other ways -----------------------------------------------------------------------------------


def test_an_answer_that_tells_of_tomorrow_files_the_absence_too():
    phone = asked()
    phone.text("good but she's poorly tomorrow")
    assert told(phone) == {MAYA.id: Mood.GOOD}
    assert phone.off() == ["Maya Wed 4 Mar AM PM sickness"]


def test_poorly_without_a_day_files_nothing_and_says_how_to_tell_us():
    phone = asked()
    phone.text("Maya is poorly")
    assert phone.off() == []
    assert "which day" in phone.reply


def test_what_makes_school_hard_goes_to_a_person_and_is_kept():
    phone = asked()
    phone.text("awful, she's being bullied again")
    assert phone.reasons == ["barrier"]
    assert told(phone) == {MAYA.id: Mood.LOW}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("can someone ring me please", "asked_for_a_person"),
        ("who is picking her up", "collection"),
        ("what time is parents evening?", "other_school_matter"),
        ("wrong number", "wrong_number"),
    ],
)
def test_another_matter_goes_its_own_way_and_is_no_answer(text, why):
    phone = asked()
    phone.text(text)
    assert phone.reasons == [why]
    assert told(phone) == {}
    assert is_over(phone)


def test_a_worry_is_the_leads_alone():
    phone = asked()
    phone.text("ok but she says her uncle hits her")
    assert told(phone) == {}
    assert [type(effect).__name__ for effect in phone.last] == ["WorryHeard"]


# Over -----------------------------------------------------------------------------------------


@given(sentence=st.sampled_from(texts.ALL))
def test_after_any_text_the_question_is_over_and_never_repeated(sentence):
    phone = asked(MAYA, SAM)
    question = phone.reply.split("\n")[0]
    phone.text(sentence.of(phone.children))
    mistyped = phone.reply == "Sorry, I didn't get that."
    assert is_over(phone) or mistyped
    phone.text("hello")
    assert is_over(phone)
    assert question not in phone.reply


def test_silence_ends_it_and_nobody_is_told():
    phone = asked()
    rung = phone.wait(hours=7)
    assert len(rung) == 1
    assert (rung[0].effects, rung[0].says) == ((), ())
    assert is_over(phone)


def test_yesterdays_question_makes_no_answer_of_this_mornings_news():
    phone = asked()
    phone.wake = None
    phone.now = AFTERNOON.replace(day=4, hour=7, minute=40)
    phone.text("Maya's poorly")
    assert told(phone) == {}
    assert phone.off() == ["Maya Wed 4 Mar AM PM sickness"]


def test_a_chase_and_a_notice_do_not_wait_for_an_answer():
    phone = asked()
    phone.push("absence", who=[MAYA.id], days=[["2026-03-03", "2026-03-03"]], tone="again")
    assert "isn't marked in" in phone.reply
    phone = asked()
    phone.push("late.overdue", who=[MAYA.id])
    assert "isn't marked in yet" in phone.reply


def test_nobody_is_asked_about_a_child_who_is_off_or_of_whom_they_may_not_be_told():
    phone = Phone(children=(MAYA, replace(SAM, may_be_told=False)), now=AFTERNOON)
    phone.text("Maya is poorly today")
    ask(phone)
    assert phone.turns[-1].says == ()
    assert is_over(phone)


def test_no_one_is_asked_while_staff_speak_or_the_lead_holds_the_thread():
    speaking, held = (Phone(children=(MAYA,), now=AFTERNOON) for _ in range(2))
    speaking.staff_speaking, held.lead_holds = True, True
    for phone in (speaking, held):
        ask(phone)
        assert phone.turns[-1].says == ()


# Quiet ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["en", "pl", "ur", "ar", "ro", "pt", "uk"])
def test_quiet_and_ask_are_heard_in_every_language_as_whole_messages_alone(code):
    context = Phone(children=(MAYA,), now=AFTERNOON).context
    language = load(code)
    assert [hear(text, None, language, context).command for text in ("QUIET", "quiet", "Ask")] == [
        "quiet",
        "quiet",
        "ask",
    ]
    assert hear("a quiet day, ask her", None, language, context).command is None


def test_quiet_is_no_opting_out():
    phone = asked(first=True)
    phone.text("QUIET")
    assert phone.last == (QuietChosen(quiet=True),)
    assert not phone.has(OptedOut)
    phone.text("ask")
    assert phone.last == (QuietChosen(quiet=False),)


def test_an_answer_is_no_report_so_undo_takes_back_the_report_before_it():
    phone = Phone(children=(MAYA,), now=AFTERNOON)
    phone.text("Maya is poorly, she won't be in tomorrow")
    assert any(isinstance(effect, AbsenceStated) for effect in phone.last)
    phone.state = replace(phone.state, stack=(), ask=None)
    ask(phone)
    phone.text("1")
    phone.text("0")
    assert phone.off() == []


# Moods ----------------------------------------------------------------------------------------


def rows() -> list[dict[str, Any]]:
    files = [CORPUS / "parent_texts.jsonl", *sorted((CORPUS / "rounds").glob("round_*.jsonl"))]
    found = [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    return [row for row in found if row["expected"].get("sentiment")]


def test_of_the_labelled_answers_no_mood_is_wrong_and_most_are_heard():
    right = 0
    for row in rows():
        children = tuple(
            Child(id=each["name"], first_name=each["name"], known_as=each["known_as"]) for each in row["children"]
        )
        context = Context(
            now=datetime.fromisoformat(row["now"]).astimezone(LONDON),
            thread="t",
            sender=Sender.CONTACT,
            calendar=weekdays_only(),
            school=SchoolFacts(short_name="Hilltop", phone="01632 960123"),
            children=children,
            expects=CHECKIN,
        )
        found = {mood.value for mood in hear(row["text"], None, load(row["lang"]), context).moods}
        if len(found) == 1:
            assert found == {MOODS[row["expected"]["sentiment"]]}, row["id"]
            right += 1
    assert right >= 0.8 * len(rows()) > 30


def test_no_mood_is_heard_where_nobody_asked():
    context = Phone(children=(MAYA,), now=AFTERNOON).context
    assert hear("good", None, load("en"), context).moods == ()
