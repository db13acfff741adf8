"""Questions of ours that stood open when the school began to look for a child: asked once more, then let go.

A parent who wrote, and whom we asked something, is not asked something else because the register closed meanwhile:
the same question comes with what the register says. What is on record by then is asked about no more.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import TypeAlias

from conversations.acts import AbsenceKind, AbsenceStated, Clause, Kind, NeedsPerson, Say, Topic
from conversations.chasing import is_chase, named_in
from conversations.context import Context
from conversations.doubt import Doubt
from conversations.flows import absence, back_today
from conversations.frame import DOUBTS, INSTEAD, KNOWN, MISSING, TONE, filled, kind_of
from conversations.receipts import in_a_row
from conversations.slots.days import DAYS, stretches_of
from conversations.slots.sure import SURE
from conversations.slots.who import WHO, ids_of, reportable
from conversations.state import DEEPEST, Frame
from conversations.stretches import kept
from conversations.talk import Talk
from school.rules.calendar import Session

Key: TypeAlias = tuple[str, date, Session]

# What the register says, before our own question is asked again.
FACT = "chase.missing"
# With these an adult has said where a child is, or that a person must look: the school has its answer.
ANSWERS = frozenset({Topic.CLAIMS_PRESENT, Topic.BARRIER})
# Doubts that only the words which raised them can settle.
OF_WORDS: dict[str, Kind] = {Doubt.DATES.value: Kind.DAYS, Doubt.NAMES.value: Kind.CHILDREN}


# Asked once more -----------------------------------------------------------------------------


def opened(talk: Talk, chase: Frame) -> bool:
    """Opens a chase; whatever of ours stands open about its children and today is asked in its place. False if full."""
    if _asks_back(talk, chase):
        return True
    about = [each for each in talk.stack if _is_about(each, ids_of(chase, talk.context), talk.context)]
    standing = [each for each in about if _names_the_told(each, talk.context)]
    if not standing:
        return talk.open(chase)
    # Where there is no room for both, the question alone is asked again: the school's clock runs on all the same.
    if len(talk.stack) < DEEPEST:
        talk.open(chase)
    marked = [filled(each, {TONE: MISSING}, "told") for each in standing]
    others = [each for each in talk.stack if each not in standing]
    talk.stack = [*others, *marked]
    talk.ask = None
    talk.notices.append(Say(key=FACT, args={"names": ids_of(chase, talk.context)}))
    return True


def _asks_back(talk: Talk, chase: Frame) -> bool:
    """Whether 'is she back today?' stands open about all of them: then it says that they are not marked in.

    About some of them alone it gives way, since the chase asks about those too.
    """
    whom = ids_of(chase, talk.context)
    for frame in [each for each in talk.stack if each.flow == back_today.NAME and each.status == "open"]:
        held = ids_of(frame, talk.context)
        if whom and set(whom) <= set(held):
            told = filled(frame, {"who": list(whom), TONE: back_today.GENTLE}, "told")
            talk.stack = [*(each for each in talk.stack if each.id != frame.id), told]
            talk.ask = None
            return True
        _leave_of(talk, frame, whom)
    return False


def _leave_of(talk: Talk, frame: Frame, answered: Iterable[str]) -> None:
    """Of the children of 'back today?', these are asked about no more."""
    gone = set(answered)
    held = ids_of(frame, talk.context)
    left = [each for each in held if each not in gone]
    if not left:
        talk.drop(frame)
    elif len(left) < len(held):
        talk.put(filled(frame, {"who": list(left)}, "told"))


def _is_about(frame: Frame, whom: Iterable[str], context: Context) -> bool:
    """Whether some answer to an open question would say where one of these children is this morning."""
    if frame.status != "open" or frame.flow != absence.NAME or is_chase(frame):
        return False
    morning = {(child, context.now.date(), Session.AM) for child in whom}
    return any(_keys(each, context) & morning for each in _readings(frame, tuple(whom)))


def _names_the_told(frame: Frame, context: Context) -> bool:
    """Whether a question names only children of whom this contact may be told: the school starts it (design, 7).

    Whoever may report a child and is told nothing of it hears its name in answer to a text of theirs alone.
    """
    open_who = "who" not in frame.fills or WHO.readings in frame.fills
    named = {child.id for child in reportable(context)} if open_who else set(ids_of(frame, context))
    return named <= {child.id for child in context.children if child.may_be_told}


def _readings(frame: Frame, whom: tuple[str, ...]) -> list[Frame]:
    """What a frame would say, for each answer to what it still asks; of nobody where `whom` it means is not known."""
    if "who" not in frame.fills:
        frame = filled(frame, {"who": list(whom)}, "told")
    held = frame.value(DAYS.readings)
    return [filled(frame, {"days": each}, "told") for each in held] if isinstance(held, list) else [frame]


def _keys(frame: Frame, context: Context) -> set[Key]:
    return {(each.child, each.day, each.session) for each in absence.stated(frame, context, False)}


# Answered in words ---------------------------------------------------------------------------


def takes(talk: Talk, frame: Frame, clause: Clause) -> bool:
    """Whether a clause may answer an open question; where the school looks for the child meanwhile, the chase has it.

    The question has what says the same as the text that led to it; another reason, or one child of several, or a
    day of a question that asks which, is the answer to the chase.
    """
    if frame.value(TONE) != MISSING or not any(is_chase(each) for each in talk.stack):
        return True
    if kind_of(frame) is not AbsenceKind(str(clause.topic)):
        return False
    named, whom = set(named_in(clause)), set(ids_of(frame, talk.context))
    if named and whom and named != whom:
        return False
    return "days" in frame.fills or any(each.kind is Kind.DAYS for each in clause.mentions)


def about_whom_we_look_for(talk: Talk, frame: Frame, clause: Clause) -> Frame:
    """'Who is off?' beside 'Maya isn't marked in', answered without a name: whom the school looks for is meant."""
    if frame.value(TONE) != MISSING or "who" in frame.fills or _names(clause):
        return frame
    whom = [child for each in talk.stack if is_chase(each) for child in ids_of(each, talk.context)]
    return filled(frame, {"who": list(whom)}, "told") if whom else frame


def _names(clause: Clause) -> bool:
    return any(each.kind in (Kind.CHILDREN, Kind.UNKNOWN_NAME) for each in clause.mentions)


def told_again(talk: Talk, clauses: Iterable[Clause]) -> None:
    """A text that says plainly what we asked about ('did you mean this?') is an answer to that in words."""
    ask = talk.before.ask
    frame = talk.find(ask.frame) if ask and ask.slot == SURE.name else None
    if frame is None or frame not in talk.stack or frame.status != "open" or frame.value(INSTEAD):
        return
    held = frame.value(DOUBTS)
    for clause in clauses:
        whom = set(ids_of(frame, talk.context))
        same = str(clause.topic) == frame.value("kind") and frame.id in talk.evidence and not clause.question
        if not same or clause.negated or (named_in(clause) and set(named_in(clause)) != whom):
            continue
        said = {each.kind for each in clause.mentions}
        left = [each for each in held if OF_WORDS.get(str(each)) not in {None, *said}] if isinstance(held, list) else []
        talk.put(filled(frame, {DOUBTS: left or None}, "told"))
        return


# Let go --------------------------------------------------------------------------------------


def leave_recorded(talk: Talk) -> None:
    """Lets go what earlier texts were asked and the record answers by now, for those children and days alone.

    A question that was asked although something was on record is about that, and stays. What another home said is
    seen only where this contact may be told of the child: for anybody else not a word may hang on it.
    """
    context, today = talk.context, talk.context.now.date()
    told_of = {child.id for child in context.children if child.may_be_told}
    recorded = {(row.child, row.day, row.session) for row in context.recorded if row.mine or row.child in told_of}
    own = {(each.child, each.day, each.session) for each in talk.effects if isinstance(each, AbsenceStated)}
    _mark_known(talk, recorded | own)
    spoken = [each for each in talk.effects if isinstance(each, NeedsPerson) and each.topic in ANSWERS]
    own |= {(child, today, half) for each in spoken for child in each.children for half in Session}
    answered = {(child, today, half) for child, day, _ in own if day == today for half in Session}
    over = {(child, today, half) for child in _looked_for_no_more(talk) for half in Session}
    for frame in [each for each in talk.stack if _stands(talk, each)]:
        if frame.flow == back_today.NAME:
            found = {each.child for each in context.chased if each.over and each.child in told_of}
            _leave_of(talk, frame, found | {child for child, day, _ in recorded | own if day == today})
            continue
        own_words, told = own, recorded | own
        if frame.value(TONE) == MISSING:
            # Whatever was said of the morning is the answer to what was asked of the day.
            own_words, told = own | answered, told | over
        left = _left(frame, told, talk)
        if left is frame:
            continue
        plain = "who" in frame.fills and DAYS.readings not in frame.fills
        if not plain or not _keys_of_any(frame, talk) & told <= own_words:
            talk.quietly_to_person("unanswered", children=ids_of(frame, context), message=frame.message)
        talk.drop(frame) if left is None else talk.put(left)


def _mark_known(talk: Talk, recorded: set[Key]) -> None:
    """Remembers of a question that is new in this turn that something was on record already."""
    for frame in [each for each in talk.stack if each.id in talk.opened and each.status == "open"]:
        if frame.flow == absence.NAME and not is_chase(frame) and _keys_of_any(frame, talk) & recorded:
            talk.put(filled(frame, {KNOWN: True}, "told"))


def _keys_of_any(frame: Frame, talk: Talk) -> set[Key]:
    whom = tuple(child.id for child in reportable(talk.context))
    return {key for each in _readings(frame, whom) for key in _keys(each, talk.context)}


def _looked_for_no_more(talk: Talk) -> set[str]:
    """The children of a chase that this turn, or somebody else meanwhile, answered."""
    before, now = (
        {child for each in stack if is_chase(each) for child in ids_of(each, talk.context)}
        for stack in (talk.before.stack, talk.stack)
    )
    return before - now


def _stands(talk: Talk, frame: Frame) -> bool:
    """Whether a question of an earlier turn is as it was: nothing in this one was an answer to it."""
    if frame.status != "open" or frame.id in talk.opened or is_chase(frame) or frame.value(KNOWN):
        return False
    before = next((each for each in talk.before.stack if each.id == frame.id), None)
    same = before is not None and talk.settled(before).fills == talk.settled(frame).fills
    return same and frame.flow in (absence.NAME, back_today.NAME)


def _left(frame: Frame, told: set[Key], talk: Talk) -> Frame | None:
    """The question without the children and days that are told of; None where nothing is left to ask."""
    context = talk.context
    if "who" not in frame.fills and frame.value(TONE) != MISSING:
        return frame
    whom = tuple(_looked_for_no_more(talk))
    readings = _readings(frame, whom)
    if len(readings) > 1 or "who" not in frame.fills:
        return None if any((keys := _keys(each, context)) and keys <= told for each in readings) else frame
    keys = _keys(frame, context)
    left = keys - told
    if not keys or left == keys:
        return frame
    if not left:
        return None
    children = [child for child in ids_of(frame, context) if any(child == each for each, _, _ in left)]
    narrower = filled(frame, {"who": list(children)}, "told")
    days = sorted({day for _, day, _ in left})
    if days == sorted({day for child, day, _ in keys if child in children}):
        return narrower
    rows = list(in_a_row(set(days), context))
    if stretches_of(frame)[-1].last is None:
        rows[-1] = replace(rows[-1], last=None)
    return filled(narrower, {"days": kept(rows)}, "told")
