"""Whether what would be filed of a labelled text is untrue, by the scheme of labels."""

from __future__ import annotations

from typing import Any

REPORTS = frozenset({"sickness", "lateness", "appointment", "absence_other"})
CONFIRMED_FIRST = "leave"
AT_ONCE = frozenset({"religious", "bereavement"})


def is_wrong(expected: dict[str, Any], row: dict[str, Any]) -> bool:
    """Whether a row files another kind, child, day, part or time than the label says, or what must not be filed."""
    if row["act"] != "file":
        return False
    if expected.get("items"):
        return _stories(expected["items"]) != _stories(row.get("items") or [row])
    if expected.get("act", "file") != "file":
        return True
    if expected["intent"] == CONFIRMED_FIRST and expected.get("reason_category") not in AT_ONCE:
        return True
    dated = expected["intent"] in REPORTS | {CONFIRMED_FIRST}
    return (
        row["intent"] not in {expected["intent"], *expected.get("accept", ()), *expected.get("also", ())}
        or sorted(row["children"]) != sorted(expected["children"])
        or (dated and (not expected["children"] or _is_off(expected, row)))
    )


def _is_off(expected: dict[str, Any], row: dict[str, Any]) -> bool:
    more = expected.get("accept_end") or []
    ends = {expected["end"], *(more if isinstance(more, list) else [more])}
    timed = expected["intent"] in {"lateness", "appointment"} and expected.get("time")
    return (
        row["start"] != expected["start"]
        or row["end"] not in ends
        or bool(expected.get("part") and row["part"] != expected["part"])
        or bool(timed and row["time"] != expected["time"])
    )


def _stories(items: list[dict[str, Any]]) -> list[tuple[list[str], str, str]]:
    return sorted((sorted(item["children"]), str(item["start"]), str(item["end"])) for item in items)
