"""'My reports': what this contact told us and still stands, each with its short reference; never another's word."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from conversations.acts import AbsenceKind, Say
from conversations.context import Context, Recorded
from conversations.receipts import in_a_row

# What two messages hold; the rest is read out by the office.
MOST_LISTED = 4
_KEYS = {AbsenceKind.LATENESS: "reports.late", AbsenceKind.APPOINTMENT: "reports.appointment"}


def my_reports(context: Context) -> Say:
    """One message of the contact's own reports of today and later, the nearest first."""
    today = context.now.date()
    ahead = [each for each in context.recorded if each.mine and each.day >= today]
    told = sorted(_reports(ahead).items(), key=lambda each: (min(row.day for row in each[1]), each[0]))
    if not told and context.helped_before and not any(child.may_report for child in context.children):
        return Say(key="person.helper_over")
    if not told:
        return Say(key="reports.none")
    facts = tuple(_fact(rows, reference, context) for (reference, _), rows in told[:MOST_LISTED])
    return Say(key="reports" if len(told) <= MOST_LISTED else "reports.some", args={"facts": facts})


def _reports(rows: Iterable[Recorded]) -> dict[tuple[str, AbsenceKind | None], list[Recorded]]:
    """What was said in one text, by its reference and kind."""
    found: dict[tuple[str, AbsenceKind | None], list[Recorded]] = {}
    for row in rows:
        found.setdefault((row.reference, row.kind), []).append(row)
    return found


def _fact(rows: list[Recorded], reference: str, context: Context) -> Say:
    of_family = [child.id for child in context.children]
    names = tuple(child for child in of_family if any(row.child == child for row in rows))
    days: set[date] = {row.day for row in rows}
    key = _KEYS.get(rows[0].kind or AbsenceKind.OTHER, "reports.off")
    return Say(key=key, args={"names": names, "days": in_a_row(days, context), "reference": reference})
