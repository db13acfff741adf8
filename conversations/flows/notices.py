"""What the school says without asking: a push that is told whole, leaves no frame and waits for no answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, time, timedelta
from types import MappingProxyType
from typing import TypeAlias

from conversations.acts import Json, Say
from conversations.context import Context
from conversations.flows.person import meanwhile
from conversations.receipts import in_a_row
from conversations.stretches import Stretch
from school.rules.calendar import CalendarEnds

Notice: TypeAlias = Callable[[Mapping[str, Json], Context], tuple[Say, ...]]
"""The words of a notice from what was told; nothing to say (the child is no longer theirs to hear of) is no words."""


def names_of(fills: Mapping[str, Json], context: Context) -> tuple[str, ...]:
    """The children whom a notice is about, as far as this contact may be told of them."""
    held = fills.get("who")
    ids = set(held) if isinstance(held, list) else set()
    return tuple(child.id for child in context.children if child.id in ids and child.may_be_told)


def _about(key: str) -> Notice:
    """A notice that is one message about its children."""

    def said(fills: Mapping[str, Json], context: Context) -> tuple[Say, ...]:
        names = names_of(fills, context)
        return (Say(key=key, args={"names": names}),) if names else ()

    return said


def _social_worker(fills: Mapping[str, Json], context: Context) -> tuple[Say, ...]:
    """Duty S18: to whoever is the child's social worker, whatever else they may be told."""
    held = fills.get("who")
    about = held if isinstance(held, list) else []
    names = tuple(child.id for child in context.children if child.id in about and child.social_worker)
    return (Say(key="chase.social_worker", args={"names": names}),) if names else ()


def _all_clear(fills: Mapping[str, Json], context: Context) -> tuple[Say, ...]:
    """Care rule 2: in school only for those whom staff have marked present; for the others a person rings."""
    says = []
    if names := names_of({"who": fills.get("in_school")}, context):
        says.append(Say(key="all_clear.in_school", args={"names": names}))
    by = fills.get("by")
    if (names := names_of({"who": fills.get("checking")}, context)) and isinstance(by, str):
        says.append(Say(key="all_clear.checking", args={"names": names, "time": time.fromisoformat(by)}))
    return tuple(says)


# With more children than this, each is told of in the fewest words: two messages hold four.
MOST_TOLD_AT_LENGTH = 2


def _attendance(fills: Mapping[str, Json], context: Context) -> tuple[Say, ...]:
    """How often each child was away, in days and halves: no percentage, no comparison, and what is missing is said."""
    held = fills.get("figures")
    rows = [each for each in held if isinstance(each, list) and len(each) == FIGURES] if isinstance(held, list) else []
    told = {child.id for child in context.children if child.may_be_told}
    rows = [row for row in rows if row[0] in told]
    if not rows:
        return ()
    at_length = len(rows) <= MOST_TOLD_AT_LENGTH
    told_of = [_away(row, at_length=at_length) for row in rows]
    if not at_length and any(row[-1] for row in rows):
        told_of[-1] = (*told_of[-1], Say(key="attendance.gaps"))
    return (Say(key="attendance", args={"facts": tuple(Say(key="facts", args={"facts": each}) for each in told_of)}),)


# A child, sessions missed this term and this year, lates, sessions without a reason, sessions unmarked.
FIGURES = 6


def _away(row: list[Json], *, at_length: bool) -> tuple[Say, ...]:
    names = (str(row[0]),)
    term, year, late, no_reason, unmarked = (each if isinstance(each, int) else None for each in row[1:])
    counted: dict[str, object] = {"names": names, "term_days": term, "year_days": year}
    key = "attendance.none" if not year else "attendance.year" if term is None else "attendance.term"
    facts = [Say(key=key, args={name: value for name, value in counted.items() if value is not None})]
    if at_length:
        facts += [Say(key="attendance.late", args={"times": late})] if late else []
        facts += [Say(key="attendance.no_reason", args={"open_days": no_reason})] if no_reason else []
        facts += [Say(key="attendance.gaps")] if unmarked else []
    return tuple(facts)


def _attendance_update(fills: Mapping[str, Json], context: Context) -> tuple[Say, ...]:
    """Days missed in the half-term that is over, each child with its own: no percentage, and an offer of help."""
    held, days = fills.get("missed"), fills.get("days")
    missed = {str(row[0]): row[1] for row in held if isinstance(row, list)} if isinstance(held, list) else {}
    told = [child.id for child in context.children if child.may_be_told and isinstance(missed.get(child.id), int)]
    if not told or not isinstance(days, list) or len(days) != 2:
        return ()
    first, last = (date.fromisoformat(str(each)) for each in days)
    facts = tuple(
        Say(key="attendance.update_child", args={"names": (each,), "off_days": missed[each]}) for each in told
    )
    return (Say(key="attendance.update", args={"facts": facts, "days": (Stretch(first=first, last=last),)}),)


def _leave_decision(fills: Mapping[str, Json], context: Context) -> tuple[Say, ...]:
    """The head's decision in plain words, with its reason; never a word of what else may follow (care rule 20)."""
    names = names_of(fills, context)
    held, decision, why = fills.get("days"), fills.get("decision"), fills.get("why")
    days = [date.fromisoformat(str(each)) for each in held] if isinstance(held, list) else []
    if not names or not days or decision not in ("granted", "part", "refused"):
        return ()
    args: dict[str, object] = {"names": names, "days": in_a_row(days, context)}
    if decision != "granted":
        args["facts"] = (Say(key=f"leave.why_{why}"),) if why else ()
    if decision != "refused":
        args["day"] = _back(max(days), names[0], context)
    return (Say(key=f"leave.{decision}", args=args),)


def _back(last: date, child_id: str, context: Context) -> date:
    """The next school day; the day after, where term dates end before."""
    year = next(child.year for child in context.children if child.id == child_id)
    try:
        return context.calendar.next_school_day(last, year=year)
    except CalendarEnds:
        return last + timedelta(days=1)


# The only message that holds a link (design.md, section 9).
EVIDENCE_LINK = "evidence.ask_link"


def _evidence_ask(fills: Mapping[str, Json], context: Context) -> tuple[Say, ...]:
    """What staff asked for: a photo in a chat or by a link, else at the office. Who has nothing says so in words."""
    names = names_of(fills, context)
    if not names:
        return ()
    if context.upload and not context.is_chat:
        return (Say(key=EVIDENCE_LINK, args={"names": names, "link": context.upload}),)
    return (Say(key="evidence.ask_chat" if context.is_chat else "evidence.ask", args={"names": names}),)


def _to_be_looked_at(key: str) -> Notice:
    """What came is there, or is not; and nobody looks at night (care rule 7)."""

    def said(fills: Mapping[str, Json], context: Context) -> tuple[Say, ...]:
        return meanwhile(key, context, always=True) if names_of(fills, context) else ()

    return said


def _to_a_person(_fills: Mapping[str, Json], context: Context) -> tuple[Say, ...]:
    return meanwhile("person", context)


def _on_call(_fills: Mapping[str, Json], _context: Context) -> tuple[Say, ...]:
    """An alert to whoever is on duty carries no content (design.md, section 9)."""
    return (Say(key="on_call"),)


def _talk_over(_fills: Mapping[str, Json], _context: Context) -> tuple[Say, ...]:
    """Nobody at school has written for two hours: no person reads along any more, and we say how to reach one."""
    return (Say(key="talk.over"),)


TALK_OVER = "talk_over"
NOTICES: Mapping[str, Notice] = MappingProxyType(
    {
        "late.overdue": _about("late.overdue"),
        "social_worker": _social_worker,
        "all_clear": _all_clear,
        "on_call": _on_call,
        TALK_OVER: _talk_over,
        "attendance": _attendance,
        "attendance_update": _attendance_update,
        "leave_decision": _leave_decision,
        "attendance_person": _to_a_person,
        "evidence_ask": _evidence_ask,
        "evidence_kept": _to_be_looked_at("evidence.kept"),
        "evidence_unread": _to_be_looked_at("evidence.unread"),
    }
)
"""Every notice by the name that a push calls it."""
