"""What staff decide, answer and send, as the demo's page shows it: each role's own desk, read from the staff API."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from howwasschool.demo.pages import Blank, Click, Group, Matter, Words
from howwasschool.demo.staff_api import StaffApi
from howwasschool.demo.words import LEAVE, MOODS, OFFERS, STEPS, WHY_WAITING, count

Json: TypeAlias = dict[str, Any]

LONDON = ZoneInfo("Europe/London")
# A helper of the demo may report for this long, unless the visitor says otherwise.
HELPS = timedelta(days=14)


async def head_desk(head: StaffApi) -> tuple[Group, ...]:
    """Leave that waits for a decision, and how days went, without names."""
    asked = await head.all_of("/api/v1/leave-requests")
    leave = [await _leave(head, row) for row in sorted(asked, key=lambda row: row["status"] != "asked")]
    trends = (await head.get("/api/v1/prompts/trends"))["items"]
    return (
        Group(
            key="leave",
            title="Leave in term time",
            hint="Nobody has asked. Text “can we have a week on Friday off for a wedding” from a phone.",
            matters=tuple(leave),
        ),
        Group(
            key="trends",
            title="How was school?",
            hint="Nobody was asked yet. It is asked once a week, at a quarter to four.",
            matters=tuple(_trend(row) for row in trends),
        ),
    )


async def _leave(head: StaffApi, row: Json) -> Matter:
    names = ", ".join(each["known_as"] for each in row["pupils"])
    sessions = len(row["sessions"])
    clicks = [
        Click(deed=f"leave {row['id']} {row['version']} {decision}", label=label, about=f"leave of {names}")
        for decision, label in (("granted", "Agree"), ("refused", "Do not agree"))
        if row["status"] == "asked"
    ]
    facts = [f"{_days(row['first'], row['last'])}, {count(sessions, 'session')}", LEAVE[row["status"]]]
    if row["status"] == "asked":
        facts += [row["look"], f"{count(row['granted_this_year'], 'session')} of leave granted this school year"]
    return Matter(
        key=f"leave-{row['id']}",
        title=names,
        facts=tuple(facts),
        said=await _said(head, row["words"], row["contact"], row["asked_at"]),
        clicks=tuple(clicks),
    )


def _trend(row: Json) -> Matter:
    week = date.fromisoformat(row["week"])
    said = "Too few answers to show: a child could be made out."
    if row["answered"] is not None:
        moods = ", ".join(f"{row[mood]} {words}" for mood, words in MOODS.items())
        said = f"{row['answered']} of {row['asked']} answered: {moods}"
    return Matter(key=f"trend-{row['week']}", title=f"Week of {week.day} {week:%B}", facts=(said,))


async def pastoral_desk(pastoral: StaffApi) -> tuple[Group, ...]:
    """What makes school hard, and how days went, by name."""
    cases = [await _case(pastoral, row) for row in await pastoral.all_of("/api/v1/support-cases")]
    answers = [
        await _answer(pastoral, prompt, child)
        for prompt in await pastoral.all_of("/api/v1/prompts")
        for child in prompt["children"]
    ]
    return (
        Group(
            key="cases",
            title="What makes it hard",
            hint="Nobody has said so. Text “she gets so anxious in the mornings” from a phone.",
            matters=tuple(cases),
        ),
        Group(
            key="answers",
            title="How was school?",
            hint="Nobody was asked yet. It is asked once a week, at a quarter to four.",
            matters=tuple(answers),
        ),
    )


async def _case(pastoral: StaffApi, row: Json) -> Matter:
    names = ", ".join(each["known_as"] for each in row["pupils"])
    texts = [step for step in row["steps"] if step["words"]]
    said = [part for step in texts for part in await _said(pastoral, [step["words"]], _who(step), step["at"])]
    offered = [f"{OFFERS[each['kind']]}: {STEPS.get(each['status'], each['status'])}" for each in row["offers"]]
    clicks: list[Click] = []
    blanks: tuple[Blank, ...] = ()
    if row["status"] != "closed":
        blanks = (Blank(id=f"reply-{row['id']}", name="words", label="Your answer"),)
        clicks.append(Click(deed=f"case-reply {row['id']}", label="Answer", about=names))
        if row["contact"] and all(each["status"] != "offered" for each in row["offers"]):
            clicks.append(Click(deed=f"offer {row['id']} {row['contact']}", label="Offer a call", about=names))
        clicks.append(Click(deed=f"case-close {row['id']} {row['version']}", label="Done", about=names))
    return Matter(
        key=f"case-{row['id']}",
        title=names,
        facts=(*offered, *(("Closed",) if row["status"] == "closed" else ())),
        said=tuple(said),
        blanks=blanks,
        clicks=tuple(clicks),
    )


def _who(step: Json) -> str | None:
    kind, _, who = step["by"].partition(":")
    return who if kind == "contact" else None


async def _answer(pastoral: StaffApi, prompt: Json, child: Json) -> Matter:
    mood = MOODS.get(child["mood"] or "", "no answer yet" if child["answered_at"] is None else "answered in words")
    asked = datetime.fromisoformat(prompt["at"]).astimezone(LONDON)
    return Matter(
        key=f"answer-{prompt['id']}-{child['pupil']['id']}",
        title=child["pupil"]["known_as"],
        facts=(f"Asked on {asked:%A} {asked.day} {asked:%B}: {mood}",),
        said=await _said(pastoral, [child["words"]], prompt["contact"], child["answered_at"] or prompt["at"]),
    )


async def office_desk(office: StaffApi, today: date) -> tuple[Group, ...]:
    """What the office asks, sends and arranges besides the morning."""
    pupils = {each["id"]: each["known_as"] for each in await office.all_of("/api/v1/pupils")}
    return (
        await _evidence(office, pupils),
        await _broadcasts(office),
        await _updates(office),
        await _helpers(office, today, pupils),
        await _kept_back(office),
    )


async def _evidence(office: StaffApi, pupils: dict[str, str]) -> Group:
    matters = []
    for row in await office.all_of("/api/v1/evidence-requests"):
        names = ", ".join(pupils[each] for each in row["pupils"])
        came = f"{count(len(row['files']), 'file')} came" if row["files"] else "Nothing came yet"
        clicks: tuple[Click, ...] = ()
        if row["status"] in ("asked", "received"):
            clicks = (Click(deed=f"seen {row['id']} {row['version']}", label="We have seen it", about=names),)
        matters.append(
            Matter(
                key=f"evidence-{row['id']}",
                title=names,
                facts=(f"Asked of {await office.name_of(row['contact'])}: {row['why']}", came, row["status"].title()),
                clicks=clicks,
            )
        )
    hint = "A parent's word is enough, so nothing is asked for by itself. “Ask to see something” stands by an absence."
    return Group(key="evidence", title="Asked to be shown", hint=hint, matters=tuple(matters))


async def _broadcasts(office: StaffApi) -> Group:
    blank = Blank(id="broadcast", name="words", label="To all families, in English")
    matters = [Matter(key="broadcast-new", blanks=(blank,), clicks=(Click(deed="broadcast", label="Write it"),))]
    for row in await office.all_of("/api/v1/broadcasts"):
        facts = [row["status"].title()]
        clicks: tuple[Click, ...] = ()
        if row["status"] == "draft":
            seen = await office.get(f"/api/v1/broadcasts/{row['id']}/preview")
            facts.append(
                f"Would reach {count(seen['contacts'], 'phone')} of {count(seen['pupils'], 'child', 'children')}, "
                f"{count(seen['segments'], 'segment')}, {seen['in_english']} in English for want of a translation"
            )
            clicks = (Click(deed=f"approve {row['id']}", label="Approve as the head, and send"),)
        else:
            reached = await office.get(f"/api/v1/broadcasts/{row['id']}/progress")
            facts.append(
                ", ".join(f"{number} {state.replace('_', ' ')}" for state, number in reached["contacts"].items())
            )
        matters.append(
            Matter(key=f"broadcast-{row['id']}", title=row["texts"]["en"], facts=tuple(facts), clicks=clicks)
        )
    return Group(key="broadcasts", title="To all families", matters=tuple(matters))


async def _updates(office: StaffApi) -> Group:
    matters = [
        Matter(
            key="update-new",
            facts=("For families whose child missed many days of the half-term that is over. Staff look first.",),
            clicks=(Click(deed="prepare", label="Prepare it"),),
        )
    ]
    for row in await office.all_of("/api/v1/attendance-updates"):
        whole = await office.get(f"/api/v1/attendance-updates/{row['id']}")
        told = [each for each in whole["children"] if not each["left_out"]]
        names = ", ".join(f"{each['pupil']['known_as']} ({_missed(each['missed'])})" for each in told) or "Nobody"
        clicks: tuple[Click, ...] = ()
        if row["status"] == "prepared":
            clicks = (Click(deed=f"send {row['id']} {row['version']}", label="Send it", about="to those families"),)
        matters.append(
            Matter(
                key=f"update-{row['id']}",
                title=_days(row["first"], row["last"]),
                facts=(row["status"].title(), names),
                clicks=clicks,
            )
        )
    return Group(key="updates", title="Days missed", matters=tuple(matters))


def _missed(sessions: int) -> str:
    return f"{sessions / 2:g} days"


async def _helpers(office: StaffApi, today: date, pupils: dict[str, str]) -> Group:
    matters = [await _new_helper(office, today, pupils)]
    for row in await office.all_of("/api/v1/helpers"):
        names = ", ".join(pupils[each] for each in row["pupils"])
        until = date.fromisoformat(row["until"])
        matters.append(
            Matter(
                key=f"helper-{row['contact']}",
                title=row["name"],
                facts=(f"May report {names} until {until:%A} {until.day} {until:%B}, and is told nothing",),
                clicks=(
                    Click(deed=f"end-helper {row['contact']} {row['version']}", label="End it", about=row["name"]),
                ),
            )
        )
    return Group(key="helpers", title="Helpers", matters=tuple(matters))


async def _new_helper(office: StaffApi, today: date, pupils: dict[str, str]) -> Matter:
    """A form that cannot be sent without the adult at home who was rung."""
    rung = [
        (f"{pupil} {adult['contact']}", f"{name}: rang {adult['name']}")
        for pupil, name in pupils.items()
        for adult in (await office.get(f"/api/v1/pupils/{pupil}/contacts"))["items"]
        if adult["rights"]["lives_with"]
    ]
    blanks = (
        Blank(id="helper-name", name="name", label="Name"),
        Blank(id="helper-phone", name="phone", label="Their number", value="07700 900199"),
        Blank(id="helper-child", name="child", label="Whom, and whom you rang", choices=tuple(rung)),
        Blank(id="helper-until", name="until", label="Until", kind="date", value=str(today + HELPS)),
    )
    return Matter(key="helper-new", blanks=blanks, clicks=(Click(deed="helper", label="Add the helper"),))


async def _kept_back(office: StaffApi) -> Group:
    rows = await office.all_of("/api/v1/unasked-texts", status="waiting")
    matters = [
        Matter(
            key=f"kept-{row['id']}",
            title=await office.name_of(row["contact"]),
            facts=(f"{row['what'].replace('_', ' ').capitalize()}: {WHY_WAITING.get(row['why'], row['why'])}",),
        )
        for row in rows
    ]
    hint = "Nothing waits. A family gets a few texts a week that nobody asked for; what is more waits here."
    return Group(key="kept", title="Waits for its hour or week", hint=hint, matters=tuple(matters))


async def _said(api: StaffApi, words: Sequence[str | None] | None, contact: str | None, at: str) -> tuple[Words, ...]:
    who = await api.name_of(contact) if contact else "Staff"
    when = f"{datetime.fromisoformat(at).astimezone(LONDON):%H:%M}"
    return tuple(Words(words=each, who=who, when=when) for each in words or () if each)


def _days(first: str, last: str) -> str:
    begin, end = date.fromisoformat(first), date.fromisoformat(last)
    shown = f"{begin:%a} {begin.day} {begin:%B}"
    return shown if begin == end else f"{shown} to {end:%a} {end.day} {end:%B}"
