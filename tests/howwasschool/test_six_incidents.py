"""The brake's six incidents (`design.md`, section 9), replayed through the wired house: no false text leaves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.howwasschool.replay import replay, texts, told

# Maya is in 4B with her mother to ask, Leo in 2A with his father, in a school of two classes.
HEADER = """title: An incident
date: 2026-03-03
children: Maya (4B); Leo (2A)
classmates: {mates}
contact mum: Maya
contact dad: Leo
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """What went wrong by the time at which the alerts would go, why the brake holds, and what puts it right."""

    name: str
    mates: str
    steps: str
    why: str
    alarmed: frozenset[str]
    seen: str


INCIDENTS = (
    Incident(
        name="a late register",
        mates="4B 20; 2A 20",
        steps="09:10 [mark Maya N]",
        why="no_marks",
        alarmed=frozenset({"mum"}),
        seen="[mark Maya /]",
    ),
    Incident(
        name="one class unmarked",
        mates="4B 20; 2A 20",
        steps="09:00 [register 2A]\n09:10 [mark Maya N]",
        why="class_unmarked 4B",
        alarmed=frozenset({"mum"}),
        seen="[mark Maya /]",
    ),
    Incident(
        name="a trip not entered",
        mates="4B 5; 2A 90",
        steps="09:00 [register 2A]\n09:05 [register 4B all N]",
        why="class_all_absent 4B",
        alarmed=frozenset({"mum"}),
        seen="[register 4B all V]\n09:50 [mark Maya /]",
    ),
    Incident(
        name="a closure or INSET day not entered",
        mates="4B 20; 2A 20",
        steps="09:00 [register 4B all N]\n09:01 [register 2A all N]",
        why="too_many_absent",
        alarmed=frozenset({"mum", "dad"}),
        seen="[mark Maya /]\n09:50 [mark Leo /]",
    ),
    Incident(
        name="a stale import of marks",
        mates="4B 20; 2A 20",
        steps="07:30 [register 4B Maya N]\n07:31 [register 2A]",
        why="stale_marks",
        alarmed=frozenset({"mum"}),
        seen="[mark Maya /]",
    ),
    Incident(
        name="half an import of marks",
        mates="4B 20; 2A 20; 3C 20",
        steps="09:00 [register 4B Maya N]",
        why="no_marks",
        alarmed=frozenset({"mum"}),
        seen="[mark Maya /]",
    ),
)
each_incident = pytest.mark.parametrize("incident", INCIDENTS, ids=lambda each: each.name.replace(" ", "-"))
Play = Callable[[str, str], list[list[str]]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the empty school is kept that each replay is a copy of."""
    return tmp_path_factory.mktemp("incidents")


@pytest.fixture
def play(folder: Path) -> Play:
    """Plays steps in a school with so many classmates; what followed each of them."""
    return lambda mates, steps: replay(folder, HEADER.format(mates=mates) + "\n" + steps)


@each_incident
def test_nothing_leaves_and_the_hold_says_why_to_one_role_after_another(play: Play, incident: Incident) -> None:
    lines = play(incident.mates, f"{incident.steps}\n09:26 [wait]\n09:36 [wait]\n09:46 [wait]\n12:31 [wait]")
    assert texts(lines) == []
    *_, first, second, third, over = lines
    assert f"* held: {incident.why}" in first
    roles = [[line.rpartition(" ")[2] for line in step if "brake_held" in line] for step in (first, second, third)]
    assert roles == [["office"], ["deputy"], ["head"]]
    # The session is over: what waited goes to nobody any more.
    assert over == [f"* no longer held: {incident.why}"]


@each_incident
def test_a_click_lets_go_and_an_all_clear_reaches_exactly_those_alarmed(play: Play, incident: Incident) -> None:
    clicks = "09:30 [release]\n09:31 [release]"
    after = f"09:45 {incident.seen}\n09:55 [all-clear]\n09:56 [all-clear]"
    lines = play(incident.mates, f"{incident.steps}\n09:26 [wait]\n{clicks}\n{after}")
    *start, cleared, again = lines
    assert set(told(start)) == incident.alarmed
    assert sorted(told([cleared])) == sorted(incident.alarmed)
    assert all("is in school" in line for line in texts([cleared]))
    assert texts([again]) == []


def test_a_click_for_the_whole_school_lets_no_class_go_that_is_absent_as_a_whole(play: Play) -> None:
    closure = next(each for each in INCIDENTS if each.why == "too_many_absent")
    *_, released = play(closure.mates, f"{closure.steps}\n09:26 [wait]\n09:30 [release]")
    assert texts([released]) == []
    assert {line for line in released if "held: class" in line} == {
        "* held: class_all_absent 2A",
        "* held: class_all_absent 4B",
    }


def test_a_send_to_the_wrong_group_by_hand_alarms_nobody_whose_child_is_in(play: Play) -> None:
    lines = play(
        "4B 20; 2A 20", "09:00 [register 4B]\n09:01 [register 2A]\n09:10 [chase 4B]\n09:26 [wait]\n09:56 [wait]"
    )
    assert texts(lines) == []


def test_a_send_to_the_wrong_group_by_hand_is_taken_back_from_exactly_those_who_got_it(play: Play) -> None:
    both = "09:00 [register 4B Maya N]\n09:01 [register 2A Leo N]"
    *_, sent, marked, cleared = play(
        "4B 20; 2A 20", f"{both}\n09:10 [chase 2A]\n09:12 [mark Leo /]\n09:13 [all-clear Leo]"
    )
    assert told([sent]) == ["dad"]
    assert texts([marked]) == []
    assert told([cleared]) == ["dad"]
