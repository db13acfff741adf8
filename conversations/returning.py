"""Answers to 'back today?' in a parent's own words: back, still off, or another day; the question is then over."""

from __future__ import annotations

from conversations import by_number
from conversations.acts import AbsenceKind, Change, Clause, Kind, Say, Topic
from conversations.chasing import named_in
from conversations.flows import absence, back_today
from conversations.frame import filled
from conversations.slots.who import ids_of
from conversations.state import Frame
from conversations.talk import OPENERS, Talk, renamed


def answered(talk: Talk, clause: Clause) -> bool:
    """Whether a clause answered the question for good: the child is back, as far as the parent knows.

    Where the child is off, late or back on another day, the question becomes an absence of today for the clause to
    fill: as if the school had asked where the child is.
    """
    frame = _asked(talk, clause)
    if frame is None:
        return False
    back = clause.change is Change.WITHDRAWS or clause.topic is Topic.CLAIMS_PRESENT
    if back or (clause.topic is Topic.SICKNESS and clause.negated):
        frame = _alone(talk, frame, clause)
        talk.put(talk.signed(filled(frame, {"answer": back_today.BACK}, "said")))
        talk.ask = None
        return True
    if clause.topic is not None and clause.topic in OPENERS and OPENERS[clause.topic].name == absence.NAME:
        _becomes(talk, back_today.off_today(_alone(talk, frame, clause), talk.context, None))
    elif clause.topic is None and any(mention.kind is Kind.DAYS for mention in clause.mentions):
        _becomes(talk, back_today.off_today(_alone(talk, frame, clause), talk.context, AbsenceKind.SICKNESS))
    return False


def _asked(talk: Talk, clause: Clause) -> Frame | None:
    """The question that a clause answers: one about all whom it names, that has no answer yet."""
    named = set(named_in(clause))
    for frame in reversed(talk.stack):
        if frame.flow == back_today.NAME and "answer" not in frame.fills and named <= set(ids_of(frame, talk.context)):
            return frame
    return None


def _alone(talk: Talk, frame: Frame, clause: Clause) -> Frame:
    """The question about those alone whom a clause names; of the others it is asked afterwards."""
    named, whom = named_in(clause), ids_of(frame, talk.context)
    others = [child for child in whom if child not in named]
    if not named or not others:
        return frame
    rest = filled(renamed(frame, talk.new_id(), ""), {"who": list(others)}, "told")
    return filled(frame, {"who": list(named)}, "told") if talk.open_beneath(frame, rest) else frame


def in_own_words(talk: Talk) -> None:
    """'Something else': the parent is asked to say it, or to choose it, and whatever comes is heard like any text."""
    frame = talk.stack[-1]
    talk.drop(frame)
    if by_number.show_menu(talk):
        return
    talk.notices.append(Say(key="back.else", args={"names": ids_of(frame, talk.context)}))


def _becomes(talk: Talk, frame: Frame) -> None:
    talk.put(frame)
    talk.ask = None
