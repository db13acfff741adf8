"""Answers to an offer of support in a parent's own words: a person reads them, and nothing is taken for a yes."""

from __future__ import annotations

from collections.abc import Set

from conversations.acts import Clause, Heard, Kind, Topic
from conversations.flows import support
from conversations.frame import filled
from conversations.state import Frame
from conversations.talk import OPENERS, Talk

# Fewer words of which nothing is heard are a slip of the thumb, and asked about once more.
A_FEW = 3
# What goes its own way whatever is asked, and what does so unless a question is just what was asked for.
NOT_ASKED_FOR = frozenset(
    {Topic.CLAIMS_PRESENT, Topic.COLLECTION, Topic.WHEREABOUTS, Topic.NEW_DETAILS, Topic.WRONG_NUMBER}
)
OWN_WAYS = frozenset(Topic) - {Topic.SMALLTALK}


def answers_offer(talk: Talk, heard: Heard, text: str) -> bool:
    """Whether a text is about the offer that it meets; if so, a person reads it.

    What tells of a child's day, or of anything that has a way of its own, is none; nor are manners alone.
    """
    frame = _met(talk)
    if frame is None or heard.command or heard.option or heard.pick is not None:
        return False
    if heard.answer and talk.ask is not None and talk.ask.slot == "sure":
        _half_answered(talk, frame, heard.answer)
        return True
    topics = {clause.topic for clause in heard.clauses}
    asked = talk.ask.slot if talk.ask else ""
    own = NOT_ASKED_FOR if asked == support.WORDS else OWN_WAYS
    if heard.answer or topics == {Topic.SMALLTALK} or any(_is_news(each, own) for each in heard.clauses):
        return False
    if not heard.clauses and asked != support.WORDS and len(text.split()) < A_FEW:
        return False
    if frame.status == "committed":
        talk.quietly_to_person("support_time", children=_whom(talk, frame))
        talk.put(talk.signed(filled(frame, {"time": support.OTHER_TIME}, "said")))
    else:
        told = {"answer": support.ASK, "sure": None, support.WORDS: talk.message}
        talk.put(talk.signed(filled(frame, told, "said")))
    talk.ask = None
    return True


def _half_answered(talk: Talk, frame: Frame, answer: str) -> None:
    """'Yes', 'ok' or a thumb to others being told is no consent, and the question is asked once more; a no is a no."""
    talk.again = True
    if answer == "no":
        talk.put(talk.signed(filled(frame, {"sure": support.NOT_AGREE}, "chosen")))
        talk.ask = None


def _met(talk: Talk) -> Frame | None:
    """The offer in play: it waits for an answer, or was accepted and waits for a time."""
    frame = talk.stack[-1] if talk.stack else None
    return frame if frame is not None and frame.flow == support.NAME else None


def _whom(talk: Talk, frame: Frame) -> tuple[str, ...]:
    return talk.flow(frame).reading(frame, talk.context).children


def _is_news(clause: Clause, own: Set[Topic]) -> bool:
    """A report of a day, or what has a way of its own; 'she was poorly' without a day belongs to the answer."""
    if clause.topic in OPENERS:
        return bool({each.kind for each in clause.mentions} & {Kind.CHILDREN, Kind.DAYS})
    return bool(clause.change) or clause.topic in own
