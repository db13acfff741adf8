"""Half past midnight in summer is a new day at school, and yesterday in UTC: what counts days counts the school's."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from bot.contexts import scenes
from school.absences import state_absences
from school.attendance_figures import bereaved
from school.prompt_pauses import set_pause
from school.records import queues
from school.records.database import Database
from school.records.messaging import Thread
from school.records.people import Pupil
from tests.school.made_up import EARLY, LEO, MOTHER, PHONES, add_family, said

# The evening of the 9th by the school's clock, and half past midnight of the 10th: both are the 9th in UTC.
EVENING, NIGHT = "2026-06-09T22:30Z", "2026-06-09T23:30Z"


@pytest.fixture
def records(database: Database) -> Database:
    with database.write() as session:
        add_family(session)
        facts = {"channel": "sms", "address": PHONES[MOTHER], "last_at": EARLY, "created_at": EARLY}
        session.add(Thread(school_id="s", id="t", line_id="l", contact_id=MOTHER, state={}, **facts))
    return database


@pytest.mark.parametrize(("at", "quiet"), [(EVENING, {LEO}), (NIGHT, set())])
def test_rule_17_the_quiet_after_a_death_ends_with_the_schools_own_day(
    records: Database, at: str, quiet: set[str]
) -> None:
    with records.write() as session:
        # Thirty days before the 9th.
        told = said(pupil_id=LEO, day=date(2026, 5, 10), kind="absence_other", reason_category="bereavement")
        state_absences(session, [told], now=EARLY)
        # Staff have lifted it: the days that the school has set are quiet all the same.
        lifted = EARLY + timedelta(days=1)
        set_pause(session, session.get_one(Pupil, ("s", LEO)), on=False, actor="user:office", now=lifted)
    with records.read() as session:
        assert bereaved(session, "s", [LEO], now=datetime.fromisoformat(at)) == quiet


@pytest.mark.parametrize(("at", "seen"), [(EVENING, True), (NIGHT, False)])
def test_what_a_text_may_correct_goes_back_from_the_schools_own_day(records: Database, at: str, seen: bool) -> None:
    with records.write() as session:
        # Five weeks before the 9th.
        state_absences(session, [said(pupil_id=LEO, day=date(2026, 5, 5))], now=EARLY)
    with records.write() as session:
        threads = queues.lock_threads(session, [("s", "t")])
        scene = scenes(session, threads, now=datetime.fromisoformat(at), packs=("en",))["s", "t"]
    assert any(each.day == date(2026, 5, 5) for each in scene.context.recorded) is seen
