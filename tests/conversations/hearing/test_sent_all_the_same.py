"""Ill but sent in, better today, an appointment of the writer's own: what is asked about first, and what is not."""

from __future__ import annotations

from datetime import datetime

import pytest

from conversations.acts import Kind, Part, Topic
from conversations.doubt import Doubt
from conversations.hearing import hear
from conversations.language import load
from tests.conversations.hearing.sentences import LONDON, family

NOW = datetime(2026, 3, 3, 8, 5, tzinfo=LONDON)
ONE = family("Salma/4", NOW)
TWO = family("Ayesha/4, Hamza/2", NOW)


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("ar", "سلمى تعبانة شوي بس راحت المدرسة"),
        ("ar", "سلمى كانت سخنة ووصلتها المدرسة"),
        ("ur", "salma ko bukhar hai lekin school bhej diya"),
        ("ur", "salma ko khansi hai phir bhi school bhej diya"),
    ],
)
def test_an_ill_child_who_was_sent_in_is_asked_about(code: str, text: str) -> None:
    assert Doubt.COMPETING in hear(text, None, load(code), ONE, weigh=False).doubts


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("ar", "سلمى تعبانة وما راحت المدرسة اليوم"),
        ("ar", "سلمى تعبانة ما بعتها على المدرسة"),
        ("ur", "salma ko bukhar hai isliye school nahi gaya hai"),
    ],
)
def test_an_ill_child_who_was_not_sent_in_is_filed(code: str, text: str) -> None:
    assert hear(text, None, load(code), ONE, weigh=False).doubts == ()


def test_ill_yesterday_and_coming_today_is_not_filed_for_both() -> None:
    assert Doubt.COMPETING in hear("سلمى كانت مريضة امس واليوم جاية", None, load("ar"), ONE, weigh=False).doubts
    assert hear("سلمى كانت مريضة امس واليوم ما بتيجي", None, load("ar"), ONE, weigh=False).doubts == ()


def test_him_who_was_sent_is_the_one_named_last() -> None:
    sent = (
        "ayesha ko nazla hai wo ghar par hai. hamza ko bhi shuru ho raha hai magar aaj test hai is liye bhej diya hai"
    )
    assert Doubt.COMPETING in hear(sent, None, load("ur"), TWO, weigh=False).doubts
    both = "ayesha ko nazla hai wo ghar par hai. hamza ko bhi bukhar hai"
    assert Doubt.COMPETING not in hear(both, None, load("ur"), TWO, weigh=False).doubts


def test_an_appointment_of_the_writers_own_is_not_the_childs() -> None:
    own = hear("عندي موعد اليوم وسلمى بتتأخر", None, load("ar"), ONE, weigh=False)
    assert Doubt.OTHER_SUBJECT in own.doubts
    hers = hear("عندي موعد لسلمى اليوم", None, load("ar"), ONE, weigh=False)
    assert hers.doubts == ()


@pytest.mark.parametrize(
    ("code", "text", "part"),
    [
        ("ur", "salma kal subah nahi aayegi", Part.AM),
        ("ur", "salma kal dopahar ko nahi aayegi", Part.PM),
        ("ar", "سلمى بكرة الصبح مش هتيجي", Part.AM),
        ("ur", "salma aaj subah nahi aayi bukhar tha", None),
        ("ar", "سلمى الصبح صحيت سخنة ومش هتيجي", None),
    ],
)
def test_a_half_of_a_day_right_before_not_coming_is_what_is_missed(code: str, text: str, part: Part | None) -> None:
    (clause,) = hear(text, None, load(code), ONE, weigh=False).clauses
    assert next((m.value for m in clause.mentions if m.kind is Kind.PART), None) is part


@pytest.mark.parametrize(
    ("code", "text", "asked"),
    [
        ("en", "got the dentist at 9 so Salma will be late", True),
        ("ro", "Am programare la doctor la 9, Salma intarzie", True),
        ("en", "Salma has got the dentist at 9, she will be late", False),
        ("pl", "Mam wizytę z Salmą u dentysty o 9, spóźnimy się", False),
        ("ro", "am programare la dentist cu ea la 14", False),
    ],
)
def test_what_the_writer_has_is_not_the_childs_who_is_only_late(code: str, text: str, *, asked: bool) -> None:
    assert (Doubt.OTHER_SUBJECT in hear(text, None, load(code), ONE, weigh=False).doubts) is asked


@pytest.mark.parametrize(
    ("code", "text", "asked"),
    [
        ("en", "Salma was sick at school yesterday", True),
        ("pl", "Salma wczoraj wymiotowała w szkole", True),
        ("ro", "Salma a vomitat ieri la scoala", True),
        ("en", "Salma was off school yesterday with a bug", False),
        ("pl", "Salma wczoraj była chora, dziś już jest w szkole", False),
        ("pl", "Salma wczoraj nie była w szkole bo wymiotowała", False),
    ],
)
def test_who_was_ill_in_school_yesterday_was_not_off(code: str, text: str, *, asked: bool) -> None:
    assert (Doubt.UNSURE in hear(text, None, load(code), ONE, weigh=False).doubts) is asked


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("en", "Her gran died but she is coming in today"),
        ("ro", "a murit bunica ieri dar vine"),
        ("ro", "a murit bunica, e trista, dar vine azi"),
    ],
)
def test_of_a_death_nothing_is_filed_for_a_child_who_comes(code: str, text: str) -> None:
    assert all(clause.topic is not Topic.ABSENCE_OTHER for clause in hear(text, None, load(code), ONE).clauses)


@pytest.mark.parametrize(
    ("code", "text"),
    [("en", "Her gran died so she is not coming in today"), ("ro", "a murit bunica, nu vine azi")],
)
def test_a_death_that_keeps_a_child_away_is_filed(code: str, text: str) -> None:
    [clause] = hear(text, None, load(code), ONE).clauses
    assert clause.topic is Topic.ABSENCE_OTHER
