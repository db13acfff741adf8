"""What one turn gathers while it goes: frames, effects, things to say. It lives for one turn and is never kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta

from conversations.acts import (
    Effect,
    Evidence,
    Heard,
    NeedsPerson,
    Option,
    Reading,
    Say,
    Topic,
    Turn,
    Wake,
    WorryHeard,
)
from conversations.chasing import narrowed
from conversations.context import Context
from conversations.flows import absence, back_today, coming_in, how_was_school, leave, meant, menu, support
from conversations.flows.person import BEREAVED, meanwhile
from conversations.frame import Flow, settle
from conversations.offered import DeathTold
from conversations.slots.who import ids_of
from conversations.state import DEEPEST, Ask, Frame, State, is_too_long
from school.rules.calendar import CalendarEnds

FLOWS: Mapping[str, Flow] = {
    flow.name: flow
    for flow in (
        absence.FLOW,
        coming_in.FLOW,
        back_today.FLOW,
        how_was_school.FLOW,
        leave.FLOW,
        support.FLOW,
        menu.FLOW,
        meant.FLOW,
    )
}
OPENERS: Mapping[Topic, Flow] = {topic: flow for flow in FLOWS.values() for topic in flow.opens}

# 'Undo' is for what was just filed; corrections may come until the next school day is over.
UNDO_FOR = timedelta(hours=12)
DAY_IS_OVER = time(16, 0)

# The first, second and third frame that one text opens: the thread, the revision and a letter.
_LETTERS = ("", "b", "c", "d", "e", "f")


class Talk:
    """A turn under way. Frames are values; only the lists that hold them change."""

    def __init__(self, state: State, context: Context, message: str) -> None:
        """`message` is the id of the stored message, which effects cite."""
        self.before = state
        self.context = context if context.numbers is state.numbers else replace(context, numbers=state.numbers)
        self.message = message
        self.rev = state.rev + 1
        self.lang = state.lang
        self.stack: list[Frame] = list(state.stack)
        self.recent: list[Frame] = list(state.recent)
        self.recent_at = state.recent_at
        self.ask: Ask | None = state.ask
        self.offered = state.offered
        self.offer: Say | None = None
        self.effects: list[Effect] = []
        self.readings: list[Reading] = []
        self.evidence: dict[str, tuple[Evidence, ...]] = {}
        self.opened: list[str] = []
        self.filed: list[Frame] = []
        self.urgent: list[Say] = []
        self.receipts: list[Say] = []
        self.notices: list[Say] = []
        self.question: Say | None = None
        # Whether what was asked before is asked again, though it does not insist.
        self.again = False
        # Whether what is asked about an illness is answered here, so that it need not go to a person.
        self.advises = False
        self._tidy()

    def _tidy(self) -> None:
        """Brings frames of an earlier release to this one: what it no longer knows goes to a person, not nowhere."""
        for frame in [frame for frame in self.stack if frame.flow not in FLOWS]:
            self.stack.remove(frame)
            if frame.status == "open":
                self.effects.append(NeedsPerson(why="flow_gone", message=frame.message or self.message))
        self.recent = [frame for frame in self.recent if frame.flow in FLOWS]
        self.stack = [self.settled(frame) for frame in self.stack]
        self._leave_who_is_found()
        if self.ask and not self.fits(self.ask):
            self.ask = None

    def _leave_who_is_found(self) -> None:
        """A chase asks no more about a child whom somebody has accounted for meanwhile; no day is asked about later."""
        left = [(frame, narrowed(frame, self.context)) for frame in self.stack]
        self.stack = [
            found
            for _, found in left
            if found is not None and (found.flow != how_was_school.NAME or how_was_school.is_open(found, self.context))
        ]

    def fits(self, ask: Ask) -> bool:
        """Whether the question is still one that this release asks of the frame in play."""
        if not self.stack or self.stack[-1].id != ask.frame:
            return False
        slot = FLOWS[self.stack[-1].flow].slot(ask.slot)
        return slot is not None and slot.ask is not None and slot.name not in self.stack[-1].fills

    # Frames -----------------------------------------------------------------------------------

    @property
    def asked(self) -> Frame | None:
        """The frame that the question on the parent's screen is about."""
        return self.stack[-1] if self.ask and self.stack else None

    def flow(self, frame: Frame) -> Flow:
        """The flow of a frame."""
        return FLOWS[frame.flow]

    def settled(self, frame: Frame) -> Frame:
        """The frame with what follows from the moment; whom the school asks about is the default of new texts alone.

        A question that stood before the school asked is about another matter, and is not answered by that.
        """
        own = frame.id in self.opened
        context = self.context if own else replace(self.context, expects="", expects_child=None)
        return settle(self.flow(frame), frame, context)

    def new_id(self) -> str:
        """An id for one more frame of this turn."""
        return f"{self.context.thread}.{self.rev}{_LETTERS[min(len(self.opened), len(_LETTERS) - 1)]}"

    def open(self, frame: Frame, evidence: tuple[Evidence, ...] = ()) -> bool:
        """Puts a frame under those that this text opened before it, so that the first is in play; False if full."""
        if len(self.stack) >= DEEPEST:
            return False
        position = len(self.stack)
        while position and self.stack[position - 1].id in self.opened:
            position -= 1
        self.stack.insert(position, frame)
        self.opened.append(frame.id)
        self.evidence[frame.id] = evidence
        if position == len(self.stack) - 1:
            self.ask = None
        return True

    def open_beneath(self, held: Frame, frame: Frame) -> bool:
        """Puts a frame beneath another, to be asked after it; False if full."""
        if len(self.stack) >= DEEPEST:
            return False
        self.stack.insert(self.stack.index(held), frame)
        self.opened.append(frame.id)
        return True

    def put(self, frame: Frame) -> None:
        """Puts a changed frame where it was, on the stack or among the recent ones."""
        self.stack = [frame if each.id == frame.id else each for each in self.stack]
        self.recent = [frame if each.id == frame.id else each for each in self.recent]

    def signed(self, frame: Frame) -> Frame:
        """The frame with a message to show to staff: the school opened it, and this text is the first to fill it."""
        return frame if frame.message else replace(frame, message=self.message)

    def drop(self, frame: Frame) -> None:
        """Takes a frame off the stack."""
        self.stack = [each for each in self.stack if each.id != frame.id]
        if self.ask and self.ask.frame == frame.id:
            self.ask = None

    def find(self, frame_id: str) -> Frame | None:
        """The frame of that id, wherever it is."""
        return next((each for each in (*self.stack, *self.recent) if each.id == frame_id), None)

    @property
    def in_reach(self) -> list[Frame]:
        """What was filed lately enough to be corrected or added to, the last first."""
        filed = [frame for frame in reversed(self.stack) if frame.status == "committed"]
        return filed + (list(reversed(self.recent)) if self._is_fresh() else [])

    def _is_fresh(self) -> bool:
        """12 hours, or until four o'clock on the next school day."""
        if self.recent_at is None:
            return False
        if self.context.now - self.recent_at <= UNDO_FOR:
            return True
        try:
            day = self.context.calendar.next_school_day(self.recent_at.astimezone(self.context.now.tzinfo).date())
        except CalendarEnds:
            return False
        return self.context.now <= datetime.combine(day, DAY_IS_OVER, tzinfo=self.context.now.tzinfo)

    @property
    def undoable(self) -> list[Frame]:
        """What `0` takes back: what was filed last, for 12 hours."""
        filed = [frame for frame in self.stack if frame.status == "committed"]
        fresh = self.recent_at is not None and self.context.now - self.recent_at <= UNDO_FOR
        return [*(self.recent if fresh else []), *filed] if fresh or filed else []

    # Effects and words ------------------------------------------------------------------------

    def to_person(
        self,
        why: str,
        *,
        key: str = "person",
        always: bool = False,
        topic: Topic | None = None,
        children: tuple[str, ...] = (),
        message: str = "",
    ) -> None:
        """Something for the staff's list, with the words that say so."""
        effect = NeedsPerson(why=why, message=message or self.message, topic=topic, children=children)
        if effect not in self.effects:
            self.effects.append(effect)
            if key == BEREAVED:
                self.effects.append(DeathTold(children=children or tuple(each.id for each in self.context.children)))
        self.notices.extend(say for say in meanwhile(key, self.context, always=always) if say not in self.notices)

    def quietly_to_person(
        self, why: str, *, topic: Topic | None = None, children: tuple[str, ...] = (), message: str = ""
    ) -> None:
        """Something for the staff's list of which nothing is said."""
        self.effects.append(NeedsPerson(why=why, message=message or self.message, topic=topic, children=children))

    def finish(self) -> Turn:
        """The turn as a value."""
        self._leave_room()
        self._fit()
        state = self._state()
        says = self._beside_staff() if self.context.staff_speaking else self._says()
        return Turn(
            state=state,
            says=says,
            effects=tuple(self.effects),
            wake=wake_of(state, self.context),
            readings=tuple(self.readings),
        )

    def _state(self) -> State:
        return State(
            rev=self.rev,
            lang=self.lang,
            stack=tuple(self.stack),
            recent=tuple(self.recent),
            recent_at=self.recent_at,
            ask=self.ask,
            offered=self.offered,
            numbers=self.context.numbers,
        )

    def _fit(self) -> None:
        """Hands the oldest frame to a person where all that is open would not fit into a thread's memory."""
        while self.stack and is_too_long(self._state()):
            oldest = self.stack[0]
            if oldest.status == "open":
                self.quietly_to_person(
                    "unanswered", children=ids_of(oldest, self.context), message=oldest.message or self.message
                )
            if self.ask and self.ask.frame == oldest.id:
                self.question = None
                self.notices.extend(meanwhile("person", self.context, always=True))
            self.drop(oldest)

    @property
    def is_heard(self) -> bool:
        """Whether something is said in this turn, so that a number answers what stood before it no more."""
        return bool(self.urgent or self.receipts or self.notices)

    def _leave_room(self) -> None:
        """Two messages at most: beside a receipt and what a person's reading takes, the question waits for a text.

        So it does beside two receipts, of which one is for a bereavement.
        """
        to_person = any(say.key.startswith("person") for say in self.notices)
        if to_person:
            self.notices = [say for say in self.notices if say.key != "again"]
        told = [*self.urgent, *self.receipts, *self.notices]
        if self.question is not None and len(told) > 1 and (to_person or len(self.receipts) > 1):
            self.question = None
            self.ask = None

    def _beside_staff(self) -> tuple[Say, ...]:
        """What is said although a person speaks here: red flags, and the fixed words to a worry (care rules 7, 11)."""
        worried = any(isinstance(effect, WorryHeard) for effect in self.effects)
        return (*self.urgent, *(self.notices if worried else ()))

    def _says(self) -> tuple[Say, ...]:
        """What is said, the question last. Beside an urgent word and a receipt there is room for no courtesy."""
        told = self.urgent + self.receipts
        notices = self.notices if len(told) < 2 else []
        says = (*told, *notices, *(each for each in (self.offer, self.question) if each))
        return tuple(map(menu.worded, says)) if self.context.numbers else says


def is_reminded(state: State, context: Context) -> bool:
    """Whether silence means a reminder first: a request for leave alone is open, and was not called to mind yet."""
    if context.remind_at is None or not state.stack or state.ask is None:
        return False
    frame = state.stack[-1]
    asked = frame.id == state.ask.frame and frame.status == "open" and not frame.reminded
    return asked and all(each.flow == leave.NAME for each in state.stack)


def wake_of(state: State, context: Context) -> Wake | None:
    """The one timer of a thread: while something is open or asked, silence ends it, or is reminded of it first."""
    if not state.stack:
        return None
    if is_reminded(state, context) and context.remind_at is not None:
        after = timedelta(seconds=context.remind_at.timestamp() - context.now.timestamp())
        return Wake(after=max(after, timedelta()), token=str(state.rev))
    # A flow that is gone waits no longer than an absence does; then its frames go to a person.
    idle = min(FLOWS.get(frame.flow, absence.FLOW).idle for frame in state.stack)
    return Wake(after=idle, token=str(state.rev))


def reading(topic: str, children: tuple[str, ...] = ()) -> Reading:
    """The reading of something that is no report."""
    return Reading(topic=topic, children=children)


def keys_of(options: tuple[Option, ...]) -> tuple[str, ...]:
    """The keys of a question's options, in order."""
    return tuple(option.key for option in options)


def is_silent(heard: Heard) -> bool:
    """Whether hearing made nothing of a text."""
    return not (heard.clauses or heard.command or heard.pick is not None or heard.option or heard.answer)


def renamed(frame: Frame, frame_id: str, message: str) -> Frame:
    """A copy of a frame as a new, open one of this turn."""
    return replace(frame, id=frame_id, message=message, status="open", misses=0)
