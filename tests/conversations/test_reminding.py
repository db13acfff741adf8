"""A question about leave that nobody answers is called to mind once, in office hours, and then a person has it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from conversations.acts import AbsenceStated, NeedsPerson
from conversations.asked import LeaveAsked
from tests.conversations.phone import LONDON, MAYA, OPENS, TUESDAY, Phone

ASKS = "can Maya be off from 16 to 18 March please, holiday request"


def asked(day: date = TUESDAY, at: time = time(9, 0), **more: object) -> Phone:
    """A phone on which a request stands read back."""
    phone = Phone(children=(MAYA,), now=datetime.combine(day, at, LONDON))
    for name, value in more.items():
        setattr(phone, name, value)
    assert [say.key for say in phone.text(ASKS).says] == ["leave.sure"]
    return phone


def keys(phone: Phone, **wait: float) -> list[list[str]]:
    """What is said while that time passes, a list for each time that the timer goes off."""
    return [[say.key for say in made.says] for made in phone.wait(**wait)]


def test_it_is_called_to_mind_once_and_then_a_person_has_it() -> None:
    phone = asked()
    assert keys(phone, hours=4) == [["leave.reminder", "leave.sure"]]
    assert keys(phone, hours=23) == []
    assert keys(phone, hours=1) == [[]]
    assert phone.reasons == ["unanswered"]
    assert keys(phone, days=9) == []


def test_the_number_counts_after_the_reminder_and_files_nothing_after_the_silence() -> None:
    phone = asked()
    phone.wait(hours=5)
    assert [type(each) for each in phone.text("1").effects] == [LeaveAsked]
    phone = asked()
    phone.wait(days=2)
    made = phone.text("1")
    assert ([say.key for say in made.says], made.effects) == (["moved_on"], ())


@pytest.mark.parametrize(
    ("day", "at", "comes"),
    [
        (TUESDAY, time(12, 0), datetime(2026, 3, 4, 8, 0, tzinfo=LONDON)),
        (TUESDAY, time(23, 30), datetime(2026, 3, 4, 12, 0, tzinfo=LONDON)),
        (date(2026, 3, 6), time(15, 0), datetime(2026, 3, 9, 11, 0, tzinfo=LONDON)),
    ],
)
def test_it_comes_within_the_schools_hours_alone(day: date, at: time, comes: datetime) -> None:
    phone = Phone(children=(MAYA,), now=datetime.combine(day, at, LONDON))
    phone.text("can we have time off for Maya please")
    while phone.wake is not None and not any(say.key == "leave.reminder" for say in phone.turns[-1].says):
        phone.wait(seconds=max(0.0, phone.wake[0].timestamp() - phone.now.timestamp()))
    assert phone.now.timestamp() == comes.timestamp()
    assert phone.now.astimezone(LONDON).time() >= OPENS


@pytest.mark.parametrize(
    ("asked_at", "comes"),
    [
        (datetime(2026, 3, 27, 17, 0, tzinfo=LONDON), datetime(2026, 3, 30, 12, 0, tzinfo=LONDON)),
        (datetime(2026, 10, 23, 17, 0, tzinfo=LONDON), datetime(2026, 10, 26, 12, 0, tzinfo=LONDON)),
    ],
)
def test_mondays_noon_is_mondays_noon_also_where_the_clocks_changed_on_sunday(
    asked_at: datetime, comes: datetime
) -> None:
    made = Phone(children=(MAYA,), now=asked_at).text("can we have time off for Maya please")
    assert made.wake is not None
    assert asked_at.timestamp() + made.wake.after.total_seconds() == comes.timestamp()


@pytest.mark.parametrize("quiet", ["held", "lead_holds", "staff_speaking"])
def test_rule_1_nothing_is_said_where_nothing_may_be_started_and_a_person_has_it_all_the_same(quiet: str) -> None:
    phone = asked()
    setattr(phone, quiet, True)
    assert keys(phone, days=3) == [[], []]
    assert phone.reasons == ["unanswered"]


def test_a_school_that_wants_none_reminds_nobody() -> None:
    phone = asked(reminds=None)
    assert keys(phone, hours=24) == [[]]
    assert phone.reasons == ["unanswered"]


def test_a_report_beside_the_request_is_filed_by_silence_as_ever() -> None:
    phone = asked()
    phone.text("she may be off with a cold on thursday or friday")
    phone.wait(days=4)
    told = [each for made in phone.turns for each in made.effects if isinstance(each, AbsenceStated | NeedsPerson)]
    assert told
    assert phone.state.stack == ()


def test_a_request_that_was_reminded_of_is_not_again_after_another_question() -> None:
    phone = asked()
    phone.wait(hours=4)
    phone.text("make it from 17 to 18 March")
    said = [key for each in keys(phone, days=3) for key in each]
    assert "leave.reminder" not in said


def test_what_was_asked_before_the_mark_was_known_is_called_to_mind_once() -> None:
    phone = asked()
    phone.state = replace(phone.state, stack=tuple(replace(each, reminded=False) for each in phone.state.stack))
    said = [key for each in keys(phone, days=4) for key in each]
    assert said.count("leave.reminder") == 1
    assert phone.now - timedelta(days=4) == datetime.combine(TUESDAY, time(9, 0), LONDON)
