"""Clauses to frames: what a text tells opens a frame, fills one, adds to what was filed, or goes to a person."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from conversations import corrections, leaving, repeating, returning, routing
from conversations.acts import AbsenceKind, Change, Clause, Days, Heard, Kind, Mention, Reading, Topic
from conversations.chasing import about, is_chase, made_room, named_in, tells_of_today
from conversations.doubt import Doubt
from conversations.flows import absence
from conversations.flows.person import ROUTES
from conversations.frame import BESIDE, INSTEAD, UNKNOWN_NAME, WEIGHT, bind, doubted, filled, kind_of, settle
from conversations.not_known import named_beside
from conversations.slots.days import stretches_of
from conversations.slots.who import ids_of, only_child
from conversations.state import Frame
from conversations.stretches import Stretch, kept
from conversations.talk import OPENERS, Talk, renamed
from school.rules.calendar import CalendarEnds

# Doubts that an own question settles: asking which day, or which child, needs no second question.
SETTLED_BY = {Doubt.DATES: "days", Doubt.NAMES: "who"}


def take(talk: Talk, heard: Heard) -> bool:
    """Works through the clauses of a text in order; False where nothing came of any."""
    took = [_one(talk, clause) for clause in heard.clauses]
    _doubt(talk, heard)
    _read(talk)
    return any(took)


def _one(talk: Talk, clause: Clause) -> bool:
    if returning.answered(talk, clause):
        return True
    if clause.change is Change.WITHDRAWS:
        corrections.withdraw(talk, clause)
        return True
    if clause.change is Change.INSTEAD or clause.topic is Topic.CORRECTION:
        corrections.amend(talk, clause)
        return True
    if clause.topic in ROUTES:
        routing.route(talk, clause)
        return True
    if clause.topic in OPENERS and not clause.negated:
        _report(talk, clause)
        return True
    if clause.topic is Topic.SMALLTALK:
        talk.readings.append(Reading(topic=Topic.SMALLTALK, evidence=clause.evidence))
        return True
    return bool(clause.mentions) and not clause.negated and _bare(talk, clause)


# Reports -------------------------------------------------------------------------------------


def _report(talk: Talk, clause: Clause) -> None:
    """A clause that says that somebody is away: into a frame that it belongs to, or a new one."""
    named_beside(talk, clause)
    held = _home(talk, clause)
    if held is not None:
        _ask_of_the_others(talk, held, clause)
        talk.put(joined := _joined(talk, held, clause))
        talk.evidence[held.id] = (*talk.evidence.get(held.id, ()), *clause.evidence)
        if held.id not in talk.opened and _was_asked(talk, held):
            talk.readings.append(replace(_answer_of(talk, joined, clause), reason=routing.reason_in(clause)))
        return
    frame = _new(talk, clause)
    if not talk.open(frame, clause.evidence):
        talk.to_person("too_many", topic=clause.topic, children=ids_of(frame, talk.context))


def _ask_of_the_others(talk: Talk, held: Frame, clause: Clause) -> None:
    """A chase of siblings that is answered for one of them goes on for the others, in the same thread, at once."""
    named, whom = named_in(clause), ids_of(held, talk.context)
    if is_chase(held) and named and set(named) < set(whom):
        others = tuple(child for child in whom if child not in named)
        talk.open_beneath(held, about(renamed(held, talk.new_id(), held.message), others))


def _home(talk: Talk, clause: Clause) -> Frame | None:
    """The open frame that a clause belongs to: the same children as far as said, the same days, one kind."""
    for held in reversed(talk.stack):
        frame = repeating.about_whom_we_look_for(talk, held, clause)
        flow = talk.flow(frame)
        if frame.status != "open" and not (talk.ask and talk.ask.frame == frame.id):
            continue
        if not repeating.takes(talk, frame, clause):
            continue
        if flow is OPENERS.get(clause.topic or Topic.SMALLTALK) and _belongs(talk, frame, clause):
            return frame if frame.status == "open" or _says_more(talk, frame, clause) else None
    return None


def _says_more(talk: Talk, frame: Frame, clause: Clause) -> bool:
    """Whether a clause answers what was asked of a filed frame, or says it again; another story is one of its own."""
    return frame.value("kind") == str(clause.topic) or _joined(talk, frame, clause).fills != frame.fills


def _belongs(talk: Talk, frame: Frame, clause: Clause) -> bool:
    named = named_in(clause)
    whom = set(ids_of(frame, talk.context)) if frame.fills.get("who") else set()
    if _unknown(clause) or (named and whom and not set(named) <= whom and frame.id not in talk.opened):
        return False
    if named and whom and set(named) != whom and frame.id in talk.opened:
        return False
    if not _same_days(talk, frame, clause):
        return False
    kind, new = kind_of(frame), AbsenceKind(str(clause.topic))
    if kind is None or kind is new or AbsenceKind.OTHER in (kind, new):
        return True
    # Two kinds about one child and day in one text are one story: 'toothache, seeing the dentist, not in'.
    return frame.id in talk.opened and not named


def _same_days(talk: Talk, frame: Frame, clause: Clause) -> bool:
    """Whether a clause names no other days than a frame that an earlier text opened."""
    days = [mention for mention in clause.mentions if mention.kind is Kind.DAYS]
    if days and is_chase(frame):
        return tells_of_today(frame, clause, talk.context)
    held = frame.fills.get("days")
    if "who" not in frame.fills and not named_in(clause):
        # Nobody is named yet in either: both are asked about at once.
        return True
    return not days or held is None or held.how == "default" or frame.id in talk.opened


def _joined(talk: Talk, frame: Frame, clause: Clause) -> Frame:
    """A frame with a clause's mentions, its kind the weightier of the two."""
    flow = talk.flow(frame)
    frame = made_room(frame, clause, named_in(clause), talk.context) if is_chase(frame) else frame
    kind, new = kind_of(frame), AbsenceKind(str(clause.topic))
    heavier = kind is None or (kind is AbsenceKind.OTHER and frame.value("reason") is None)
    if (
        frame.id in talk.opened
        and kind is not None
        and frame.value("reason") is not None
        and new is not AbsenceKind.OTHER
    ):
        heavier = WEIGHT.index(new) < WEIGHT.index(kind)
    if heavier and new is not kind:
        frame = filled(frame, {"kind": new.value, "reason": None}, "said")
    mentions = clause.mentions if heavier or new is kind else _without_reason(clause.mentions)
    if frame.id not in talk.opened and frame.value("reason") == "unspecified":
        # 'Poorly', and when we asked who: 'tummy bug'. What says more is kept, for how long it keeps a child off.
        frame = filled(frame, {"reason": None}, "said") if _says_why(mentions) else frame
    bound, _ = bind(flow, frame, mentions, talk.context, asked=_asked_slot(talk, frame))
    return talk.signed(bound)


def _says_why(mentions: tuple[Mention, ...]) -> bool:
    return any(mention.kind is Kind.REASON and mention.value != "unspecified" for mention in mentions)


def _without_reason(mentions: tuple[Mention, ...]) -> tuple[Mention, ...]:
    return tuple(mention for mention in mentions if mention.kind is not Kind.REASON)


def _asked_slot(talk: Talk, frame: Frame) -> str:
    return talk.ask.slot if talk.ask and talk.ask.frame == frame.id else ""


def _new(talk: Talk, clause: Clause) -> Frame:
    """A new frame of a clause; without a name it may be about the child of whom we heard last."""
    flow = OPENERS[clause.topic] if clause.topic else absence.FLOW
    frame = Frame(id=talk.new_id(), flow=flow.name, message=talk.message)
    frame = filled(frame, flow.opens[clause.topic] if clause.topic else {}, "said")
    if _unknown(clause):
        frame = filled(frame, {UNKNOWN_NAME: True}, "told")
    frame, _ = bind(flow, frame, clause.mentions, talk.context)
    if not named_in(clause) and not _unknown(clause) and "who_or" not in frame.fills:
        last = _continued(talk, frame)
        if last is not None:
            frame = filled(frame, {"who": list(ids_of(last, talk.context))}, "told")
    return _beside(talk, frame)


def _beside(talk: Talk, frame: Frame) -> Frame:
    """A second day of the same story that does not follow the first may be meant instead of it, so it is asked."""
    whom = ids_of(frame, talk.context) or tuple(filter(None, (only_child(talk.context),)))
    days = stretches_of(frame)
    if not days or kind_of(frame) is AbsenceKind.LATENESS:
        return frame
    for last in talk.in_reach:
        held = stretches_of(last)
        if kind_of(last) is not kind_of(frame) or ids_of(last, talk.context) != whom or not held:
            continue
        ahead = held[-1].known_last >= talk.context.now.date()
        if ahead and not any(_meets(talk, one, other) for one in held for other in days):
            return filled(frame, {BESIDE: [last.id, last.value("days")]}, "told")
    return frame


def _meets(talk: Talk, one: Stretch, other: Stretch) -> bool:
    """Whether two stretches overlap, or one follows the other on the next school day."""
    early, late = (one, other) if one.first <= other.first else (other, one)
    return late.first <= early.known_last or _follows(talk, early, late.first)


def _continued(talk: Talk, frame: Frame) -> Frame | None:
    """What a nameless report goes on from: the same kind, and the next school day ('still poorly tomorrow')."""
    if only_child(talk.context) or not stretches_of(frame):
        return None
    first = stretches_of(frame)[0].first
    for last in talk.in_reach:
        days = stretches_of(last)
        if kind_of(last) is kind_of(frame) and days and _follows(talk, days[-1], first):
            return last
    return None


def _follows(talk: Talk, before: Stretch, day: date) -> bool:
    try:
        return before.known_last < day <= talk.context.calendar.next_school_day(before.known_last)
    except CalendarEnds:
        return False


# Bare mentions -------------------------------------------------------------------------------


def _bare(talk: Talk, clause: Clause) -> bool:
    """Mentions without a topic: an answer, more about what this text opened, or an addition to what was filed."""
    for frame in [each for each in (talk.asked, *reversed(talk.stack)) if each]:
        if frame.status != "open" and (frame is not talk.asked or _adds(clause)):
            continue
        room = made_room(frame, clause, named_in(clause), talk.context) if is_chase(frame) else frame
        bound, left = bind(talk.flow(frame), room, clause.mentions, talk.context, asked=_asked_slot(talk, frame))
        if len(left) < len(clause.mentions) and _values(bound) != _values(frame):
            answers = _was_asked(talk, frame) and frame.id not in talk.opened
            if any(mention.kind is Kind.CHILDREN for mention in clause.mentions):
                bound = filled(bound, {UNKNOWN_NAME: None}, "said")
            _ask_of_the_others(talk, frame, clause)
            talk.put(talk.signed(bound))
            if answers:
                talk.readings.append(_answer_of(talk, bound, clause))
            return True
    return _add(talk, clause)


def _was_asked(talk: Talk, frame: Frame) -> bool:
    """Whether the question that this text met was about this frame."""
    return talk.before.ask is not None and talk.before.ask.frame == frame.id


def _adds(clause: Clause) -> bool:
    """Whether a clause names days or children: of something filed that is an addition, not what was asked."""
    return any(mention.kind in (Kind.DAYS, Kind.CHILDREN) for mention in clause.mentions)


def _answer_of(talk: Talk, frame: Frame, clause: Clause) -> Reading:
    """What an answer in the parent's own words says: whom it is about by now, and the days that it names."""
    best = absence.reading(settle(talk.flow(frame), frame, talk.context), talk.context)
    dated = any(mention.kind is Kind.DAYS for mention in clause.mentions)
    answer = Reading(topic="answer", children=best.children, evidence=clause.evidence)
    if any(mention.kind is Kind.REASON for mention in clause.mentions):
        # What the child is away for is of the whole absence.
        return replace(answer, first=best.first, last=best.last, part=best.part)
    return replace(answer, first=best.first, last=best.last) if dated else answer


def _values(frame: Frame) -> dict[str, object]:
    """What a frame holds, and what of it is only our default: saying again what was told changes neither."""
    return {name: (fill.value, fill.how == "default") for name, fill in frame.fills.items()}


def _add(talk: Talk, clause: Clause) -> bool:
    """'Back Thursday', 'and tomorrow', after all was filed: more days are added, anything else is asked about."""
    last = next(iter(talk.in_reach), None)
    if last is None or last.flow != absence.NAME:
        return False
    # What was filed is a fact by now, whether it was said or our default: it is added to, not replaced.
    held = replace(last, fills={name: replace(fill, how="said") for name, fill in last.fills.items()})
    bound, left = bind(talk.flow(held), held, clause.mentions, talk.context)
    if len(left) == len(clause.mentions):
        return False
    if bound.fills == held.fills:
        bound = _shortened(held, clause)
    if bound.fills == held.fills:
        talk.to_person("unclear_change", topic=Topic.CORRECTION, children=ids_of(last, talk.context))
        return True
    apart = _apart(talk, held, clause)
    if apart is not None:
        return talk.open(apart, clause.evidence)
    frame = filled(renamed(bound, talk.new_id(), talk.message), {INSTEAD: last.id}, "told")
    before = {(each.child, each.day, each.session) for each in absence.stated(last, talk.context, False)}
    after = {(each.child, each.day, each.session) for each in absence.stated(frame, talk.context, False)}
    if not before <= after or bound.value("who") != held.value("who"):
        frame = doubted(frame, [Doubt.COMPETING])
    return talk.open(frame, clause.evidence)


def _apart(talk: Talk, held: Frame, clause: Clause) -> Frame | None:
    """A bare day that does not follow what was filed may be meant instead of it: a frame that asks, else None."""
    if not all(mention.kind is Kind.DAYS and mention.role == "on" for mention in clause.mentions):
        return None
    alone, _ = bind(talk.flow(held), filled(held, {"days": None}, "said"), clause.mentions, talk.context)
    frame = _beside(talk, renamed(alone, talk.new_id(), talk.message))
    return frame if BESIDE in frame.fills else None


def _shortened(frame: Frame, clause: Clause) -> Frame:
    """'Back tomorrow' after 'off until Friday': the end moves, once the parent says that it is meant so."""
    ends = [each.value.last for each in clause.mentions if isinstance(each.value, Days) and each.value.first is None]
    held = stretches_of(frame)
    if len(ends) != 1 or ends[0] is None or not held or ends[0] < held[-1].first:
        return frame
    return filled(frame, {"days": kept([*held[:-1], Stretch(first=held[-1].first, last=ends[0])])}, "said")


def _unknown(clause: Clause) -> bool:
    kinds = {mention.kind for mention in clause.mentions}
    return Kind.UNKNOWN_NAME in kinds and Kind.CHILDREN not in kinds


# Doubts and readings -------------------------------------------------------------------------


def _doubt(talk: Talk, heard: Heard) -> None:
    """What raised a doubt is asked before it is filed; a question that settles it anyway is enough."""
    asked = any(clause.question for clause in heard.clauses if clause.topic in OPENERS)
    doubts = [*heard.doubts, *([Doubt.QUESTION] if asked and Doubt.QUESTION not in heard.doubts else [])]
    if not doubts:
        repeating.told_again(talk, heard.clauses)
        return
    for frame in [each for each in talk.stack if each.id in talk.opened and each.status == "open"]:
        settled = settle(talk.flow(frame), frame, talk.context)
        if frame.value("reason") == leaving.BEREAVEMENT:
            # Care rule 17: a death is asked nothing that its days and names do not need.
            doubts = [doubt for doubt in doubts if doubt in SETTLED_BY]
        left = [doubt for doubt in doubts if SETTLED_BY.get(doubt, "") not in _missing_slots(settled)]
        if left:
            talk.put(doubted(frame, left))


def _missing_slots(frame: Frame) -> set[str]:
    return {name for name in ("who", "days") if name not in frame.fills}


def _read(talk: Talk) -> None:
    """The reading of every frame that this text opened or added to, in the order in which it was said."""
    touched = [frame for frame in reversed(talk.stack) if frame.id in talk.opened and frame.flow == absence.NAME]
    for frame in touched:
        if frame.value(INSTEAD) and any(each.topic == Topic.CORRECTION for each in talk.readings):
            continue
        best = absence.reading(settle(talk.flow(frame), frame, talk.context), talk.context)
        talk.readings.append(replace(best, evidence=talk.evidence.get(frame.id, ())))
