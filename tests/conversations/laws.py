"""The laws that every single turn of a conversation keeps, whatever came in: each is a question with one answer."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from conversations import denying
from conversations.acts import (
    AbsenceStated,
    AbsenceWithdrawn,
    Due,
    Effect,
    Incoming,
    NeedsPerson,
    OptedOut,
    Press,
    Push,
    Text,
    Turn,
    WorryHeard,
)
from conversations.chasing import is_chase, still_missing
from conversations.context import Context, Sender, is_settled
from conversations.filing import key_of
from conversations.flows import meant
from conversations.frame import Need, missing, settle
from conversations.language import load as load_language
from conversations.shaping import Abilities, Outbound, shape
from conversations.state import DEEPEST, Frame, State, dump, load
from conversations.talk import FLOWS, keys_of
from conversations.turn import turn
from school.rules.calendar import Session

# What is said where the parent let something go themselves: nothing of it is owed any more.
LET_GO = {"undo.dropped", "undone", "kept", "expected", "expected_afternoon", "leave.not_sent", "leave.taken_back"}
MOST_BYTES = 1024
CODE = re.compile(r"[A-Za-z0-9_#./:+~-]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One turn and all that went into it. `tells` is what the text is known to say (`texts.py`)."""

    before: State
    incoming: Incoming
    context: Context
    abilities: Abilities
    made: Turn
    tells: str = ""

    @property
    def after(self) -> State:
        """The state that the turn left."""
        return self.made.state

    @property
    def said(self) -> set[str]:
        """The keys of all that was said."""
        return {say.key for say in self.made.says}

    @property
    def is_stale(self) -> bool:
        """Whether what came in is a timer or a button of another question than the one on the screen."""
        if isinstance(self.incoming, Due):
            return self.incoming.token != str(self.before.rev)
        if isinstance(self.incoming, Press):
            ask = self.before.ask
            return ask is None or self.incoming.token != ask.token or self.incoming.key not in ask.options
        return False

    def cites(self, *messages: str) -> bool:
        """Whether an effect names one of these messages, so that staff or the record have it."""
        return any(getattr(effect, "message", "") in messages for effect in self.made.effects)


def broken(step: Step) -> list[str]:
    """The laws that a turn broke."""
    return [name for name, law in LAWS.items() if not law(step)]


# Purity and memory ---------------------------------------------------------------------------


def _same_again(step: Step) -> bool:
    again = turn(step.before, step.incoming, step.context, load_language(step.before.lang))
    return again == step.made


def _is_small(step: Step) -> bool:
    return len(json.dumps(dump(step.after), ensure_ascii=False).encode()) < MOST_BYTES


def _comes_back(step: Step) -> bool:
    stored = json.loads(json.dumps(dump(step.after)))
    return bool(dump(load(stored)) == stored)


def _holds_codes_only(step: Step) -> bool:
    names = {name.lower() for child in step.context.children for name in (child.known_as, child.first_name)}
    strings = _strings(dump(step.after))
    return all(CODE.fullmatch(each) and not names & set(re.split(r"[^a-z]+", each.lower())) for each in strings)


def _strings(value: object) -> list[str]:
    if isinstance(value, Mapping):
        return [text for key, each in value.items() for text in (str(key), *_strings(each))]
    if isinstance(value, list):
        return [text for each in value for text in _strings(each)]
    return [value] if isinstance(value, str) else []


# Frames, questions and timers ----------------------------------------------------------------


def _is_shallow(step: Step) -> bool:
    ids = [frame.id for frame in (*step.after.stack, *step.after.recent)]
    return len(step.after.stack) <= DEEPEST and len(ids) == len(set(ids))


def _asks_what_is_missing(step: Step) -> bool:
    """The question is about the frame on top, and about a slot that is empty."""
    ask = step.after.ask
    if ask is None or step.after == step.before:
        return True
    if not step.after.stack or step.after.stack[-1].id != ask.frame:
        return False
    top = step.after.stack[-1]
    slot = FLOWS[top.flow].slot(ask.slot)
    return slot is not None and slot.ask is not None and slot.name not in top.fills


def _shows_what_it_asks(step: Step) -> bool:
    """The options on the parent's screen are those that an answer is read by."""
    shown = [say for say in step.made.says if say.options]
    if not shown:
        return True
    ask = step.after.ask
    return (
        len(shown) == 1
        and shown[0] is step.made.says[-1]
        and ask is not None
        and keys_of(shown[0].options) == ask.options
    )


def _open_is_asked(step: Step) -> bool:
    """What is open lacks something and is asked about, unless a person speaks or holds the thread."""
    open_frames = [frame for frame in step.after.stack if frame.status == "open"]
    held = step.context.staff_speaking or step.context.lead_holds
    held = held or any(getattr(effect, "why", "") == "pupil_writes" for effect in step.made.effects)
    if not open_frames or held or step.is_stale or _worried(step) or isinstance(step.incoming, Push):
        return True
    if step.after.rev == step.before.rev:
        return True
    # A receipt and words about a person's reading, or two receipts, leave no room for a question: it comes later.
    full = any(key.startswith("person") for key in step.said) or {"receipt", "receipt.bereavement"} <= step.said
    if full and len(step.made.says) > 1:
        return True
    lacking = all(missing(FLOWS[each.flow], each, step.context, Need.REQUIRED) for each in open_frames)
    return step.after.ask is not None and lacking


def _worried(step: Step) -> bool:
    return any(isinstance(effect, WorryHeard) for effect in step.made.effects)


def _open_has_a_wake(step: Step) -> bool:
    wake = step.made.wake
    return (wake is not None and wake.token == str(step.after.rev)) if step.after.stack else wake is None


def _moves_by_one(step: Step) -> bool:
    """A turn is one revision further, or changed nothing at all."""
    if step.after.rev == step.before.rev + 1:
        return True
    return step.after == step.before and not step.made.effects


def _stale_changes_nothing(step: Step) -> bool:
    if not step.is_stale:
        return True
    quiet = not isinstance(step.incoming, Due) or not step.made.says
    return step.after == step.before and not step.made.effects and quiet


# What is told --------------------------------------------------------------------------------


def _nothing_told_is_swallowed(step: Step) -> bool:
    """A text that tells of an absence is filed, with a person, or being asked about; others for staff reach them.

    A question about an illness may have its advice at once instead.
    """
    if not isinstance(step.incoming, Text) or not step.tells or step.cites(step.incoming.id):
        return True
    if step.tells == "person" and any(say.key == "illness" for say in step.made.says):
        return True
    # What was said about a frame that was open ends with that frame, under the message that opened it.
    going_on = [frame.message for frame in step.before.stack if frame.status == "open" and frame.message]
    pending = any(frame.status == "open" for frame in step.after.stack)
    again = any(_is_on_record(step, frame) for frame in (*step.after.stack, *step.after.recent))
    # Said again in place of an answer to what is wanted of it.
    again = again or any(frame.status == "committed" for frame in step.before.stack)
    return step.tells in ("absence", "leave") and (pending or again or step.cites(*going_on) or _was_let_go(step))


def _nothing_open_vanishes(step: Step) -> bool:
    """What was open stays open, is filed, goes to a person, or was let go by the parent."""
    stays = {frame.id for frame in step.after.stack if frame.status == "open"}
    stated = {effect.frame for effect in step.made.effects if isinstance(effect, AbsenceStated)}
    gone = [
        frame
        for frame in step.before.stack
        if frame.status == "open" and frame.id not in stays | stated and frame.message
    ]
    filed = {frame.id: frame for frame in (*step.after.stack, *step.after.recent)}
    gone = [frame for frame in gone if frame.id not in filed or not _is_on_record(step, filed[frame.id])]
    # The school asks no more about a child whom somebody has accounted for meanwhile.
    gone = [frame for frame in gone if not is_chase(frame) or still_missing(frame, step.context, step.made.effects)]
    # Nor about a child and day that this turn put on record, in whichever frame.
    gone = [frame for frame in gone if not _is_told_of(step, frame)]
    # What the parent said 'no' to is settled by what they tell in its place.
    told = any(isinstance(effect, denying.TOLD) for effect in step.made.effects)
    gone = [frame for frame in gone if not (told and frame.flow == meant.NAME)]
    incoming = step.incoming.id if isinstance(step.incoming, Text | Press) else ""
    return all(step.cites(*filter(None, (frame.message, incoming))) for frame in gone) or _was_let_go(step)


def _is_told_of(step: Step, frame: Frame) -> bool:
    """Whether all that a frame would say is about what this turn put on record; of a flow that is gone nothing is."""
    flow = FLOWS.get(frame.flow)
    filed = flow.file(settle(flow, frame, step.context), step.context, False) if flow else ()
    stated = [each for each in filed if isinstance(each, AbsenceStated)]
    told = {key_of(each) for each in step.made.effects if isinstance(each, AbsenceStated)}
    return bool(stated) and {key_of(each) for each in stated} <= told


def _is_on_record(step: Step, frame: Frame) -> bool:
    """Whether all that a frame says that this turn filed is on record; said again, it needs no second statement."""
    before = next((each for each in (*step.before.stack, *step.before.recent) if each.id == frame.id), None)
    if frame.status == "open" or (before is not None and before.status != "open"):
        return False
    stated = [each for each in FLOWS[frame.flow].file(frame, step.context, False) if isinstance(each, AbsenceStated)]
    record = {(row.child, row.day, row.session) for row in step.context.recorded if row.mine}
    record |= {key_of(each) for each in step.made.effects if isinstance(each, AbsenceStated)}
    return bool(stated) and {key_of(each) for each in stated} <= record


def _was_let_go(step: Step) -> bool:
    """The parent undid it or chose what was there before; while staff speak that is not answered."""
    return bool(step.said & LET_GO) or (step.context.staff_speaking and not isinstance(step.incoming, Due))


def _was_told(fills: Mapping[str, object]) -> bool:
    return any(getattr(fill, "how", "") in ("said", "chosen") for fill in fills.values())


def _answers_are_signed(step: Step) -> bool:
    """A frame that a text filled names a message, whoever opened it, so that staff can read it."""
    if not isinstance(step.incoming, Text):
        return True
    before = {frame.id: frame for frame in step.before.stack}
    changed = [each for each in step.after.stack if each.fills != getattr(before.get(each.id), "fills", None)]
    told = [each for each in changed if each.status == "open" and _was_told(each.fills)]
    told = [each for each in told if not _was_told(getattr(before.get(each.id), "fills", {}))]
    return all(each.message for each in told)


# Effects -------------------------------------------------------------------------------------


def _withdraws_its_own(step: Step) -> bool:
    """Only what this contact stated, and nothing that staff confirmed or a closed register holds."""
    own = {(row.child, row.day, row.session) for row in step.context.recorded if row.mine}
    keys = {_withdrawn(effect) for effect in step.made.effects if isinstance(effect, AbsenceWithdrawn)}
    return keys <= own and not any(is_settled(step.context, key) for key in keys)


def _withdrawn(effect: AbsenceWithdrawn) -> tuple[str, date, Session]:
    return effect.child, effect.day, effect.session


def _states_what_may_be(step: Step) -> bool:
    """Own children whom this contact may report, on school days, each session once."""
    able = {child.id: child for child in step.context.children if child.may_report}
    stated = [effect for effect in step.made.effects if isinstance(effect, AbsenceStated)]
    keys = [key_of(each) for each in stated]
    calendar = step.context.calendar
    return len(keys) == len(set(keys)) and all(
        each.child in able and calendar.is_school_day(each.day, year=able[each.child].year) for each in stated
    )


def _does_not_undo_itself(step: Step) -> bool:
    """No session is stated and taken back by one turn."""
    stated = {key_of(each) for each in step.made.effects if isinstance(each, AbsenceStated)}
    return not stated & {_withdrawn(each) for each in step.made.effects if isinstance(each, AbsenceWithdrawn)}


def _worry_is_alone(step: Step) -> bool:
    """What goes to the safeguarding lead is on nobody else's list and files nothing."""
    others = [effect for effect in step.made.effects if not isinstance(effect, WorryHeard)]
    return not _worried(step) or (
        all(isinstance(each, NeedsPerson) and each.why == "flow_gone" for each in others)
        and all(getattr(each, "message", "") != step.incoming.id for each in others)
    )


def _strangers_change_nothing(step: Step) -> bool:
    filing: tuple[type[Effect], ...] = (AbsenceStated, AbsenceWithdrawn, NeedsPerson)
    return step.context.sender is Sender.CONTACT or not any(isinstance(each, filing) for each in step.made.effects)


# Words ---------------------------------------------------------------------------------------


def _opted_out_says_nothing(step: Step) -> bool:
    return not step.made.says or not any(isinstance(effect, OptedOut) for effect in step.made.effects)


def _silence_is_answered_by_silence(step: Step) -> bool:
    if step.context.staff_speaking and not isinstance(step.incoming, Due):
        # Beside a person there are only words of care: to a worry, and to what cannot wait.
        return _worried(step) or step.said <= {"red_flag"}
    if not isinstance(step.incoming, Due) or not step.made.says:
        return True
    # A question about leave is called to mind once.
    frame = step.before.stack[-1]
    return "leave.reminder" in step.said and frame.flow == "leave" and not frame.reminded


def _fits_the_channel(step: Step) -> bool:
    messages = shape(step.made.says, lang=step.after.lang, abilities=step.abilities, context=step.context)
    return len(messages) <= 2 and all(_fits(each, step.abilities) for each in messages)


# A choice between two stories reads both of them back.
TWO_STORIES = {"ask.which", "ask.also"}
# Words of care out of hours may stand beside a receipt.
CARE = "person."
# design.md, section 3: two segments for leave.
LEAVE = "leave."


def _fits(message: Outbound, abilities: Abilities) -> bool:
    long = bool(TWO_STORIES & set(message.keys)) or any(key.startswith((CARE, LEAVE)) for key in message.keys)
    most = abilities.segments + (message.encoding == "ucs2" or long)
    return not abilities.segments or message.segments <= most


def _answers_a_text(step: Step) -> bool:
    """What was filed is read back, unless a person speaks."""
    changed = any(isinstance(effect, AbsenceStated | AbsenceWithdrawn) for effect in step.made.effects)
    silent = isinstance(step.incoming, Due) or step.context.staff_speaking
    silent = silent or any(isinstance(effect, OptedOut) for effect in step.made.effects)
    return not changed or silent or bool(step.made.says)


def _reads_back_once(step: Step) -> bool:
    """A receipt is for what this turn filed; what was filed before is not read back again."""
    if not step.said & {"receipt", "receipt.known", "receipt.bereavement"}:
        return True
    committed = {frame.id for frame in (*step.before.stack, *step.before.recent) if frame.status == "committed"}
    new = {frame.id for frame in (*step.after.stack, *step.after.recent) if frame.status == "committed"} - committed
    return bool(new) or any(isinstance(effect, AbsenceStated) for effect in step.made.effects)


LAWS: Mapping[str, Callable[[Step], bool]] = {
    "the same arguments give the same turn": _same_again,
    "the state is under 1 KB": _is_small,
    "the state comes back from JSON as it went": _comes_back,
    "the state holds codes only": _holds_codes_only,
    "at most three frames, each once": _is_shallow,
    "the question is about the top frame and an empty slot": _asks_what_is_missing,
    "the options shown are those answered": _shows_what_it_asks,
    "what is open is asked about": _open_is_asked,
    "what is open has a wake": _open_has_a_wake,
    "a turn is one revision further or changed nothing": _moves_by_one,
    "a stale timer or button changes nothing": _stale_changes_nothing,
    "nothing told is swallowed": _nothing_told_is_swallowed,
    "nothing open vanishes": _nothing_open_vanishes,
    "what a text filled names a message": _answers_are_signed,
    "a contact takes back only their own, and nothing settled": _withdraws_its_own,
    "what is stated is the contact's to state": _states_what_may_be,
    "no turn states and takes back the same": _does_not_undo_itself,
    "a worry goes to the lead alone": _worry_is_alone,
    "a stranger changes nothing": _strangers_change_nothing,
    "who opted out hears nothing": _opted_out_says_nothing,
    "silence and staff are not talked over": _silence_is_answered_by_silence,
    "two messages at most, each within its segments": _fits_the_channel,
    "what was filed is read back": _answers_a_text,
    "a receipt is for what this turn filed": _reads_back_once,
}
