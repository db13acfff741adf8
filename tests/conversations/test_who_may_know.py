"""Over made-up families with any rights: no reply, list or notice names a child to somebody without the right."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, time
from functools import cache
from typing import Any

import pytest

from conversations.acts import AbsenceStated, Heard
from conversations.context import Child, Context
from conversations.flows.notices import NOTICES
from conversations.hearing import hear
from conversations.language import Language, load
from conversations.state import Ask
from tests.conversations.phone import LONDON, TUESDAY, Phone, Record
from tests.conversations.texts import ALL

# So many in each run; HOWWASSCHOOL_TEXTS=100000 is a long one.
TEXTS = int(os.environ.get("HOWWASSCHOOL_TEXTS", "3000"))
AT_A_TIME = 500
NINE = datetime.combine(TUESDAY, time(9), LONDON)
# Names that are part of no word of ours.
NAMES = ("Zebedee", "Quillon", "Xanthe")
CHILDREN = tuple(Child(id=f"child-{name}", first_name=name, known_as=name, class_name="4B", year="4") for name in NAMES)
RIGHTS = ("may_report", "may_be_told", "may_request_leave", "lives_with")


@cache
def _heard(words: str, ask: Ask | None, language: str, children: tuple[Child, ...], expects: str) -> Heard:
    context = replace(Phone(children=children, now=NINE).context, expects=expects)
    return hear(words, ask, load(language), context)


def _hearer(text: str, ask: Ask | None, language: Language, context: Context) -> Heard:
    return _heard(text, ask, language.code, context.children, context.expects)


def _family(chance: random.Random) -> tuple[Child, ...]:
    """The children as one contact's turns see them: those for whom there is no right at all are left out before."""
    found = []
    for child in CHILDREN[: chance.randint(1, 3)]:
        rights: dict[str, Any] = {name: chance.random() < 0.5 for name in RIGHTS}
        found.append(replace(child, may_see_reasons=False, **rights))
    return tuple(each for each in found if each.may_report or each.may_be_told or each.may_request_leave)


def _told_by_another(record: Record, children: tuple[Child, ...], chance: random.Random) -> None:
    """The other home has reported some of them."""
    other = Phone(
        children=tuple(replace(each, may_report=True) for each in children), who="dad", record=record, now=NINE
    )
    for child in children:
        if chance.random() < 0.5:
            other.hearer = _hearer
            other.text(f"{child.known_as} is poorly today")


def _shown(phone: Phone) -> str:
    """The last turn's messages as a phone without buttons shows them, menus and all."""
    return phone.reply


def _nameless(text: str, names: tuple[str, ...]) -> bool:
    return not any(name in text for name in names)


def _steps(chance: random.Random) -> Iterator[tuple[str, Any]]:
    for _ in range(8):
        kind = chance.choice(("named", "named", "text", "text", "text", "push"))
        if kind == "push":
            yield kind, chance.choice(sorted(NOTICES))
        else:
            yield kind, chance.choice(ALL)


def _fills() -> dict[str, Any]:
    ids = [child.id for child in CHILDREN]
    day = TUESDAY.isoformat()
    return {
        "who": ids, "in_school": ids, "checking": ids, "by": "09:30", "days": [day, day], "decision": "granted",
        "figures": [[each, 1, 2, 1, 1, 0] for each in ids], "missed": [[each, 3] for each in ids],
    }  # fmt: skip


@pytest.mark.parametrize("seed", range(max(1, TEXTS // AT_A_TIME)))
def test_nobody_is_told_the_name_of_a_child_for_whom_they_have_no_right(seed: int) -> None:
    chance, said = random.Random(seed), 0
    while said < AT_A_TIME:
        children = _family(chance)
        record = Record()
        _told_by_another(record, children, chance)
        phone = Phone(children=children, record=record, now=NINE, hearer=_hearer)
        theirs = {each.id for each in children}
        strangers = tuple(each.known_as for each in CHILDREN if each.id not in theirs)
        unreported = tuple(each.known_as for each in children if not each.may_report and not each.may_be_told)
        for kind, what in _steps(chance):
            if kind == "push":
                phone.push(what, **_fills())
                untold = tuple(each.known_as for each in children if not each.may_be_told)
                # A question that stood may stand again below what is told.
                assert _nameless(_shown(phone), (*strangers, *(untold if not phone.state.stack else ())))
                continue
            words = what.of(children or CHILDREN)
            phone.text(words)
            said += 1
            named = tuple(each for each in unreported if each in words)
            hidden = tuple(each for each in unreported if each not in named)
            leave = phone.state.stack or any(say.key.startswith(("leave", "undone")) for say in phone.turns[-1].says)
            assert _nameless(_shown(phone), strangers), words
            assert leave or _nameless(_shown(phone), hidden), words


@pytest.mark.parametrize("seed", range(12))
def test_what_one_home_said_changes_no_word_to_another_who_may_not_be_told(seed: int) -> None:
    """Whoever may report and not be told hears the same, whatever the other home has said."""
    chance = random.Random(seed)
    children = tuple(replace(each, may_be_told=False, may_request_leave=False) for each in CHILDREN[:2])
    for _ in range(12):
        record = Record()
        _told_by_another(record, children, chance)
        knowing = Phone(children=children, record=record, now=NINE, hearer=_hearer)
        alone = Phone(children=children, now=NINE, hearer=_hearer)
        for _, what in _steps(chance):
            words = what if isinstance(what, str) else what.of(children)
            made, same = knowing.text(words), alone.text(words)
            assert made.says == same.says, words
            stated = [each for each in made.effects if isinstance(each, AbsenceStated)]
            assert stated == [each for each in same.effects if isinstance(each, AbsenceStated)]


@pytest.mark.parametrize("seed", range(4))
def test_a_helper_whose_last_day_has_passed_is_somebody_without_a_right(seed: int) -> None:
    """Whatever they write and whatever was on record: no name that they did not write, nothing filed, no menu."""
    chance, rang = random.Random(seed), 0
    for _ in range(12):
        record = Record()
        helped = tuple(
            replace(each, may_be_told=False, may_see_reasons=False, may_request_leave=False, lives_with=False)
            for each in CHILDREN[: chance.randint(1, 3)]
        )
        phone = Phone(children=helped, who="gran", record=record, now=NINE, hearer=_hearer)
        phone.text(f"{helped[0].known_as} is poorly today")
        _told_by_another(record, helped, chance)
        assert record.of("gran")
        # The next day: the flow that may still stand, and what she said, are hers no more.
        phone.children, phone.helped_before = (), True
        for kind, what in _steps(chance):
            before = dict(record.statements)
            if kind == "push":
                phone.push(what, **_fills())
            else:
                phone.text(words := what.of(CHILDREN))
                rang += "Please ring Hilltop" in _shown(phone)
                assert _nameless(_shown(phone), NAMES), words
            assert _nameless(_shown(phone), NAMES), what
            # What she said herself she may still take back; nothing is filed.
            assert record.statements.items() <= before.items()
    assert rang
