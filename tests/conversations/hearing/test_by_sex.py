"""Words that say boy or girl, among children whose given names say which of them are."""

from __future__ import annotations

import pytest

from conversations.hearing.by_sex import given_names, sex_of_name
from howwasschool.hear import played
from tests.conversations.hearing.families import heard_of

NOW = "2026-03-03T08:00+00:00"


def row(text: str, lang: str, *names: str) -> dict[str, object]:
    """What becomes of a text of a family with these children, the first being the eldest."""
    return heard_of(text, lang, NOW, *names, years=True)


@pytest.mark.parametrize(
    ("lang", "text", "child"),
    [
        ("en", "my daughter is poorly, keeping her home", "Maya"),
        ("en", "my son is poorly, keeping him home", "Leo"),
        ("en", "little man has a tummy ache, not coming in", "Leo"),
        ("pl", "małą rozłożyło, gorączka 38,5, mały jedzie do szkoły normalnie", "Maya"),
        ("ro", "Pe cel mic l-a apucat cufureala de azi noapte, ramane cu mine. Pe cea mare o trimit", "Leo"),
        ("ur", "beti ko bukhar hai nahi aye gi, beta aa raha hai", "Maya"),
        ("ur", "choti ko bukhar hai aaj nahi aaye gi", "Maya"),
        ("ar", "بنتي مريضة اليوم ما رح تيجي", "Maya"),
    ],
)
def test_the_only_boy_or_girl_is_meant(lang: str, text: str, child: str) -> None:
    eldest_last = ("Maya", "Leo") if text.startswith("Pe cel") else ("Leo", "Maya")
    heard = row(text, lang, *eldest_last)
    assert (heard["act"], heard["children"]) == ("file", [f"{child} Kowal"])


def test_the_boys_are_all_of_them() -> None:
    heard = row("the boys are off today with a stomach bug", "en", "George", "Phoebe", "Harry")
    assert (heard["act"], heard["children"]) == ("file", ["George Kowal", "Harry Kowal"])


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("my daughter is poorly, keeping her home", ("Maya", "Ella")),
        ("she's been sick all night so won't be in", ("Leo", "Maya")),
        ("my daughter is poorly, keeping her home", ("Leo", "Alex")),
        ("the girls are off today with a stomach bug", ("Leo", "Maya")),
        ("the boys are off today with a stomach bug", ("Leo", "Maya", "Alex")),
        ("my eldest daughter is poorly, keeping her home", ("Leo", "Maya")),
        ("my husband has flu and he can't bring them, they'll be late", ("Leo", "Maya")),
        ("nan says he's got a temperature so keeping him home", ("Leo", "Maya")),
    ],
)
def test_what_the_names_do_not_tell_is_asked(text: str, names: tuple[str, ...]) -> None:
    heard = row(text, "en", *names)
    assert (heard["act"], heard["children"]) == ("ask", [])


def test_the_boy_who_comes_is_not_filed_for_a_girl_of_whom_we_know_no_word() -> None:
    text = "Azi vă vine doar băiatul, fata doarme cu găleata lângă pat după ce-a dat afară tot din ea"
    assert row(text, "ro", "Leo", "Maya")["act"] == "ask"


def test_she_is_who_was_named_whatever_the_name_tells() -> None:
    heard = row("sorry but Samuel isn't well, keeping her home today", "en", "Samuel", "Maya")
    assert (heard["act"], heard["children"]) == ("file", ["Samuel Kowal"])


def test_a_known_name_of_the_other_sex_tells_nothing() -> None:
    children = [
        {"name": "Benjamin Kowal", "known_as": "Bella", "class": "3A"},
        {"name": "Maya Kowal", "known_as": None, "class": "1A"},
    ]
    text = "my daughter is poorly, keeping her home"
    record = {"id": "t", "lang": "en", "text": text, "now": NOW, "children": children, "context": None}
    assert played(record).row()["act"] == "ask"


def test_he_who_does_harm_is_no_child() -> None:
    text = "Proszę nie dzwonić do domu bo on odbiera. Wczoraj znów mnie pobił, dzieci wszystko widziały"
    heard = row(text, "pl", "Leo", "Maya")
    assert heard["act"] == "safeguarding"
    assert heard["children"] != ["Leo Kowal"]


def test_no_name_is_listed_as_both() -> None:
    assert {sex_of_name(name) for name in ("Alex", "Sam", "Noor", "Jan", "Andrea", "Charlie")} == {None}
    assert (sex_of_name("Ella-Mae"), sex_of_name("Zoë"), sex_of_name("Łukasz")) == ("girl", "girl", "boy")
    assert set(given_names().values()) == {"boy", "girl"}
