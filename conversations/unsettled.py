"""What a parent told of a day and we have not settled: what we asked about it stands open, or went to a person.

Who wrote and was asked something has told the school where the child is, as well as they could. The morning's chase
leaves them alone and has a person read their words (design, section 3: nobody is asked twice).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from conversations.acts import Effect, Json, NeedsPerson
from conversations.chasing import is_chase
from conversations.context import Child, Context
from conversations.flows import absence, leave
from conversations.frame import MISSING, TONE, filled
from conversations.slots.days import DAYS, days_off, default_day, readings_of, stretches_of
from conversations.slots.who import children_of, reportable
from conversations.state import Frame, State

# What silence, or a fuller thread, hands to a person.
UNANSWERED = "unanswered"
# So many pairs of child and text are kept of one thread at most; what is older is before staff as an item.
MOST = 20
# An end that nobody said lies no further off: else a child would never be asked about again.
OPEN_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsettled:
    """One child's days, first and last included, of one text; `with_staff` once a person has it. `last` may be open."""

    message: str
    child: str
    first: date
    last: date | None
    with_staff: bool = False

    def is_over(self, today: date) -> bool:
        """Whether all of its days are past."""
        return self.last is not None and self.last < today


def unsettled(
    before: Sequence[Unsettled], state: State, effects: Iterable[Effect], context: Context
) -> tuple[Unsettled, ...]:
    """What is unsettled after a turn, given what was before it.

    What is answered, refused or taken back by the parent is settled; what silence handed to a person stays until its
    days are past.
    """
    today = context.now.date()
    known = {(each.message, each.child): each for each in before if not each.is_over(today)}
    passed_on = {each.message for each in effects if isinstance(each, NeedsPerson) and each.why == UNANSWERED}
    kept = {
        key: each if each.with_staff else _passed_on(each)
        for key, each in known.items()
        if each.with_staff or each.message in passed_on
    }
    for frame in state.stack:
        for each in _of(frame, context):
            if not each.is_over(today):
                # Where no day was said, the day on which it was written stays the day.
                kept[each.message, each.child] = (
                    known.get((each.message, each.child), each) if _dateless(frame) else each
                )
    return tuple(kept.values())[-MOST:]


def _passed_on(told: Unsettled) -> Unsettled:
    return Unsettled(message=told.message, child=told.child, first=told.first, last=told.last, with_staff=True)


def _of(frame: Frame, context: Context) -> list[Unsettled]:
    """What one piece of business is about, as far as it can be known; nothing where no parent's text began it."""
    if frame.status != "open" or not frame.message or frame.value(TONE) == MISSING:
        return []
    if frame.flow == leave.NAME:
        return _of_leave(frame, context)
    return _of_absence(frame, context) if frame.flow == absence.NAME and not is_chase(frame) else []


def _of_leave(frame: Frame, context: Context) -> list[Unsettled]:
    found = stretches_of(frame)
    children = children_of(frame, context) or leave.askable(context)
    if not found:
        return []
    first, last = found[0].first, leave.last_of(found[-1], frame)
    return [Unsettled(message=frame.message, child=each.id, first=first, last=last) for each in children]


def _of_absence(frame: Frame, context: Context) -> list[Unsettled]:
    open_ended = any(each.last is None for each in stretches_of(frame))
    found = []
    for child in children_of(frame, context) or reportable(context):
        days = sorted(_days(frame, child, context))
        if days:
            last = days[-1] + OPEN_FOR if open_ended else days[-1]
            found.append(Unsettled(message=frame.message, child=child.id, first=days[0], last=last))
    return found


def _days(frame: Frame, child: Child, context: Context) -> set[date]:
    """The days of all readings; where none was said, the one that is meant as a rule."""
    readings = frame.value(DAYS.readings)
    if isinstance(readings, list):
        frames = [filled(frame, {"days": each}, "told") for each in readings]
        return {day for each in frames for day in days_off(each, child, context)}
    if _dateless(frame):
        return {default_day(context, year=child.year)}
    return set(days_off(frame, child, context))


def _dateless(frame: Frame) -> bool:
    return not stretches_of(frame) and not readings_of(frame)


def until_of(told: Sequence[Unsettled]) -> date | None:
    """The last day of which anything is unsettled; the end of time where one is open, None where nothing is."""
    return max((each.last or date.max for each in told), default=None)


# On disk -------------------------------------------------------------------------------------


def dumped(told: Iterable[Unsettled]) -> list[Json]:
    """As JSON: ids and days, no word of a text."""
    return [
        [
            each.message,
            each.child,
            each.first.isoformat(),
            each.last.isoformat() if each.last else None,
            each.with_staff,
        ]
        for each in told
    ]


def loaded(rows: Iterable[Sequence[Json]]) -> tuple[Unsettled, ...]:
    """What `dumped` wrote."""
    return tuple(
        Unsettled(
            message=str(message),
            child=str(child),
            first=date.fromisoformat(str(first)),
            last=date.fromisoformat(str(last)) if last else None,
            with_staff=bool(with_staff),
        )
        for message, child, first, last, with_staff in rows
    )
