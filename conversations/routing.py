"""What is filed nowhere: read for staff all the same, answered where the school can, else sent to a person."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from conversations import leaving
from conversations.acts import AbsenceKind, Clause, Heard, Kind, Reading, Topic
from conversations.asked import AttendanceAsked
from conversations.chasing import asked_about, is_chase, without
from conversations.flows import absence, back_today
from conversations.flows.person import ROUTES, leave_key
from conversations.frame import bind, filled, settle
from conversations.state import Frame
from conversations.talk import OPENERS, Talk

# No text of ours speaks of fines (care rule 20): a person answers.
FINE = "attendance_query.fine"


def route(talk: Talk, clause: Clause) -> None:
    """A topic that a person answers; it is read all the same, so that staff see what we made of it."""
    topic = clause.topic
    if topic is None:
        return
    found = ROUTES[topic]
    read = _reading_of(talk, clause)
    if topic is Topic.ATTENDANCE_QUERY and _counted(talk, clause, read):
        return
    if topic is Topic.ILLNESS_QUESTION and talk.advises:
        talk.readings.append(read)
        return
    if topic is Topic.LEAVE and leaving.take(talk, clause, read):
        return
    key = leave_key(read.reason) if topic is Topic.LEAVE else found.key
    talk.readings.append(read)
    children = read.children
    if topic is Topic.CLAIMS_PRESENT or (topic is Topic.BARRIER and any(is_chase(each) for each in talk.stack)):
        children = children or asked_about(talk.stack, talk.context)
    talk.to_person(found.why, key=key, always=found.always, topic=topic, children=children)
    if topic in (Topic.CLAIMS_PRESENT, Topic.WRONG_NUMBER, Topic.BARRIER):
        # The school asked about these children, and has its answer; of their siblings nothing was said yet.
        for frame in [each for each in talk.stack if is_chase(each) or each.flow == back_today.NAME]:
            ask_on = is_chase(frame) and topic is not Topic.WRONG_NUMBER
            left = without(frame, children, talk.context) if ask_on else None
            talk.drop(frame) if left is None else talk.put(left)


def _counted(talk: Talk, clause: Clause, read: Reading) -> bool:
    """A question how often a child was away is for the house to count; False where that is a person's to answer.

    Of several children and no name, all are meant. Who may not be told of one of those named learns it from a person,
    as does whoever names a child that we do not know, or asks about a fine.
    """
    named = read.children or tuple(child.id for child in talk.context.children)
    told = tuple(child.id for child in talk.context.children if child.id in named and child.may_be_told)
    unknown = any(mention.kind is Kind.UNKNOWN_NAME for mention in clause.mentions)
    concepts = {each.concept for each in clause.evidence}
    if not told or len(told) < len(read.children) or unknown or concepts == {FINE}:
        return False
    talk.readings.append(read)
    talk.effects.append(AttendanceAsked(children=told, message=talk.message))
    if FINE in concepts:
        talk.to_person("fine_query", topic=Topic.ATTENDANCE_QUERY, children=told)
    return True


def _reading_of(talk: Talk, clause: Clause) -> Reading:
    """What a clause that is filed nowhere says: whom it names, and days where it names or implies some."""
    frame = Frame(id="", flow=absence.NAME)
    frame = filled(frame, {"kind": AbsenceKind.OTHER.value}, "told")
    frame, left = bind(absence.FLOW, frame, clause.mentions, talk.context)
    said_days = "days" in frame.fills or "days_or" in frame.fills
    frame = settle(absence.FLOW, frame, talk.context)
    best = absence.reading(frame, talk.context)
    reason = reason_in(clause)
    at = next((each.value for each in (*left, *clause.mentions) if each.kind is Kind.TIME), None)
    nobody = clause.topic in (Topic.HUMAN, Topic.OTHER_SCHOOL_MATTER, Topic.WRONG_NUMBER, Topic.ILLNESS_QUESTION)
    dated = said_days or clause.topic is Topic.LEAVE
    return replace(
        best,
        topic=str(clause.topic),
        children=() if nobody else best.children,
        first=best.first if dated else None,
        last=best.last if dated else None,
        part=best.part if dated else None,
        at=at if not isinstance(at, (str, int, date, tuple)) else None,  # type: ignore[arg-type]
        reason=reason,
        evidence=clause.evidence,
    )


def reason_in(clause: Clause) -> str | None:
    """The reason that a clause gives, where it gives one."""
    return next((str(each.value) for each in clause.mentions if each.kind is Kind.REASON), None)


def worrying(talk: Talk, heard: Heard) -> Reading:
    """What a worrying text says, for the safeguarding lead: whom it names, and the days where it tells of an absence.

    Nothing of it is filed.
    """
    frame = filled(Frame(id="", flow=absence.NAME), {"kind": AbsenceKind.OTHER.value}, "told")
    named = [each for clause in heard.clauses for each in clause.mentions if each.kind is Kind.CHILDREN]
    told = [clause for clause in heard.clauses if clause.topic in OPENERS]
    days = [each for clause in told for each in clause.mentions if each.kind in {Kind.DAYS, Kind.PART}]
    frame, _ = bind(absence.FLOW, frame, [*named, *days], talk.context)
    best = absence.reading(settle(absence.FLOW, frame, talk.context), talk.context)
    read = Reading(topic="safeguarding", children=best.children, evidence=heard.worry_evidence)
    return replace(read, first=best.first, last=best.last, part=best.part) if told else read
