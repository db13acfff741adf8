"""A roster is read whole, previewed, and taken in all or nothing; it adds no right to a family that is on record."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from school.ledger import verify
from school.opting_out import opt_out
from school.people import families
from school.records.database import Database
from school.records.messaging import Thread
from school.records.people import Address, Contact, Pupil, Right, School
from school.records.staff import LedgerRow, StaffItem
from school.roster import ColumnMap, ManyWouldLeave, Plan, import_roster, preview, read_map, read_roster
from school.waiting_rights import NothingToGrant, grant

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)
HEADER = (
    "pupil_id,first_name,known_as,surname,class,year,contact_id,contact_name,phone,language,priority,"
    "may_report,may_be_told,may_see_reasons,may_request_leave,lives_with,no_contact"
)
MOTHER = "P1,Samuel,Sam,Oakes,3A,3,C1,Ann Oakes,07700 900001,en,1,yes,yes,yes,yes,yes,no"
FATHER = "P1,Samuel,Sam,Oakes,3A,3,C2,Ben Oakes,07700 900002,en,2,yes,yes,no,no,no,no"
BARRED = "P1,Samuel,Sam,Oakes,3A,3,C3,Carl Roe,07700 900003,en,3,no,no,no,no,no,yes"
SISTER = "P2,Mia,Mia,Oakes,RW,R,C1,Ann Oakes,07700 900001,en,1,yes,yes,yes,yes,yes,no"
STRANGER = "P9,Ada,Ada,Nowak,RW,R,C9,Ewa Nowak,+44 7700 900009,pl,1,yes,yes,yes,yes,yes,no"


class Office:
    """A school's office with its roster files."""

    def __init__(self, database: Database) -> None:
        self.database = database
        with database.write() as session:
            names = {"name": "Ashgrove", "short_name": "Ashgrove", "phone": "+447700900999"}
            session.add(School(id="s", created_at=NOW, settings={}, **names))
            session.add(School(id="t", created_at=NOW, settings={}, **names | {"name": "Other"}))

    def imports(self, *rows: str, header: str = HEADER, school_id: str = "s", **more: Any) -> Plan:
        roster = read_roster("\n".join([header, *rows]).encode())
        with self.database.write() as session:
            facts: dict[str, Any] = {"today": TODAY, "actor": "user:u", "now": NOW}
            return import_roster(session, school_id, roster, **facts | more)

    def previews(self, *rows: str) -> Plan:
        roster = read_roster("\n".join([HEADER, *rows]).encode())
        with self.database.read() as session:
            return preview(session, "s", roster, today=TODAY)

    def all(self, table: Any) -> Sequence[Any]:
        with self.database.read() as session:
            return session.scalars(sa.select(table)).all()

    def rights(self, contact: str, pupil: str = "P1") -> set[str]:
        """What a contact may do for a pupil; empty where the row is there and gives nothing, or is not there."""
        with self.database.read() as session:
            row = session.scalars(
                sa.select(Right)
                .join(Contact, sa.and_(Contact.school_id == Right.school_id, Contact.id == Right.contact_id))
                .join(Pupil, sa.and_(Pupil.school_id == Right.school_id, Pupil.id == Right.pupil_id))
                .where(Contact.external_id == contact, Pupil.external_id == pupil)
            ).one_or_none()
        names = ("may_report", "may_be_told", "may_see_reasons", "may_request_leave", "lives_with", "no_contact")
        return {name for name in names if row is not None and getattr(row, name)}

    def waiting(self) -> list[dict[str, Any]]:
        with self.database.read() as session:
            items = session.scalars(sa.select(StaffItem).where(StaffItem.closed_at.is_(None)).order_by(StaffItem.id))
            return [item.detail for item in items]

    def grants(self) -> None:
        with self.database.write() as session:
            item = session.scalars(sa.select(StaffItem).where(StaffItem.closed_at.is_(None))).one()
            grant(session, item, actor="user:u", now=NOW)


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


ALL = {"may_report", "may_be_told", "may_see_reasons", "may_request_leave", "lives_with"}


# The first import, and the same again --------------------------------------------------------------


def test_the_first_roster_brings_pupils_contacts_numbers_and_rights(office: Office) -> None:
    plan = office.imports(MOTHER, FATHER, BARRED, SISTER)
    assert plan.counts() == {"pupils_added": 2, "contacts_added": 3, "phones_added": 3, "rights_added": 4}
    assert (office.rights("C1"), office.rights("C1", "P2")) == (ALL, ALL)
    assert office.rights("C2") == {"may_report", "may_be_told"}
    assert office.rights("C3") == {"no_contact"}
    with office.database.read() as session:
        found = families(session, [("s", "sms", "+447700900001"), ("s", "sms", "+447700900003")])
    assert [child.known_as for child in found[("s", "sms", "+447700900001")].children] == ["Mia", "Sam"]
    assert found[("s", "sms", "+447700900003")].children == ()


def test_the_same_roster_again_changes_nothing(office: Office) -> None:
    office.imports(MOTHER, FATHER, BARRED, SISTER)
    lines = len(office.all(LedgerRow))
    assert not office.previews(MOTHER, FATHER, BARRED, SISTER)
    plan = office.imports(SISTER, BARRED, FATHER, MOTHER, MOTHER)
    assert not plan
    assert plan.waiting == []
    assert len(office.all(LedgerRow)) == lines


def test_a_preview_writes_nothing(office: Office) -> None:
    plan = office.previews(MOTHER)
    assert plan.counts() == {"pupils_added": 1, "contacts_added": 1, "phones_added": 1, "rights_added": 1}
    assert office.all(Pupil) == []


def test_a_preview_says_what_the_import_then_does(office: Office) -> None:
    office.imports(MOTHER, FATHER, SISTER)
    rows = (MOTHER.replace("3A", "4A").replace("900001", "900011"), BARRED, STRANGER)
    assert office.previews(*rows).counts() == office.imports(*rows).counts()


def test_every_change_has_its_line_in_the_ledger_without_a_name_or_number(office: Office) -> None:
    office.imports(MOTHER, FATHER)
    office.imports(MOTHER.replace("Ann", "Anna"), STRANGER)
    with office.database.read() as session:
        assert verify(session, "s") is None
        said = "".join(map(str, session.execute(sa.select(LedgerRow.verb, LedgerRow.detail)).all()))
    assert "import_roster" in said
    assert not any(word in said for word in ("Oakes", "Anna", "900001", "Ewa"))


# Later imports --------------------------------------------------------------------------------------


def test_changed_names_classes_and_years_are_taken_over(office: Office) -> None:
    office.imports(MOTHER)
    plan = office.imports(MOTHER.replace("Sam,Oakes,3A,3", "Sammy,Oakes,4B,Year 4"))
    assert plan.pupils_changed == {"P1": ("known_as", "year", "class_name")}
    (pupil,) = office.all(Pupil)
    assert (pupil.known_as, pupil.class_name, pupil.year, pupil.version) == ("Sammy", "4B", "4", 2)


def test_a_pupil_who_is_not_in_the_file_leaves_and_may_come_back(office: Office) -> None:
    office.imports(MOTHER, STRANGER)
    plan = office.imports(MOTHER)
    assert (plan.pupils_left, plan.contacts_gone) == (["P9"], ["C9"])
    with office.database.read() as session:
        assert not families(session, [("s", "sms", "+447700900009")])[("s", "sms", "+447700900009")].is_known
    assert office.rights("C9", "P9") == ALL
    back = office.imports(MOTHER, STRANGER)
    assert (back.pupils_back, back.contacts_back, back.waiting) == (["P9"], ["C9"], [])
    with office.database.read() as session:
        (child,) = families(session, [("s", "sms", "+447700900009")])[("s", "sms", "+447700900009")].children
    assert child.may_report


def test_a_number_that_is_gone_finds_nobody_and_keeps_its_opt_out(office: Office) -> None:
    office.imports(MOTHER)
    with office.database.write() as session:
        where = {"line_id": "l", "channel": "sms", "address": "+447700900001"}
        thread = Thread(school_id="s", id="th", last_at=NOW, created_at=NOW, state={}, **where)
        session.add(thread)
        session.flush()
        opt_out(session, [thread], now=NOW)
    plan = office.imports(MOTHER.replace("900001", "900011"))
    assert (len(plan.phones_added), len(plan.phones_gone)) == (1, 1)
    with office.database.read() as session:
        assert not families(session, [("s", "sms", "+447700900001")])[("s", "sms", "+447700900001")].is_known
    assert len(office.imports(MOTHER).phones_back) == 1
    (old,) = [row for row in office.all(Address) if row.address == "+447700900001"]
    assert (old.quarantined_at, old.opted_out_at) == (None, NOW)


def test_a_parents_own_choice_of_language_is_not_undone(office: Office) -> None:
    office.imports(MOTHER)
    with office.database.write() as session:
        session.scalars(sa.select(Contact)).one().language = "pl"
    assert not office.imports(MOTHER)
    assert office.all(Contact)[0].language == "pl"


def test_what_the_file_does_not_say_stays_as_it_is(office: Office) -> None:
    office.imports(MOTHER)
    header = "pupil_id,first_name,surname,contact_id,contact_name,phone"
    assert not office.imports("P1,Samuel,Oakes,C1,Ann Oakes,07700900001", header=header)
    assert office.rights("C1") == ALL
    assert office.all(Pupil)[0].known_as == "Sam"


def test_half_a_file_is_refused_until_somebody_says_that_it_is_meant(office: Office) -> None:
    rows = [f"P{n},Ada,Ada,Nowak,RW,R,C{n},Ewa Nowak,077009001{n:02},pl,1,yes,no,no,no,no,no" for n in range(40)]
    office.imports(*rows)
    with pytest.raises(ManyWouldLeave, match="20 of 40"):
        office.imports(*rows[:20])
    assert all(pupil.left_on is None for pupil in office.all(Pupil))
    assert office.previews(*rows[:20]).leaves_many
    office.imports(*rows[:20], many_may_leave=True)
    assert sum(pupil.left_on == TODAY for pupil in office.all(Pupil)) == 20


# Care rule 12: an import never adds a right and never lifts a no-contact ---------------------------------


def test_a_right_that_the_file_adds_waits_for_a_person(office: Office) -> None:
    office.imports(MOTHER, FATHER)
    wider = FATHER.replace("yes,yes,no,no,no,no", "yes,yes,yes,no,yes,no")
    plan = office.imports(MOTHER, wider)
    assert not plan
    assert office.rights("C2") == {"may_report", "may_be_told"}
    assert office.waiting() == [{"rights": ["may_see_reasons", "lives_with"], "lifts_no_contact": False}]


def test_a_no_contact_that_the_file_lifts_waits_for_a_person(office: Office) -> None:
    office.imports(MOTHER, BARRED)
    office.imports(MOTHER, BARRED.replace("no,no,no,no,no,yes", "yes,yes,no,no,no,no"))
    assert office.rights("C3") == {"no_contact"}
    assert office.waiting() == [{"rights": ["may_report", "may_be_told"], "lifts_no_contact": True}]


def test_a_no_contact_that_is_left_out_of_the_file_still_holds(office: Office) -> None:
    office.imports(MOTHER, BARRED)
    office.imports(MOTHER)
    assert office.rights("C3") == {"no_contact"}


def test_a_new_adult_on_a_child_who_is_on_record_waits_for_a_person(office: Office) -> None:
    office.imports(MOTHER)
    office.imports(MOTHER, FATHER, BARRED)
    assert office.rights("C2") == set()
    assert office.rights("C3") == {"no_contact"}
    assert office.waiting() == [{"rights": ["may_report", "may_be_told"], "lifts_no_contact": False}]


def test_a_contact_on_record_with_a_new_child_waits_for_a_person(office: Office) -> None:
    office.imports(MOTHER)
    office.imports(MOTHER, SISTER)
    assert office.rights("C1", "P2") == set()
    assert len(office.waiting()) == 1


def test_a_family_that_is_wholly_new_to_the_school_needs_nobodys_leave(office: Office) -> None:
    office.imports(MOTHER)
    office.imports(MOTHER, STRANGER)
    assert office.rights("C9", "P9") == ALL
    assert office.waiting() == []


def test_a_right_that_the_file_takes_away_and_a_no_contact_hold_at_once(office: Office) -> None:
    office.imports(MOTHER, FATHER)
    plan = office.imports(MOTHER.replace("yes,yes,yes,yes,yes,no", "yes,yes,no,yes,yes,no"), FATHER[:-2] + "yes")
    assert len(plan.rights_narrowed) == 2
    assert office.rights("C1") == ALL - {"may_see_reasons"}
    assert office.rights("C2") == {"may_report", "may_be_told", "no_contact"}
    assert office.waiting() == []


def test_what_waits_is_asked_once_and_no_longer_when_the_file_drops_it(office: Office) -> None:
    office.imports(MOTHER)
    office.imports(MOTHER, FATHER)
    office.imports(MOTHER, FATHER)
    assert len(office.waiting()) == 1
    office.imports(MOTHER, FATHER.replace("yes,yes,no,no,no,no", "no,no,no,no,no,no"))
    assert office.waiting() == []


def test_what_a_person_lets_in_holds_and_is_not_asked_again(office: Office) -> None:
    office.imports(MOTHER)
    office.imports(MOTHER, FATHER)
    office.grants()
    assert office.rights("C2") == {"may_report", "may_be_told"}
    assert not office.imports(MOTHER, FATHER)
    assert office.waiting() == []


def test_an_item_lets_in_once(office: Office) -> None:
    office.imports(MOTHER)
    office.imports(MOTHER, FATHER)
    with office.database.write() as session:
        item = session.scalars(sa.select(StaffItem)).one()
        grant(session, item, actor="user:u", now=NOW)
        with pytest.raises(NothingToGrant):
            grant(session, item, actor="user:u", now=NOW)


# Another school ------------------------------------------------------------------------------------


def test_another_schools_roster_with_the_same_ids_touches_nobody_here(office: Office) -> None:
    office.imports(MOTHER, FATHER)
    with office.database.read() as session:
        before = session.scalars(sa.select(LedgerRow.hash).where(LedgerRow.school_id == "s")).all()
    office.imports(MOTHER.replace("Samuel", "Omar"), school_id="t")
    names = {(pupil.school_id, pupil.first_name) for pupil in office.all(Pupil)}
    assert names == {("s", "Samuel"), ("t", "Omar")}
    with office.database.read() as session:
        assert session.scalars(sa.select(LedgerRow.hash).where(LedgerRow.school_id == "s")).all() == before


def test_a_map_lets_a_schools_own_export_in(office: Office, tmp_path: Path) -> None:
    said = read_map(
        b"""
        [columns]
        pupil_id = "Student ID"
        first_name = "Forename#1"
        surname = "Surname#1"
        class = "Class Name"
        contact_id = "Parent ID"
        contact_name = ["Title", "Forename#2", "Surname#2"]
        phone = "Mobile number"
        lives_with = "Lives with Pupil"
        [defaults]
        may_report = true
        """,
        name="map.toml",
    )
    export = (
        "Student ID,Forename,Surname,Parent ID,Priority,Lives with Pupil,"
        "Title,Forename,Surname,Mobile number,Class Name\n"
        "7,Zoë,Price,44,1,T,Mrs,Hannah,Price,07700 900005,5P\n"
        "7,Zoë,Price,44,1,T,Mrs,Hannah,Price,07700 900005,Choir\n"
    )
    roster = read_roster(export.encode("cp1252"), said)
    assert isinstance(said, ColumnMap)
    with office.database.write() as session:
        import_roster(session, "s", roster, today=TODAY, actor="system", now=NOW)
    assert (office.all(Contact)[0].name, office.all(Pupil)[0].class_name) == ("Mrs Hannah Price", "5P")
    assert office.rights("44", "7") == {"may_report", "lives_with"}


# Weeks, whom staff ring first, social workers ------------------------------------------------------

CARE = f"{HEADER},care_week,ring_first,social_worker"
WORKER = "P1,Samuel,Sam,Oakes,3A,3,C4,Dee Hall,07700 900004,en,4,no,no,no,no,no,no"


def _facts(office: Office, contact: str) -> tuple[str, bool, bool]:
    """The week and whether they are the social worker, of a contact; and whether the pupil is rung first."""
    with office.database.read() as session:
        row = session.scalars(
            sa.select(Right)
            .join(Contact, sa.and_(Contact.school_id == Right.school_id, Contact.id == Right.contact_id))
            .where(Contact.external_id == contact)
        ).one()
        return row.care_week, row.social_worker, session.scalars(sa.select(Pupil)).one().ring_first


def test_a_roster_brings_weeks_whom_staff_ring_first_and_the_social_worker(office: Office) -> None:
    office.imports(f"{MOTHER},A,yes,no", f"{FATHER},B,yes,no", f"{WORKER},,yes,yes", header=CARE)
    assert _facts(office, "C1") == ("A", False, True)
    assert _facts(office, "C2") == ("B", False, True)
    assert _facts(office, "C4") == ("", True, True)
    again = office.imports(f"{MOTHER},A,yes,no", f"{FATHER},B,yes,no", f"{WORKER},,yes,yes", header=CARE)
    assert not again
    moved = office.imports(f"{MOTHER},B,yes,no", f"{FATHER},A,yes,no", f"{WORKER},,yes,yes", header=CARE)
    assert moved.counts() == {"care_weeks": 2}
    assert (_facts(office, "C1")[0], _facts(office, "C2")[0]) == ("B", "A")


def test_a_file_without_those_columns_leaves_them_as_they_are(office: Office) -> None:
    office.imports(f"{MOTHER},A,yes,no", f"{WORKER},,yes,yes", header=CARE)
    assert not office.imports(MOTHER, WORKER)
    assert (_facts(office, "C1"), _facts(office, "C4")) == (("A", False, True), ("", True, True))


def test_a_social_worker_whom_the_file_adds_waits_for_a_person_and_one_it_drops_is_told_no_more(
    office: Office,
) -> None:
    office.imports(f"{MOTHER},,no,no", f"{WORKER},,no,no", header=CARE)
    office.imports(f"{MOTHER},,no,no", f"{WORKER},,no,yes", header=CARE)
    assert not _facts(office, "C4")[1]
    assert office.waiting() == [{"rights": ["social_worker"], "lifts_no_contact": False}]
    office.grants()
    assert _facts(office, "C4")[1]
    office.imports(f"{MOTHER},,no,no", f"{WORKER},,no,no", header=CARE)
    assert not _facts(office, "C4")[1]


def test_a_file_has_a_child_rung_first_and_never_lifts_it(office: Office) -> None:
    office.imports(f"{MOTHER},,no,no", header=CARE)
    office.imports(f"{MOTHER},,yes,no", header=CARE)
    assert _facts(office, "C1")[2]
    plan = office.imports(f"{MOTHER},,no,no", header=CARE)
    office.imports(f"{MOTHER},,no,no", header=CARE)
    assert _facts(office, "C1")[2]
    assert [notice.column for notice in plan.notices if notice.column == "ring_first"] == ["ring_first"]
    with office.database.read() as session:
        items = session.scalars(sa.select(StaffItem.why)).all()
    assert list(items) == ["ring_first_stays"]
