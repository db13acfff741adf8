"""Halves, days, children and hours that stand beside what says which of them is not meant, or whose they are."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from conversations.acts import Clause, Days, Kind, Part, Topic
from conversations.doubt import Doubt
from conversations.hearing import hear
from conversations.language import load
from tests.conversations.hearing.sentences import LONDON, family

TUESDAY = family("Hamza/4, Zainab/1", datetime(2026, 3, 3, 8, 0, tzinfo=LONDON))


def clause(text: str, code: str = "ur") -> Clause:
    """The only clause that is heard in a text."""
    [only] = hear(text, None, load(code), TUESDAY).clauses
    return only


def values(text: str, kind: Kind, code: str = "ur") -> list[object]:
    """What is heard of a kind in a text, where it was not said to be not meant."""
    return [each.value for each in clause(text, code).mentions if each.kind is kind and each.role != "not"]


@pytest.mark.parametrize(
    ("code", "text", "half"),
    [
        ("ur", "Subah se Hamza ko bukhar hai nahi aa sakta", set()),
        ("ur", "Subah Hamza ko bukhar tha nahi bhej saki", set()),
        ("ur", "Hamza subah nahi aye ga", {Part.AM}),
        ("ur", "Hamza ko bukhar hai, dopahar tak nahi aye ga", {Part.AM}),
        ("en", "Hamza has a cold so is off this morning, in after lunch", {Part.AM}),
    ],
)
def test_a_morning_that_dates_an_illness_is_no_half(code: str, text: str, half: set[Part]) -> None:
    assert set(values(text, Kind.PART, code)) - {Part.ALL} == half


@pytest.mark.parametrize(
    "text", ["Zainab ka dentist mangal ki bajaye budh ko hai", "Zainab ka dentist mangal ko nahi budh ko hai"]
)
def test_a_not_behind_a_day_is_of_that_day(text: str) -> None:
    days = values(text, Kind.DAYS)
    assert {each.first for each in days if isinstance(each, Days)} == {date(2026, 3, 4)}


def test_a_not_behind_a_child_is_of_that_child() -> None:
    assert values("Zainab ko nahi Hamza ko ulti hui hai", Kind.CHILDREN) == values("Hamza ko ulti hai", Kind.CHILDREN)


def test_the_hour_of_somebody_elses_appointment_is_no_arrival() -> None:
    assert not values("meri apni appointment hai 10 baje, Hamza late hoga", Kind.TIME)
    assert values("mera dentist hai, Hamza 10 baje aye ga", Kind.TIME) == [time(10)]


def test_nobody_is_ill_where_every_word_of_an_absence_is_known() -> None:
    assert clause("Hamza kal nahi aya tha, aaj aa raha hai").topic is Topic.ABSENCE_OTHER


def test_an_appointment_of_which_nobody_spoke_is_asked_about() -> None:
    assert Doubt.UNSURE in hear("Hamza ko 1 baje le jaun gi aaj", None, load("ur"), TUESDAY).doubts


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("en", "Keep Zainab at home today? She has a slight cough"),
        ("pl", "Zostawić Zainab dziś w domu? Ma lekki kaszel"),
        ("ar", "خلي زينب بالبيت اليوم؟ عندها كحة خفيفة"),
    ],
)
def test_whether_a_child_stays_at_home_is_only_asked(code: str, text: str) -> None:
    assert Doubt.UNSURE in hear(text, None, load(code), TUESDAY).doubts


def test_told_with_a_full_stop_it_is_no_question() -> None:
    text = "Keeping Zainab at home today. She has a cough. Can you send work home?"
    assert Doubt.QUESTION not in hear(text, None, load("en"), TUESDAY).doubts


def test_a_day_instead_of_which_another_stands_is_not_meant() -> None:
    days = values("Zainab ma dentystę w środę zamiast we wtorek", Kind.DAYS, "pl")
    assert {each.first for each in days if isinstance(each, Days)} == {date(2026, 3, 4)}


def test_the_half_that_a_child_is_in_for_is_not_that_of_the_visit() -> None:
    assert not values("Zainab aaj sirf subah aye gi phir doctor hai", Kind.PART)
    assert values("Zainab ka dentist subah hai phir aye gi", Kind.PART) == [Part.AM]


def test_who_comes_in_time_is_not_late() -> None:
    assert clause("زينب رح توصل مع خالتها عالوقت", "ar").topic is None
