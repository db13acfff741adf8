"""Hours as five languages say them, over a grid: on the hour, a quarter past, half past, a quarter to, ten to."""

from __future__ import annotations

import pytest

from howwasschool.hear import played

# How "the dentist at ..." is said, with a place for the hour.
VISITS = {
    "en": "Adam dentist today at {}",
    "pl": "Adam ma dziś dentystę {}",
    "ro": "Adam are dentist azi la {}",
    "ur": "Adam ka aaj dentist hai {} baje",
    "ar": "موعد اسنان آدم اليوم الساعة {}",
}
HOURS = range(9, 15)
NAMES = {
    "en": "nine ten eleven twelve one two three",
    "pl": "dziewiątej dziesiątej jedenastej dwunastej trzynastej czternastej piętnastej",
    "pl.next": "dziewiąta dziesiąta jedenasta dwunasta trzynasta czternasta piętnasta",
    "ro": "nouă zece unsprezece douăsprezece unu două trei",
    "ur": "nau das gyarah barah ek do teen",
    "ar": "التاسعة العاشرة الحادية_عشرة الثانية_عشرة الواحدة الثانية الثالثة",
    "ar.spoken": "تسعة عشرة حداشر اطناشر وحدة تنتين تلاتة",
}
# What is said of an hour, and of the one after it: the minutes that it means.
SAID = [
    ("en", "{}", 0), ("en", "half {}", 30), ("en", "quarter past {}", 15), ("en", "quarter to {next}", 45),
    ("en", "{} fifteen", 15), ("en", "ten to {next}", 50), ("en", "{} forty five", 45), ("en", "twenty past {}", 20),
    ("pl", "o {}", 0), ("pl", "o wpół do {next}", 30), ("pl", "kwadrans po {}", 15), ("pl", "za kwadrans {plain}", 45),
    ("pl", "o {} trzydzieści", 30), ("pl", "za dziesięć {plain}", 50), ("pl", "o {} czterdzieści pięć", 45),
    ("ro", "{}", 0), ("ro", "{} și jumătate", 30), ("ro", "{} și un sfert", 15), ("ro", "{next} fără un sfert", 45),
    ("ro", "{next} fără zece", 50), ("ro", "{} și douăzeci", 20), ("ro", "{} patruzeci și cinci", 45),
    ("ur", "{}", 0), ("ur", "sawa {}", 15), ("ur", "paune {next}", 45),
    ("ar", "{}", 0), ("ar", "{} ونص", 30), ("ar", "{} وربع", 15), ("ar", "{next} إلا ربع", 45),
    ("ar", "{} وثلث", 20), ("ar", "{} وعشر دقائق", 10), ("ar", "{next} إلا عشر دقائق", 50),
]  # fmt: skip


def hour_heard(text: str, lang: str) -> object:
    """The hour that is heard of an appointment."""
    children = [{"name": "Adam Nowak", "known_as": None, "class": "3A"}]
    record = {"id": "t", "lang": lang, "text": text, "now": "2026-03-03T08:00:00+00:00"}
    return played({**record, "children": children, "context": None}).row()["time"]


@pytest.mark.parametrize(("lang", "said", "minutes"), SAID)
@pytest.mark.parametrize("names", ["", ".spoken"])
def test_every_hour_is_heard_as_it_is_said(lang: str, said: str, minutes: int, names: str) -> None:
    words = [word.replace("_", " ") for word in NAMES.get(lang + names, NAMES[lang]).split()]
    plain = NAMES.get(f"{lang}.next", NAMES[lang]).split()
    for at, hour in enumerate(HOURS):
        text = VISITS[lang].format(said.format(words[at], next=words[at + 1], plain=plain[at + 1]))
        assert hour_heard(text, lang) == f"{hour:02d}:{minutes:02d}", text


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("Adam will be in at 5 to 10", "09:55"),
        ("Adam has the dentist from 10 to 12 today", "10:00"),
        ("Adam will be in about twenty to ten", "09:40"),
        ("Adam dentist 0915 today", "09:15"),
    ],
)
def test_figures_before_an_hour_are_minutes_only_where_they_are_led_to(text: str, hour: str) -> None:
    assert hour_heard(text, "en") == hour
