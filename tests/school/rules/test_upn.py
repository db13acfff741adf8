"""Unique pupil numbers against published vectors, another implementation, and every slip of one finger."""

import pytest
import stdnum.gb.upn
from hypothesis import assume, given
from hypothesis import strategies as st

from school.rules.upn import LETTERS, WrongUPN, check_letter, is_upn, parse_upn

GOOD = [
    "B801200005001",
    "P207000016049",
    "K384200026001",
    "Z384200026002",
    "J384200026010",
    "J38420002601A",
    "V38420002601Z",
    "A000000000000",
    "F999999999999",
]

# Local authorities that exist and that python-stdnum's list lacks.
NEWER_AUTHORITIES = ["838", "839", "940", "941", "942", "943"]

BODIES = st.from_regex(f"[0-9]{{11}}[0-9{LETTERS}]", fullmatch=True)


@pytest.mark.parametrize("text", GOOD)
def test_a_upn_with_its_right_check_letter_is_one(text):
    assert is_upn(text)
    assert parse_upn(text).text == text


def test_a_wrong_check_letter_is_seen():
    assert not is_upn("A801200005001")
    # A letter that a support page once printed for this number, by a slip in its sum.
    assert check_letter("207000016049") == "P"
    assert not is_upn("Q207000016049")


def test_a_upn_has_parts():
    upn = parse_upn("K384200026001")
    assert (upn.authority, upn.establishment, upn.year, upn.serial) == ("384", "2000", "26", "001")
    assert not upn.is_temporary
    assert parse_upn("J38420002601A").is_temporary


def test_spaces_around_and_small_letters_do_not_matter():
    assert parse_upn("  k384200026001\n").text == "K384200026001"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "K",
        "K38420002600",
        "K3842000260011",
        "K384200026 001",
        "I384200026001",
        "K38420002600I",
        "K38420002600O",
        "K38420002600S",
        "1384200026001",
        "K3842000260A1",
        "K٣٨٤٢٠٠٠٢٦٠٠١",
        "K38420002600²",
        "ſ384200026001",
        "K384200026001\0",
        "K384200026001\n1",
    ],
)
def test_what_has_another_shape_is_none(text):
    with pytest.raises(WrongUPN) as caught:
        parse_upn(text)
    assert "384" not in str(caught.value)
    assert not is_upn(text)


def test_an_error_never_repeats_the_number():
    with pytest.raises(WrongUPN) as caught:
        parse_upn("A801200005001")
    assert "801200005001" not in str(caught.value)


def test_twelve_characters_of_another_shape_have_no_check_letter():
    for body in ("", "80120000500", "8012000050011", "80120000500I", "x01200005001"):
        with pytest.raises(WrongUPN):
            check_letter(body)


@pytest.mark.parametrize("authority", NEWER_AUTHORITIES)
def test_newer_authorities_are_accepted_which_python_stdnum_refuses(authority):
    body = f"{authority}200026001"
    text = check_letter(body) + body
    assert is_upn(text)
    assert not stdnum.gb.upn.is_valid(text)


@given(BODIES)
def test_the_check_letter_is_that_of_python_stdnum(body):
    assert check_letter(body) == stdnum.gb.upn.calc_check_digit(" " + body)


@given(st.sampled_from(["801", "207", "384", "201", "933"]), st.from_regex(f"[0-9]{{8}}[0-9{LETTERS}]", fullmatch=True))
def test_where_the_authority_is_on_its_list_python_stdnum_agrees_about_every_letter(authority, rest):
    body = authority + rest
    for letter in LETTERS:
        assert is_upn(letter + body) == stdnum.gb.upn.is_valid(letter + body) == (letter == check_letter(body))


@given(BODIES, st.integers(0, 11), st.sampled_from("0123456789"))
def test_one_wrong_digit_is_always_seen(body, place, digit):
    assume(body[place] != digit)
    assume(place < 11 or body[11].isdigit())
    slipped = body[:place] + digit + body[place + 1 :]
    assert not is_upn(check_letter(body) + slipped)


@given(BODIES, st.integers(0, 9))
def test_two_neighbouring_digits_swapped_are_always_seen(body, place):
    assume(body[place] != body[place + 1])
    swapped = body[:place] + body[place + 1] + body[place] + body[place + 2 :]
    assert not is_upn(check_letter(body) + swapped)


@given(st.text(max_size=16))
def test_any_text_is_a_upn_or_a_clear_error(text):
    try:
        upn = parse_upn(text)
    except WrongUPN:
        assert not is_upn(text)
        return
    assert upn.text == check_letter(upn.text[1:]) + upn.text[1:]
