"""Care rule 23: what cannot wait escapes every cap and every quiet hour, through the wired house."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.howwasschool.replay import replay, staff, texts, told

# A school that starts nothing at all, and the shortest day that there may be.
NOTHING_UNASKED = """title: A rule of care
date: 2026-03-03
settings: budget_sms=0; budget_telegram=0; unasked_from=12:00; unasked_until=12:30
children: Maya (4B); Leo (2A)
contact mum: Maya; Leo
contact dad: Maya
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("rule23")


def test_rule_23_chases_all_clears_replies_and_closures_escape_every_cap_and_quiet_hour(folder: Path) -> None:
    lines = replay(
        folder,
        f"{NOTHING_UNASKED}\n"
        "07:00 [broadcast closure 2A: en=2A are at home today: their room is flooded.]\n"
        "09:00 [register 4B Maya N]\n"
        "09:26 [wait]\n"
        "09:30 [mark Maya /]\n"
        "09:31 [all-clear]\n"
        "22:40 @mum > how is Maya's attendance\n"
        "22:45 @mum > he hit me again\n"
        "23:10 [broadcast closure all: en=Snow: Hilltop is closed tomorrow.]",
    )
    assert told(lines[:1]) == ["mum"]
    assert told([lines[2]]) == ["mum"]
    assert "Maya is in school. Our message this morning was our mistake" in texts([lines[4]])[0]
    assert len(texts(lines[5:7])) == 2
    assert "ring 999" in texts([lines[6]])[0]
    # Care rule 1 is above this one: the family of a worry is told by nobody.
    assert texts([lines[7]]) == []


def test_rule_23_what_may_wait_keeps_to_both_and_staff_see_what_is_not_sent(folder: Path) -> None:
    lines = replay(
        folder,
        f"{NOTHING_UNASKED}\n"
        "08:00 @mum > Maya is poorly today\n"
        "12:10 [broadcast news all until 2026-03-04: en=4B won the cup.]\n"
        "12:31 [wait]\n"
        "== 2026-03-04\n"
        "12:15 [wait]",
    )
    assert len(texts(lines)) == 1
    assert staff(lines) == ["not_sent_in_time", "not_sent_in_time", "not_sent_in_time"]
