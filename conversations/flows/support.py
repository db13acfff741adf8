"""An offer of support: a call, a meeting, or a meeting with others; yes, no or a question, and never asked twice."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from conversations.acts import Effect, Json, NeedsPerson, Option, Say
from conversations.context import Child, Context
from conversations.flows.answering import nothing_refused, nothing_sure, reading_as
from conversations.flows.menu import ring_me
from conversations.flows.person import meanwhile
from conversations.frame import Flow, Need, Slot
from conversations.offered import Answer, OfferAnswered
from conversations.slots.who import WHO, children_of, ids_of
from conversations.state import Frame

NAME = "support"
CALL, MEETING, TEAM = KINDS = ("call", "meeting", "team")
YES, NO, ASK = ANSWERS = ("yes", "no", "ask")
# A yes to others being told is asked for in words of its own: 'ok' and a thumb are no consent.
AGREE, NOT_AGREE = ("agree", "not_agree")
SURE = "ask.support_sure"
OTHER_TIME = "another"
# As many times as a text of one segment has room for.
MOST_TIMES = 3
# The words in which a parent asks or answers.
WORDS = "words"


def may_hear_of(child: Child) -> bool:
    """Whether an offer about the child may go to this contact: it says that something is hard for it."""
    return child.may_be_told and child.may_see_reasons


def worth_offering(frame: Frame, context: Context) -> Frame | None:
    """The frame, where this contact may hear of each of its children; else None, and nothing is said."""
    children = children_of(frame, context)
    whole = frame.value("who")
    known = isinstance(whole, list) and len(children) == len(whole)
    return frame if known and children and all(map(may_hear_of, children)) else None


def kind_of(frame: Frame) -> str:
    """What is offered."""
    value = frame.value("kind")
    return value if isinstance(value, str) and value in KINDS else CALL


def times_of(frame: Frame) -> tuple[str, ...]:
    """The moments that staff can offer."""
    value = frame.value("times")
    return tuple(str(each) for each in value[:MOST_TIMES]) if isinstance(value, list) else ()


def answer_of(frame: Frame) -> Answer | None:
    """What the parent made of it, as far as that is complete."""
    said = frame.value("answer")
    if said == ASK:
        return Answer.ASKED
    if said == NO or frame.value("sure") == NOT_AGREE:
        return Answer.DECLINED
    return Answer.ACCEPTED if said == YES else None


# Slots ---------------------------------------------------------------------------------------


def _option(key: str) -> Option:
    return Option(key=key, label=Say(key=f"support.{key}"))


def _ask(frame: Frame, context: Context) -> Say:
    key = "ask.support_reminder" if frame.value("reminder") else f"ask.support_{kind_of(frame)}"
    return Say(key=key, args={"names": ids_of(frame, context)}, options=tuple(map(_option, ANSWERS)))


def _ask_sure(frame: Frame, context: Context) -> Say:
    return Say(key=SURE, args={"names": ids_of(frame, context)}, options=(_option(AGREE), _option(NOT_AGREE)))


def _ask_time(frame: Frame, context: Context) -> Say:
    times = [
        Option(key=str(number), label=Say(key="support.time", args={"at": moment(each, context)}))
        for number, each in enumerate(times_of(frame), start=1)
    ]
    return Say(key="ask.support_time", options=(*times, _option(OTHER_TIME)))


def moment(at: str, context: Context) -> datetime:
    """A moment as the school's clock shows it."""
    return context.calendar.local(datetime.fromisoformat(at))


def _ask_words(_frame: Frame, context: Context) -> Say:
    return Say(key="support.write", options=ring_me(context))


def _rings(_key: str, frame: Frame, _context: Context) -> Mapping[str, Json]:
    """Who cannot write the question is rung: a person has the text that said that there is one."""
    return {WORDS: frame.message} if frame.message else {}


def _chosen(key: str, _frame: Frame, _context: Context) -> Mapping[str, Json]:
    return {"answer": key}


def _sure_chosen(key: str, _frame: Frame, _context: Context) -> Mapping[str, Json]:
    return {"sure": key}


def _time_chosen(key: str, _frame: Frame, _context: Context) -> Mapping[str, Json]:
    return {"time": key}


def _is_answer(value: Json, _frame: Frame, _context: Context) -> bool:
    return value in ANSWERS


def _is_sure(value: Json, _frame: Frame, _context: Context) -> bool:
    return value in (AGREE, NOT_AGREE)


def _is_time(value: Json, frame: Frame, _context: Context) -> bool:
    return value == OTHER_TIME or value in [str(number) for number in range(1, len(times_of(frame)) + 1)]


def _wants_others(frame: Frame, _context: Context) -> bool:
    return kind_of(frame) == TEAM and frame.value("answer") == YES


def _asks(frame: Frame, _context: Context) -> bool:
    return frame.value("answer") == ASK


def _accepts(frame: Frame, _context: Context) -> bool:
    return answer_of(frame) is Answer.ACCEPTED


def _has_times(frame: Frame, context: Context) -> bool:
    """Times that are over are offered to nobody."""
    return any(moment(each, context) > context.now for each in times_of(frame))


# Filing --------------------------------------------------------------------------------------


def time_of(frame: Frame) -> str:
    """The moment that was chosen; "" for another one, or none."""
    chosen = frame.value("time")
    return times_of(frame)[int(chosen) - 1] if isinstance(chosen, str) and chosen.isdecimal() else ""


def _file(frame: Frame, context: Context, _partial: bool) -> tuple[Effect, ...]:
    offer, answer = frame.value("offer"), answer_of(frame)
    if not isinstance(offer, str) or answer is None:
        return ()
    consent = SURE if answer is Answer.ACCEPTED and kind_of(frame) == TEAM else ""
    told = OfferAnswered(offer=offer, answer=answer, time=time_of(frame), consent=consent)
    words = frame.value(WORDS)
    if answer is not Answer.ASKED or not isinstance(words, str):
        return (told,)
    why = NeedsPerson(why="support_question", message=words, children=ids_of(frame, context))
    return (told, why)


def _receipt(frames: tuple[Frame, ...], context: Context) -> tuple[Say, ...]:
    return tuple(say for frame in frames if frame.flow == NAME for say in _thanks(frame, context))


def _thanks(frame: Frame, context: Context) -> tuple[Say, ...]:
    """What is said to an answer. Whoever is asked for a time next is thanked by that question."""
    answer = answer_of(frame)
    if answer is Answer.ASKED:
        return meanwhile("person", context)
    if answer is Answer.DECLINED:
        return (Say(key="support.declined"),)
    kind, chosen = kind_of(frame), frame.value("time")
    if chosen == OTHER_TIME:
        return (Say(key="support.another_time"),)
    if chosen is not None:
        key = "support.call_at" if kind == CALL else "support.meeting_at"
        return (Say(key=key, args={"at": moment(time_of(frame), context)}),)
    if _has_times(frame, context):
        return (Say(key="support.agreed"),) if kind == TEAM else ()
    return (Say(key=f"support.{kind}_soon", args={"names": ids_of(frame, context)}),)


FLOW = Flow(
    name=NAME,
    opens={},
    slots=(
        WHO,
        Slot(name="answer", need=Need.REQUIRED, ok=_is_answer, ask=_ask, choose=_chosen),
        Slot(name=WORDS, need=Need.REQUIRED, when=_asks, ask=_ask_words, choose=_rings),
        Slot(name="sure", need=Need.REQUIRED, when=_wants_others, ok=_is_sure, ask=_ask_sure, choose=_sure_chosen),
        Slot(
            name="time",
            need=Need.WANTED,
            when=_accepts,
            due=_has_times,
            ok=_is_time,
            ask=_ask_time,
            choose=_time_chosen,
        ),
        Slot(name="offer"),
        Slot(name="kind"),
        Slot(name="times"),
        Slot(name="reminder"),
    ),
    refuse=nothing_refused,
    file=_file,
    receipt=_receipt,
    reading=reading_as("answer"),
    run_out=nothing_sure,
    idle=timedelta(hours=24),
    insists=False,
)
