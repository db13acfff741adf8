"""What a parent told of a day and did not settle: remembered while our question is open, and once a person has it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from typing import cast

import pytest

from conversations.acts import Json
from conversations.unsettled import MOST, Unsettled, dumped, loaded, unsettled, until_of
from tests.conversations.phone import MAYA, SAM, TUESDAY, Phone, at
from tests.conversations.test_repeating import DOUBTED

DAY = TUESDAY
WEDNESDAY = DAY + timedelta(days=1)


def after_text(phone: Phone, words: str, before: tuple[Unsettled, ...] = ()) -> tuple[Unsettled, ...]:
    made = phone.text(words)
    return unsettled(before, made.state, made.effects, phone.context)


def days_of(told: tuple[Unsettled, ...]) -> dict[str, tuple[date, date | None]]:
    return {each.child: (each.first, each.last) for each in told}


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        (DOUBTED, DAY, DAY),
        ("is it ok if maya stays off till friday with a tummy bug?", DAY, DAY + timedelta(days=3)),
        ("can maya have tomorrow off for a wedding?", WEDNESDAY, WEDNESDAY),
    ],
)
def test_what_is_asked_about_is_unsettled_for_its_days(words: str, first: date, last: date) -> None:
    assert days_of(after_text(Phone(children=(MAYA,)), words)) == {MAYA.id: (first, last)}


def test_where_nobody_was_named_it_may_be_any_of_them_today() -> None:
    told = days_of(after_text(Phone(children=(MAYA, SAM)), "poorly"))
    assert told == {MAYA.id: (DAY, DAY), SAM.id: (DAY, DAY)}


def test_what_is_filed_or_taken_back_is_settled() -> None:
    assert after_text(Phone(children=(MAYA,)), "maya has a tummy bug, not in today") == ()
    for answer in ("1", "2"):
        phone = Phone(children=(MAYA,))
        told = after_text(phone, DOUBTED)
        assert told, DOUBTED
        assert after_text(phone, answer, told) == (), answer


def test_no_text_and_nothing_of_the_schools_own_asking_is_unsettled() -> None:
    assert after_text(Phone(children=(MAYA,)), "what time is football") == ()


def test_what_silence_handed_to_a_person_stays_until_its_days_are_past() -> None:
    phone = Phone(children=(MAYA,))
    told = after_text(phone, DOUBTED)
    *_, made = phone.wait(hours=3)
    told = unsettled(told, made.state, made.effects, phone.context)
    assert [(each.child, each.with_staff) for each in told] == [(MAYA.id, True)]
    assert after_text(phone, "what time is football", told) == told
    later = replace(phone.context, now=at(phone, WEDNESDAY, time(8, 0)).context.now)
    assert unsettled(told, made.state, (), later) == ()


def test_it_is_kept_as_ids_and_days_and_never_grows_without_end() -> None:
    told = (
        Unsettled(message="m", child="c", first=DAY, last=None, with_staff=True),
        Unsettled(message="n", child="c", first=DAY, last=WEDNESDAY),
    )
    assert loaded(cast("list[list[Json]]", dumped(told))) == told
    assert until_of(told) == date.max
    assert until_of(told[1:]) == WEDNESDAY
    assert until_of(()) is None
    many = tuple(Unsettled(message=f"m{n}", child="c", first=DAY, last=None, with_staff=True) for n in range(MOST + 5))
    phone = Phone(children=(MAYA,))
    kept = unsettled(many, phone.state, (), phone.context)
    assert kept == many[-MOST:]
