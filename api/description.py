"""The interface described: every answer and failure of every route in OpenAPI, and a page to read it on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api.problems import MEDIA_TYPE, Problems

if TYPE_CHECKING:
    from api.access import Access

TITLE = "How Was School"
SUMMARY = "What a school's staff and its machines use: absences, threads, registers and who may see what."
DESCRIPTION = """\
Times are RFC 3339 in UTC, days are dates, a session is AM or PM. Ids are opaque. Lists come in pages: pass `next` of
one page as `after` of the next. What two people may change at once carries an `ETag`: send it back as `If-Match`.
What sends takes an `Idempotency-Key`: a repeat with the same key sends nothing new. Every failure is a problem
(RFC 9457) with a stable `code`.
"""
TAGS = {
    "me": "Who is asking, and what they may do.",
    "today": "The day's board.",
    "pupils": "Children on the admission register.",
    "contacts": "The adults on their records.",
    "absences": "What was said about a child's session, and what staff made of it.",
    "register-marks": "The register. A mark is never overwritten: amendments are kept.",
    "absentees": "Lists of absentees pasted from any information system, and the codes to copy back in their order.",
    "continuity-sheet": "What the office works from on paper when nothing else works.",
    "reports": "Figures without a name.",
    "subject-access": "Copies of what is kept about somebody: signed off by a person before they are handed out.",
    "threads": "Conversations with one phone or one chat each.",
    "staff-items": "What waits for a person.",
    "holds": "Children about whom nobody contacts home, and alerts that wait for a click.",
    "chases": "The morning's chase: whom the school asks where a child is.",
    "all-clears": "After a false alarm: to exactly those who got the message.",
    "notes": "A word at the gate, and other notes about a pupil's day.",
    "attendance-updates": "Days missed, told to families each half-term once staff have looked.",
    "leave-requests": "Leave in term time: what parents asked for, and what the head decided.",
    "evidence-requests": "What staff asked a family to show, what came, and who looked. Never asked for by itself.",
    "support-cases": "What makes school hard, in a parent's words; what the school offers, and what they said.",
    "broadcasts": "What the school tells many families at once.",
    "unasked-texts": "What nobody asked for and may wait: what is left of a family's week, and why a text waits.",
    "calendar": "Days that are not like others.",
    "prompts": "How was school? What was asked and answered, what classes learn, and who is not asked.",
    "safeguarding-items": "Worrying texts: for the safeguarding lead, and whom an unopened one moves on to.",
    "changes": "What changed, in order, and a stream that says when.",
    "users": "Staff who may enter.",
    "tokens": "Keys for staff and machines.",
    "health": "Whether the house is well.",
    "rehearsal": "The clock and the sent texts of a school in which nothing leaves.",
}
PROBLEM_SCHEMA: dict[str, Any] = {
    "title": "Problem",
    "type": "object",
    "description": "Why a request failed (RFC 9457).",
    "required": ["type", "title", "status", "code"],
    "additionalProperties": False,
    "properties": {
        "type": {"type": "string", "description": "A URN for this kind of problem."},
        "title": {"type": "string", "description": "The same sentence for every problem of this kind."},
        "status": {"type": "integer"},
        "code": {"type": "string", "enum": sorted(problem.code for problem in Problems)},
        "detail": {"type": "string", "description": "What is particular to this one."},
        "faults": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["where", "code", "says"],
                "additionalProperties": False,
                "properties": {
                    "where": {"type": "string", "description": "A JSON pointer into the body, or a parameter's name."},
                    "code": {"type": "string"},
                    "says": {"type": "string"},
                },
            },
        },
    },
}
_BEARER = {"type": "http", "scheme": "bearer", "description": "A token of a member of staff or of a machine."}


def problem_answers(extra: Iterable[int], access: Access) -> dict[int | str, dict[str, Any]]:
    """The failures of a route: those named, and those that follow from what it asks for."""
    always = (422, 500, 503) if access == "open" else (401, 403, 422, 500, 503)
    return {status: _problem_answer(status) for status in sorted({*extra, *always})}


def _problem_answer(status: int) -> dict[str, Any]:
    says = " ".join(problem.title for problem in Problems if problem.status == status)
    described: dict[str, Any] = {
        "description": says,
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    if status == 503:
        described["headers"] = {"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds to wait."}}
    return described


def describe(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI description, made once and kept."""
    if app.openapi_schema is None:
        made = get_openapi(
            title=TITLE,
            version=app.version,
            summary=SUMMARY,
            description=DESCRIPTION,
            routes=app.routes,
            tags=[{"name": name, "description": says} for name, says in TAGS.items()],
            license_info={"name": "MIT", "identifier": "MIT"},
        )
        components = made.setdefault("components", {})
        schemas = components.setdefault("schemas", {})
        schemas["Problem"] = PROBLEM_SCHEMA
        for unused in ("HTTPValidationError", "ValidationError"):
            schemas.pop(unused, None)
        components["securitySchemes"] = {"bearer": _BEARER}
        app.openapi_schema = made
    return app.openapi_schema
