"""A roster with anything wrong in it is refused whole, each fault with its line and column and without its words."""

from __future__ import annotations

import json

import pytest

from school.csv_table import Fault, FileRefused, read_table
from school.phones import NotANumber, phone_number
from school.roster_columns import MapRefused, read_map
from school.roster_file import Roster, read_roster
from tests.canaries import personal

HEADER = (
    "pupil_id,first_name,surname,contact_id,contact_name,phone,may_report,may_be_told,may_see_reasons,may_request_leave"
)
GOOD = "P1,Sam,Oakes,C1,Ann Oakes,07700 900001,yes,no,no,no"


def _read(*rows: str, header: str = HEADER, encoding: str = "utf-8") -> Roster:
    return read_roster("\n".join([header, *rows]).encode(encoding))


def _faults(*rows: str, header: str = HEADER) -> list[Fault]:
    with pytest.raises(FileRefused) as caught:
        _read(*rows, header=header)
    assert not personal(str(caught.value))
    return list(caught.value.faults)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_any_usual_way_of_saving_a_file_is_read_alike(encoding: str, separator: str, ending: str) -> None:
    rows = [HEADER, GOOD.replace("Sam", "Zoë"), ""]
    content = ending.join(row.replace(",", separator) for row in rows).encode(encoding)
    roster = read_roster(content)
    assert roster.pupils["P1"].first_name == "Zoë"
    assert roster.contacts["C1"].phones == ("+447700900001",)


def test_columns_stand_in_any_order_in_any_capitals_and_empty_lines_count_for_nothing() -> None:
    header = "Surname , PHONE,Pupil_ID,first_name,contact_id,contact_name,,"
    roster = _read(",,,,,,,", "Oakes,07700900001,P1, Sam  Lee ,C1,Ann Oakes,,", header=header)
    assert (roster.pupils["P1"].first_name, roster.pupils["P1"].known_as) == ("Sam Lee", "Sam Lee")


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (GOOD.replace("P1", ""), "pupil_id"),
        (GOOD.replace("Sam", ""), "first_name"),
        (GOOD.replace("Sam", "S" * 101), "first_name"),
        (GOOD.replace("Sam", "Sa\u202em"), "first_name"),
        (GOOD.replace("07700 900001", "ask mum"), "phone"),
        (GOOD.replace("07700 900001", "07700 9"), "phone"),
        (GOOD.replace("07700 900001", "07700 900001 ext 7"), "phone"),
        (GOOD.replace("yes", "perhaps"), "may_report"),
        (GOOD.replace("Ann Oakes", ""), "contact_name"),
        (GOOD.replace("C1", ""), "contact_id"),
    ],
)
def test_a_wrong_cell_is_named_by_line_and_column(row: str, column: str) -> None:
    assert [(fault.line, fault.column) for fault in _faults(GOOD.replace("1", "2"), row)] == [(3, column)]


def test_every_fault_is_told_at_once_in_the_order_of_lines() -> None:
    faults = _faults(GOOD.replace("Sam", ""), GOOD.replace("P1", "P2").replace("yes", "x"), "P3,,,,,,,,,")
    assert [(fault.line, fault.column) for fault in faults] == [
        (2, "first_name"), (3, "may_report"), (4, "first_name"), (4, "surname"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ("31/02/2026", "no such day"),
        ("2026-13-01", "no such day"),
        ("7/22/2026", "no such day"),
        ("22 July", "a date is"),
        ("46225", "a date is"),
    ],
)
def test_a_wrong_date_is_refused_with_what_a_date_looks_like(said: str, problem: str) -> None:
    (fault,) = _faults(f"{GOOD},{said}", header=f"{HEADER},left_on")
    assert (fault.line, fault.column) == (2, "left_on")
    assert problem in fault.problem


@pytest.mark.parametrize("said", ["2026-07-22", "22/07/2026", "22.7.2026"])
def test_a_date_is_read_as_the_british_write_it(said: str) -> None:
    left = _read(f"{GOOD},{said}", header=f"{HEADER},left_on").pupils["P1"].left_on
    assert left is not None
    assert left.isoformat() == "2026-07-22"


@pytest.mark.parametrize(
    ("column", "said"),
    [("language", "very english"), ("priority", "first"), ("priority", "0"), ("upn", "A801200005001")],
)
def test_other_columns_are_checked_where_they_are_there(column: str, said: str) -> None:
    assert [(fault.line, fault.column) for fault in _faults(f"{GOOD},{said}", header=f"{HEADER},{column}")] == [
        (2, column)
    ]


def test_a_contact_without_a_phone_is_taken_in_and_pointed_out() -> None:
    roster = _read(GOOD.replace("07700 900001", ""))
    assert roster.contacts["C1"].phones == ()
    assert [(notice.line, notice.column) for notice in roster.notices] == [(2, "phone")]


def test_a_pupil_without_contacts_is_taken_in() -> None:
    roster = _read("P1,Sam,Oakes,,,,,,,")
    assert (list(roster.pupils), roster.contacts) == (["P1"], {})


def test_a_file_without_rights_gives_none_and_says_so() -> None:
    roster = _read(
        "P1,Sam,Oakes,C1,Ann Oakes,07700900001", header="pupil_id,first_name,surname,contact_id,contact_name,phone"
    )
    assert roster.rights[("P1", "C1")].rights == frozenset()
    assert {notice.column for notice in roster.notices} >= {"may_report", "may_be_told"}


def test_columns_that_nothing_is_taken_from_are_pointed_out() -> None:
    roster = _read(f"{GOOD},vegetarian", header=f"{HEADER},Diet")
    assert any("Diet" in notice.problem for notice in roster.notices)


# Duplicates -----------------------------------------------------------------------------------------


def test_a_column_that_stands_there_twice_is_refused_until_the_map_says_which() -> None:
    header = HEADER.replace("contact_name", "first_name")
    faults = _faults(GOOD, header=header)
    assert {fault.column for fault in faults} == {"first_name", "contact_name"}
    assert any("columns 2 and 5" in fault.problem for fault in faults)
    said = read_map(b'columns = { first_name = "first_name#1", contact_name = "first_name#2" }', name="m.toml")
    assert read_roster(f"{header}\n{GOOD}".encode(), said).contacts["C1"].name == "Ann Oakes"


def test_an_optional_column_twice_is_refused_too() -> None:
    assert [fault.column for fault in _faults(f"{GOOD},en,pl", header=f"{HEADER},language,language")] == ["language"]


def test_the_same_row_twice_is_taken_once_and_further_numbers_are_further_phones() -> None:
    roster = _read(GOOD, GOOD, GOOD.replace("900001", "900002"), GOOD.replace("900001", "900003 / +44 7700 900004"))
    assert roster.contacts["C1"].phones == tuple(f"+44770090000{n}" for n in range(1, 5))


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (GOOD.replace("Sam", "Samuel"), "first_name"),
        (GOOD.replace("Oakes,C1", "Oaks,C1"), "surname"),
        (GOOD.replace("Ann Oakes", "Anna Oakes"), "contact_name"),
        (GOOD.replace("yes", "no"), "may_report"),
    ],
)
def test_rows_that_differ_about_the_same_person_are_refused(row: str, column: str) -> None:
    faults = _faults(GOOD, row)
    assert (3, column) in [(fault.line, fault.column) for fault in faults]
    assert all("line 2" in fault.problem for fault in faults)


# Files that are no tables ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"", 1),
        (b"\n\n", 1),
        (b"pupil_id", 1),
        (b"\x89PNG\r\n\x1a\n\x00\x00", 3),
        (b"a,b\n1,\x00", 2),
        (b"a,b\n1,\x81\n", 2),
        (b"a,b\n1,2\n1,2,3\n", 3),
        (b"a,b\n1\n", 2),
        (b'a,b\n1,"never closed\n2,3\n', 2),
        (b'a,b\n"1\n1",2\n3\n', 4),
        (HEADER.encode(), 1),
        (b"\xff\xfeodd", 1),
    ],
)
def test_what_is_no_table_is_refused_with_its_line(content: bytes, line: int) -> None:
    with pytest.raises(FileRefused) as caught:
        read_roster(content)
    assert caught.value.faults[0].line == line


def test_a_cell_in_quotation_marks_may_hold_separators_and_lines() -> None:
    table = read_table(b'name,note\n"Oakes, Sam","first\nsecond"\nLeo,x\n')
    assert [line.cells for line in table.lines] == [("Oakes, Sam", "first second"), ("Leo", "x")]
    assert [line.number for line in table.lines] == [2, 4]


def test_at_most_two_hundred_faults_are_told() -> None:
    assert len(_faults(*["P1,,,,,,,,,"] * 500)) == 200


# Maps ------------------------------------------------------------------------------------------------


def test_a_map_in_json_says_the_same_as_one_in_toml() -> None:
    said = {"columns": {"first_name": ["Title", "Forename"]}, "defaults": {"may_report": True, "priority": 2}}
    toml = b'columns.first_name = ["Title", "Forename"]\n[defaults]\nmay_report = true\npriority = 2\n'
    assert read_map(json.dumps(said).encode(), name="a.JSON") == read_map(toml, name="a.toml")


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"columns = ", "a.toml"),
        (b"{", "a.json"),
        (b"[]", "a.json"),
        (b"\xff", "a.toml"),
        (b'rows = "x"', "a.toml"),
        (b'columns = "x"', "a.toml"),
        (b'columns.nickname = "x"', "a.toml"),
        (b"columns.first_name = 3", "a.toml"),
        (b"columns.first_name = []", "a.toml"),
        (b"defaults.language = [1]", "a.toml"),
    ],
)
def test_a_map_that_cannot_be_used_is_refused_with_a_sentence(content: bytes, name: str) -> None:
    with pytest.raises(MapRefused):
        read_map(content, name=name)


def test_a_map_that_names_a_column_which_is_not_there_is_refused() -> None:
    said = read_map(b'columns.language = "Mother tongue"', name="a.toml")
    with pytest.raises(FileRefused, match="Mother tongue"):
        read_roster(f"{HEADER}\n{GOOD}".encode(), said)


# Numbers ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    ["07700 900001", "+447700900001", "+44 (0)7700 900001", "0044 7700 900001", "07700-900-001", "(07700) 900001"],
)
def test_a_number_has_one_spelling(written: str) -> None:
    assert phone_number(written) == "+447700900001"


def test_a_number_of_another_country_stays_one() -> None:
    assert phone_number("+48 601 234 567") == "+48601234567"


@pytest.mark.parametrize("written", ["", "mum", "12", "+", "07700 90001", "+44770090000100000", "07700 900001 x12"])
def test_what_is_no_number_is_refused_without_repeating_it(written: str) -> None:
    with pytest.raises(NotANumber) as caught:
        phone_number(written)
    assert personal(str(caught.value)) == []


# Weeks, whom staff ring first, social workers -----------------------------------------------------


@pytest.mark.parametrize(("said", "week"), [("A", "A"), ("b", "B"), ("Week A", "A"), ("week b", "B"), ("", "")])
def test_the_week_of_a_care_arrangement_is_read_as_offices_write_it(said: str, week: str) -> None:
    roster = _read(f"{GOOD},{said}", header=f"{HEADER},care_week")
    assert roster.rights["P1", "C1"].care_week == week


@pytest.mark.parametrize(("column", "said"), [("care_week", "C"), ("ring_first", "perhaps"), ("social_worker", "x")])
def test_what_is_no_week_and_no_yes_is_a_fault(column: str, said: str) -> None:
    assert [fault.column for fault in _faults(f"{GOOD},{said}", header=f"{HEADER},{column}")] == [column]


@pytest.mark.parametrize(("column", "one", "other"), [("care_week", "A", "B"), ("ring_first", "yes", "no")])
def test_rows_that_differ_about_it_are_a_fault(column: str, one: str, other: str) -> None:
    faults = _faults(f"{GOOD},{one}", f"{GOOD},{other}", header=f"{HEADER},{column}")
    assert [(fault.line, fault.column) for fault in faults] == [(3, column)]
