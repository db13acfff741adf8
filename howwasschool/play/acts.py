"""What staff do in a transcript, through the API: registers, notes, releases, all-clears."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, time
from types import MappingProxyType
from typing import Any, TypeAlias

from conversations.transcripts import Step
from howwasschool.play.stage import Stage, moment, phone_of

Act: TypeAlias = Callable[[Stage, Step, str], None]

AFTERNOON = time(12, 30)
EVERYBODY = "all"
SATURDAY = 5


class CannotPlay(Exception):  # noqa: N818  it says what is so
    """A step asks for something that is not there; the message names it."""


def _pupil(stage: Stage, name: str) -> str:
    if name not in stage.cast.pupils:
        raise CannotPlay(f"there is no child {name}")
    return stage.cast.pupils[name]


def _class(stage: Stage, name: str) -> list[str]:
    if name == EVERYBODY:
        return [pupil for pupils in stage.cast.classes.values() for pupil in pupils]
    if name not in stage.cast.classes:
        raise CannotPlay(f"there is no class {name}")
    return stage.cast.classes[name]


def _register(stage: Stage, step: Step, rest: str) -> None:
    """`[register 4B Maya N, Sam L]`: the class is present, but for those named; `[register 4B all N]`: nobody is."""
    class_name, _, named = rest.partition(" ")
    marks = dict.fromkeys(_class(stage, class_name), "/" if step.at < AFTERNOON else "\\")
    for each in filter(None, (part.strip() for part in named.split(","))):
        name, _, code = each.rpartition(" ")
        changed = list(marks) if name == EVERYBODY else [_pupil(stage, name)]
        marks |= dict.fromkeys(changed, code)
    _put(stage, step, marks)


def _marks(stage: Stage, _step: Step, rest: str) -> None:
    """`[marks 4B 2026-01-05 2026-02-13 /]`: a class or a child on every weekday, morning and afternoon."""
    name, first, last, code = rest.rsplit(" ", 3)
    pupils = _class(stage, name) if name in stage.cast.classes else [_pupil(stage, name)]
    days = range(date.fromisoformat(first).toordinal(), date.fromisoformat(last).toordinal() + 1)
    sheet = [
        {"pupil": pupil, "date": day.isoformat(), "session": half, "code": _for(half, code), "reason": "seen"}
        for pupil in pupils
        for day in map(date.fromordinal, days)
        if day.weekday() < SATURDAY
        for half in ("AM", "PM")
    ]
    stage.ask("office", "PUT", "/register-marks", json={"marks": sheet})


def _for(half: str, code: str) -> str:
    return "\\" if code == "/" and half == "PM" else code


def _mark(stage: Stage, step: Step, rest: str) -> None:
    """`[mark Maya N]`: one mark, whatever stood there."""
    name, _, code = rest.rpartition(" ")
    _put(stage, step, {_pupil(stage, name): code})


def _put(stage: Stage, step: Step, marks: Mapping[str, str]) -> None:
    session = "AM" if step.at < AFTERNOON else "PM"
    sheet = [
        {"pupil": pupil, "date": step.day.isoformat(), "session": session, "code": code, "reason": "seen"}
        for pupil, code in marks.items()
    ]
    stage.ask("office", "PUT", "/register-marks", json={"marks": sheet})


def _note(stage: Stage, _step: Step, rest: str) -> None:
    """`[note Maya with_adult]`: a word at the gate."""
    name, _, kind = rest.rpartition(" ")
    stage.ask("office", "POST", "/notes", json={"pupil": _pupil(stage, name), "kind": kind})


def _release(stage: Stage, _step: Step, _rest: str) -> None:
    """`[release]`: the click that the alerts wait for."""
    for hold in stage.ask("office", "GET", "/holds")["brake"]:
        stage.ask("office", "POST", f"/holds/{hold['id']}/release")


def _all_clear(stage: Stage, _step: Step, rest: str) -> None:
    """`[all-clear]` to all who were alarmed today, or `[all-clear Maya, Sam]`."""
    names = [name.strip() for name in rest.split(",") if name.strip()]
    about: dict[str, Any] = {"pupils": [_pupil(stage, name) for name in names]} if names else {}
    stage.ask("office", "POST", "/all-clears", json=about)


def _acknowledge(stage: Stage, _step: Step, _rest: str) -> None:
    """`[acknowledge]`: somebody is on all that is urgent."""
    for item in stage.ask("office", "GET", "/staff-items?open=true")["items"]:
        if item["urgent"]:
            stage.ask("office", "POST", f"/staff-items/{item['id']}/acknowledgement")


def _outing(stage: Stage, step: Step, rest: str) -> None:
    """`[outing trip 4B]`: the class is on a trip today."""
    kind, _, class_name = rest.partition(" ")
    body = {"date": step.day.isoformat(), "kind": kind, "class_name": class_name}
    stage.ask("office", "POST", "/outings", json=body)


def _chase(stage: Stage, step: Step, rest: str) -> None:
    """`[chase 4B]`: staff begin the ladders of a whole class by hand."""
    session = "AM" if step.at < AFTERNOON else "PM"
    stage.ask("office", "POST", "/chases", json={"pupils": _class(stage, rest), "session": session})


def _prepare_update(stage: Stage, _step: Step, rest: str) -> None:
    """`[prepare update]` of the half-term that is over, or `[prepare update 2026-01-05 2026-02-13]`."""
    days = rest.removeprefix("update").split()
    body = {"first": days[0], "last": days[1]} if days else {}
    stage.ask("office", "POST", "/attendance-updates", json=body)


def _send_update(stage: Stage, _step: Step, rest: str) -> None:
    """`[send update]`, or `[send update without Maya complex]`: the one click, and whom staff leave out."""
    row = stage.ask("office", "GET", "/attendance-updates")["items"][-1]
    path, version = f"/attendance-updates/{row['id']}", row["version"]
    if "without" in rest:
        name, _, why = rest.partition("without ")[2].rpartition(" ")
        body = {"left_out": True, "why": why}
        headers = {"If-Match": f'"{version}"'}
        version = stage.ask("office", "PATCH", f"{path}/children/{_pupil(stage, name)}", json=body, headers=headers)[
            "version"
        ]
    stage.ask("office", "POST", f"{path}/sending", headers={"If-Match": f'"{version}"'})


def _decide(stage: Stage, _step: Step, rest: str) -> None:
    """`[decide granted]`, `[decide refused ordinary]`, `[decide part 2026-03-16 tests]`: the head, on the oldest."""
    decision, *more = rest.split()
    asked = stage.ask("head", "GET", "/leave-requests?status=asked")["items"]
    if not asked:
        raise CannotPlay("nobody has asked for leave")
    body: dict[str, Any] = {"decision": decision}
    if decision != "granted":
        body["why"] = more.pop()
    if more:
        body["days"] = more
    headers = {"If-Match": f'"{asked[0]["version"]}"'}
    stage.ask("head", "POST", f"/leave-requests/{asked[0]['id']}/decision", json=body, headers=headers)


def _care(stage: Stage, _step: Step, rest: str) -> None:
    """`[care Maya ring_first]`, or `[care Maya social worker carol]` with a contact's name."""
    name, _, what = rest.partition(" ")
    worker = what.removeprefix("social worker ")
    if what == "ring_first":
        body: dict[str, Any] = {"ring_first": True}
    elif worker in stage.cast.contacts:
        body = {"ring_first": False, "social_workers": [stage.cast.contacts[worker]]}
    else:
        raise CannotPlay(f"there is no contact {worker}")
    stage.ask("office", "PUT", f"/pupils/{_pupil(stage, name)}/care", json=body)


def _topic(stage: Stage, step: Step, rest: str) -> None:
    """`[topic 4B en=volcanoes; pl=wulkany]`: what a class learns this week."""
    class_name, _, told = rest.partition(" ")
    words = dict(each.strip().split("=", 1) for each in told.split(";"))
    body = {"class_name": class_name, "date": step.day.isoformat(), "words": words}
    stage.ask("office", "PUT", "/prompt-topics", json=body)


def _pause(stage: Stage, _step: Step, rest: str) -> None:
    """`[pause Maya]`: nobody is asked how school was for the child."""
    stage.ask("pastoral", "PUT", f"/prompt-pauses/{_pupil(stage, rest)}", json={"paused": True})


def _lift(stage: Stage, _step: Step, rest: str) -> None:
    """`[lift Maya]`: they are asked again."""
    stage.ask("pastoral", "PUT", f"/prompt-pauses/{_pupil(stage, rest)}", json={"paused": False})


def _broadcast(stage: Stage, _step: Step, rest: str) -> None:
    """`[broadcast closure all: en=Closed today. | pl=Dzis zamkniete.]`: written and approved; `4B` is a class.

    `[broadcast news all until 2026-03-06: en=…]`: after that day it is no news any more.
    """
    head, _, texts = rest.partition(": ")
    head, _, until = head.partition(" until ")
    kind, _, whom = head.partition(" ")
    audience = {"to": "all"} if whom == EVERYBODY else {"to": "classes", "of": [whom]}
    said = dict(each.strip().split("=", 1) for each in texts.split("|"))
    body = {"kind": kind, "audience": audience, "texts": said, **({"last_day": until} if until else {})}
    made = stage.ask("office", "POST", "/broadcasts", json=body)
    stage.ask("office", "POST", f"/broadcasts/{made['id']}/approval")


def _stop_broadcast(stage: Stage, _step: Step, _rest: str) -> None:
    """`[stop-broadcast]`: the latest one goes no further."""
    latest = stage.ask("office", "GET", "/broadcasts?limit=1")["items"][0]
    stage.ask("office", "POST", f"/broadcasts/{latest['id']}/stopping")


def _thread_of(stage: Stage, step: Step) -> str:
    """The thread of whoever the step names."""
    address = stage.cast.addresses.get(step.who, "")
    for thread in stage.ask("office", "GET", "/threads?limit=200")["items"]:
        if thread["address"] == address:
            return str(thread["id"])
    raise CannotPlay(f"there is no thread of @{step.who}")


def _take(stage: Stage, step: Step, _rest: str) -> None:
    """`[take]`: a person speaks here from now on."""
    stage.ask("office", "POST", f"/threads/{_thread_of(stage, step)}/taking")


def _close(stage: Stage, step: Step, _rest: str) -> None:
    """`[close]`: nobody speaks here any more."""
    stage.ask("office", "POST", f"/threads/{_thread_of(stage, step)}/closing")


def _code(stage: Stage, step: Step, _rest: str) -> None:
    """`@mum [code]`: the office reads out a code; `> CODE` sends it."""
    made = stage.ask("office", "POST", f"/contacts/{stage.cast.contacts[step.who]}/join-codes")
    stage.cast.codes.append(made["code"])


def _start(stage: Stage, step: Step, _rest: str) -> None:
    """`@mum [start]`: the chat begins with the last code that was read out, or with none."""
    arrived = stage.phone.join(stage.line, stage.cast.addresses[step.who], code="".join(stage.cast.codes[-1:]))
    stage.house.inbox.take([arrived])


def _share(stage: Stage, step: Step, rest: str) -> None:
    """`@mum [share]`: shares the own phone number, which is the one on record; `[share +447700900777]`: another."""
    phone = rest or phone_of(list(stage.cast.contacts).index(step.who))
    stage.house.inbox.take([stage.phone.join(stage.line, stage.cast.addresses[step.who], phone=phone)])


def _release_numbers(stage: Stage, step: Step, _rest: str) -> None:
    """`@mum [rung]`: a person has rung, and the number is hers after all."""
    stage.ask("office", "POST", f"/contacts/{stage.cast.contacts[step.who]}/release")


def _helper(stage: Stage, step: Step, rest: str) -> None:
    """`@gran [helper Sam, Maya until 2026-03-06]`: staff rang the first contact, who asked for it."""
    names, _, until = rest.partition(" until ")
    # A number that is on nobody's record yet.
    stage.cast.addresses.setdefault(step.who, phone_of(50 + len(stage.cast.addresses)))
    body = {
        "name": step.who.title(),
        "phone": stage.cast.addresses[step.who],
        "language": stage.language,
        "pupils": [_pupil(stage, name.strip()) for name in names.split(",")],
        "until": until,
        "why": "family",
        "rang": next(iter(stage.cast.contacts.values())),
        "call_confirmed": True,
    }
    stage.cast.contacts[step.who] = stage.ask("office", "POST", "/helpers", json=body)["contact"]


def _end_helper(stage: Stage, step: Step, _rest: str) -> None:
    """`@gran [end-helper]`: before the last day."""
    path = f"/helpers/{stage.cast.contacts[step.who]}/ending"
    stage.ask("office", "POST", path, headers={"If-Match": "*"})


def _offer(stage: Stage, step: Step, rest: str) -> None:
    """`[offer call Maya]`, `[offer team Maya 2026-03-09T10:00 2026-03-10T15:30]`: to whoever the line is about."""
    kind, name, *times = rest.split()
    contact = stage.cast.contacts[step.who]
    found = stage.ask("pastoral", "GET", f"/support-cases?pupil={_pupil(stage, name)}")["items"]
    cases = [each["id"] for each in found if each["contact"] == contact and each["status"] != "closed"]
    if not cases:
        new = {"pupils": [_pupil(stage, name)], "contact": contact}
        cases = [stage.ask("pastoral", "POST", "/support-cases", json=new)["id"]]
    at = [moment(date.fromisoformat(each[:10]), time.fromisoformat(each[11:])).isoformat() for each in times]
    body = {"kind": kind, "contact": contact, "times": at}
    stage.ask("pastoral", "POST", f"/support-cases/{cases[-1]}/offers", json=body)


def _case(stage: Stage, step: Step, rest: str) -> None:
    """`[case seeing]`, `[case reply …]`, `[case note …]`, `[case closing]`: on the latest case of that contact."""
    verb, _, words = rest.partition(" ")
    found = stage.ask("pastoral", "GET", "/support-cases")["items"]
    row = next(each for each in reversed(found) if each["contact"] == stage.cast.contacts[step.who])
    path, body = f"/support-cases/{row['id']}", {"words": words} if words else {}
    what = {"reply": "replies", "note": "notes"}.get(verb, verb)
    headers = {"If-Match": f'"{row["version"]}"'}
    stage.ask("pastoral", "POST", f"{path}/{what}", json=body, headers=headers)


def _evidence(stage: Stage, step: Step, rest: str) -> None:
    """`@mum [evidence Maya]`: the office asks about the latest absence; `[evidence leave Maya]`: about leave.

    `[evidence withdrawn]`, `[evidence closed]`: the latest request of all.
    """
    if rest in ("withdrawn", "closed"):
        row = stage.ask("office", "GET", "/evidence-requests?limit=200")["items"][-1]
        headers = {"If-Match": f'"{row["version"]}"'}
        what = {"withdrawn": "withdrawal", "closed": "closing"}[rest]
        stage.ask("office", "POST", f"/evidence-requests/{row['id']}/{what}", json={}, headers=headers)
        return
    about, name = ("leave", rest.removeprefix("leave ")) if rest.startswith("leave ") else ("absence", rest)
    path = {"leave": "/leave-requests?limit=200", "absence": "/absences?limit=200"}[about]
    rows = [each for each in stage.ask("head", "GET", path)["items"] if _pupil(stage, name) in str(each)]
    body = {about: rows[-1]["id"], "contact": stage.cast.contacts[step.who], "why": "It is the fifth Friday."}
    stage.ask("office", "POST", "/evidence-requests", json=body)


STAFF_ACTS: Mapping[str, Act] = MappingProxyType(
    {
        "code": _code,
        "start": _start,
        "share": _share,
        "rung": _release_numbers,
        "helper": _helper,
        "end-helper": _end_helper,
        "take": _take,
        "close": _close,
        "topic": _topic,
        "pause": _pause,
        "lift": _lift,
        "register": _register,
        "mark": _mark,
        "marks": _marks,
        "note": _note,
        "release": _release,
        "all-clear": _all_clear,
        "acknowledge": _acknowledge,
        "outing": _outing,
        "chase": _chase,
        "care": _care,
        "decide": _decide,
        "prepare": _prepare_update,
        "send": _send_update,
        "offer": _offer,
        "evidence": _evidence,
        "case": _case,
        "broadcast": _broadcast,
        "stop-broadcast": _stop_broadcast,
    }
)
