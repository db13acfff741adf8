"""'No' to 'did you mean this?': the parent is asked once what they mean, before a person has to be."""

from __future__ import annotations

from conversations.acts import AbsenceStated, AbsenceWithdrawn, NeedsPerson, WorryHeard
from conversations.asked import LeaveAsked
from conversations.chasing import is_chase
from conversations.flows import meant
from conversations.frame import MISSING, TONE, filled
from conversations.slots.sure import SURE
from conversations.slots.who import ids_of
from conversations.state import Frame
from conversations.talk import Talk

# What takes the place of what we got wrong.
TOLD = (AbsenceStated, AbsenceWithdrawn, LeaveAsked, NeedsPerson, WorryHeard)
# One more text of which nothing is heard is for a person to read.
LAST_MISS = 2


def asks_again(talk: Talk, refused: Frame) -> bool:
    """Whether what was refused is asked for in the parent's own words; False where a person had better read it.

    That is after a second 'no', while the school looks for a child, while staff speak, and with who answers by digits.
    """
    before = [each for each in talk.stack if each.flow == meant.NAME]
    looked_for = refused.value(TONE) == MISSING or any(is_chase(each) for each in talk.stack)
    asked = talk.ask is not None and talk.ask.slot == SURE.name
    if before or looked_for or not asked or talk.context.numbers or talk.context.staff_speaking:
        for each in before:
            talk.drop(each)
        return False
    asking = Frame(id=refused.id, flow=meant.NAME, message=refused.message, misses=LAST_MISS)
    talk.put(filled(asking, {"who": list(ids_of(refused, talk.context))}, "told"))
    talk.ask = None
    return True


def is_over(talk: Talk) -> None:
    """Whatever was told after the 'no' is what was meant: once it is filed or with a person, no more is asked."""
    if any(isinstance(effect, TOLD) for effect in talk.effects):
        for asked in [each for each in talk.before.stack if each.flow == meant.NAME]:
            talk.drop(asked)
