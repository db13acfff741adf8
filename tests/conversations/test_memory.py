"""A thread's memory stays small, and nothing that a parent told is lost by that."""

from __future__ import annotations

import json
from datetime import date, timedelta

from conversations.acts import Json, NeedsPerson
from conversations.state import MOST_BYTES, Fill, Frame, State, dump
from tests.conversations.phone import MAYA, SAM, TUESDAY, Phone


def told(number: int, child: str, *, stretches: int) -> Frame:
    """A sickness without its days, beside many other days on which the child may not be meant to be off."""
    days: list[Json] = [
        [str(first), str(first + timedelta(days=1))]
        for first in (date(2026, 4, 1) + timedelta(days=3 * each + number) for each in range(stretches))
    ]
    fills = {
        "kind": Fill(value="sickness", how="said"),
        "reason": Fill(value="unspecified", how="said"),
        "who": Fill(value=[child], how="said"),
        "closed": Fill(value=days, how="told"),
    }
    return Frame(id=f"01JTHREAD00000000000000MUM.{number}", flow="absence", fills=fills, message=f"told{number:022}")


def test_what_does_not_fit_goes_to_a_person_the_oldest_first() -> None:
    frames = tuple(told(number, child.id, stretches=8) for number, child in enumerate((MAYA, SAM, MAYA), 1))
    phone = Phone(children=(MAYA, SAM), state=State(rev=9, stack=frames))
    made = phone.text("hello")
    handed = [effect for effect in made.effects if isinstance(effect, NeedsPerson)]
    assert [(effect.why, effect.message) for effect in handed] == [("unanswered", frames[0].message)]
    assert [frame.message for frame in made.state.stack] == [frame.message for frame in frames[1:]]
    assert len(json.dumps(dump(made.state))) < MOST_BYTES


def test_a_question_that_does_not_fit_is_a_persons_and_the_parent_hears_so() -> None:
    frame = told(1, MAYA.id, stretches=40)
    phone = Phone(state=State(rev=9, stack=(frame,)))
    phone.now = phone.now.replace(day=TUESDAY.day, hour=10)
    made = phone.text("hello")
    assert [effect.message for effect in made.effects if isinstance(effect, NeedsPerson)] == [frame.message]
    assert made.state.stack == ()
    assert made.state.ask is None
    assert "person" in {say.key for say in made.says}


def test_what_is_open_of_an_earlier_release_does_not_silence_advice() -> None:
    frame = Frame(id="01JTHREAD00000000000000MUM.5", flow="gone", message="told0000000000000000000005")
    phone = Phone(state=State(rev=6, stack=(frame,)))
    made = phone.text("how long should Maya stay off with chicken pox")
    assert [effect.message for effect in made.effects if isinstance(effect, NeedsPerson)] == [frame.message]
    assert [say.key for say in made.says] == ["illness"]
