"""The school's side of the demo's page, read from the staff API and from nothing else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from howwasschool.demo.desks import office_desk
from howwasschool.demo.mornings import morning_of
from howwasschool.demo.pages import Blank, Board, Card, Click, Day, Gone, Waiting, Words
from howwasschool.demo.staff_api import StaffApi
from howwasschool.demo.words import WORRIES, segments, what, why

Json: TypeAlias = dict[str, Any]

LONDON = ZoneInfo("Europe/London")
# How far ahead the page looks for absences.
AHEAD = timedelta(days=28)
CODES = {"I": "illness", "M": "medical appointment", "L": "late", "C": "leave of absence", "N": "no reason yet"}
CHANNELS = {"sms": "SMS", "telegram": "Telegram"}
MOST_GONE = 60


async def office_board(api: StaffApi, rehearsal: StaffApi, today: date) -> Board:
    """What the office sees, and what would have gone."""
    absences = await api.all_of("/api/v1/absences", **{"from": str(today), "to": str(today + AHEAD)})
    board = await api.get("/api/v1/today")
    waiting = sorted(board["waiting"] + board["unknown_senders"], key=lambda item: (not item["urgent"], item["at"]))
    held = tuple(f"{each['pupil']['known_as']} {each['pupil']['surname']}" for each in board["do_not_contact"])
    return Board(
        days=await _days(api, absences, today),
        held=held,
        morning=await morning_of(api, board, today),
        waiting=tuple([await _waiting(api, item) for item in waiting]),
        sent=await _gone(rehearsal, api),
        desk=await office_desk(api, today),
    )


async def lead_board(lead: StaffApi) -> Board:
    """What the safeguarding lead sees, and nobody else."""
    return Board(
        worries=tuple(
            [
                Waiting(
                    why=why(item["category"], WORRIES),
                    words=item["words"] or "",
                    who=await lead.name_of(item["contact"]),
                    when=_clock(item["at"]),
                    urgent=True,
                    clicks=_let_go(item),
                )
                for item in await lead.all_of("/api/v1/safeguarding-items")
            ]
        )
    )


def _let_go(item: Json) -> tuple[Click, ...]:
    if item["status"] == "handed_back":
        return ()
    deed = ",".join([item["id"], str(item["version"]), *item["pupils"]])
    return (Click(deed=f"release {deed}", label="It is seen to: let the family go"),)


async def _days(api: StaffApi, absences: Sequence[Json], today: date) -> tuple[Day, ...]:
    by_day: dict[str, dict[str, list[Json]]] = defaultdict(lambda: defaultdict(list))
    for absence in absences:
        by_day[absence["date"]][absence["pupil"]].append(absence)
    days = []
    for day, by_pupil in sorted(by_day.items()):
        cards = [await _card(api, rows) for rows in by_pupil.values()]
        days.append(Day(title=_title(date.fromisoformat(day), today), cards=tuple(cards)))
    return tuple(days)


async def _card(api: StaffApi, rows: Sequence[Json]) -> Card:
    """One child's day: the sessions that stand, or those that were withdrawn where none does."""
    standing = [row for row in rows if row["status"] != "withdrawn"] or list(rows)
    first = standing[0]
    open_ = [row for row in standing if row["status"] == "reported"]
    session = "all day" if len(standing) > 1 else "morning" if first["session"] == "AM" else "afternoon"
    codes = {row["code"] or "" for row in standing}
    code = codes.pop() if len(codes) == 1 else ""
    proposed = open_[0]["proposed_code"] or "" if open_ else ""
    return Card(
        key=f"{first['date']}-{first['pupil']}",
        name=first["pupil_name"],
        class_name=first["class_name"],
        what=what(first["kind"], first["reason_category"], _times(first) or session),
        status="reported" if open_ else first["status"],
        absences=tuple((row["id"], row["version"]) for row in open_),
        said=await _said(api, standing),
        proposed=proposed,
        proposed_means=CODES.get(proposed, ""),
        code=code,
        code_means=CODES.get(code, ""),
        clicks=_may_ask(standing),
    )


def _may_ask(rows: Sequence[Json]) -> tuple[Click, ...]:
    """Whoever said that the child is off may be asked to show something; rarely, and never by itself."""
    told = [said["contact"] for row in rows if row["status"] == "reported" for said in row["statements"]]
    if not told or not told[-1]:
        return ()
    about = f"about {rows[0]['pupil_name']}, {rows[0]['date']}"
    return (Click(deed=f"evidence {rows[0]['id']} {told[-1]}", label="Ask to see something", about=about),)


def _times(absence: Json) -> str:
    if absence["expected_at"]:
        return f"expected {_clock(absence['expected_at'])}"
    leaves, returns = (str(absence[name] or "")[:5] for name in ("leaves_at", "returns_at"))
    return " ".join(part for part in (f"from {leaves}" if leaves else "", f"back {returns}" if returns else "") if part)


async def _said(api: StaffApi, rows: Sequence[Json]) -> tuple[Words, ...]:
    found: dict[str, Words] = {}
    for row in rows:
        for said in row["statements"]:
            if said["message"] in found:
                continue
            words = await api.whole_text(said["message"], said["contact"]) or said["words"] or ""
            who = await api.name_of(said["contact"]) if said["contact"] else "Staff"
            found[str(said["message"])] = Words(words=words, who=who, when=_clock(said["at"]))
    return tuple(found.values())


async def _waiting(api: StaffApi, item: Json) -> Waiting:
    return Waiting(
        why=why(item["why"]),
        words=item["words"] or "",
        who=await api.name_of(item["contact"]),
        when=_clock(item["at"]),
        urgent=item["urgent"],
        key=item["id"],
        blanks=(Blank(id=f"answer-{item['id']}", name="words", label="Your answer"),) if item["thread"] else (),
        clicks=_may_answer(item),
    )


def _may_answer(item: Json) -> tuple[Click, ...]:
    done = Click(deed=f"done {item['id']}", label="Done", about=why(item["why"]))
    if not item["thread"]:
        return (done,)
    return (Click(deed=f"reply {item['thread']}", label="Answer", about=why(item["why"])), done)


async def _gone(rehearsal: StaffApi, api: StaffApi) -> tuple[Gone, ...]:
    rows = await rehearsal.all_of("/rehearsal/sent")
    names = {
        place["address"]: each["name"] for each in await api.all_of("/api/v1/contacts") for place in each["addresses"]
    }
    return tuple(
        Gone(
            words=row["words"] or "",
            iso=row["at"],
            time=_clock(row["at"]),
            to=f"{names.get(row['recipient'], 'somebody unknown')} by {CHANNELS[row['channel']]}",
            purpose=row["purpose"],
            segments=segments(row["segments"]),
        )
        for row in reversed(rows[-MOST_GONE:])
    )


def _title(day: date, today: date) -> str:
    named = f"{day:%A} {day.day} {day:%B}"
    return f"Today, {named}" if day == today else named


def _clock(moment: str) -> str:
    return f"{datetime.fromisoformat(moment).astimezone(LONDON):%H:%M}"
