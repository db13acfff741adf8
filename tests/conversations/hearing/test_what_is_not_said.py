"""What a text does not say is not filed: no half that is attended, no illness of which nobody spoke, no other child."""

from __future__ import annotations

import pytest

from tests.conversations.hearing.families import heard_of

NOW = "2026-02-02T08:00+00:00"


def row(text: str, lang: str = "en", *names: str) -> dict[str, object]:
    """What becomes of a text of a family with these children."""
    return heard_of(text, lang, NOW, *(names or ("Leo",)))


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "The funeral is at 2 on Thursday, Leo can come in the morning"),
        ("en", "Leo can come in for the morning on Thursday, then it's grandad's funeral"),
        ("pl", "Pogrzeb w czwartek o 14, Leo rano będzie w szkole"),
        ("ro", "Inmormantarea e joi la 2, Leo vine dimineata la scoala"),
        ("ur", "jumeraat ko 2 baje janaza hai, Leo subah school aaye ga"),
        ("ar", "الجنازة الخميس الساعة 2، ليو الصبح بيداوم"),
    ],
)
def test_the_half_that_is_attended_is_not_the_one_missed(lang: str, text: str) -> None:
    heard = row(text, lang)
    assert (heard["intent"], heard["start"], heard["part"]) == ("leave", "2026-02-05", "pm")


@pytest.mark.parametrize(
    ("lang", "text", "start", "end"),
    [
        ("en", "Leo is off until next Tuesday, 10 February", "02-02", "02-10"),
        ("ro", "Leo are varicela, sta acasa pana martea viitoare, 10 februarie", "02-02", "02-10"),
        ("en", "We have a funeral on Friday, Leo will be in school Thursday", "02-06", "02-06"),
        ("en", "funeral Thursday in Leeds, travelling up Wednesday night, Leo back on Friday", "02-05", "02-05"),
        ("en", "We fly on Thursday 12th and land back on Tuesday 17th, Leo would be in school Wed", "02-12", "02-17"),
    ],
)
def test_days_of_a_journey_and_of_a_date(lang: str, text: str, start: str, end: str) -> None:
    heard = row(text, lang)
    assert (heard["start"], heard["end"]) == (f"2026-{start}", f"2026-{end}")


def test_no_illness_is_made_of_days_alone() -> None:
    heard = row("Leo has been off since Thursday, back tomorrow")
    assert (heard["intent"], heard["reason_category"]) == ("absence_other", "unspecified")


@pytest.mark.parametrize(
    ("text", "act", "whom"),
    [
        ("just Leo for you today, the other one has been throwing up all night", "file", ["Maya Kowal"]),
        ("Leo is ill, the other one is fine and coming in", "file", ["Leo Kowal"]),
        ("only Leo is coming in today, the other has been sick all night", "ask", ["Leo Kowal"]),
    ],
)
def test_behind_one_who_comes_another_may_be_ill(text: str, act: str, whom: list[str]) -> None:
    heard = row(text, "en", "Leo", "Maya")
    assert (heard["act"], heard["children"]) == (act, whom)


@pytest.mark.parametrize(
    "text",
    [
        "Leo's sister is ill but he is in",
        "They found worms at his little brother's nursery. Leo isn't scratching so I sent him in as normal",
    ],
)
def test_who_was_sent_in_is_not_filed(text: str) -> None:
    assert row(text, "en", "Leo", "Maya")["act"] != "file"


def test_of_two_in_one_clause_each_keeps_an_illness() -> None:
    heard = row("نور مريضة اليوم وبكرا معها كريب، وأخوها سامي بس اليوم عم يستفرغ", "ar", "Nour", "Sami")
    assert heard["act"] == "ask"
