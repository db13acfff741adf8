"""Whom a worrying text accuses: read off what stands beside what worries, and never off a mere name."""

from __future__ import annotations

import pytest

from school.rules.allegations import About, about
from school.rules.worry_queue import LAST_STEP, READERS, STEPS, first_step, readers

NAMES = {About.HEAD: ["Sue Park", "mrs Park"], About.LEAD: ["mr Khan"], About.STAFF: ["miss Bell"]}


@pytest.mark.parametrize(
    ("words", "heard", "whom"),
    [
        ("the head teacher hit my son today", "hit my son", About.HEAD),
        ("Mrs Park slapped her", "slapped her", About.HEAD),
        ("he was hit by the headteacher", "was hit", About.HEAD),
        ("he was hit by the headteacher", "hit by the headteacher", About.HEAD),
        ("mr khan touched her leg", "touched her", About.LEAD),
        ("she is frightened of Mr Khan", "is frightened of", About.LEAD),
        ("her teaching assistant grabbed him by the arm", "grabbed him", About.STAFF),
        ("Miss Bell really hurt her", "hurt her", About.STAFF),
        ("nauczyciel go uderzył", "uderzył", About.STAFF),
        ("المديرة ضربت ابني", "ضربت", About.HEAD),
        # Told, not accused; another one between; a part of the body.
        ("i told Mrs Park he hit her", "hit her", About.NOBODY),
        ("please tell mr khan dad hit me", "hit me", About.NOBODY),
        ("can mr khan ring, my husband hit me", "hit me", About.NOBODY),
        ("he hit her round the head", "hit her round the head", About.NOBODY),
        ("her dad hit her on the head again", "hit her", About.NOBODY),
        ("he hit her. her teacher knows", "hit her", About.NOBODY),
        ("he hit her", "hit her", About.NOBODY),
    ],
)
def test_who_is_accused(words: str, heard: str, whom: About) -> None:
    at = words.index(heard)
    assert about(words, [(at, at + len(heard))], names=NAMES) is whom


def test_an_accused_person_never_reads_it_and_somebody_always_does() -> None:
    for kind, accused in ((About.LEAD, "safeguarding_lead"), (About.HEAD, "head")):
        assert accused not in readers(kind, LAST_STEP)
        assert first_step(kind, accused) is None
    assert {role for told in STEPS.values() for step in told for role in step} == READERS
    assert all(len(told) == LAST_STEP + 1 and all(told) for told in STEPS.values())
