"""A child who is well again today, who was ill in school, and an hour that is somebody else's: asked about first."""

from __future__ import annotations

from datetime import datetime

import pytest

from conversations.acts import Days, Heard
from conversations.doubt import Doubt
from conversations.hearing import hear
from conversations.language import load
from tests.conversations.hearing.sentences import LONDON, family

FAMILY = family("Maria/4", datetime(2026, 3, 10, 8, 0, tzinfo=LONDON))


def heard(code: str, text: str) -> Heard:
    """A text as it is heard on a Tuesday."""
    return hear(text, None, load(code), FAMILY)


def days(code: str, text: str) -> list[tuple[int | None, int | None]]:
    """The days of March that a text tells of."""
    told = [m.value for clause in heard(code, text).clauses for m in clause.mentions if isinstance(m.value, Days)]
    return [(each.first.day if each.first else None, each.last.day if each.last else None) for each in told]


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("ro", "Maria a avut febră ieri, azi e bine"), ("ro", "Maria a avut febra in weekend, azi vine"),
        ("en", "Maria had a temperature at the weekend, today she is in"),
    ],
)  # fmt: skip
def test_well_today_is_no_day_off(code: str, text: str) -> None:
    assert Doubt.COMPETING in heard(code, text).doubts


@pytest.mark.parametrize(
    ("code", "text"),
    [("ro", "Maria a vomitat ieri, azi sta acasa"), ("ro", "Maria lipseste ieri, azi si maine, are gripa")],
)
def test_off_yesterday_and_today_is_both(code: str, text: str) -> None:
    assert Doubt.COMPETING not in heard(code, text).doubts
    assert days(code, text)[0][0] == 9


@pytest.mark.parametrize(
    ("code", "text"),
    [("en", "Maria was sick at school yesterday"), ("ro", "Maria s-a simtit rau ieri la scoala")],
)
def test_ill_in_school_is_no_day_off(code: str, text: str) -> None:
    assert Doubt.COMPETING in heard(code, text).doubts


def test_ill_in_school_and_off_since_is_one() -> None:
    assert Doubt.COMPETING not in heard("en", "Maria was sick at school yesterday so she is off today").doubts


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("pl", "Mam wizytę u lekarza o 9, Maria się spóźni"),
        ("ro", "am eu programare la doctor la 9, Maria intarzie putin"),
        ("ro", "azi Maria e la Londra pentru RMN, am plecat de la 5 dimineata"),
    ],
)
def test_an_hour_of_something_else_is_asked_about(code: str, text: str) -> None:
    assert Doubt.DATES in heard(code, text).doubts


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("ro", "Maria a fost bolnava ieri, nu a venit la scoala"), ("pl", "Maria była wczoraj chora, nie przyszła"),
    ],
)  # fmt: skip
def test_an_absence_told_in_the_past_is_of_the_day_of_the_illness(code: str, text: str) -> None:
    assert days(code, text) == [(9, 9)]


def test_an_absence_to_come_is_not() -> None:
    assert days("ro", "ieri Maria a vomitat, nu vine") == []


def test_not_coming_until_a_day_inclusive_takes_it_in() -> None:
    assert days("ro", "Maria nu vine pana vineri inclusiv, are gripa") == [(None, 13)]
    assert days("ro", "Maria nu vine pana vineri, are gripa") == [(None, 12)]


def test_a_pupil_says_who_writes_behind_a_greeting() -> None:
    assert heard("ro", "salut, sunt Maria din 9B, nu vin azi ca mi-e rau").pupil_writes
    assert not heard("ro", "salut, sunt mama Mariei, nu vine azi ca ii e rau").pupil_writes


def test_behind_a_title_a_name_in_another_case_is_whose_teacher_it_is() -> None:
    assert Doubt.OTHER_SUBJECT in heard("pl", "Pani Marii jest chora").doubts
    assert Doubt.OTHER_SUBJECT not in heard("pl", "Proszę pani, Maria jest chora").doubts
    assert Doubt.OTHER_SUBJECT not in heard("pl", "Pani Marii dziś nie będzie").doubts


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("ar", "استفرغت ماريا بالليل بس الصبح كويسة"), ("ar", "ماريا استفرغت بالليل بس الصبح صارت منيحة"),
        ("ur", "ماریہ نے رات کو الٹی کی لیکن صبح ٹھیک ہے"),
    ],
)  # fmt: skip
def test_ill_by_night_and_well_since_is_asked_about(code: str, text: str) -> None:
    assert Doubt.COMPETING in heard(code, text).doubts


@pytest.mark.parametrize(
    "text", ["ماريا استفرغت بالليل ولسا مو منيحة", "ماريا استفرغت بالليل وهلأ أحسن بس رح تضل بالبيت"]
)
def test_ill_by_night_and_not_well_or_kept_at_home_is_off(text: str) -> None:
    assert Doubt.COMPETING not in heard("ar", text).doubts
