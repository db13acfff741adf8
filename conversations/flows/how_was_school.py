"""How was school? One question a week from the school, one digit or any words to answer, and never a second time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from conversations.acts import Effect, Json, NeedsPerson, Option, Say, Topic
from conversations.context import Context
from conversations.flows.answering import nothing_refused, nothing_sure, reading_as
from conversations.flows.person import ROUTES
from conversations.frame import Flow, Need, Slot
from conversations.slots.who import WHO, ids_of
from conversations.state import Frame
from conversations.told import DayTold, Mood

NAME = "how_was_school"
OPTIONS = (Mood.GOOD, Mood.OK, Mood.LOW)
# An answer in words of which no mood is heard.
WORDS = "words"
# The starting guide's five questions (domain.md, section 8): 'day.question_1' to 'day.question_5'.
QUESTIONS = 5
# Thanks vary with the question of the week, so that they do not read like a machine's.
THANKS = 2


def _number(frame: Frame) -> int:
    value = frame.value("question")
    return value if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= QUESTIONS else 1


def _ask(frame: Frame, context: Context) -> Say:
    """The first to a contact says how to have none (care rule 22), and asks nothing of the class's own topic."""
    first = bool(frame.value("first"))
    topic = frame.value("topic")
    asked = (_number(frame), topic if isinstance(topic, str) and not first else "")
    options = tuple(Option(key=mood, label=Say(key=f"day.{mood}")) for mood in OPTIONS)
    args = {"names": ids_of(frame, context), "question": asked}
    return Say(key="ask.day_first" if first else "ask.day", args=args, options=options)


def _chosen(key: str, _frame: Frame, _context: Context) -> Mapping[str, Json]:
    return {"answer": key}


def _is_answer(value: Json, _frame: Frame, _context: Context) -> bool:
    return value in (*OPTIONS, WORDS)


def _is_of_today(value: Json, _frame: Frame, context: Context) -> bool:
    return value == context.now.date().isoformat()


def is_open(frame: Frame, context: Context) -> bool:
    """Whether a frame is this question, asked today: yesterday's would make an answer of this morning's news."""
    return frame.flow == NAME and _is_of_today(frame.value("day"), frame, context)


def moods_of(frame: Frame, context: Context) -> dict[str, Mood | None]:
    """How each child's day was: as was said of that child, else as was said of all."""
    said = frame.value("moods")
    answer = frame.value("answer")
    for_all = Mood(answer) if answer in OPTIONS else None
    each = said if isinstance(said, dict) else {}
    return {child: Mood(str(each[child])) if child in each else for_all for child in ids_of(frame, context)}


def _file(frame: Frame, context: Context, _partial: bool) -> tuple[Effect, ...]:
    prompt = frame.value("prompt")
    if not isinstance(prompt, str):
        # Nothing on record to answer to: a person reads it.
        why = ROUTES[Topic.CHECKIN_REPLY].why
        children = ids_of(frame, context)
        return (NeedsPerson(why=why, message=frame.message, topic=Topic.CHECKIN_REPLY, children=children),)
    return tuple(
        DayTold(child=child, mood=mood, prompt=prompt, message=frame.message)
        for child, mood in moods_of(frame, context).items()
    )


def _receipt(frames: tuple[Frame, ...], context: Context) -> tuple[Say, ...]:
    """Thanks, kinder where a day was hard, and without cheer where we cannot tell."""
    says = []
    for frame in frames:
        found = set(moods_of(frame, context).values())
        tone = "low_thanks" if Mood.LOW in found else "good_thanks" if found == {Mood.GOOD} else "thanks"
        says.append(Say(key=f"day.{tone}_{_number(frame) % THANKS + 1}"))
    return tuple(says)


FLOW = Flow(
    name=NAME,
    opens={},
    slots=(
        WHO,
        Slot(name="answer", need=Need.REQUIRED, ok=_is_answer, ask=_ask, choose=_chosen),
        Slot(name="moods"),
        Slot(name="day"),
        Slot(name="prompt"),
        Slot(name="question"),
        Slot(name="topic"),
        Slot(name="first"),
    ),
    refuse=nothing_refused,
    file=_file,
    receipt=_receipt,
    reading=reading_as(Topic.CHECKIN_REPLY),
    run_out=nothing_sure,
    idle=timedelta(hours=6),
)
