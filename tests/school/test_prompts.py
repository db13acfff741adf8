"""How was school? Asked of one adult a family, once a week, and only of children who were in school all day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session as DatabaseSession

from bot.clock import Today
from bot.jobs import JOBS
from school.absences import state_absences
from school.notes import NewNote, add_notes
from school.outings import NewOuting, add_outing
from school.prompt_answers import DayAnswer, set_quiet, tell_days
from school.prompt_pauses import set_pause
from school.prompt_topics import NoSuchClass, TopicRefused, set_topic
from school.prompt_trends import trends
from school.prompts import ask_how_was_school
from school.records.attendance import RegisterMark
from school.records.database import Database
from school.records.leave import LeaveRequest, LeaveSession
from school.records.messaging import InboxRow
from school.records.people import Address, Contact, Line, Pupil, Right, School
from school.records.prompting import Prompt, PromptChild
from school.records.staff import Hold, LedgerRow, StaffItem
from school.rules.calendar import weekdays_only
from school.settings import SchoolSettings, SettingRefused, change_settings
from tests.school.made_up import EARLY, FATHER, GRAN, LEO, MONDAY, MOTHER, SAM, add_family, add_right, said

HOUR = datetime(2026, 11, 23, 15, 45, tzinfo=UTC)
UNTIL = HOUR.replace(hour=19, minute=0)
WEEK = timedelta(weeks=1)


@pytest.fixture
def school(database: Database) -> Iterator[DatabaseSession]:
    """The Oakes family, who have phones, in a school that pays for texts; both children were in school."""
    with database.write() as session:
        add_family(session)
        session.add(Line(school_id="s", id="line", channel="sms", address="+447700900000"))
        choose(session, prompts=True, prompts_by_sms=True)
        mark(session, SAM)
        mark(session, LEO)
        yield session


def choose(session: DatabaseSession, **chosen: Any) -> None:
    change_settings(session, session.get_one(School, "s"), chosen, actor="system", now=EARLY)


def mark(session: DatabaseSession, pupil: str, code: str = "/", half: str = "AM", day: date = MONDAY) -> None:
    facts: dict[str, Any] = {"taken_at": EARLY, "taken_by": "user:u", "version": 1}
    session.merge(RegisterMark(school_id="s", pupil_id=pupil, day=day, session=half, code=code, **facts))
    session.flush()


def ask(session: DatabaseSession, day: date = MONDAY) -> dict[str, list[str]]:
    """Whom it is asked of that day, and about whom."""
    at = HOUR + (day - MONDAY)
    made = ask_how_was_school(session, "s", day, now=at, until=at.replace(hour=19, minute=0))
    session.flush()
    return {
        each.contact_id: sorted(session.scalars(select(PromptChild.pupil_id).where(PromptChild.prompt_id == each.id)))
        for each in made
    }


# Whom -----------------------------------------------------------------------------------------


def test_siblings_are_one_message_to_the_first_who_may_be_told(school):
    assert ask(school) == {MOTHER: [LEO, SAM]}
    row = school.scalars(select(InboxRow)).one()
    assert row.payload["flow"] == "how_was_school"
    assert row.payload["purpose"] == "prompt"
    assert row.payload["fills"]["who"] == [LEO, SAM]
    assert row.payload["fills"]["first"] is True
    assert datetime.fromisoformat(row.payload["until"]) == UNTIL


def test_with_whom_the_child_is_this_week_is_asked(school):
    for contact, week in ((MOTHER, "A"), (FATHER, "B")):
        for pupil in (SAM, LEO):
            right = school.get_one(Right, ("s", contact, pupil))
            right.care_week, right.lives_with = week, True
    school.flush()
    # The Monday of a week A is 31 August 2026; twelve weeks later it is A again.
    assert ask(school) == {MOTHER: [LEO, SAM]}
    for pupil in (SAM, LEO):
        mark(school, pupil, day=MONDAY + WEEK)
    assert ask(school, MONDAY + WEEK) == {FATHER: [LEO, SAM]}


def test_care_rule_22_who_is_quiet_is_not_asked_nor_is_the_other_home_instead(school):
    for pupil in (SAM, LEO):
        school.get_one(Right, ("s", MOTHER, pupil)).lives_with = True
    set_quiet(school, "s", [MOTHER], quiet=True, now=EARLY)
    assert ask(school) == {}
    set_quiet(school, "s", [MOTHER], quiet=False, now=EARLY)
    assert ask(school) == {MOTHER: [LEO, SAM]}


def test_care_rule_22_prompts_are_off_until_the_school_switches_them_on():
    assert SchoolSettings().prompts is False
    assert SchoolSettings().prompts_by_sms is False


def test_where_one_at_home_cannot_be_reached_the_other_is_asked(school):
    school.get_one(Address, ("s", f"a-{MOTHER}")).quarantined_at = EARLY
    assert ask(school) == {FATHER: [LEO, SAM]}


def test_without_a_chat_nobody_is_asked_unless_the_school_pays_for_texts(school):
    choose(school, prompts_by_sms=False)
    assert ask(school) == {}


def test_one_parent_who_is_held_twice_with_one_phone_gets_one_message(school):
    school.add(Contact(school_id="s", id="mother-2", external_id="mother-2", name="mother"))
    school.flush()
    phone = school.get_one(Address, ("s", f"a-{MOTHER}")).address
    school.add(Address(school_id="s", id="a-2", contact_id="mother-2", channel="sms", address=phone))
    for contact in (MOTHER, FATHER, GRAN):
        school.delete(school.get_one(Right, ("s", contact, LEO)))
    add_right(school, "mother-2", LEO, may_report=True, may_be_told=True)
    school.flush()
    found = ask(school)
    assert list(found.values()) == [[LEO, SAM]]


def test_a_social_worker_is_never_asked(school):
    for contact in (MOTHER, FATHER, GRAN):
        for pupil in (SAM, LEO):
            school.get_one(Right, ("s", contact, pupil)).social_worker = True
    school.flush()
    assert ask(school) == {}


def test_a_family_is_asked_once_a_week_and_only_the_first_time_how_to_have_none(school):
    assert ask(school) == {MOTHER: [LEO, SAM]}
    mark(school, SAM, day=MONDAY + timedelta(days=2))
    assert ask(school, MONDAY + timedelta(days=2)) == {}
    mark(school, SAM, day=MONDAY + WEEK)
    assert ask(school, MONDAY + WEEK) == {MOTHER: [SAM]}
    last = school.scalars(select(InboxRow).order_by(InboxRow.id.desc())).first()
    assert "first" not in last.payload["fills"]


# Which children -------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["I", "N", "O", "U", "M", "E", "V", "B", "D", "#"])
@pytest.mark.parametrize("half", ["AM", "PM"])
def test_no_child_is_asked_about_who_was_not_in_school_all_day(school, code, half):
    mark(school, SAM, code, half)
    assert ask(school) == {MOTHER: [LEO]}


def test_no_mark_is_no_day_in_school(school):
    school.delete(school.get_one(RegisterMark, ("s", SAM, MONDAY, "AM")))
    school.flush()
    assert ask(school) == {MOTHER: [LEO]}


def test_what_was_said_or_noted_of_the_day_counts_beside_the_register(school):
    state_absences(school, [said()], now=EARLY)
    note = NewNote(school_id="s", pupil_id=LEO, day=MONDAY, kind="sent_home_ill", by="user:u")
    add_notes(school, [note], now=EARLY)
    assert ask(school) == {}


def test_a_late_child_had_a_day_in_school(school):
    mark(school, SAM, "L")
    state_absences(school, [said(kind="lateness")], now=EARLY)
    assert ask(school) == {MOTHER: [LEO, SAM]}


def test_nobody_is_asked_about_a_child_on_a_trip_and_an_exam_is_none(school):
    add_outing(school, "s", NewOuting(day=MONDAY, kind="exam", class_name="3A"), actor="user:u", now=EARLY)
    assert ask(school) == {MOTHER: [LEO, SAM]}
    add_outing(school, "s", NewOuting(day=MONDAY + WEEK, kind="trip", year="3"), actor="user:u", now=EARLY)
    mark(school, SAM, day=MONDAY + WEEK)
    assert ask(school, MONDAY + WEEK) == {}


def test_care_rule_17_after_a_death_no_sibling_is_asked_about_until_staff_lift_it(school):
    dead = said(reason_category="bereavement", kind="absence_other", day=MONDAY - timedelta(days=20))
    state_absences(school, [dead], now=EARLY)
    assert ask(school) == {}
    set_pause(school, school.get_one(Pupil, ("s", SAM)), on=False, actor="user:u", now=EARLY + timedelta(minutes=1))
    assert ask(school) == {MOTHER: [LEO, SAM]}
    again = said(FATHER, reason_category="bereavement", kind="absence_other", at=EARLY + timedelta(hours=1))
    state_absences(school, [again], now=EARLY + timedelta(hours=1))
    mark(school, LEO, day=MONDAY + WEEK)
    assert ask(school, MONDAY + WEEK) == {}


def test_care_rule_17_a_death_that_leave_was_asked_for_counts_too(school):
    facts = {"thread_id": "t", "frame": "f", "reason": "bereavement", "asked_at": EARLY}
    school.add(LeaveRequest(school_id="s", id="l", first=MONDAY - WEEK, last=MONDAY - WEEK, **facts))
    school.flush()
    school.add(LeaveSession(school_id="s", id="l1", request_id="l", pupil_id=LEO, day=MONDAY - WEEK, session="AM"))
    school.flush()
    assert ask(school) == {}
    set_pause(school, school.get_one(Pupil, ("s", LEO)), on=False, actor="user:u", now=EARLY + timedelta(minutes=1))
    assert ask(school) == {MOTHER: [LEO, SAM]}


def test_staff_may_pause_a_family(school):
    set_pause(school, school.get_one(Pupil, ("s", LEO)), on=True, actor="user:u", now=EARLY)
    assert ask(school) == {}


def test_care_rule_1_a_family_that_is_held_is_not_asked(school):
    for pupil in (SAM, LEO):
        school.add(Hold(school_id="s", id=f"h-{pupil}", pupil_id=pupil, at=EARLY))
    school.flush()
    assert ask(school) == {}


# When -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "chosen", "is_due"),
    [
        (26, {}, False),
        (26, {"prompts": True}, True),
        (23, {"prompts": True}, False),
        (23, {"prompts": True, "prompts_on": "monday"}, True),
    ],
)
def test_the_job_is_due_on_the_schools_weekday_alone_and_only_where_it_is_switched_on(day, chosen, is_due):
    job = next(job for job in JOBS if job.name == "how_was_school")
    settings = SchoolSettings(**chosen)
    today = Today(school_id="s", day=date(2026, 11, day), calendar=weekdays_only(), settings=settings)
    assert [at.hour for at in job.due(today)] == ([15] if is_due else [])
    closed = Today(school_id="s", day=today.day, calendar=weekdays_only([today.day]), settings=settings)
    assert list(job.due(closed)) == []


@pytest.mark.parametrize("wrong", [{"prompts_at": "19:01"}, {"prompts_at": "07:29"}, {"prompts_on": "sunday"},
                                   {"prompts": "yes"}, {"prompts_low_days": 1}])  # fmt: skip
def test_a_setting_that_would_text_at_night_or_makes_no_sense_is_refused(school, wrong):
    with pytest.raises(SettingRefused):
        choose(school, **wrong)


# Answers --------------------------------------------------------------------------------------


def told(prompt: str, pupil: str, mood: str | None, *, at: datetime = HOUR, school_id: str = "s") -> DayAnswer:
    return DayAnswer(
        school_id=school_id,
        prompt_id=prompt,
        pupil_id=pupil,
        mood=mood,
        contact_id=MOTHER,
        message_id=None,
        at=at,
    )


def answer(session: DatabaseSession, mood: str | None, week: int = 0, pupil: str = SAM) -> None:
    """Sam's family is asked that week, and answers."""
    # Up to this Monday, so that no holiday is among them.
    at = HOUR + (week - 6) * WEEK
    day = at.date()
    mark(session, pupil, day=day)
    ask(session, day)
    row = session.scalars(select(PromptChild).where(PromptChild.pupil_id == pupil, PromptChild.week == day)).one()
    tell_days(session, [told(row.prompt_id, pupil, mood, at=at)], now=at)


def notes(session: DatabaseSession) -> list[StaffItem]:
    return list(session.scalars(select(StaffItem).where(StaffItem.why == "low_days").order_by(StaffItem.id)))


def test_three_hard_days_in_a_row_are_one_note_and_the_next_comes_at_six(school):
    for week, mood in enumerate(["low", None, "low", "low", "low", "low", "low"]):
        answer(school, mood, week)
    assert [(item.pupil_ids, item.detail["days"]) for item in notes(school)] == [([SAM], 3), ([SAM], 6)]


def test_a_better_day_begins_the_count_anew(school):
    for week, mood in enumerate(["low", "low", "ok", "low", "low"]):
        answer(school, mood, week)
    assert notes(school) == []


def test_the_ledger_says_that_it_was_answered_and_not_how(school):
    answer(school, "low")
    school.flush()
    rows = school.scalars(select(LedgerRow).where(LedgerRow.verb == "answer_prompt")).all()
    assert all("low" not in str(row.detail) for row in rows)


def test_an_answer_to_another_schools_prompt_changes_nothing(school):
    add_family(school, "t")
    answer(school, "good")
    row = school.scalars(select(PromptChild).where(PromptChild.pupil_id == SAM)).one()
    assert tell_days(school, [told(row.prompt_id, SAM, "low", school_id="t")], now=HOUR) == []
    assert row.mood == "good"


def test_trends_have_no_names_and_hide_what_few_stand_behind(school):
    ask(school)
    prompt = school.scalars(select(Prompt)).one()
    tell_days(school, [told(prompt.id, SAM, "low"), told(prompt.id, LEO, "good")], now=HOUR)
    assert [each.count for each in trends(school, "s", MONDAY, MONDAY, by_class=True)] == [None, None]
    choose(school, prompts_smallest_group=2)
    counts = [each.count for each in trends(school, "s", MONDAY, MONDAY, by_class=True)]
    assert [count and (count.asked, count.answered, count.moods) for count in counts] == [
        (2, 2, {"good": 1, "ok": 0, "low": 1})
    ] * 2


# Topics ---------------------------------------------------------------------------------------


def test_a_topic_stands_in_for_the_question_of_its_class_and_week_but_not_the_first_time(school):
    topic = set_topic(school, "s", "3A", MONDAY + WEEK, {"en": "volcanoes."}, actor="user:u", now=EARLY)
    assert topic.words == {"en": "volcanoes"}
    ask(school)
    mark(school, SAM, day=MONDAY + WEEK)
    ask(school, MONDAY + WEEK)
    topics = [row.topic_id for row in school.scalars(select(Prompt).order_by(Prompt.id))]
    assert topics == [None, topic.id]


def test_siblings_of_two_classes_get_the_question_of_the_week(school):
    school.get_one(Pupil, ("s", LEO)).class_name = "5B"
    ask(school)
    set_topic(school, "s", "3A", MONDAY + WEEK, {"en": "volcanoes"}, actor="user:u", now=EARLY)
    for pupil in (SAM, LEO):
        mark(school, pupil, day=MONDAY + WEEK)
    ask(school, MONDAY + WEEK)
    assert school.scalar(select(func.count()).select_from(Prompt).where(Prompt.topic_id.is_not(None))) == 0


@pytest.mark.parametrize("words", ["", "  ", "x" * 29, "see www.example.org", "a.b", "fun 🎉", "http://x", "a\nb\x00"])
def test_what_cannot_be_sent_is_refused(school, words):
    with pytest.raises(TopicRefused):
        set_topic(school, "s", "3A", MONDAY, {"en": words}, actor="user:u", now=EARLY)


def test_a_class_of_nobody_has_no_topic(school):
    with pytest.raises(NoSuchClass):
        set_topic(school, "s", "9Z", MONDAY, {"en": "maps"}, actor="user:u", now=EARLY)
