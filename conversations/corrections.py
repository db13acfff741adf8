"""Corrections: `0` undoes, 'I meant' puts right, 'coming in after all' takes back. Only a contact's own statements."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time

from conversations.acts import (
    AbsenceKind,
    AbsenceStated,
    AbsenceWithdrawn,
    Clause,
    Days,
    Json,
    Kind,
    Part,
    Reading,
    Say,
    Topic,
)
from conversations.asked import LeaveTakenBack
from conversations.chasing import is_chase
from conversations.context import Recorded, is_settled
from conversations.filing import key_of, standing, taken_back
from conversations.flows import coming_in, leave, support
from conversations.flows.absence import reading
from conversations.frame import INSTEAD, bind, filled
from conversations.offered import OfferTakenBack
from conversations.receipts import in_a_row
from conversations.slots.who import children_of, ids_of, only_child
from conversations.state import Frame
from conversations.talk import OPENERS, Talk, renamed
from school.rules.calendar import Session

# Undo ----------------------------------------------------------------------------------------


def undo(talk: Talk) -> None:
    """Takes back what our last message was about: the frame in play, or what was filed last (12 hours)."""
    in_play = talk.stack[-1] if talk.stack and talk.stack[-1].status == "open" else None
    if in_play is not None and is_chase(in_play):
        # The school's own question is nobody's to undo: the child is still looked for, and it is asked again.
        talk.notices.append(Say(key="undo.nothing"))
        return
    filed = talk.undoable
    if in_play is not None:
        filed = [frame for frame in filed if _same_text(frame, in_play)]
        for frame in [each for each in talk.stack if each.status == "open" and _same_text(each, in_play)]:
            talk.drop(frame)
    if not filed:
        talk.notices.append(Say(key="undo.dropped" if in_play else "undo.nothing"))
        return
    asked = [frame for frame in filed if frame.flow in (leave.NAME, support.NAME)]
    stated = _standing(talk, filed)
    names = _in_order(talk, (effect.child for effect in stated))
    for frame in filed:
        talk.drop(frame)
    talk.recent = []
    talk.recent_at = None
    _take_back_asked(talk, asked)
    if not stated and asked:
        return
    if not stated:
        talk.notices.append(Say(key="undo.dropped" if in_play else "undo.nothing"))
        return
    if any(is_settled(talk.context, key_of(each)) for each in stated):
        if all(each.day < talk.context.now.date() for each in stated):
            talk.to_person("undo_after_register", key="person.after_register", children=names)
        else:
            _ask_staff(talk, names)
        return
    talk.effects.extend(taken_back(talk, {key_of(each) for each in stated}, filed[0]))
    days = in_a_row({effect.day for effect in stated}, talk.context)
    talk.receipts.append(Say(key="undone", args={"names": names, "days": days}))


def _take_back_asked(talk: Talk, asked: Iterable[Frame]) -> None:
    """A request for leave is the parent's to take back, and so is a yes to an offer; the school is told."""
    for frame in asked:
        if frame.flow == support.NAME:
            talk.effects.append(OfferTakenBack(offer=str(frame.value("offer")), message=talk.message))
            talk.receipts.append(Say(key="support.taken_back"))
            continue
        talk.effects.append(LeaveTakenBack(frame=frame.id, message=talk.message))
        talk.receipts.append(Say(key="leave.taken_back", args={"names": ids_of(frame, talk.context)}))


def _standing(talk: Talk, filed: Iterable[Frame]) -> list[AbsenceStated]:
    """What frames stated and the contact has not taken back otherwise since."""
    own = standing(talk)
    effects = [effect for frame in filed for effect in talk.flow(frame).file(frame, talk.context, False)]
    return [effect for effect in effects if isinstance(effect, AbsenceStated) and key_of(effect) in own]


def _same_text(frame: Frame, other: Frame) -> bool:
    """Whether one text opened both: their ids differ by a letter at most."""
    return frame.id.rstrip("bcdef") == other.id.rstrip("bcdef")


def _ask_staff(talk: Talk, names: tuple[str, ...]) -> None:
    """Care rule 14: once a code is confirmed or the register closed, undo goes to staff, and asks which it is."""
    talk.quietly_to_person("undo_after_register", children=names)
    frame = Frame(id=talk.new_id(), flow=coming_in.NAME, message=talk.message)
    talk.open(filled(frame, {"who": list(names)}, "told"))


# Take back -----------------------------------------------------------------------------------


def withdraw(talk: Talk, clause: Clause) -> None:
    """'She's fine now, coming in': takes back the contact's own statements about what is still to come."""
    asked = [frame for frame in talk.in_reach if frame.flow == leave.NAME]
    if asked and clause.topic is Topic.LEAVE:
        talk.readings.append(_reading(talk, clause, ids_of(asked[0], talk.context)))
        _take_back_asked(talk, asked[:1])
        talk.drop(asked[0])
        talk.recent = [each for each in talk.recent if each.id != asked[0].id]
        return
    named = _named(clause)
    children = named or _meant(talk)
    dropped = _drop_open(talk, children)
    talk.readings.append(_reading(talk, clause, children))
    mine = [row for row in talk.context.recorded if row.mine and row.child in children and _is_meant(talk, clause, row)]
    ahead = [row for row in mine if not is_settled(talk.context, (row.child, row.day, row.session))]
    if not ahead and dropped and not mine:
        talk.notices.append(Say(key="undo.dropped"))
        return
    if not ahead or any(row.confirmed for row in mine):
        settled = bool(mine)
        talk.to_person(
            "withdrawn_after_register" if settled else "withdrawal",
            key="person.after_register" if settled else "person",
            topic=Topic.CORRECTION,
            children=children,
        )
        return
    frame = next((each.id for each in talk.in_reach if set(ids_of(each, talk.context)) & set(children)), "")
    talk.effects.extend(
        AbsenceWithdrawn(child=row.child, day=row.day, session=row.session, frame=frame, message=talk.message)
        for row in sorted(ahead, key=lambda row: (row.day, row.child, row.session))
    )
    _forget(talk, {row.child for row in ahead})
    days = in_a_row({row.day for row in ahead}, talk.context)
    key = "expected_afternoon" if all(row.session is Session.PM for row in ahead) else "expected"
    names = _in_order(talk, (row.child for row in ahead))
    talk.receipts.append(Say(key=key, args={"names": names, "days": days}))


def _is_meant(talk: Talk, clause: Clause, row: Recorded) -> bool:
    """Whether a recorded session is one that the clause takes back: the days it names, else all from today on."""
    if clause.topic is Topic.APPOINTMENT and row.kind is not AbsenceKind.APPOINTMENT:
        return False
    today = talk.context.now.date()
    days = [mention.value for mention in clause.mentions if isinstance(mention.value, Days)]
    spans = [(each.first or today, each.last) for each in days]
    if spans and not any(
        first <= row.day and (last is None or row.day <= last or _goes_on(talk, row, last)) for first, last in spans
    ):
        return False
    if row.day < today:
        return bool(spans)
    return row.day > today or row.session in _sessions_back(talk, clause, row)


def _goes_on(talk: Talk, row: Recorded, last: date) -> bool:
    """Whether a day off goes on without a break from one that is taken back: whoever is in on Wednesday stays in.

    Care: a child who is expected and does not come is looked for; one wrongly on record as off is not.
    """
    if row.kind is AbsenceKind.APPOINTMENT or row.day < last:
        return False
    off = {each.day for each in talk.context.recorded if each.mine and each.child == row.child}
    return set(talk.context.calendar.school_days(last, row.day)) <= off


def _sessions_back(talk: Talk, clause: Clause, row: Recorded) -> tuple[Session, ...]:
    """The sessions of today in which the child will be there: all, unless a part or a time says from when on."""
    for mention in clause.mentions:
        if mention.kind is Kind.PART and mention.value is not Part.ALL:
            return (Session.AM,) if mention.value is Part.AM else (Session.PM,)
        if mention.kind is Kind.TIME and isinstance(mention.value, time):
            missed = talk.context.calendar.missed_sessions(row.day, leaves=None, returns=mention.value)
            return tuple(session for session in Session if session not in missed)
    return tuple(Session)


def _named(clause: Clause) -> tuple[str, ...]:
    named = [mention.value for mention in clause.mentions if mention.kind is Kind.CHILDREN and mention.role != "not"]
    return tuple(dict.fromkeys(each for value in named if isinstance(value, tuple) for each in value))


def _meant(talk: Talk) -> tuple[str, ...]:
    """Whom a text without a name takes back: the only child, the last one reported, the only one who is off."""
    only = only_child(talk.context)
    if only:
        return (only,)
    for frame in [*talk.in_reach, *reversed(talk.stack)]:
        if children_of(frame, talk.context):
            return ids_of(frame, talk.context)
    today = talk.context.now.date()
    off = {row.child for row in talk.context.recorded if row.mine and row.day >= today}
    return tuple(off) if len(off) == 1 else ()


def _drop_open(talk: Talk, children: tuple[str, ...]) -> bool:
    """An open frame about those children has nothing on record yet: it is forgotten, unless this very text opened it.

    "Fever today, and tomorrow's dentist is cancelled": the fever stays.
    """
    about = [
        frame
        for frame in talk.stack
        if frame.status == "open" and set(ids_of(frame, talk.context)) <= set(children) and ids_of(frame, talk.context)
        if frame.message != talk.message
    ]
    for frame in about:
        talk.drop(frame)
    return bool(about)


def _forget(talk: Talk, children: set[str]) -> None:
    """What was taken back is no longer there to be corrected; of a frame about others too, the others are left."""
    for frame in [*talk.recent, *(each for each in talk.stack if each.status == "committed")]:
        whom = ids_of(frame, talk.context)
        left = [each for each in whom if each not in children]
        if len(left) == len(whom):
            continue
        talk.drop(frame)
        rest = [filled(frame, {"who": list(left)}, "said")] if left else []
        talk.recent = [*(each for each in talk.recent if each.id != frame.id), *rest]


def _in_order(talk: Talk, ids: Iterable[str]) -> tuple[str, ...]:
    wanted = set(ids)
    return tuple(child.id for child in talk.context.children if child.id in wanted)


# Put right -----------------------------------------------------------------------------------


def amend(talk: Talk, clause: Clause) -> None:
    """'I meant Leo', 'Thursday, not Wednesday': what is open is filled anew, what is filed is filed anew."""
    target = _target(talk, clause)
    named = set(_named(clause))
    if target is not None and is_chase(target) and named and named != set(ids_of(target, talk.context)):
        # The school looks for whom it looks for: no correction turns that to another child.
        target = None
    if target is None:
        children = _named(clause) or tuple(filter(None, (only_child(talk.context),)))
        talk.readings.append(_reading(talk, clause, children))
        talk.to_person("correction", topic=Topic.CORRECTION, children=children)
        return
    new = corrected(talk, target, clause)
    talk.readings.append(_reading(talk, clause, ids_of(new, talk.context)))
    if new.fills == target.fills:
        talk.to_person("correction", topic=Topic.CORRECTION, children=ids_of(target, talk.context))
        return
    if target.status == "open":
        talk.put(talk.signed(new))
        if talk.ask and talk.ask.frame == new.id:
            talk.ask = None
        return
    frame = filled(renamed(new, talk.new_id(), talk.message), {INSTEAD: target.id}, "told")
    if not talk.open(frame, clause.evidence):
        talk.to_person("too_many", topic=Topic.CORRECTION, children=ids_of(new, talk.context))


def _target(talk: Talk, clause: Clause) -> Frame | None:
    """What a correction is about: the frame in play, else what was filed last and fits whom or what it names."""
    still_open = [frame for frame in reversed(talk.stack) if frame.status == "open"]
    # The school's own question says nothing yet that a parent could put right.
    reach = [frame for frame in still_open if not is_chase(frame)] + talk.in_reach or still_open
    wrong = {
        each
        for mention in clause.mentions
        if mention.kind is Kind.CHILDREN and mention.role == "not" and isinstance(mention.value, tuple)
        for each in mention.value
    }
    kind = clause.topic.value if clause.topic in OPENERS and clause.topic else None
    named = set(_named(clause))
    tests = (
        lambda frame: bool(wrong & set(ids_of(frame, talk.context))),
        lambda frame: bool(named & set(ids_of(frame, talk.context))) and bool(kind) and frame.value("kind") == kind,
        lambda frame: bool(kind) and frame.value("kind") == kind,
        lambda frame: bool(named & set(ids_of(frame, talk.context))),
    )
    for fits in tests:
        for frame in reach:
            if fits(frame):
                return frame
    return reach[0] if reach else None


def corrected(talk: Talk, frame: Frame, clause: Clause) -> Frame:
    """The frame with what the clause says in place of what was said; what depends on it is worked out again."""
    flow = talk.flow(frame)
    kinds = {mention.kind for mention in clause.mentions}
    before = frame
    opener = flow.opens.get(clause.topic) if clause.topic else None
    if opener and opener.get("kind") != frame.value("kind"):
        frame = filled(frame, {**opener, "reason": None}, "said")
    wrong = [
        each
        for mention in clause.mentions
        if mention.kind is Kind.CHILDREN and mention.role == "not" and isinstance(mention.value, tuple)
        for each in mention.value
    ]
    if Kind.CHILDREN in kinds:
        frame = filled(frame, {"who": _instead(talk, before, _named(clause), wrong)}, "said")
    if Kind.DAYS in kinds and not _only_ends(clause):
        frame = filled(frame, {"days": None}, "said")
    elif Kind.DAYS in kinds:
        frame = filled(frame, {"days": _starts(frame)}, "said")
    if Kind.REASON in kinds:
        frame = filled(frame, {"reason": None}, "said")
    if kinds & {Kind.TIME, Kind.MINUTES, Kind.PART}:
        frame = filled(frame, dict.fromkeys(("part", "at", "leaves", "returns", "arrives", "minutes")), "said")
    mentions = [mention for mention in clause.mentions if mention.kind is not Kind.CHILDREN]
    bound, _ = bind(flow, frame, mentions, talk.context)
    return bound


def _instead(talk: Talk, frame: Frame, named: tuple[str, ...], wrong: list[str]) -> list[Json] | None:
    """Whom a correction means: those named, else those left, else the only other child; None asks."""
    held = list(ids_of(frame, talk.context))
    if named:
        kept = [each for each in held if each not in wrong] if wrong and not set(wrong) >= set(held) else []
        return [child.id for child in talk.context.children if child.id in {*named, *kept}]
    left: list[Json] = [each for each in held if each not in wrong]
    if left:
        return left
    others: list[Json] = [child.id for child in talk.context.children if child.id not in wrong]
    return others if len(others) == 1 else None


def _only_ends(clause: Clause) -> bool:
    """Whether the days say an end alone ('back Thursday'), so that the start stays."""
    return all(
        getattr(mention.value, "first", None) is None for mention in clause.mentions if mention.kind is Kind.DAYS
    )


def _starts(frame: Frame) -> Json:
    held = frame.value("days")
    first = held[0] if isinstance(held, list) and held else None
    return [[str(first[0]), ""]] if isinstance(first, list) and first else None


def _reading(talk: Talk, clause: Clause, children: tuple[str, ...]) -> Reading:
    """What a correction says by itself: days only where it names some."""
    flow = next(iter(OPENERS.values()))
    frame = Frame(id="", flow=flow.name)
    bound, _ = bind(flow, filled(frame, {"kind": "appointment"}, "told"), clause.mentions, talk.context)
    best = reading(filled(bound, {"who": list(children) or None}, "told"), talk.context)
    return Reading(
        topic="correction",
        children=children,
        first=best.first,
        last=best.last,
        part=best.part if best.at or "part" in bound.fills else None,
        at=best.at,
        evidence=clause.evidence,
    )
