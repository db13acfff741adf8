"""Answers to 'back today?' in a parent's own words: back, still off, or another day; the question is then over."""

from __future__ import annotations

from conversations.acts import AbsenceKind, Change, Clause, Kind, Say, Topic
from conversations.flows import absence, back_today
from conversations.frame import filled
from conversations.slots.who import ids_of
from conversations.state import Frame
from conversations.talk import OPENERS, Talk


def answered(talk: Talk, clause: Clause) -> bool:
    """Whether a clause answered the question for good: the child is back, as far as the parent knows.

    Where the child is off, late or back on another day, the question becomes an absence of today for the clause to
    fill: as if the school had asked where the child is.
    """
    frame = next((each for each in reversed(talk.stack) if each.flow == back_today.NAME), None)
    if frame is None:
        return False
    back = clause.change is Change.WITHDRAWS or clause.topic is Topic.CLAIMS_PRESENT
    if back or (clause.topic is Topic.SICKNESS and clause.negated):
        talk.put(talk.signed(filled(frame, {"answer": back_today.BACK}, "said")))
        talk.ask = None
        return True
    if clause.topic is not None and clause.topic in OPENERS and OPENERS[clause.topic].name == absence.NAME:
        _becomes(talk, back_today.off_today(frame, talk.context, None))
    elif clause.topic is None and any(mention.kind is Kind.DAYS for mention in clause.mentions):
        _becomes(talk, back_today.off_today(frame, talk.context, AbsenceKind.SICKNESS))
    return False


def in_own_words(talk: Talk) -> None:
    """'Something else': the parent is asked to say it, and whatever comes is heard like any text."""
    frame = talk.stack[-1]
    talk.drop(frame)
    talk.notices.append(Say(key="back.else", args={"names": ids_of(frame, talk.context)}))


def _becomes(talk: Talk, frame: Frame) -> None:
    talk.put(frame)
    talk.ask = None
