"""What a click or a form on a desk does: one call to the staff API, as whoever may do it."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from howwasschool.demo.staff_api import StaffApi

API = "/api/v1"
# What the page cannot have sent by itself.
UNKNOWN = "The page has no such button."


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """Those who do things on the page."""

    office: StaffApi
    head: StaffApi
    pastoral: StaffApi
    lead: StaffApi


Form: TypeAlias = Mapping[str, str]
Deed: TypeAlias = Callable[[Staff, Sequence[str], Form], Awaitable[str]]


async def do(staff: Staff, deed: str, form: Form) -> str:
    """Does it; "" or why it was refused. A deed is its name, then ids and versions."""
    name, *parts = deed.split()
    known = DEEDS.get(name) if deed.strip() else None
    if known is None or len(parts) != known[0]:
        return UNKNOWN
    return await known[1](staff, parts, form)


async def _reply(staff: Staff, parts: Sequence[str], form: Form) -> str:
    return await staff.office.post(f"{API}/threads/{parts[0]}/messages", {"words": form.get("words", "")}, once=_once())


async def _done(staff: Staff, parts: Sequence[str], _form: Form) -> str:
    return await staff.office.post(f"{API}/staff-items/{parts[0]}/closing")


async def _leave(staff: Staff, parts: Sequence[str], _form: Form) -> str:
    request, version, decision = parts
    body = {"decision": decision, "why": None if decision == "granted" else "ordinary"}
    return await staff.head.post(f"{API}/leave-requests/{request}/decision", body, version=version)


async def _offer(staff: Staff, parts: Sequence[str], _form: Form) -> str:
    case, contact = parts
    return await staff.pastoral.post(f"{API}/support-cases/{case}/offers", {"kind": "call", "contact": contact})


async def _case_reply(staff: Staff, parts: Sequence[str], form: Form) -> str:
    body = {"words": form.get("words", "")}
    return await staff.pastoral.post(f"{API}/support-cases/{parts[0]}/replies", body, once=_once())


async def _case_close(staff: Staff, parts: Sequence[str], _form: Form) -> str:
    case, version = parts
    return await staff.pastoral.post(f"{API}/support-cases/{case}/closing", {}, version=version)


async def _evidence(staff: Staff, parts: Sequence[str], _form: Form) -> str:
    absence, contact = parts
    body = {"absence": absence, "contact": contact, "why": "Asked on the demo's page"}
    return await staff.office.post(f"{API}/evidence-requests", body)


async def _seen(staff: Staff, parts: Sequence[str], _form: Form) -> str:
    request, version = parts
    return await staff.office.post(f"{API}/evidence-requests/{request}/closing", {}, version=version)


async def _broadcast(staff: Staff, _parts: Sequence[str], form: Form) -> str:
    body = {"kind": "news", "audience": {"to": "all"}, "texts": {"en": form.get("words", "")}}
    return await staff.office.post(f"{API}/broadcasts", body)


async def _approve(staff: Staff, parts: Sequence[str], _form: Form) -> str:
    return await staff.head.post(f"{API}/broadcasts/{parts[0]}/approval")


async def _prepare(staff: Staff, _parts: Sequence[str], _form: Form) -> str:
    return await staff.office.post(f"{API}/attendance-updates", {})


async def _send(staff: Staff, parts: Sequence[str], _form: Form) -> str:
    update, version = parts
    return await staff.office.post(f"{API}/attendance-updates/{update}/sending", version=version)


async def _helper(staff: Staff, _parts: Sequence[str], form: Form) -> str:
    pupil, _, rung = form.get("child", "").partition(" ")
    body = {
        "name": form.get("name", ""), "phone": form.get("phone", ""), "pupils": [pupil],
        "until": form.get("until", ""), "why": "family", "rang": rung, "call_confirmed": True,
    }  # fmt: skip
    return await staff.office.post(f"{API}/helpers", body, once=_once())


async def _end_helper(staff: Staff, parts: Sequence[str], _form: Form) -> str:
    contact, version = parts
    return await staff.office.post(f"{API}/helpers/{contact}/ending", version=version)


async def _release(staff: Staff, parts: Sequence[str], _form: Form) -> str:
    """The lead hands the thread back, and lets each child of the family go."""
    item, version, *pupils = parts[0].split(",")
    refused = await staff.lead.post(f"{API}/safeguarding-items/{item}/handing-back", version=version)
    for pupil in pupils:
        refused = refused or await staff.lead.post(f"{API}/holds/{pupil}/release")
    return refused


def _once() -> str:
    return secrets.token_hex(8)


# Each deed with how many ids and versions follow its name.
DEEDS: Mapping[str, tuple[int, Deed]] = {
    "reply": (1, _reply),
    "done": (1, _done),
    "leave": (3, _leave),
    "offer": (2, _offer),
    "case-reply": (1, _case_reply),
    "case-close": (2, _case_close),
    "evidence": (2, _evidence),
    "seen": (2, _seen),
    "broadcast": (0, _broadcast),
    "approve": (1, _approve),
    "prepare": (0, _prepare),
    "send": (2, _send),
    "helper": (0, _helper),
    "end-helper": (2, _end_helper),
    "release": (1, _release),
}
