"""Filing: what is complete is filed at once, what is missing is asked, what is wanted is asked once afterwards."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import TypeAlias

from conversations import denying
from conversations.acts import AbsenceKind, AbsenceStated, AbsenceWithdrawn, Effect, Topic
from conversations.chasing import STILL, is_chase, narrowed
from conversations.context import is_settled
from conversations.flows import leave
from conversations.flows.person import leave_key
from conversations.frame import ASKED, INSTEAD, TONE, WEIGHT, Flow, Need, Refusal, Slot, filled, missing
from conversations.offered import OfferAnswered
from conversations.repeating import leave_recorded
from conversations.slots.which import displaced
from conversations.slots.who import ids_of
from conversations.state import DEEPEST, Ask, Frame
from conversations.talk import Talk, keys_of
from school.rules.calendar import Session

Key: TypeAlias = tuple[str, date, Session]


def advance(talk: Talk) -> None:
    """Files every complete frame in the order in which it was said, then asks the one thing that decides most."""
    talk.stack = [talk.settled(frame) for frame in talk.stack]
    stop(talk)
    _file_answers(talk)
    for frame in reversed(talk.stack.copy()):
        if frame.status == "open" and missing(talk.flow(frame), frame, talk.context, Need.REQUIRED) is None:
            file(talk, frame)
    _leave_who_is_told_of(talk)
    denying.is_over(talk)
    if talk.filed:
        flow = talk.flow(talk.filed[0])
        talk.receipts.extend(flow.receipt(tuple(talk.filed), talk.context))
    question(talk)


def _leave_who_is_told_of(talk: Talk) -> None:
    """A chase is answered by whatever the text told of its children, in that frame or in another."""
    for frame in talk.stack.copy():
        left = narrowed(frame, talk.context, talk.effects)
        if left is None:
            talk.drop(frame)
        elif left is not frame:
            talk.put(filled(left, {TONE: STILL}, "told"))
    leave_recorded(talk)


def stop(talk: Talk) -> None:
    """Ends at once what cannot be gone on with, before more is asked about it."""
    for frame in [each for each in talk.stack if each.status == "open"]:
        found = talk.flow(frame).stop
        refusal = found(frame, talk.context) if found is not None else None
        if refusal is not None:
            _refused(talk, frame, refusal)
    talk.stack = [talk.settled(frame) for frame in talk.stack]


def _file_answers(talk: Talk) -> None:
    """What was filed and only then completed ('why?', 'what time?') is filed anew with what was said."""
    for stored in talk.before.stack:
        frame = talk.find(stored.id)
        if frame is None or frame not in talk.stack or frame.status != "committed" or stored.status != "committed":
            continue
        # What a release dropped was not taken back by the parent.
        before = talk.settled(stored)
        if _said(frame) == _said(before):
            continue
        answered = replace(frame, message=talk.message or frame.message)
        talk.put(answered)
        if replaced(talk, talk.flow(frame), answered, before):
            talk.filed.append(answered)


def _said(frame: Frame) -> dict[str, object]:
    return {name: fill.value for name, fill in frame.fills.items() if name != ASKED}


def question(talk: Talk) -> None:
    """Asks for what is missing in the frame in play; finished frames leave the stack."""
    while talk.stack:
        frame = talk.stack[-1]
        flow = talk.flow(frame)
        need = Need.REQUIRED if frame.status == "open" else Need.WANTED
        slot = missing(flow, frame, talk.context, need)
        others_wait = any(each.status == "open" for each in talk.stack[:-1])
        if slot is None or (need is Need.WANTED and (others_wait or talk.context.staff_speaking or talk.urgent)):
            finish(talk, frame)
            continue
        if not flow.insists and _is_let_be(talk, frame):
            if others_wait:
                _give_way(talk, frame)
                continue
            talk.ask = None if talk.is_heard else talk.before.ask
            return
        ask(talk, frame, slot)
        return
    talk.ask = None


def _give_way(talk: Talk, frame: Frame) -> None:
    """A question that nobody answered makes room for those that wait; a person reads the text that led to it."""
    talk.drop(frame)
    if frame.message:
        talk.quietly_to_person("unanswered", children=ids_of(frame, talk.context), message=frame.message)


def _is_let_be(talk: Talk, frame: Frame) -> bool:
    """Whether a question stood before this turn, and nothing in it was an answer to it."""
    return not talk.again and any(talk.settled(each) == talk.settled(frame) for each in talk.before.stack)


def ask(talk: Talk, frame: Frame, slot: Slot) -> None:
    """Puts a slot's question on the parent's screen; while staff speak nothing is shown, so nothing is asked."""
    if talk.context.staff_speaking or slot.ask is None:
        talk.ask = None
        return
    if is_chase(frame) and any(each.id == frame.id for each in talk.before.stack):
        # Whoever wrote in between is not told that there was no message.
        frame = filled(frame, {TONE: STILL}, "told")
        talk.put(frame)
    say = slot.ask(frame, talk.context)
    talk.question = say
    talk.ask = Ask(
        token=str(talk.rev),
        frame=frame.id,
        slot=slot.name,
        options=keys_of(say.options),
        day=talk.context.now.date(),
    )
    if slot.need is Need.WANTED:
        held = frame.value(ASKED)
        asked = [*(held if isinstance(held, list) else []), slot.name]
        talk.put(filled(frame, {ASKED: asked}, "told"))


def finish(talk: Talk, frame: Frame) -> None:
    """A committed frame leaves the stack, and is kept for corrections."""
    talk.drop(frame)
    if frame.status == "committed" and talk.find(frame.id) is None:
        talk.recent.append(frame)


def file(talk: Talk, frame: Frame, *, partial: bool = False) -> None:
    """Files a complete frame, or says why it is not filed."""
    flow = talk.flow(frame)
    refusal = flow.refuse(frame, talk.context)
    if refusal is not None:
        _refused(talk, frame, refusal)
        return
    frame = flow.keep(frame, talk.context)
    old_id = frame.value(INSTEAD)
    old = talk.find(old_id) if isinstance(old_id, str) else None
    if not replaced(talk, flow, frame, old, partial=partial):
        talk.drop(frame)
        return
    committed = replace(filled(frame, {INSTEAD: None}, "told"), status="committed", misses=0)
    _remember(talk, committed, old)


def _refused(talk: Talk, frame: Frame, refusal: Refusal) -> None:
    """Asks once more, goes on as something else, or lets the frame go, with a person told where one must look."""
    if refusal.opens_again is not None:
        talk.put(filled(frame, refusal.opens_again, "told"))
        return
    topic, children = _topic(frame), ids_of(frame, talk.context)
    if refusal.instead is not None:
        talk.put(refusal.instead)
        talk.ask = None
        talk.quietly_to_person(refusal.why, topic=topic, children=children, message=frame.message)
        return
    talk.drop(frame)
    if refusal.why:
        talk.to_person(
            refusal.why, key=_key_of(talk, frame, refusal), topic=topic, children=children, message=frame.message
        )
    if refusal.say is not None:
        talk.notices.append(refusal.say)


def _key_of(talk: Talk, frame: Frame, refusal: Refusal) -> str:
    """What is said while a person has not read it yet; a helper whose days are over is asked to ring."""
    if refusal.why == "far_ahead" or frame.flow == leave.NAME:
        return leave_key(None)
    return "person.helper_over" if refusal.why == "may_not_report" and talk.context.helped_before else "person"


def replaced(talk: Talk, flow: Flow, frame: Frame, old: Frame | None, *, partial: bool = False) -> bool:
    """States what a frame says and takes back what an older one said beyond it, in one turn.

    False where that would change what staff confirmed or what a closed register holds: then it goes to staff and
    changes nothing by itself.
    """
    effects = [_with_evidence(talk, effect) for effect in flow.file(frame, talk.context, partial)]
    new = _statements(effects)
    before = _statements(flow.file(old, talk.context, partial) if old else ())
    told = {key_of(each): each for each in before}
    displaces = {(row.child, row.day, row.session) for row in displaced(frame, talk.context)}
    gone = ((set(told) & standing(talk)) | displaces) - {key_of(each) for each in new}
    changed = [each for each in new if key_of(each) not in told or _content(each) != _content(told[key_of(each)])]
    # A reason that was missing may still be given after the register closed (care rule 3).
    firm = {key for key, each in told.items() if not _is_unexplained(each)} | displaces
    touched = gone | {key_of(each) for each in changed} & firm
    settled = {key for key in touched if is_settled(talk.context, key)}
    if settled:
        talk.to_person(
            "changed_after_register",
            key="person.after_register",
            children=ids_of(frame, talk.context),
            message=frame.message,
        )
        if not _is_of_others(settled, gone, changed):
            return False
        # What is told of another child is news, and stands; of the first one a person decides.
        gone = set()
    talk.effects.extend(taken_back(talk, gone, frame))
    _state(talk, changed)
    talk.effects.extend(each for each in effects if not isinstance(each, AbsenceStated))
    return True


def _is_of_others(settled: set[Key], gone: set[Key], changed: Iterable[AbsenceStated]) -> bool:
    """Whether all that is settled is of children of whom nothing is told any more."""
    return settled <= gone and not {key[0] for key in gone} & {each.child for each in changed}


def _state(talk: Talk, statements: Iterable[AbsenceStated]) -> None:
    """Adds statements; where one text tells twice of a child's session, the weightier of the two stands."""
    for each in statements:
        said = [other for other in _statements(talk.effects) if key_of(other) == key_of(each)]
        if any(WEIGHT.index(other.kind) <= WEIGHT.index(each.kind) for other in said):
            continue
        talk.effects = [effect for effect in talk.effects if effect not in said]
        talk.effects.append(each)


def standing(talk: Talk) -> set[Key]:
    """What the contact's own statements are about by now, this turn's included."""
    own = {(row.child, row.day, row.session) for row in talk.context.recorded if row.mine}
    return own | {key_of(each) for each in _statements(talk.effects)}


def taken_back(talk: Talk, keys: Iterable[Key], frame: Frame) -> tuple[AbsenceWithdrawn, ...]:
    """The withdrawal of what was stated for each child, day and session, in that order."""
    return tuple(
        AbsenceWithdrawn(child=child, day=day, session=session, frame=frame.id, message=talk.message)
        for child, day, session in sorted(keys)
    )


def _remember(talk: Talk, frame: Frame, old: Frame | None) -> None:
    """What this turn files takes the place of what was filed before it, as the thing that `0` takes back."""
    if not talk.filed:
        for each in [each for each in talk.stack if each.status == "committed" and each.id != frame.id]:
            talk.drop(each)
        talk.recent = []
        talk.recent_at = talk.context.now
    if old is not None:
        talk.drop(old)
    if talk.find(frame.id):
        talk.put(frame)
    elif len(talk.stack) < DEEPEST:
        talk.stack.append(frame)
    talk.filed.append(frame)


def settle_finished(talk: Talk) -> None:
    """Frames that only waited for something wanted leave the stack; open ones stay, unasked."""
    for frame in [each for each in talk.stack if each.status == "committed"]:
        finish(talk, frame)
    talk.ask = None


def run_out(talk: Talk, frame: Frame) -> None:
    """Silence, or a third miss: files what is sure, flagged partial, and tells a person of the rest."""
    flow = talk.flow(frame)
    sure = flow.run_out(frame, talk.context)
    talk.drop(frame)
    if sure is not None and flow.refuse(sure, talk.context) is None:
        talk.stack.append(sure)
        file(talk, sure, partial=True)
        talk.receipts.clear()
        return
    if frame.message:
        talk.quietly_to_person(
            "unanswered", topic=_topic(frame), children=ids_of(frame, talk.context), message=frame.message
        )


def all_run_out(talk: Talk) -> None:
    """Ends all that is open, the last first, as silence does."""
    for frame in reversed(talk.stack.copy()):
        if frame.status == "open":
            run_out(talk, frame)
    settle_finished(talk)


def _topic(frame: Frame) -> Topic | None:
    if frame.flow == leave.NAME:
        return Topic.LEAVE
    kind = frame.value("kind")
    return Topic(kind) if isinstance(kind, str) and kind in set(Topic) else None


def key_of(effect: AbsenceStated) -> Key:
    """What a statement is about: effects are upserts on it."""
    return effect.child, effect.day, effect.session


def _statements(effects: Iterable[Effect]) -> list[AbsenceStated]:
    return [effect for effect in effects if isinstance(effect, AbsenceStated)]


def _is_unexplained(effect: AbsenceStated) -> bool:
    return effect.kind is AbsenceKind.OTHER and effect.reason is None


def _content(effect: AbsenceStated) -> AbsenceStated:
    """A statement without where it comes from: what makes two of them the same."""
    return replace(effect, frame="", message="", evidence=())


def _with_evidence(talk: Talk, effect: Effect) -> Effect:
    if isinstance(effect, OfferAnswered):
        return replace(effect, message=talk.message)
    if not isinstance(effect, AbsenceStated) or effect.message != talk.message:
        # Spans of a later answer say nothing about the text that opened the frame.
        return effect
    return replace(effect, evidence=talk.evidence.get(effect.frame, ()))
