"""The school's morning on the demo's page: the register, who is unaccounted for, alerts that wait, all-clears."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, TypeAlias

from howwasschool.demo.pages import Marked, MissingChild, Morning, WaitingAlerts
from howwasschool.demo.staff_api import StaffApi

Json: TypeAlias = dict[str, Any]

NO_REASON, PRESENT = "N", "/"
# What the board says of a child whom nobody has accounted for, the reddest first.
STATES: Mapping[str, str] = {
    "not_known": "A parent thinks that the child is here: look now",
    "staff": "Ring home now",
    "second": "Two contacts were asked",
    "asked": "One contact was asked",
    "held": "Nobody is asked: the alerts wait for a click",
    "none": "Nobody was asked yet",
}
# Why alerts wait, in words for whoever clicks.
WHY_HELD: Mapping[str, str] = {
    "register_open": "The register is still open",
    "no_marks": "Most classes have no marks",
    "stale_marks": "The marks are from before the register opened",
    "too_many_absent": "More are absent than is usual",
    "class_unmarked": "The class has no marks",
    "class_all_absent": "The whole class is absent",
    "outing": "The class is on a trip or has an exam",
}
ALARMING = frozenset({"ask", "late"})


async def morning_of(api: StaffApi, board: Json, today: date) -> Morning:
    """What the office sees of today's morning register."""
    pupils = await api.all_of("/api/v1/pupils")
    rows = await api.all_of("/api/v1/register-marks", **{"from": str(today), "to": str(today), "session": "AM"})
    marks = {row["pupil"]["id"]: row["code"] for row in rows}
    chases = await api.all_of("/api/v1/chases", date=str(today))
    alarmed = [step for chase in chases for step in chase["steps"] if step["kind"] in ALARMING and not step["failed"]]
    return Morning(
        pupils=tuple(
            Marked(
                id=each["id"],
                name=f"{each['known_as']} {each['surname']}",
                class_name=each["class_name"],
                mark=marks.get(each["id"]) or "",
            )
            for each in pupils
        ),
        classes=tuple(sorted({each["class_name"] for each in pupils})),
        missing=tuple(
            MissingChild(
                name=f"{each['pupil']['known_as']} {each['pupil']['surname']}",
                state=each["says"] or STATES.get(each["state"], each["state"]),
                urgent=each["state"] in ("not_known", "staff"),
            )
            for each in board["unaccounted"]
        ),
        waiting=tuple(
            WaitingAlerts(
                id=each["id"],
                why=WHY_HELD.get(each["why"], each["why"]),
                whose=each["class_name"] or "the whole school",
            )
            for each in board["brake"]
        ),
        may_clear=any(step["cleared_at"] is None for step in alarmed),
    )


async def mark(api: StaffApi, today: date, pupil: str, code: str) -> str:
    """Puts one mark, or with an empty `pupil` a present for everybody who has none; "" or why it was refused."""
    wanted = [pupil]
    if not pupil:
        board = await api.get("/api/v1/today")
        wanted = [each.id for each in (await morning_of(api, board, today)).pupils if not each.mark]
    sheet = [
        {"pupil": each, "date": str(today), "session": "AM", "code": code, "reason": "Put right on the demo's page."}
        for each in wanted
    ]
    return await api.put("/api/v1/register-marks", {"marks": sheet}) if sheet else ""


async def release(api: StaffApi, hold: str) -> str:
    """The click that alerts wait for; "" or why it was refused."""
    return await api.post(f"/api/v1/holds/{hold}/release")


async def clear(api: StaffApi) -> str:
    """An all-clear to all who were alarmed today; "" or why it was refused."""
    return await api.post("/api/v1/all-clears", {})


async def outing(api: StaffApi, today: date, class_name: str) -> str:
    """The class is on a trip today; "" or why it was refused."""
    return await api.post("/api/v1/outings", {"date": str(today), "kind": "trip", "class_name": class_name})
