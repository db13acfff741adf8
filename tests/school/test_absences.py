"""An absence stands while one entitled contact's statement stands, and nobody undoes what another said."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from school.absences import (
    amend,
    confirm,
    on_record,
    report_for_parent,
    state_absences,
    withdraw,
    withdraw_statements,
)
from school.ledger import verify
from school.records.attendance import Absence, Statement
from school.records.database import Database
from school.records.staff import LedgerRow, StaffItem
from school.rules.calendar import Session
from school.rules.codes import RetiredCode
from school.settling import AbsenceRefused
from tests.school.made_up import (
    BARRED,
    CLOSED,
    EARLY,
    FATHER,
    GRAN,
    LATER,
    LEO,
    MONDAY,
    MOTHER,
    SAM,
    add_family,
    said,
    unsaid,
)


class School:
    """One school's record on a real database: what tests say to it and ask of it."""

    def __init__(self, database: Database) -> None:
        self.database = database
        with database.write() as session:
            add_family(session)

    def states(self, *statements: Any, now: datetime = EARLY) -> list[str]:
        """The sessions whose absences this changed."""
        with self.database.write() as session:
            changed = state_absences(session, statements, now=now)
            return sorted(f"{each.pupil_id} {each.session}" for each in changed)

    def takes_back(self, *withdrawals: Any, now: datetime = LATER) -> int:
        with self.database.write() as session:
            return len(withdraw_statements(session, withdrawals, now=now))

    def absences(self) -> list[Absence]:
        with self.database.read() as session:
            order = (Absence.pupil_id, Absence.day, Absence.session)
            return list(session.scalars(sa.select(Absence).order_by(*order)))

    def absence(self) -> Absence:
        (found,) = self.absences()
        return found

    def count(self, table: Any) -> int:
        with self.database.read() as session:
            return session.scalar(sa.select(sa.func.count()).select_from(table)) or 0

    def waiting(self) -> list[str]:
        """Why each item waits for staff."""
        with self.database.read() as session:
            return sorted(session.scalars(sa.select(StaffItem.why)))

    def confirms(self, code: str = "I") -> None:
        with self.database.write() as session:
            confirm(session, self._held(session), code, actor="user:u", user_id="u", now=LATER)

    def amends(self, **changes: Any) -> None:
        with self.database.write() as session:
            amend(session, self._held(session), changes, actor="user:u", user_id="u", now=LATER)

    def withdraws(self) -> None:
        with self.database.write() as session:
            withdraw(session, self._held(session), actor="user:u", now=LATER)

    def _held(self, session: Any) -> Absence:
        found = session.scalars(sa.select(Absence)).one()
        assert isinstance(found, Absence)
        return found


@pytest.fixture
def school(database: Database) -> School:
    return School(database)


# Stating ---------------------------------------------------------------------------------------


def test_a_parent_says_poorly_and_the_absence_proposes_illness(school: School) -> None:
    assert school.states(said(reason_category="gi", words_span=(5, 11), rule="sick.01")) == ["sam AM"]
    absence = school.absence()
    assert (absence.status, absence.kind, absence.reason_category) == ("reported", "sickness", "gi")
    assert (absence.accounted_for, absence.explained) == (True, True)
    assert (absence.proposed_code, absence.code, absence.version) == ("I", None, 1)
    with school.database.read() as session:
        statement = session.scalars(sa.select(Statement)).one()
        assert (statement.contact_id, statement.message_id) == (MOTHER, f"m-{MOTHER}")
        assert (statement.words_span, statement.rule) == ([5, 11], "sick.01")


def test_a_repeat_changes_nothing_at_all(school: School) -> None:
    school.states(said())
    before = (school.absence().version, school.count(Statement), school.count(LedgerRow))
    assert school.states(said(), said()) == []
    assert (school.absence().version, school.count(Statement), school.count(LedgerRow)) == before


def test_a_set_files_what_its_members_file_one_by_one(school: School) -> None:
    of_all = [said(pupil_id=child, session=half) for child in (SAM, LEO) for half in Session]
    assert school.states(*of_all) == ["leo AM", "leo PM", "sam AM", "sam PM"]
    assert len(school.absences()) == 4


def test_a_set_of_many_takes_as_few_statements_as_a_set_of_one(school: School) -> None:
    asked: list[str] = []
    sa.event.listen(school.database.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    school.states(said())
    of_one, asked[:] = len(asked), []
    school.states(
        *[
            said(pupil_id=c, session=h, day=MONDAY + timedelta(days=d))
            for c in (SAM, LEO)
            for h in Session
            for d in range(1, 5)
        ]
    )
    assert len(asked) <= of_one
    assert len(school.absences()) == 17


def test_not_in_today_is_accounted_for_and_not_explained_until_the_reason_comes(school: School) -> None:
    school.states(said(kind="absence_other"))
    first = school.absence()
    assert (first.accounted_for, first.explained, first.proposed_code) == (True, False, "N")
    school.states(said(kind="sickness", message_id="m2", at=LATER))
    second = school.absence()
    assert (second.kind, second.explained, second.proposed_code, second.version) == ("sickness", True, "I", 2)


def test_a_later_text_without_a_reason_loses_none(school: School) -> None:
    school.states(said(reason_category="gi"))
    assert school.states(said(kind="absence_other", message_id="m2", at=LATER)) == []
    school.states(said(reason_category="unspecified", message_id="m3", at=LATER))
    absence = school.absence()
    assert (absence.kind, absence.reason_category, absence.version) == ("sickness", "gi", 1)
    assert school.count(Statement) == 3


def test_an_earlier_text_that_is_handled_later_does_not_override_a_later_one(school: School) -> None:
    school.states(said(at=LATER, message_id="by chat"))
    school.states(said(kind="appointment", at=EARLY, message_id="by SMS"))
    assert school.absence().kind == "sickness"


def test_late_and_then_poorly_is_poorly(school: School) -> None:
    school.states(said(kind="lateness", minutes_late=20))
    late = school.absence()
    assert (late.proposed_code, late.expected_at) == ("L", datetime(2026, 11, 23, 9, 5, tzinfo=UTC))
    school.states(said(kind="sickness", message_id="m2", at=LATER))
    absence = school.absence()
    assert (absence.kind, absence.expected_at, absence.proposed_code) == ("sickness", None, "I")


def test_an_arrival_after_the_register_closes_proposes_nothing(school: School) -> None:
    school.states(said(kind="lateness", expected_at=CLOSED + timedelta(minutes=30)))
    assert school.absence().proposed_code is None


@pytest.mark.parametrize(
    ("times", "code"),
    [
        ({"leaves_at": time(8, 30), "returns_at": time(10, 30)}, "M"),
        ({"leaves_at": time(10, 30)}, None),  # present when the register is taken (care rule 30)
        ({"appointment_at": time(9, 0)}, "M"),
        ({"appointment_at": time(11, 0)}, None),
        ({}, None),  # the time is not known yet
    ],
)
def test_an_appointment_proposes_its_code_only_for_a_session_that_is_missed(
    school: School, times: dict[str, Any], code: str | None
) -> None:
    school.states(said(kind="appointment", reason_category="dental", **times))
    assert school.absence().proposed_code == code


def test_only_the_first_of_several_religious_days_can_be_the_day_set_apart(school: School) -> None:
    facts = {"kind": "absence_other", "reason_category": "religious"}
    days = [MONDAY + timedelta(days=number) for number in range(3)]
    school.states(*[said(day=day, **facts) for day in days[:2]])
    school.states(said(day=days[2], message_id="m2", **facts))
    assert [absence.proposed_code for absence in school.absences()] == ["R", None, None]


def test_words_of_somebody_without_the_right_file_nothing_and_staff_see_it(school: School) -> None:
    assert school.states(said(GRAN), said(GRAN, pupil_id=LEO), said(BARRED)) == []
    assert school.absences() == []
    assert school.waiting() == ["not_entitled", "not_entitled"]
    with school.database.read() as session:
        item = session.scalars(sa.select(StaffItem).where(StaffItem.contact_id == GRAN)).one()
        assert item.pupil_ids == [LEO, SAM]
        assert item.detail == {"sessions": [["sam", "2026-11-23", "AM"], ["leo", "2026-11-23", "AM"]]}


def test_a_parent_whose_right_ends_leaves_what_was_said_in_force(school: School) -> None:
    school.states(said())
    with school.database.write() as session:
        session.execute(sa.text("UPDATE rights SET may_report = false"))
    assert school.states(said(message_id="m2", kind="appointment", at=LATER)) == []
    assert (school.absence().status, school.absence().kind) == ("reported", "sickness")


# Two parents -----------------------------------------------------------------------------------


def test_two_parents_who_say_the_same_are_no_contradiction(school: School) -> None:
    school.states(said(MOTHER), said(FATHER, kind="absence_other"))
    assert school.waiting() == []
    assert school.count(Statement) == 2


def test_two_accounts_go_to_staff_once_and_the_child_stays_accounted_for(school: School) -> None:
    school.states(said(MOTHER))
    school.states(said(FATHER, kind="appointment", at=LATER))
    school.states(said(FATHER, kind="appointment", at=LATER, message_id="m3"))
    assert school.waiting() == ["contradiction"]
    assert school.absence().accounted_for


def test_an_absence_stands_until_the_last_statement_is_taken_back(school: School) -> None:
    school.states(said(MOTHER, reason_category="gi"), said(FATHER))
    assert school.takes_back(unsaid(MOTHER)) == 1
    still = school.absence()
    assert (still.status, still.accounted_for, still.reason_category) == ("reported", True, None)
    assert school.waiting() == ["contradiction"]
    assert school.takes_back(unsaid(FATHER)) == 1
    gone = school.absence()
    assert (gone.status, gone.accounted_for, gone.explained, gone.proposed_code) == ("withdrawn", False, False, None)


def test_a_parent_cannot_take_back_what_the_other_said(school: School) -> None:
    school.states(said(MOTHER))
    before = school.absence().version
    assert school.takes_back(unsaid(FATHER)) == 0
    after = school.absence()
    assert (after.status, after.version) == ("reported", before)
    assert school.waiting() == ["contradiction"]


def test_somebody_barred_learns_and_changes_nothing_by_taking_back(school: School) -> None:
    school.states(said(MOTHER))
    assert school.takes_back(unsaid(BARRED)) == 0
    assert school.waiting() == []


def test_taking_back_what_was_never_said_changes_nothing(school: School) -> None:
    assert school.takes_back(unsaid(MOTHER), unsaid(FATHER)) == 0
    assert school.waiting() == []


def test_stating_again_revives_what_was_withdrawn(school: School) -> None:
    school.states(said())
    school.takes_back(unsaid())
    assert school.takes_back(unsaid()) == 0
    assert school.states(said(message_id="m3", at=LATER)) == ["sam AM"]
    absence = school.absence()
    assert (absence.status, absence.accounted_for, absence.version) == ("reported", True, 3)
    assert school.count(Statement) == 2


def test_two_parents_at_the_very_same_moment_make_one_absence(school: School) -> None:
    starts = threading.Barrier(2)
    failures: list[BaseException] = []

    def text(contact_id: str) -> None:
        try:
            starts.wait(10)
            for half in Session:
                school.states(said(contact_id, session=half))
        except BaseException as error:  # noqa: BLE001  a thread's error would be lost
            failures.append(error)

    threads = [threading.Thread(target=text, args=(who,)) for who in (MOTHER, FATHER)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(school.absences()) == 2
    assert school.count(Statement) == 4


# After staff confirmed, or the register closed ---------------------------------------------------


def test_after_staff_confirmed_a_parent_changes_nothing_by_text(school: School) -> None:
    school.states(said())
    school.confirms()
    before = school.absence().version
    assert school.takes_back(unsaid()) == 0
    assert school.states(said(kind="appointment", message_id="m2", at=LATER)) == []
    after = school.absence()
    assert (after.status, after.code, after.kind, after.version) == ("confirmed", "I", "sickness", before)
    assert school.waiting() == ["after_confirm", "after_confirm"]


def test_saying_the_same_after_staff_confirmed_bothers_nobody(school: School) -> None:
    school.states(said())
    school.confirms()
    assert school.states(said(message_id="m2", at=LATER), said(FATHER, at=LATER)) == []
    assert school.waiting() == []
    assert school.count(Statement) == 3


def test_once_the_register_has_closed_taking_back_goes_to_staff(school: School) -> None:
    school.states(said())
    assert school.takes_back(unsaid(at=CLOSED)) == 0
    assert school.waiting() == ["after_confirm"]
    assert school.takes_back(unsaid(at=CLOSED - timedelta(seconds=1), message_id="m3")) == 1


def test_the_afternoon_is_still_a_parents_own_once_the_morning_has_closed(school: School) -> None:
    school.states(said(session=Session.PM))
    assert school.takes_back(unsaid(session=Session.PM, at=CLOSED)) == 1


def test_another_kind_after_the_register_closed_goes_to_staff_and_a_missing_reason_does_not(school: School) -> None:
    school.states(said(kind="absence_other"))
    school.states(said(message_id="m2", at=CLOSED))
    assert school.absence().kind == "sickness"
    assert school.states(said(kind="appointment", message_id="m3", at=CLOSED)) == []
    assert school.absence().kind == "sickness"
    assert school.waiting() == ["after_confirm"]


def test_late_and_not_coming_after_all_counts_after_the_register_closed(school: School) -> None:
    school.states(said(kind="lateness", minutes_late=20, reason_category="traffic"))
    school.states(said(message_id="m2", at=CLOSED + timedelta(hours=1)))
    assert school.absence().kind == "sickness"
    assert school.waiting() == []


def test_a_first_report_long_after_the_register_closed_is_filed(school: School) -> None:
    assert school.states(said(at=CLOSED + timedelta(days=2))) == ["sam AM"]


# Staff -------------------------------------------------------------------------------------------


def test_staff_confirm_with_a_code_and_confirming_again_replaces_it(school: School) -> None:
    school.states(said())
    school.confirms("i ")
    absence = school.absence()
    assert (absence.status, absence.code, absence.confirmed_by, absence.version) == ("confirmed", "I", "u", 2)
    school.confirms("I")
    assert school.absence().version == 2
    school.confirms("O")
    assert (school.absence().code, school.absence().version) == ("O", 3)


def test_a_retired_code_is_refused_with_a_sentence(school: School) -> None:
    school.states(said())
    with pytest.raises(RetiredCode, match="no longer"):
        school.confirms("H")
    assert school.absence().status == "reported"


def test_what_was_withdrawn_cannot_be_confirmed_or_amended(school: School) -> None:
    school.states(said())
    school.takes_back(unsaid())
    with pytest.raises(AbsenceRefused):
        school.confirms()
    with pytest.raises(AbsenceRefused):
        school.amends(note="rang home")


def test_what_staff_amended_is_not_undone_by_a_parents_next_text(school: School) -> None:
    school.states(said(kind="absence_other"))
    school.amends(kind="appointment", reason_category="dental", appointment_at=time(9, 0), note="rang home")
    amended = school.absence()
    assert (amended.kind, amended.proposed_code, amended.note, amended.version) == ("appointment", "M", "rang home", 2)
    school.states(said(message_id="m2", at=LATER + timedelta(minutes=1)))
    assert school.absence().kind == "appointment"
    assert school.waiting() == ["contradiction"]


def test_amending_a_confirmed_absence_leaves_it_confirmed(school: School) -> None:
    school.states(said())
    school.confirms()
    school.amends(reason_category="fever")
    absence = school.absence()
    assert (absence.status, absence.code, absence.reason_category, absence.version) == ("confirmed", "I", "fever", 3)


def test_an_amendment_that_changes_nothing_makes_no_new_version(school: School) -> None:
    school.states(said())
    school.amends(kind="sickness", note="")
    assert school.absence().version == 1


@pytest.mark.parametrize("changes", [{"status": "confirmed"}, {"kind": "holiday"}, {"note": "x" * 501}])
def test_an_amendment_that_makes_no_sense_is_refused(school: School, changes: dict[str, Any]) -> None:
    school.states(said())
    with pytest.raises(AbsenceRefused):
        school.amends(**changes)


def test_staff_take_an_absence_back_whole(school: School) -> None:
    school.states(said(MOTHER), said(FATHER))
    school.confirms()
    school.withdraws()
    absence = school.absence()
    assert (absence.status, absence.code, absence.accounted_for) == ("withdrawn", None, False)
    with school.database.read() as session:
        assert session.scalars(sa.select(Statement).where(Statement.withdrawn_at.is_(None))).all() == []


def test_staff_write_down_what_a_parent_said_by_telephone(school: School) -> None:
    call = said(GRAN, user_id="u", message_id=None)
    with school.database.write() as session:
        first = report_for_parent(session, [call], now=EARLY)
        again = report_for_parent(session, [call], now=EARLY)
        assert [each.id for each in first] == [each.id for each in again]
    with school.database.read() as session:
        statement = session.scalars(sa.select(Statement)).one()
        assert (statement.contact_id, statement.user_id) == (GRAN, "u")
        assert session.scalars(sa.select(LedgerRow.actor)).all() == ["user:u"]


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"pupil_id": "nobody"}, LookupError),
        ({"contact_id": "nobody"}, LookupError),
        ({"contact_id": None, "pupil_id": "nobody"}, LookupError),
        ({"user_id": None}, ValueError),
    ],
)
def test_a_report_about_nobody_or_by_nobody_is_refused_whole(
    school: School, wrong: dict[str, Any], error: type[Exception]
) -> None:
    good = said(None, user_id="u", message_id=None)
    bad = said(**{"contact_id": MOTHER, "user_id": "u", "message_id": None} | wrong)
    with pytest.raises(error), school.database.write() as session:
        report_for_parent(session, [good, bad], now=EARLY)
    assert school.absences() == []


# What is on record, and other schools ------------------------------------------------------------


def test_on_record_tells_each_contact_their_own_kind_and_no_one_elses(school: School) -> None:
    school.states(
        said(MOTHER), said(MOTHER, session=Session.PM), said(FATHER, session=Session.PM, kind="absence_other")
    )
    school.takes_back(unsaid(MOTHER))
    with school.database.read() as session:
        (afternoon,) = on_record(session, "s", [SAM, LEO], MONDAY, MONDAY)
    assert (afternoon.session, afternoon.confirmed) == (Session.PM, False)
    assert afternoon.kind_said_by([MOTHER]) == "sickness"
    assert afternoon.kind_said_by([FATHER]) == "absence_other"
    assert afternoon.kind_said_by([GRAN]) is None


def test_ids_of_another_school_give_nothing(school: School) -> None:
    school.states(said())
    with school.database.write() as session:
        add_family(session, "t")
        session.execute(sa.text("UPDATE pupils SET id = 'other' WHERE school_id = 't' AND id = 'none'"))
    before = (school.absence().version, school.count(Statement), school.count(LedgerRow))
    strangers = [
        said(school_id="t", pupil_id="nobody"),
        said("nobody", school_id="t"),
        said(school_id="nowhere"),
        said(None, user_id="u", school_id="nowhere"),
    ]
    assert school.states(*strangers) == []
    assert school.takes_back(unsaid(school_id="t"), unsaid(school_id="nowhere")) == 0
    with school.database.read() as session:
        assert on_record(session, "t", [SAM], MONDAY, MONDAY) == []
        assert on_record(session, "nowhere", [SAM], MONDAY, MONDAY) == []
    assert (school.absence().version, school.count(Statement), school.count(LedgerRow)) == before
    assert school.waiting() == []


def test_every_change_has_its_line_in_the_ledger_and_none_has_words(school: School) -> None:
    school.states(said(reason_category="gi"))
    school.confirms()
    school.withdraws()
    with school.database.read() as session:
        rows = session.execute(sa.select(LedgerRow.actor, LedgerRow.verb, LedgerRow.detail).order_by("number")).all()
        assert verify(session, "s") is None
    assert [tuple(row)[:2] for row in rows] == [
        ("contact:mother", "state_absence"),
        ("user:u", "confirm_absence"),
        ("user:u", "withdraw_absence"),
    ]
    assert all(set(row.detail) == {"pupil", "day", "session", "status", "code", "version"} for row in rows)
