"""Texts about leave: a request to the head, a religious day's notice, a funeral, or a report of what has begun."""

from __future__ import annotations

from datetime import date

from conversations.acts import AbsenceKind, Clause, Heard, Kind, Reading, Topic
from conversations.context import Context
from conversations.corrections import corrected
from conversations.doubt import Doubt
from conversations.flows import absence, leave
from conversations.frame import bind, doubted, filled, settle
from conversations.slots.days import days_off, stretches_of
from conversations.slots.who import children_of, ids_of
from conversations.state import Frame
from conversations.stretches import Stretch, kept
from conversations.talk import OPENERS, Talk

RELIGIOUS, BEREAVEMENT = "religious", "bereavement"
# A feast of more days than a school week is a journey: the head decides on all of it.
MOST_FEAST_DAYS = 5
# What a text says at confirming that is no answer, and what is asked for in words, is kept as words for the head.
WORDS, SEND = "words", "send"


def take(talk: Talk, clause: Clause, read: Reading) -> bool:
    """Goes on with a clause about leave; False where that is a person's to read, as it is of a child we do not know."""
    if any(each.kind is Kind.UNKNOWN_NAME for each in clause.mentions) and not read.children:
        return False
    if read.reason == BEREAVEMENT:
        return _mourns(talk, clause, read)
    if read.reason == RELIGIOUS and not _under_way(talk):
        feast = _feast(talk, clause)
        if feast is not None:
            return feast
    held = _under_way(talk)
    if held is not None:
        talk.readings.append(read)
        _more(talk, held, clause)
        return True
    return _opened(talk, clause, read)


def _under_way(talk: Talk) -> Frame | None:
    return next((each for each in reversed(talk.stack) if each.flow == leave.NAME and each.status == "open"), None)


def _opened(talk: Talk, clause: Clause, read: Reading) -> bool:
    named = set(read.children)
    able = {child.id for child in leave.askable(talk.context)}
    if not able or not named <= able:
        return False
    frame = _bound(talk, clause, Frame(id=talk.new_id(), flow=leave.NAME, message=talk.message))
    if not talk.open(frame, clause.evidence):
        return False
    talk.readings.append(read)
    return True


def _bound(talk: Talk, clause: Clause, frame: Frame) -> Frame:
    """A frame with all that a clause says; a reason that says something is in the parent's own words already."""
    frame, _ = bind(leave.FLOW, frame, clause.mentions, talk.context)
    return _worded(talk, frame)


def _worded(talk: Talk, frame: Frame) -> Frame:
    if str(frame.value("reason") or "") in leave.SAYS_NOTHING:
        return frame
    return with_words(frame, talk.message)


def with_words(frame: Frame, message: str) -> Frame:
    """The frame with one more message to show to the head; the first and the last are kept."""
    held = frame.value(WORDS)
    words = [each for each in held if each != message] if isinstance(held, list) else []
    return filled(frame, {WORDS: [*words[:1], message]}, "said")


def _more(talk: Talk, held: Frame, clause: Clause) -> None:
    """What is said about a request that is not sent yet stands in place of what was said before."""
    frame = corrected(talk, held, clause)
    talk.put(_worded(talk, talk.signed(frame)))
    if talk.ask and talk.ask.frame == frame.id:
        talk.ask = None


# In the parent's own words -------------------------------------------------------------------


def in_own_words(talk: Talk, heard: Heard) -> bool:
    """Whether a text is what the parent was asked to say for the head, and if so, keeps it.

    A report about a child of theirs is none, nor is a change of whom or when, nor anything that a person must see.
    """
    frame, ask = talk.asked, talk.ask
    if frame is None or ask is None or frame.flow != leave.NAME or ask.slot not in (WORDS, SEND):
        return False
    if heard.option or heard.answer or heard.pick is not None or any(_is_news(each) for each in heard.clauses):
        return False
    if ask.slot == SEND and not all(_only_names(each, set(ids_of(frame, talk.context))) for each in heard.clauses):
        return False
    for clause in heard.clauses:
        reason = next((each for each in clause.mentions if each.kind is Kind.REASON), None)
        if clause.topic is Topic.LEAVE and reason is not None:
            frame, _ = bind(leave.FLOW, filled(frame, {"reason": None}, "said"), [reason], talk.context)
    talk.put(with_words(talk.signed(frame), talk.message))
    talk.ask = None
    return True


def _only_names(clause: Clause, children: set[str]) -> bool:
    """Whether nothing is told but whom it is about already: "it means such a lot to all of us"."""
    named = [each for each in clause.mentions if each.kind is Kind.CHILDREN and not each.role]
    same = all(isinstance(each.value, tuple) and children.issuperset(each.value) for each in named)
    return (
        clause.topic is None
        and not (clause.change or clause.negated)
        and bool(named)
        and len(named) == len(clause.mentions)
        and same
    )


def _is_news(clause: Clause) -> bool:
    said = {each.kind for each in clause.mentions}
    if clause.topic in OPENERS:
        return bool(said & {Kind.CHILDREN, Kind.DAYS})
    return bool(clause.change) or clause.topic not in (None, Topic.LEAVE, Topic.SMALLTALK) or Kind.DAYS in said


# A day of faith, and a death -----------------------------------------------------------------


def _as_absence(talk: Talk, clause: Clause, reason: str) -> Frame:
    """The clause as a plain absence with that reason, whoever else is to be told."""
    frame = Frame(id=talk.new_id(), flow=absence.NAME, message=talk.message)
    frame = filled(frame, {"kind": AbsenceKind.OTHER.value, "reason": reason}, "said")
    frame, _ = bind(absence.FLOW, frame, clause.mentions, talk.context)
    return frame


def _days(frame: Frame, context: Context) -> tuple[date, ...]:
    settled = settle(absence.FLOW, frame, context)
    children = children_of(settled, context)
    return days_off(settled, children[0], context) if children else ()


def _feast(talk: Talk, clause: Clause) -> bool | None:
    """Care rule 16: the day set apart is a notice, filed like any absence; only the days beyond it are leave.

    None where it is leave like any other: many days, or nobody knows yet whose or which.
    """
    frame = _as_absence(talk, clause, RELIGIOUS)
    days, found = _days(frame, talk.context), stretches_of(frame)
    if not found or not days or found[-1].last is None:
        return False
    if len(days) > MOST_FEAST_DAYS:
        return None
    beyond = days[1:]
    if beyond:
        # Which of several days is the one set apart is only likely, so it is asked.
        frame = filled(frame, {"days": kept([Stretch(first=days[0], last=days[0])])}, "said")
        frame = doubted(frame, [Doubt.DATES])
    if not talk.open(frame, clause.evidence):
        return False
    talk.readings.append(_with_all(clause, _read(talk, frame), days))
    whom = settle(absence.FLOW, frame, talk.context)
    able = {child.id for child in leave.askable(talk.context)}
    if beyond and set(ids_of(whom, talk.context)) <= able:
        rest = Frame(id=talk.new_id(), flow=leave.NAME, message=talk.message)
        values = {"who": list(ids_of(whom, talk.context)), "reason": RELIGIOUS}
        rest = filled(rest, {**values, "days": kept([Stretch(first=beyond[0], last=beyond[-1])])}, "said")  # type: ignore[dict-item]
        talk.open(with_words(rest, talk.message))
    elif beyond:
        talk.quietly_to_person("leave", topic=Topic.LEAVE, children=ids_of(whom, talk.context))
    return True


def _mourns(talk: Talk, clause: Clause, read: Reading) -> bool:
    """Care rule 17: a death asks nothing. The days are noted, and the head sees them; else a person reads it."""
    frame = _as_absence(talk, clause, BEREAVEMENT)
    days, found = _days(frame, talk.context), stretches_of(frame)
    sure = found and days and found[-1].last is not None and len(days) <= MOST_FEAST_DAYS
    if not sure or absence.refuse(settle(absence.FLOW, frame, talk.context), talk.context) is not None:
        return False
    if not talk.open(frame, clause.evidence):
        return False
    talk.readings.append(read)
    talk.quietly_to_person("leave", topic=Topic.LEAVE, children=read.children)
    return True


def _read(talk: Talk, frame: Frame) -> Reading:
    return absence.reading(settle(absence.FLOW, frame, talk.context), talk.context)


def _with_all(clause: Clause, best: Reading, days: tuple[date, ...]) -> Reading:
    """The reading of a feast: all of its days, the notice and the leave together."""
    return Reading(
        topic=Topic.LEAVE,
        children=best.children,
        first=days[0],
        last=days[-1],
        part=best.part,
        reason=RELIGIOUS,
        evidence=clause.evidence,
    )
