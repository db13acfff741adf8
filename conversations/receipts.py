"""Receipts: what was filed, read back with the children, the days and how to undo it; never the illness."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from conversations.acts import AbsenceKind, Part, Say
from conversations.context import Child, Context
from conversations.frame import kind_of
from conversations.slots.days import days_off, stretches_of
from conversations.slots.times import Away, away, part_of
from conversations.slots.who import children_of
from conversations.state import Frame
from conversations.stretches import Stretch
from school.rules.calendar import Session


def receipt(frames: tuple[Frame, ...], context: Context) -> tuple[Say, ...]:
    """One message for all that a text filed, in the order in which it was said.

    Bereavement asks nothing and has its own words (care rule 17). What another contact told us already is said to
    be known, and no more (care rule 15).
    """
    says: list[Say] = []
    mourning = tuple(frame for frame in frames if frame.value("reason") == "bereavement")
    if mourning:
        names = tuple(dict.fromkeys(child.id for frame in mourning for child in children_of(frame, context)))
        days = tuple(dict.fromkeys(stretch for frame in mourning for stretch in _days_shown(frame, context)))
        says.append(Say(key="receipt.bereavement", args={"names": names, "days": days}))
    others = tuple(frame for frame in frames if frame not in mourning)
    if others:
        known = all(is_known_from_another(frame, context) for frame in others)
        says.append(
            Say(key="receipt.known" if known else "receipt", args={"facts": facts(others, context, known=known)})
        )
    return tuple(says)


def is_known_from_another(frame: Frame, context: Context) -> bool:
    """Whether all that a frame tells us is on record already, by somebody else's word, and may be said to be so.

    Who says that the child will be late, or has an appointment, does not learn that another says that it is off.
    """
    if kind_of(frame) in (AbsenceKind.LATENESS, AbsenceKind.APPOINTMENT):
        return False
    children = children_of(frame, context)
    keys = {
        (child.id, day, session)
        for child in children
        for day in days_off(frame, child, context)
        for session in away(frame, child, day, context).sessions
    }
    mine = {(each.child, each.day, each.session) for each in context.recorded if each.mine}
    others = {(each.child, each.day, each.session) for each in context.recorded if not each.mine}
    return bool(keys) and keys <= others - mine and all(child.may_be_told for child in children)


_HALVES: dict[tuple[Session, ...], str] = {
    (Session.AM,): "fact.off_morning",
    (Session.PM,): "fact.off_afternoon",
}


def facts(frames: Iterable[Frame], context: Context, *, known: bool = False) -> tuple[Say, ...]:
    """A short sentence for each thing that frames say; children with the same days share one."""
    said: list[Say] = []
    for frame in frames:
        for children, days in _groups(frame, context):
            said.append(_fact(frame, children, days, context, known=known))
    return tuple(say for number, say in enumerate(said) if say not in said[:number])


def _groups(frame: Frame, context: Context) -> list[tuple[tuple[Child, ...], tuple[date, ...]]]:
    """Children whose year groups have different days closed are read back apart."""
    groups: dict[tuple[date, ...], list[Child]] = {}
    for child in children_of(frame, context):
        days = days_off(frame, child, context)
        if days:
            groups.setdefault(days, []).append(child)
    return [(tuple(children), days) for days, children in groups.items()]


def _fact(frame: Frame, children: tuple[Child, ...], days: tuple[date, ...], context: Context, *, known: bool) -> Say:
    names = tuple(child.id for child in children)
    there = away(frame, children[0], days[0], context)
    kind = kind_of(frame)
    if known:
        return Say(key="fact.off", args={"names": names, "days": in_a_row(days, context)})
    if kind is AbsenceKind.LATENESS:
        return _late(names, days[0], there)
    if kind is AbsenceKind.APPOINTMENT:
        return _appointment(frame, names, days, there, context)
    shown = in_a_row(days, context)
    if any(stretch.last is None for stretch in stretches_of(frame)):
        return Say(key="fact.off_from", args={"names": names, "day": days[0]})
    if there.leaves:
        return Say(key="fact.leaves", args={"names": names, "days": shown, "time": there.leaves})
    if there.returns:
        return Say(key="fact.returns", args={"names": names, "days": shown, "time": there.returns})
    half = _HALVES.get(there.sessions, "fact.off")
    return Say(key=half, args={"names": names, "days": shown})


def _late(names: tuple[str, ...], day: date, there: Away) -> Say:
    if there.arrives:
        return Say(key="fact.late_until", args={"names": names, "day": day, "time": there.arrives})
    if there.minutes:
        return Say(key="fact.late_minutes", args={"names": names, "day": day, "minutes": there.minutes})
    return Say(key="fact.late", args={"names": names, "day": day})


def _appointment(frame: Frame, names: tuple[str, ...], days: tuple[date, ...], there: Away, context: Context) -> Say:
    args: dict[str, object] = {"names": names, "days": in_a_row(days, context)}
    if part_of(frame) is Part.ALL:
        return Say(key="fact.appointment_all_day", args=args)
    said = {"at": there.at, "leaves": there.leaves, "returns": there.returns}
    known = [name for name, value in said.items() if value is not None]
    if not known:
        half = {Part.AM: "fact.appointment_morning", Part.PM: "fact.appointment_afternoon"}.get(
            part_of(frame) or Part.ALL, "fact.appointment"
        )
        return Say(key=half, args=args)
    return Say(key="_".join(["fact.appointment", *known]), args={**args, **{name: said[name] for name in known}})


def _days_shown(frame: Frame, context: Context) -> tuple[Stretch, ...]:
    children = children_of(frame, context)
    return in_a_row(days_off(frame, children[0], context), context) if children else ()


def in_a_row(days: Iterable[date], context: Context) -> tuple[Stretch, ...]:
    """School days as the stretches that a reader would name: from Friday to Monday is one."""
    result: list[Stretch] = []
    for day in sorted(days):
        if result and not context.calendar.school_days(_after(result[-1].known_last), _before(day)):
            result[-1] = Stretch(first=result[-1].first, last=day)
        else:
            result.append(Stretch(first=day, last=day))
    return tuple(result)


def _after(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)


def _before(day: date) -> date:
    return date.fromordinal(day.toordinal() - 1)
