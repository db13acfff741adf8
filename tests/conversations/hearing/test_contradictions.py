"""What speaks against filing a text though it tells of an absence, and what does not."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from conversations.acts import Days, Heard, Kind, Part, Topic
from conversations.doubt import Doubt
from conversations.hearing import hear
from conversations.language import load
from tests.conversations.hearing.sentences import LONDON, family

NOW = datetime(2026, 1, 28, 8, 20, tzinfo=LONDON)


def heard(text: str, *, names: str = "Maya/4, Leo/2", now: datetime = NOW) -> Heard:
    return hear(text, None, load("en"), family(names, now), weigh=False)


def children(text: str) -> list[set[str]]:
    return [
        {child for m in clause.mentions if m.kind is Kind.CHILDREN and m.role != "not" for child in m.value}  # type: ignore[union-attr]
        for clause in heard(text).clauses
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Leo was off with a bug, he's back in today",
        "Leo was poorly, he is back today",
        "Leo was off since Monday with a bug, back in today",
        "Leo was off sick. Back at school today",
        "Leo has the dentist at 4pm",
        "Leo has the dentist at ten to four",
        "Leo had his tooth out yesterday",
        "Just realised I never let you know about Leo yesterday, he was not well",
        "I won't be in work today, been up all night with my chest. Can you cover my 10 o'clock",
    ],
)
def test_is_asked_about_first(text: str) -> None:
    assert {Doubt.DATES, Doubt.UNSURE, Doubt.COMPETING} & {*heard(text).doubts}


@pytest.mark.parametrize(
    "text",
    [
        "Leo has a bad back today",
        "Leo is poorly, he won't be back in today",
        "Leo had a nosebleed, keeping him back today",
        "Leo was poorly this morning, back in this afternoon",
        "Leo was off yesterday with a bug, he's back in today",
        "Leo has the dentist at 3.15",
        "Leo has the dentist at 4, I'll get him at 3",
        "Leo is off today, he had his tooth out yesterday",
    ],
)
def test_is_not(text: str) -> None:
    heard_with_weights = hear(text, None, load("en"), family("Maya/4, Leo/2", NOW))
    assert heard_with_weights.clauses
    assert not heard_with_weights.doubts


def test_whose_relative_has_died_leaves_out_no_other_child() -> None:
    text = "Maya's grandad has passed away. I'm coming to get both children, they won't be in this afternoon"
    assert children(text) == [{"Maya", "Leo"}]


def test_a_relative_before_a_childs_name_joins_no_list() -> None:
    text = "Maya's poorly so she's home with nan, and Leo has the dentist at 1.30"
    assert children(text) == [{"Maya"}, {"Leo"}]


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("dentist, he is in until 1", {"collect": time(13)}),
        ("dentist at 9, not in until 1", {"at": time(9), "until": time(13)}),
        ("He'll come late at 10 as he has a blood test at 8.20", {"back": time(10), "at": time(8, 20)}),
        ("I come for him 14.30, he has dentist 15.00", {"collect": time(14, 30), "at": time(15)}),
        ("He has the dentist and won't be in until 11", {"until": time(11)}),
    ],
)
def test_of_two_hours_each_is_what_it_is_for(text: str, roles: dict[str, time]) -> None:
    (clause,) = heard(text, names="Leo/2").clauses
    assert {m.role: m.value for m in clause.mentions if m.kind is Kind.TIME} == roles


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("Leo has a review on Monday at 14:20 at the hospital, he can do the morning, I'll collect him at 1", None),
        ("Leo has the dentist on Monday morning", Part.AM),
        ("Leo was sent home at lunch after being sick. He will be off tomorrow and Friday", None),
        ("Leo was sent home at lunch", Part.PM),
        ("Leo was sent home at lunch yesterday", Part.PM),
        ("Leo was sent home at lunch yesterday, still not right, keeping him off", None),
        ("Leo sent home from school at lunch yesterday, still not right so he won't be in", None),
        ("I am writing to say that Leo is poorly and will be absent", None),
        ("Leo is off for the am only, poorly", Part.AM),
    ],
)
def test_a_half_that_is_missed(text: str, part: Part | None) -> None:
    (clause,) = heard(text).clauses
    assert next((m.value for m in clause.mentions if m.kind is Kind.PART), None) == part


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Leo was sent home from school at lunch yesterday, still not right so he won't be in", None),
        ("Leo was operated on yesterday. The doctor says he is off school for a week", date(2026, 1, 28)),
        ("Leo was in hospital yesterday", date(2026, 1, 27)),
    ],
)
def test_a_day_on_which_it_began_is_none_of_the_absence(text: str, first: date | None) -> None:
    (clause,) = heard(text).clauses
    assert next((m.value.first for m in clause.mentions if isinstance(m.value, Days)), None) == first


@pytest.mark.parametrize("text", ["Leo 10 mins", "Leo 10 mins x", "Morning, Leo 5 mins sorry", "leo 15min"])
def test_a_name_and_minutes_around_the_bell_are_lateness(text: str) -> None:
    (clause,) = heard(text).clauses
    assert clause.topic is Topic.LATENESS


@pytest.mark.parametrize(
    ("text", "hour"), [("Leo 10 mins", 11), ("Leo 10 mins?", 8), ("10 mins", 8), ("Leo screen time 10 mins", 8)]
)
def test_at_another_hour_or_with_more_words_they_are_none(text: str, hour: int) -> None:
    assert not any(each.topic for each in heard(text, now=NOW.replace(hour=hour)).clauses)


def test_an_end_that_is_not_told_of_the_lateness_is_none() -> None:
    (clause,) = heard("we live at my sisters till thursday its 2 buses, Leo is late today").clauses
    assert [m.role for m in clause.mentions if m.kind is Kind.DAYS] == ["on"]


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("car has died, no money for a taxi until friday so Leo cannot come today", ["on"]),
        ("no bus pass until friday so Leo can't come in", ["until"]),
        ("no bus pass, Leo can't come in until friday", ["until"]),
    ],
)
def test_how_long_the_money_is_lacking_ends_no_absence_with_a_day_of_its_own(text: str, roles: list[str]) -> None:
    (clause,) = heard(text).clauses
    assert [m.role for m in clause.mentions if m.kind is Kind.DAYS] == roles


def test_an_ambulance_for_a_relative_makes_no_child_ill() -> None:
    (clause,) = heard("Got a bit of an emergency with my dad, ambulance here, can't get Leo to school").clauses
    assert clause.topic is Topic.ABSENCE_OTHER
    (clause,) = heard("An emergency here, ambulance on its way, Leo won't be in").clauses
    assert clause.topic is Topic.SICKNESS


def test_parents_who_were_up_all_night_are_no_children() -> None:
    assert children("Maya's poorly, both of us up all night. She won't be in") == [{"Maya"}]


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("Leo is off this morning and this afternoon, he has covid", Part.ALL),
        ("in this morning and off this afternoon, headache", Part.PM),
        ("He needs the morning off, headache", Part.AM),
        ("I'm taking him off at 2pm for the dentist", None),
        ("He won't be in until 11, dentist", None),
        ("He's off today 2pm dentist", Part.ALL),
    ],
)
def test_a_half_goes_with_the_absence_beside_it(text: str, part: Part | None) -> None:
    parts = [m.value for clause in heard(text, names="Leo/2").clauses for m in clause.mentions if m.kind is Kind.PART]
    assert parts == ([part] if part else [])


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Maya and Leo both have the dentist tomorrow at 9. Leo isn't bothered, he's in school as normal", True),
        ("Maya and Leo both have a bug, off today. Leo should be in tomorrow", False),
        ("Maya and Leo both have a bug, off today. Thank you", False),
    ],
)
def test_of_two_to_be_filed_one_comes(text: str, *, asked: bool) -> None:
    assert (Doubt.NAMES in heard(text).doubts) is asked


@pytest.mark.parametrize("back", ["", ". Back on Friday", ", back in Friday", ". She'll be back Friday I hope"])
def test_tomorrow_as_well_is_today_too_whatever_is_said_of_the_return(back: str) -> None:
    made = heard(f"Leo has a bug, off tomorrow as well{back}")
    days = [m.value for clause in made.clauses for m in clause.mentions if isinstance(m.value, Days)]
    assert min(each.first for each in days if each.first) == NOW.date()


def test_the_first_day_of_a_week_that_was_told_opens_no_end() -> None:
    text = "Maya ma ospę i nie będzie jej przez cały tydzień, od dziś"
    made = hear(text, None, load("pl"), family("Maya/4", NOW), weigh=False)
    days = [m.value for clause in made.clauses for m in clause.mentions if isinstance(m.value, Days)]
    assert [each.last for each in days] == [date(2026, 1, 30)]


@pytest.mark.parametrize(
    ("code", "text", "role"),
    [
        ("en", "Maya has dentist today, we need to be in Didsbury for 10.30", "at"),
        ("en", "Maya has dentist today, she needs to be back in by 10.30", "back"),
        ("ro", "Maya are dentist azi, trebuie sa fim acolo la 10:30", "at"),
        ("pl", "Maya ma dziś dentystę, musimy tam być na 10:30", "at"),
        ("ur", "Maya ka dentist hai aaj, 10:30 tak wahan hona hai", "at"),
        ("ar", "مايا عندها دكتور أسنان اليوم لازم نكون هناك على 10:30", "at"),
    ],
)
def test_where_they_must_be_at_an_hour_is_the_appointment_and_no_return(code: str, text: str, role: str) -> None:
    made = hear(text, None, load(code), family("Maya/4", NOW), weigh=False)
    hours = [m for clause in made.clauses for m in clause.mentions if m.kind is Kind.TIME]
    assert [(m.value, m.role) for m in hours] == [(time(10, 30), role)]


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Leo is off, his nan has him, so he will be in as normal", True),
        ("Leo is off with a cold, he'll be in tomorrow", False),
        ("Leo is off with a cold, he'll be in once he is better", False),
        ("Leo was off yesterday with a cold, he is in as normal", False),
        ("Leo is off with a cold but Maya is in as normal", False),
        ("Leo is off with a cold but his cousin is in as normal", False),
    ],
)
def test_who_is_away_and_in_by_one_text(text: str, *, asked: bool) -> None:
    assert (Doubt.COMPETING in heard(text).doubts) is asked


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Maya has the dentist today and tomorrow at 2", True),
        ("Maya today in school only to lunch, at 13:20 we have vaccination in the GP", True),
        ("Maya has the dentist tomorrow at 2", False),
        ("Maya has the dentist tomorrow at 2, off for the afternoon", False),
        ("Maya's scan is on Monday, back on Monday, home for two weeks", True),
    ],
)
def test_days_and_hours_that_cannot_all_be_so(text: str, *, asked: bool) -> None:
    assert (Doubt.DATES in heard(text).doubts) is asked


def test_a_week_dates_no_appointment_that_has_a_day() -> None:
    said = heard("Leo has his eyes tested on Thursday at 2, one thing after another this week")
    days = [m.value for clause in said.clauses for m in clause.mentions if m.kind is Kind.DAYS]
    assert days == [Days(first=date(2026, 1, 29), last=date(2026, 1, 29))]


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("Leo has a temperature this morning keeping him home", None),
        ("Leo this morning won't be in", Part.AM),
        ("Leo won't be in this morning, temperature", Part.AM),
    ],
)
def test_a_morning_right_behind_what_ails_him_is_no_half(text: str, part: Part | None) -> None:
    parts = [m.value for clause in heard(text).clauses for m in clause.mentions if m.kind is Kind.PART]
    assert parts == ([part] if part else [])


def test_what_the_weights_are_sure_is_no_report_is_passed_on_though_it_asks() -> None:
    text = "Can you tell me if Mrs Akhtar is off sick? My son says they've had supply all week"
    said = hear(text, None, load("en"), family("Leo/2", NOW))
    assert {clause.topic for clause in said.clauses} == {Topic.OTHER_SCHOOL_MATTER}
    assert not said.doubts


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("en", "I'm fetching Maya at 11 as at 11:45 she has the optician"),
        ("pl", "odbiorę Maję o 11 bo o 11:45 ma okulistę"),
        ("pl", "o 11 odbieram Maję, o 11:45 ma okulistę"),
        ("pl", "o 11:45 okulista odbiorę Maję o 11"),
    ],
)
def test_what_is_said_of_one_hour_is_not_said_of_the_next(code: str, text: str) -> None:
    made = hear(text, None, load(code), family("Maya/4, Leo/2", NOW), weigh=False)
    hours = {m.role: m.value for clause in made.clauses for m in clause.mentions if m.kind is Kind.TIME}
    assert hours == {"collect": time(11), "at": time(11, 45)}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("mają gorączkę", set()),
        ("od rana mają biegunkę", set()),
        ("maja goraczke i zostaja w domu", set()),
        ("dziś Maja zostaje w domu, ma gorączkę", {"Maja"}),
        ("Maja gorączka 38", {"Maja"}),
        ("byłam z Mają u lekarza, ma anginę", {"Maja"}),
    ],
)
def test_by_its_accents_a_verb_is_no_name(text: str, names: set[str]) -> None:
    made = hear(text, None, load("pl"), family("Maja/4, Leo/2", NOW), weigh=False)
    told = {c for clause in made.clauses for m in clause.mentions if m.kind is Kind.CHILDREN for c in m.value}  # type: ignore[union-attr]
    assert told == names


def test_nor_is_it_a_month() -> None:
    made = hear("o 12 mają okulistę", None, load("pl"), family("Maya/4, Leo/2", NOW), weigh=False)
    said = [m.value for clause in made.clauses for m in clause.mentions if m.kind in {Kind.TIME, Kind.DAYS}]
    assert said == [time(12)]


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Leo is in school today but he has a bad cough", True),
        ("Leo is off today but he has only a cough", False),
        ("Maya is in school today but Leo has a bad cough", False),
        ("Leo will be in tomorrow but today he still has a bad cough", False),
    ],
)
def test_who_comes_but_is_not_well_is_asked_about(text: str, *, asked: bool) -> None:
    assert (Doubt.COMPETING in heard(text).doubts) is asked


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Maya is on antibiotics until Friday", True),
        ("Maya is off on antibiotics until Friday", False),
        ("Maya has tonsillitis until Friday", False),
        ("Maya has tonsillitis, off until Friday, on antibiotics", False),
    ],
)
def test_the_last_day_of_a_medicine_is_no_last_day_away(text: str, *, asked: bool) -> None:
    assert (Doubt.COMPETING in heard(text).doubts) is asked


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Leo has an appointment today, I'm collecting him at 5", True),
        ("Leo has an appointment today, I'm collecting him at 2", False),
        ("Leo has the dentist at 4 today, I'm collecting him at 3.30", False),
    ],
)
def test_who_is_fetched_after_school_misses_nothing(text: str, *, asked: bool) -> None:
    assert (Doubt.UNSURE in heard(text).doubts) is asked


@pytest.mark.parametrize(
    ("code", "text", "asked"),
    [
        ("ro", "Maya da, Leo nu, e bolnav", True),
        ("ro", "Leo nu, e bolnav. Maya da", True),
        ("ro", "Maya da, are febră", False),
        ("pl", "Maya tak, Leo nie, jest chory", True),
        ("pl", "Maya jest chora, Leo idzie do szkoły", False),
    ],
)
def test_of_whom_is_answered_yes_for_nothing_is_filed_unasked(code: str, text: str, *, asked: bool) -> None:
    made = hear(text, None, load(code), family("Maya/4, Leo/2", NOW), weigh=False)
    assert (Doubt.COMPETING in made.doubts) is asked


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Leo is poorly and his sister has a temperature", True),
        ("Maya has the doctor tomorrow at 11 and her brother Leo is coming with us", True),
        ("Maya has the doctor tomorrow at 11, Leo is coming along", True),
        ("Maya has the doctor tomorrow at 11, Leo is in school", False),
        ("Leo is poorly, his sister is fine and coming in", False),
    ],
)
def test_of_two_children_the_other_may_be_the_one_beside_whom_we_file(text: str, *, asked: bool) -> None:
    assert (Doubt.OTHER_SUBJECT in heard(text).doubts) is asked


@pytest.mark.parametrize(
    ("code", "text"),
    [("ar", "مايا تعبانة من الجمعة ولسه تعبانة"), ("pl", "Maya jest chora od piątku i nadal gorączkuje")],
)
def test_since_a_day_and_still_is_no_day_ahead(code: str, text: str) -> None:
    clauses = hear(text, None, load(code), family("Maya/4, Leo/2", NOW), weigh=False).clauses
    days = [m.value for clause in clauses for m in clause.mentions if isinstance(m.value, Days)]
    assert clauses
    assert all(each.first is None or each.first <= NOW.date() for each in days)


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("en", "It's Eid on Friday but Maya will be in school"), ("en", "Tomorrow is Diwali but Maya will be in"),
        ("pl", "W piątek Eid, ale Maya przyjdzie do szkoły"), ("ro", "E Eid vineri, dar Maya vine la școală"),
    ],
)  # fmt: skip
def test_a_feast_on_which_the_child_comes_is_no_leave(code: str, text: str) -> None:
    assert Topic.LEAVE not in {clause.topic for clause in hear(text, None, load(code), family("Maya/4", NOW)).clauses}


def test_a_day_back_after_a_feast_leaves_the_feast_off() -> None:
    topics = {clause.topic for clause in heard("It's Eid on Friday, Maya will be back in school on Monday").clauses}
    assert topics & {Topic.LEAVE, Topic.ABSENCE_OTHER}
