"""Days that end an absence or are added to one, an evening text about tomorrow, and hours told in words."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from conversations.acts import Days, Kind
from conversations.doubt import Doubt
from conversations.hearing import hear
from conversations.language import load
from tests.conversations.hearing.sentences import LONDON, family

TUESDAY = family("Maya/3", datetime(2026, 3, 3, 7, 40, tzinfo=LONDON))
MORNING = family("Maya/4", datetime(2026, 3, 2, 7, 49, tzinfo=LONDON))
EVENING = family("Maya/4", datetime(2026, 3, 2, 21, 40, tzinfo=LONDON))


def last_day(text: str) -> set[date | None]:
    """The last days of absence that are heard in a text."""
    [clause] = hear(text, None, load("en"), MORNING).clauses
    return {m.value.last for m in clause.mentions if m.kind is Kind.DAYS and isinstance(m.value, Days)}


@pytest.mark.parametrize(
    "text",
    [
        "Maya is ill, at home until Wednesday and Thursday she is back", "Maya is off to Wednesday with tonsillitis",
        "Maya has bad throat, she must be in home to Wednesday and Thursday she come back",
        "Maya ill, at home until Wednesday, Thursday she is back", "Maya is ill, off until Wednesday and back Thursday",
    ],
)  # fmt: skip
def test_a_day_that_ends_an_absence_is_no_list_with_the_day_of_return(text: str) -> None:
    assert last_day(text) == {date(2026, 3, 4)}


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("Maya is off from Tuesday to Thursday with flu", date(2026, 3, 5)),
        ("Maya is ill, off Wednesday and Thursday, she is back Friday", date(2026, 3, 5)),
    ],
)
def test_days_that_are_a_list_or_a_span_stay_so(text: str, last: date) -> None:
    assert last in last_day(text)


def test_she_comes_tomorrow_tells_of_no_absence_today_in_the_evening() -> None:
    text = "Maya had a tummy ache at tea but she's asleep now, she will be in tomorrow"
    assert Doubt.DATES in hear(text, None, load("en"), EVENING).doubts
    text = "Maya was off today with a cold, she will be in tomorrow"
    assert Doubt.DATES not in hear(text, None, load("en"), EVENING).doubts


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("Maya is not well so I am keeping her at home. She was also absent on Friday", 27, 2),
        ("Maya was sent home at dinner time with a headache, she'll be off tomorrow as well", 3, 3),
        ("Maya has a bug, off tomorrow as well", 2, 3),
    ],
)
def test_a_day_that_is_added_goes_with_the_absence_that_is_told(text: str, first: int, last: int) -> None:
    [clause] = hear(text, None, load("en"), MORNING).clauses
    days = [m.value for m in clause.mentions if isinstance(m.value, Days)]
    assert [(each.first and each.first.day, each.last and each.last.day) for each in days] == [(first, last)]


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("Maya will be late, in at nine thirty", time(9, 30)), ("Maya will be late, in about ten forty", time(10, 40)),
        ("Maya has the dentist at two forty five", time(14, 45)), ("Maya has the dentist at two", time(14)),
        ("Maya has the dentist at eleven twenty today", time(11, 20)), ("Maya will be in at 9 30", time(9, 30)),
    ],
)  # fmt: skip
def test_an_hour_and_minutes_in_words_are_one_time(text: str, hour: time) -> None:
    [clause] = hear(text, None, load("en"), MORNING).clauses
    assert [m.value for m in clause.mentions if m.kind is Kind.TIME] == [hour]


def test_two_counts_of_minutes_are_no_hour() -> None:
    [clause] = hear("Maya will be about ten fifteen minutes late", None, load("en"), MORNING).clauses
    assert not [m for m in clause.mentions if m.kind is Kind.TIME]


@pytest.mark.parametrize(
    ("code", "text", "days"),
    [
        ("ur", "Maya 19 tak nahi aye gi", {(None, date(2026, 3, 19))}),
        ("ur", "مایا 18 کو نہیں آئے گی، بخار ہے", {(date(2026, 3, 18), date(2026, 3, 18))}),
        ("ur", "Maya 16 se 20 tak bimar hai", {(date(2026, 3, 16), date(2026, 3, 20))}),
        ("ur", "24 aur 25 ko Maya ki chutti", {(date(2026, 3, 24), date(2026, 3, 25))}),
        ("ur", "bus number 27 ko der ho gayi, Maya late hai", set()),
        (
            "ur",
            "20 april ko ja rahe hain 27 tak, Maya ki chutti chahiye",
            {(date(2026, 4, 20), date(2026, 4, 20)), (None, date(2026, 4, 27))},
        ),
    ],
)
def test_a_bare_number_before_on_or_until_is_a_day(
    code: str, text: str, days: set[tuple[date | None, date | None]]
) -> None:
    mentions = [each for clause in hear(text, None, load(code), MORNING).clauses for each in clause.mentions]
    assert {(m.value.first, m.value.last) for m in mentions if isinstance(m.value, Days)} == days


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("Maya gir gayi thi kal sham, tanke lage hain, Thursday tak aram", None),
        ("Maya ko chot lagi hai kal, Thursday tak ghar par rahegi", None),
        ("Maya ka operation hai kal, Thursday tak aram", date(2026, 3, 3)),
    ],
)
def test_behind_a_verb_of_the_past_one_word_for_yesterday_and_tomorrow_is_yesterday(
    text: str, begins: date | None
) -> None:
    [clause] = hear(text, None, load("ur"), MORNING).clauses
    days = [m.value for m in clause.mentions if m.kind is Kind.DAYS and isinstance(m.value, Days)]
    assert date(2026, 3, 5) in {each.last for each in days}
    assert {each.first for each in days if each.first} <= {begins}
    assert begins is None or begins in {each.first for each in days}


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Maya ko kal dast lage the, aaj nahi aye gi", {date(2026, 3, 3)}),
        ("Maya nahi ayi thi Friday ko, bukhar tha", {date(2026, 2, 27)}),
        ("Maya kal bimar thi, aaj school bhej diya", {date(2026, 3, 2)}),
        ("Maya ka operation hai Friday ko, nahi aye gi", {date(2026, 3, 6)}),
    ],
)
def test_a_day_of_a_clause_of_the_past_is_past(text: str, days: set[date]) -> None:
    [clause] = hear(text, None, load("ur"), TUESDAY).clauses
    assert {m.value.first for m in clause.mentions if isinstance(m.value, Days)} == days


def test_behind_an_absence_a_day_that_is_only_hoped_for_ends_it() -> None:
    [clause] = hear("Maya kal nahi aye gi, inshallah parson", None, load("ur"), TUESDAY).clauses
    days = [(m.value.first, m.value.last) for m in clause.mentions if isinstance(m.value, Days)]
    assert days == [(date(2026, 3, 4), date(2026, 3, 4)), (None, date(2026, 3, 4))]
