"""The register codes against the law's own classes, and marks as imports and staff bring them."""

import subprocess
import sys
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from school.rules.calendar import Session
from school.rules.codes import (
    CODES,
    NEVER_AUTOMATIC,
    ONE_KEY,
    REFORM,
    Decider,
    InternalMark,
    NotACode,
    NotYetACode,
    RetiredCode,
    Statistic,
    UnknownMark,
    WrongSession,
    parse,
    require_writable,
)

TODAY = date(2026, 11, 24)
BEFORE = date(2024, 8, 18)

# Written down a second time, from the guidance's table, so that a slip in either is seen.
BY_CLASS = {
    Statistic.PRESENT: "/ \\ L",
    Statistic.APPROVED_ACTIVITY: "K V P W B",
    Statistic.AUTHORISED: "C1 M J1 S C2 C T R I E",
    Statistic.UNAUTHORISED: "G N O U",
    Statistic.NOT_POSSIBLE: "D X Q Y1 Y2 Y3 Y4 Y5 Y6 Y7",
    Statistic.NOT_COLLECTED: "Z #",
}
CURRENT = {mark for marks in BY_CLASS.values() for mark in marks.split()}
RETIRED = {"H", "J", "Y", "F"}


def test_the_table_holds_the_codes_in_force_and_the_four_retired_ones_and_no_other():
    assert set(CODES) == CURRENT | RETIRED
    assert len(CURRENT) == 34
    assert {mark for mark, code in CODES.items() if code.is_retired} == RETIRED


@pytest.mark.parametrize("statistic", BY_CLASS)
def test_every_code_counts_in_the_class_that_the_guidance_gives_it(statistic):
    found = {mark for mark, code in CODES.items() if code.statistic is statistic and not code.is_retired}
    assert found == set(BY_CLASS[statistic].split())


def test_the_denominator_leaves_out_d_q_x_y_z_and_closures_alone():
    left_out = {mark for mark, code in CODES.items() if not code.counts_as_possible} - RETIRED
    assert left_out == {"D", "Q", "X", "Y1", "Y2", "Y3", "Y4", "Y5", "Y6", "Y7", "Z", "#"}


def test_a_possible_session_is_attended_or_missed_and_never_both():
    for code in CODES.values():
        assert code.counts_as_possible == (code.counts_as_attended != code.counts_as_absent)


@pytest.mark.parametrize(
    ("mark", "attended", "absent"),
    [
        ("L", True, False),
        ("U", False, True),
        ("M", False, True),
        ("I", False, True),
        ("J1", False, True),
        ("C2", False, True),
        ("V", True, False),
        ("X", False, False),
    ],
)
def test_the_codes_that_people_mistake_count_as_the_law_has_them(mark, attended, absent):
    assert (CODES[mark].counts_as_attended, CODES[mark].counts_as_absent) == (attended, absent)


def test_leave_is_granted_only_by_a_person_whom_the_proprietor_authorised():
    granted = {mark for mark, code in CODES.items() if code.decider is Decider.AUTHORISED_PERSON} - RETIRED
    assert granted == {"C", "C1", "C2", "J1", "S"}
    assert CODES["E"].decider is Decider.HEAD
    assert CODES["K"].decider is Decider.LOCAL_AUTHORITY


def test_what_is_never_automatic_takes_no_one_key_either():
    assert {mark for mark, code in CODES.items() if code.is_never_automatic} == {"O", "U", "C", "G", "T"}
    assert {mark for mark, code in CODES.items() if code.takes_one_key} == {"I", "M", "L"}
    assert not NEVER_AUTOMATIC & ONE_KEY


def test_every_code_says_what_it_means_in_one_plain_phrase():
    for code in CODES.values():
        assert code.meaning
        assert not code.meaning.endswith(".")
        assert len(code.meaning) < 80


def test_marks_that_fit_only_one_half_of_the_day():
    assert {mark: code.session for mark, code in CODES.items() if code.session} == {
        "/": Session.AM,
        "\\": Session.PM,
    }


# Reading -------------------------------------------------------------------------------------


@pytest.mark.parametrize("mark", sorted(CURRENT))
def test_every_code_in_force_is_read_and_written(mark):
    assert parse(mark, on=TODAY) is CODES[mark]
    assert require_writable(mark) is CODES[mark]
    assert require_writable(mark, on=TODAY) is CODES[mark]


@pytest.mark.parametrize("mark", sorted(RETIRED))
def test_a_retired_code_is_read_in_old_registers_alone_and_written_in_none(mark):
    assert parse(mark, on=BEFORE) is CODES[mark]
    for day in (REFORM, TODAY):
        with pytest.raises(RetiredCode, match="19 August 2024"):
            parse(mark, on=day)
    for written_for in (None, BEFORE, TODAY):
        with pytest.raises(RetiredCode, match="can't be written"):
            require_writable(mark, on=written_for)


@pytest.mark.parametrize("mark", ["K", "C1", "J1", "C2", "Q", "Y1", "Y2", "Y3", "Y4", "Y5", "Y6", "Y7"])
def test_a_code_of_2024_is_not_read_before_its_first_day(mark):
    assert parse(mark, on=REFORM).mark == mark
    with pytest.raises(NotYetACode, match="19 August 2024"):
        parse(mark, on=REFORM - timedelta(days=1))
    with pytest.raises(NotYetACode):
        require_writable(mark, on=BEFORE)


def test_an_error_says_what_to_use_instead():
    with pytest.raises(RetiredCode, match="Now J1, which is an absence"):
        parse("j", on=TODAY)
    with pytest.raises(RetiredCode, match="Now Q or Y1 to Y7"):
        require_writable("Y")


@pytest.mark.parametrize("mark", [" i ", "I", "i", "\ti\n"])
def test_capitals_and_spaces_around_do_not_matter(mark):
    assert parse(mark, on=TODAY).mark == "I"


@pytest.mark.parametrize("mark", ["-", "@", "!", "*", " - "])
def test_an_information_systems_own_signs_are_no_codes(mark):
    with pytest.raises(InternalMark, match="own sign"):
        parse(mark, on=TODAY)
    with pytest.raises(InternalMark):
        require_writable(mark)


@pytest.mark.parametrize("mark", ["A", "Y8", "Y0", "C3", "//", "0", "I M", "ILL", "ı", "İ", "Ｉ", "І", "I\0", "١"])
def test_what_is_in_no_table_is_refused(mark):
    with pytest.raises(UnknownMark):
        parse(mark, on=TODAY)


def test_an_empty_mark_is_an_unmarked_session_and_no_code():
    for mark in ("", "  ", "\n"):
        with pytest.raises(UnknownMark, match="unmarked"):
            parse(mark, on=TODAY)


def test_an_error_does_not_repeat_what_may_be_a_name_from_the_wrong_column():
    with pytest.raises(UnknownMark) as caught:
        parse("Maya Testerton", on=TODAY)
    assert "Maya" not in str(caught.value)


@pytest.mark.parametrize("mark", ["\0", "\x1b[", "\u202e", "é"])
def test_an_error_holds_only_what_can_be_printed_anywhere(mark):
    with pytest.raises(UnknownMark, match=r"^This is not a register code\.$"):
        parse(mark, on=TODAY)


def test_the_mornings_mark_is_refused_for_an_afternoon_and_the_other_way_round():
    assert require_writable("/", session=Session.AM).mark == "/"
    assert require_writable("\\", session=Session.PM).mark == "\\"
    with pytest.raises(WrongSession, match="morning"):
        require_writable("/", session=Session.PM)
    with pytest.raises(WrongSession, match="afternoon"):
        require_writable("\\", session=Session.AM)
    assert require_writable("I", session=Session.PM).mark == "I"


@given(st.text(max_size=6), st.dates(date(2010, 1, 1), date(2030, 1, 1)))
def test_any_text_is_a_code_or_a_clear_error(text, day):
    said = ""
    try:
        code = parse(text, on=day)
    except NotACode as error:
        said = str(error)
    else:
        assert code.mark == text.strip().upper()
        return
    assert said.endswith(".")
    assert said.isprintable()


def test_the_rules_load_neither_a_database_nor_a_web_framework():
    program = (
        "import sys, school.rules.codes, school.rules.calendar, school.rules.proposals, school.rules.attendance, "
        "school.rules.upn, school.rules.bank_holidays, school.rules.unexplained, school.rules.absence_times; "
        "print([m for m in ('sqlalchemy', 'fastapi', 'twilio', 'telegram', 'httpx', 'asyncio') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
