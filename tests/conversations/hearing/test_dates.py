"""Days of absence: the phrases of the corpus, doubtful days, days on which school is closed, and laws of all days."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.acts import Days, Kind, Mention
from conversations.context import Context
from conversations.hearing import hear
from conversations.hearing.calls import calls
from conversations.hearing.finding import find, moment_of
from conversations.language import available, calendar_names, load, table
from school.rules.calendar import Calendar, Term
from tests.conversations.hearing.sentences import LONDON, family

CORPUS = json.loads((Path(__file__).parents[2] / "corpus" / "dates.json").read_text(encoding="utf-8"))
REFERENCE = datetime.fromisoformat(CORPUS["reference"].split()[0]).replace(tzinfo=LONDON)
PHRASES = [case for case in CORPUS["cases"] if case["lang"] in available()]
ENGLISH = load("en")


def said(text: str, context: Context, code: str) -> tuple[date, date]:
    """The first and last day that a phrase speaks of, whatever it is about."""
    lexicon = load(code).lexicon
    words = lexicon.words(text)
    moment = moment_of(words, context, lexicon)
    spans = [each[2] for each in find(words, context, lexicon, calls(context, lexicon), moment).days]
    today = context.now.date()
    ends = [span.last for span in spans if span.role == "until" and span.last]
    lasts = [span.last for span in spans if span.last]
    return min([span.first or today for span in spans], default=today), max(ends or lasts, default=today)


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("en", "Friday is 10 Muharram, Maya is off"), ("ur", "juma ko 10 muharram hai, Maya nahi aye gi"),
        ("ur", "جمعہ کو 9 اور 10 محرم ہے، مایا نہیں آئے گی"),
    ],
)  # fmt: skip
def test_a_day_of_another_calendar_is_none_of_ours(code: str, text: str) -> None:
    context = family("Maya/4", datetime(2026, 3, 10, 7, 40, tzinfo=LONDON))
    assert said(text, context, code) == (date(2026, 3, 13), date(2026, 3, 13))


def test_a_feast_named_like_a_weekday_is_none_of_this_week() -> None:
    context = family("Maya/4", datetime(2026, 3, 10, 7, 40, tzinfo=LONDON))
    text = "Maya is off on 10 April, it's Orthodox Good Friday"
    assert said(text, context, "en") == (date(2026, 4, 10), date(2026, 4, 10))


def test_a_day_before_the_name_of_a_feast_is_one_of_ours() -> None:
    context = family("Maya/4", datetime(2026, 3, 10, 7, 40, tzinfo=LONDON))
    text = "13 march ko muharram hai, Maya nahi aye gi"
    assert said(text, context, "ur") == (date(2026, 3, 13), date(2026, 3, 13))


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Maya can't come on Friday, it's a wedding, that is 20 March", [date(2026, 3, 20)]),
        ("Maya is off on Friday for a wedding and then on 20 March as well", [date(2026, 3, 13), date(2026, 3, 20)]),
        ("Maya is off on Friday for a wedding, and 19 March", [date(2026, 3, 13), date(2026, 3, 19)]),
    ],
)
def test_a_weekday_apart_from_its_own_date_is_that_day(text: str, days: list[date]) -> None:
    context = family("Maya/4", datetime(2026, 3, 10, 7, 40, tzinfo=LONDON))
    heard = [m.value for clause in hear(text, None, ENGLISH, context, weigh=False).clauses for m in clause.mentions]
    assert [each.first for each in heard if isinstance(each, Days)] == days


def days_in(text: str, now: str = "2025-02-25 08:05", **more: Context) -> list[Mention]:
    """The days heard in a text about one child."""
    context = more.get("context") or family("Maya/4", datetime.fromisoformat(now).replace(tzinfo=LONDON))
    heard = hear(text, None, ENGLISH, context)
    return [mention for clause in heard.clauses for mention in clause.mentions if mention.kind is Kind.DAYS]


def test_a_whole_week_told_behind_its_dates_is_that_week() -> None:
    context = family("Maya/4", datetime(2026, 3, 3, 7, 40, tzinfo=LONDON))
    heard = hear("Am rezervat vacanta 16-20 martie. Maya va lipsi toata saptamana", None, load("ro"), context)
    days = [m.value for clause in heard.clauses for m in clause.mentions if isinstance(m.value, Days)]
    assert [(each.first, each.last) for each in days] == [(date(2026, 3, 16), date(2026, 3, 20))]


@pytest.mark.parametrize("case", PHRASES, ids=[f"{case['lang']}-{case['text']}" for case in PHRASES])
def test_a_phrase_of_the_corpus_means_these_days(case: dict[str, str]) -> None:
    first, last = said(case["text"], family("Maya/4", REFERENCE), case["lang"])
    assert (first.isoformat(), last.isoformat()) == (case["start"], case["end"])


def test_all_120_english_phrases_of_the_corpus_are_tried() -> None:
    assert sum(case["lang"] == "en" for case in PHRASES) == 120


@pytest.mark.parametrize(
    ("text", "alternatives"),
    [
        ("maya off until monday", [Days(last=date(2025, 3, 3))]),
        ("maya off next friday", [Days(first=date(2025, 2, 28), last=date(2025, 2, 28))]),
        ("maya off tuesday", [Days(first=date(2025, 2, 25), last=date(2025, 2, 25))]),
        ("maya dentist monday 4th march", [Days(first=date(2025, 3, 3), last=date(2025, 3, 3))]),
    ],
)
def test_days_that_bear_two_readings_are_not_sure_and_keep_both(text: str, alternatives: list[Days]) -> None:
    (mention,) = days_in(text)
    assert not mention.sure
    assert list(mention.alternatives) == alternatives


def test_a_saturday_stands_as_it_was_said_and_its_rule_says_closed() -> None:
    (mention,) = days_in("maya off on saturday")
    assert mention.value == Days(first=date(2025, 3, 1), last=date(2025, 3, 1))
    assert mention.rule.endswith(".closed")


def test_a_day_in_the_holidays_is_closed_and_a_count_goes_over_them() -> None:
    terms = (Term(first=date(2025, 1, 6), last=date(2025, 2, 14)), Term(first=date(2025, 2, 24), last=date(2025, 4, 4)))
    calendar = Calendar(terms=terms)
    base = family("Maya/4", datetime(2025, 2, 13, 8, 0, tzinfo=LONDON))
    context = Context(
        now=base.now, thread="t1", sender=base.sender, calendar=calendar, school=base.school, children=base.children
    )
    (closed,) = days_in("maya off on 18th feb", context=context)
    assert closed.rule.endswith(".closed")
    (counted,) = days_in("maya off for 3 days", context=context)
    assert counted.value == Days(first=date(2025, 2, 13), last=date(2025, 2, 24))
    (back,) = days_in("maya poorly back on monday 24th feb", context=context)
    assert back.value == Days(last=date(2025, 2, 14))


@pytest.mark.parametrize(
    "text",
    [
        "maya has had a cough for 3 weeks, not in today",
        "maya off today with a bad back",
        "maya threw up yesterday so keeping her off today",
        "maya off today, the school trip next week is fine",
        "maya ill since the weekend, not in today",
        "maya off today we will see how she is tomorrow",
    ],
)
def test_what_only_dates_a_symptom_is_no_day_of_absence(text: str) -> None:
    today = date(2025, 2, 25)
    assert {mention.value for mention in days_in(text)} <= {Days(first=today, last=today)}


def test_the_day_of_a_year_that_never_comes_is_left_out() -> None:
    assert days_in("maya off 31/2") == []
    assert days_in("maya off from 1/1/2025 to 1/1/9999") == []


MIXED = (
    "off today tomorrow yesterday mon tues friday next last this week until till back on from to - & and since for 2 3 "
    "days a couple of weeks the 3rd 12th march feb 12/3 3.3.25 rest all commencing between 30th not"
)
WORDS = st.sampled_from(MIXED.split())


@given(st.lists(WORDS, max_size=12), st.integers(0, 3000))
def test_no_days_end_before_they_start(words: list[str], later: int) -> None:
    now = datetime(2024, 9, 2, 8, 0, tzinfo=LONDON) + timedelta(days=later)
    for mention in days_in("maya " + " ".join(words), context=family("Maya/4", now)):
        for value in (mention.value, *mention.alternatives):
            assert isinstance(value, Days)
            assert value.first is None or value.last is None or value.first <= value.last


def test_no_language_lends_its_names_of_days_to_another() -> None:
    wednesdays = {code: set(calendar_names(code, table(code))["weekday"]["2"]) for code in ("ur", "ar", "pl", "ro")}
    assert sum(map(len, wednesdays.values())) == len(set().union(*wednesdays.values()))


@pytest.mark.parametrize("words", ["Maya was off yesterday, back today", "Maya poorly since Friday, back on Tuesday"])
def test_a_day_back_on_the_first_day_that_the_calendar_knows_raises_nothing(words: str) -> None:
    calendar = Calendar(terms=(Term(name="Spring", first=date(2026, 3, 3), last=date(2026, 3, 27)),))
    context = replace(family("Maya Ali", datetime(2026, 3, 3, 8, 0, tzinfo=LONDON)), calendar=calendar)
    assert hear(words, None, ENGLISH, context).clauses


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("Maya lipsește de la 4 la 6 martie", date(2025, 3, 4), date(2025, 3, 6)),
        ("Maya lipsește de pe 4 pe 6 martie", date(2025, 3, 4), date(2025, 3, 6)),
        ("Maya lipsește de miercuri la vineri", date(2025, 2, 26), date(2025, 2, 28)),
    ],
)
def test_a_small_word_for_at_ends_a_span_that_a_from_opened(text: str, first: date, last: date) -> None:
    base = family("Maya/4", datetime(2025, 2, 25, 8, 0, tzinfo=LONDON))
    found = hear(text, None, load("ro"), base).clauses
    days = [mention.value for clause in found for mention in clause.mentions if mention.kind is Kind.DAYS]
    assert days == [Days(first=first, last=last)]


@pytest.mark.parametrize(
    ("text", "day", "doubtful"),
    [
        ("maya off friday 14, poorly", date(2025, 3, 14), False),
        ("maya off monday 17", date(2025, 3, 17), False),
        ("maya off friday 28", date(2025, 2, 28), False),
        ("maya off friday 7", date(2025, 3, 7), True),
        ("maya off friday 13", date(2025, 2, 28), False),
        ("maya off friday 20 minutes late", date(2025, 2, 28), False),
    ],
)
def test_a_bare_number_beside_its_own_weekday_is_the_day_of_the_month(text: str, day: date, doubtful: bool) -> None:
    found = days_in(text)
    assert found[0].value == Days(first=day, last=day)
    assert bool(found[0].alternatives) == doubtful


@pytest.mark.parametrize(
    ("text", "day"),
    [("pe 12 are control la spital", 12), ("pe data de 12 e la dentist", 12), ("pe 12 nu vine", 12), ("pe 3 perne", 2)],
)
def test_a_verb_behind_a_bare_day_of_the_month_ends_it(text: str, day: int) -> None:
    now = datetime(2026, 3, 2, 7, 45, tzinfo=LONDON)
    assert said(text, family("Maya/4", now), "ro")[0] == date(2026, 3, day)


TUESDAY = datetime(2026, 3, 3, 8, 0, tzinfo=LONDON)
PAST = (date(2026, 2, 27), date(2026, 3, 2))
FRIDAY = (date(2026, 3, 6), date(2026, 3, 6))


@pytest.mark.parametrize(
    ("code", "text", "days"),
    [
        ("en", "Maya was off yesterday and on Friday", PAST), ("en", "Maya was off Monday and Friday", PAST),
        ("pl", "Mai nie było wczoraj i w piątek", PAST),
        ("pl", "Maja była u lekarza i w piątek nie przyjdzie", FRIDAY),
        ("en", "Maya was at the doctor and on Friday she is not in", FRIDAY),
    ],
)  # fmt: skip
def test_a_weekday_beside_a_past_day_is_past_and_one_before_its_verb_is_not(
    code: str, text: str, days: tuple[date, date]
) -> None:
    assert said(text, family("Maya/4", TUESDAY), code) == days


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("en", "Grandad died yesterday, the funeral is on Friday, Maya won't be in"),
        ("pl", "Dziadek zmarł wczoraj, pogrzeb w piątek, Mai nie będzie"),
        ("ro", "Bunicul a murit ieri, înmormântarea e vineri, Maya lipsește vineri"),
    ],
)
def test_the_day_of_a_death_is_no_day_of_absence(code: str, text: str) -> None:
    found = hear(text, None, load(code), family("Maya/4", TUESDAY)).clauses
    days = {mention.value for clause in found for mention in clause.mentions if mention.kind is Kind.DAYS}
    assert days == {Days(first=FRIDAY[0], last=FRIDAY[1])}


def test_an_hour_to_come_is_its_own_whatever_until_stands_before_it() -> None:
    text = "Maja idzie do dentysty w piątek za kwadrans dwunasta"
    found = hear(text, None, load("pl"), family("Maja/4", TUESDAY)).clauses
    times = [mention for clause in found for mention in clause.mentions if mention.kind is Kind.TIME]
    assert [mention.role for mention in times] == ["at"]
