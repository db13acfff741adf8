"""The rules of care that bear on the morning's chase (`docs/care.md` has all thirty), each through the wired house."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.howwasschool.replay import replay, staff, texts, told

HEADER = """title: A rule of care
date: 2026-03-03
children: Maya (4B); Leo (2A)
contact mum: Maya; Leo
contact dad: Maya
"""
BOTH_MISSING = "09:00 [register 4B Maya N]\n09:01 [register 2A Leo N]"
MAYA_MISSING = "09:00 [register 4B Maya N]\n09:01 [register 2A]"
# Care rule 20, beside what no text may say at all.
NEVER_SAID = re.compile(r"unauthorised|truant|no excuses|100%|failed|\bmust\b|\bfine\b|prosecut", re.IGNORECASE)
Play = Callable[..., list[list[str]]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the empty school is kept that each replay is a copy of."""
    return tmp_path_factory.mktemp("care")


@pytest.fixture
def play(folder: Path) -> Play:
    """Plays steps, with more lines of the header where a rule wants them; what followed each step."""
    return lambda steps, header="": replay(folder, f"{HEADER}{header}\n{steps}")


def test_rule_1_a_worry_word_holds_the_family_and_nobody_of_it_is_asked(play: Play) -> None:
    worry = "08:20 @mum > he hit me last night, dont text back"
    lines = play(f"{worry}\n{BOTH_MISSING}\n09:26 [wait]\n09:41 [wait]\n09:56 [wait]")
    assert texts(lines) == []
    assert "* to the lead: violence" in lines[0]


def test_rule_2_an_all_clear_says_in_school_only_of_a_child_marked_present(play: Play) -> None:
    *_, cleared = play(f"{BOTH_MISSING}\n09:26 [wait]\n09:30 [mark Leo /]\n09:31 [all-clear]")
    (seen, not_seen) = texts([cleared])
    assert "Leo is in school" in seen
    assert "Maya" not in seen
    assert "Maya may be wrong. We're still checking and a person will ring you by" in not_seen
    assert staff([cleared]) == ["ring_home: Maya"]


@pytest.mark.parametrize("nothing", ["👍", "ok", "STOP", "wrong number"])
def test_rule_3_what_says_nothing_of_the_child_accounts_for_nobody(play: Play, nothing: str) -> None:
    lines = play(f"{MAYA_MISSING}\n09:26 [wait]\n09:28 @mum > {nothing}\n09:45 [wait]\n10:00 [wait]")
    assert "dad" in told(lines)
    assert "unanswered_chase: Maya" in staff(lines)


def test_rule_3_stop_and_a_wrong_number_send_it_to_the_next_contact_at_once(play: Play) -> None:
    for dead_end in ("STOP", "wrong number"):
        *_, answered = play(f"{MAYA_MISSING}\n09:26 [wait]\n09:28 @mum > {dead_end}")
        assert "dad" in told([answered])


def test_rule_3_a_refusal_and_not_in_today_account_for_the_child_and_the_reason_is_asked_for_once(play: Play) -> None:
    later = "09:41 [wait]\n09:56 [wait]"
    refused = play(
        f"{MAYA_MISSING}\n09:26 [wait]\n09:30 @mum > she wouldnt go in, took her home from the gate\n{later}"
    )
    assert "dad" not in told(refused)
    *_, bare, second, third = play(f"{MAYA_MISSING}\n09:26 [wait]\n09:30 @mum > she's not in today\n{later}")
    assert "why" in texts([bare])[-1]
    assert texts([second, third]) == []


def test_rule_4_not_known_goes_to_a_person_at_once_and_rings_the_duty_phone_after_three_minutes(play: Play) -> None:
    *_, answered, two, three = play(
        f"{MAYA_MISSING}\n09:26 [wait]\n09:29 @mum > she left at eight\n09:31 [wait]\n09:33 [wait]",
        header="settings: duty_phone=+447700900777\n",
    )
    assert "will ring you within 10 minutes. Please keep your phone on." in texts([answered])[-1]
    assert staff([answered]) == ["claims_present"]
    assert (told([two]), told([three])) == ([], ["duty"])


def test_rule_5_missing_in_the_afternoon_is_an_alarm_to_staff_and_no_text(play: Play) -> None:
    lines = play(
        "09:00 [register 4B]\n09:01 [register 2A]\n13:05 [register 4B Maya N]\n13:06 [register 2A]\n13:40 [wait]"
    )
    assert staff(lines) == ["missing_afternoon: Maya"]
    assert texts(lines) == []


def test_rule_6_the_brake_goes_to_the_deputy_then_the_head_and_whoever_is_rung_first_is_rung_all_the_same(
    play: Play,
) -> None:
    lines = play(
        "08:30 [care Maya ring_first]\n09:00 [register 2A]\n09:05 [register 4B all N]\n"
        "09:26 [wait]\n09:36 [wait]\n09:46 [wait]",
        header="classmates: 4B 5; 2A 90\n",
    )
    assert texts(lines) == []
    assert staff(lines) == ["brake_held: office", "ring_now: Maya", "brake_held: deputy", "brake_held: head"]


def test_rule_17_a_bereaved_family_is_rung_and_not_asked(play: Play) -> None:
    told_us = "07:40 @mum > my dad died last night, maya won't be in today"
    lines = play(f"{told_us}\n\n== 2026-03-04\n07:46 [wait]\n{MAYA_MISSING}\n09:26 [wait]\n09:56 [wait]")
    assert texts(lines[1:]) == []
    assert "bereaved: Maya" in staff(lines)


def test_rule_18_the_first_chase_guesses_no_reason_and_one_digit_says_that_we_are_wrong(play: Play) -> None:
    *_, asked = play(f"{MAYA_MISSING}\n09:26 [wait]")
    (text,) = texts([asked])
    assert text.startswith(
        "< @mum Hilltop: Maya isn't marked in today and we've had no message. Please reply with why."
    )
    assert "1 Should be in school" in text


def test_rule_20_nobody_is_asked_back_today_after_a_bad_day_of_the_mind_and_no_text_accuses(play: Play) -> None:
    quiet = play("07:40 @mum > mayas anxiety is really bad, she cant come in today\n\n== 2026-03-04\n07:46 [wait]")
    assert texts(quiet[1:]) == []
    everything = play(
        f"{MAYA_MISSING}\n09:26 [wait]\n09:41 [wait]\n09:45 [all-clear]\n\n== 2026-03-04\n{MAYA_MISSING}\n09:26 [wait]"
    )
    assert not any(NEVER_SAID.search(text) for text in texts(everything))


def test_rule_21_who_is_rung_and_not_texted_is_staffs_at_minute_nought(play: Play) -> None:
    *_, asked = play(f"{MAYA_MISSING}\n09:26 [wait]", header="ring: mum\n")
    assert staff([asked]) == ["ring_only: Maya"]
    assert "mum" not in told([asked])


def test_rule_24_sent_home_ill_is_asked_about_kindly_and_is_staffs_by_eleven(play: Play) -> None:
    lines = play(
        f"13:30 [note Maya sent_home_ill]\n\n== 2026-03-04\n{MAYA_MISSING}\n09:26 [wait]\n10:59 [wait]\n11:01 [wait]"
    )
    assert [text for text in texts(lines) if "still poorly?" in text] == texts(lines)
    assert (staff(lines[:-1]), staff(lines[-1:])) == ([], ["unanswered_chase: Maya"])


def test_rule_29_ten_minutes_then_fifteen_then_thirty_and_each_is_the_schools_to_choose(play: Play) -> None:
    waits = "\n".join(f"09:{minute} [wait]" for minute in (24, 25, 39, 40, 54, 55))
    lines = play(f"{MAYA_MISSING}\n{waits}")
    assert [told([step]) for step in lines[2:]] == [[], ["mum"], [], ["dad"], [], []]
    assert staff(lines[-1:]) == ["unanswered_chase: Maya"]
    soon = "settings: chase_after_minutes=2; chase_second_minutes=3; chase_staff_minutes=5\n"
    *_, first, second, third = play(f"{MAYA_MISSING}\n09:17 [wait]\n09:20 [wait]\n09:22 [wait]", header=soon)
    assert (told([first]), told([second]), staff([third])) == (["mum"], ["dad"], ["unanswered_chase: Maya"])


WROTE = "07:45 @mum > is it ok if maya stays off today with a tummy bug?"


def test_who_wrote_and_did_not_answer_is_not_asked_again_and_staff_read_it_each_day_anew(play: Play) -> None:
    waits = "\n".join(f"09:{minute} [wait]" for minute in (26, 41, 56))
    lines = play(f"{WROTE}\n{MAYA_MISSING}\n{waits}")
    assert [told([step]) for step in lines[1:]] == [[]] * len(lines[1:])
    assert staff(lines)[0] == "told_absent: Maya"
    first, again = f"{MAYA_MISSING}\n09:26 [wait]", f"07:46 [wait]\n{MAYA_MISSING}\n09:26 [wait]"
    days = play(f"{WROTE.replace('today', 'till friday')}\n{first}\n\n== 2026-03-04\n{again}")
    assert staff(days).count("told_absent: Maya") == 2
    assert not any("marked in" in text or "back" in text for text in texts(days[1:]))


def test_a_no_to_our_question_has_the_chase_ask_as_ever(play: Play) -> None:
    lines = play(f"{WROTE}\n07:46 @mum > 2\n07:47 @mum > thanks\n{MAYA_MISSING}\n09:26 [wait]")
    assert told(lines[-1:]) == ["mum"]


def test_a_school_may_have_its_question_asked_once_more_instead(play: Play) -> None:
    lines = play(f"{WROTE}\n{MAYA_MISSING}\n09:26 [wait]", header="settings: chase_repeats_question=true\n")
    assert told(lines[-1:]) == ["mum"]
    assert staff(lines) == []
