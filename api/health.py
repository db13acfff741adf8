"""Whether the house is well: for monitors, without a sign-in and with nothing personal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

from fastapi import Request
from pydantic import Field
from starlette.responses import JSONResponse

from api.access import Door
from api.routes import Routes
from api.shapes import Shown
from school.records.database import Database, DatabaseBusy, DatabaseGone
from school.records.health_queries import longest_waiting, unknown_sends

routes = Routes("", "health")

# A text is answered within seconds, so what has waited for a minute is stuck.
STUCK_AFTER = timedelta(seconds=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at; `says` is for the person who is rung, and names nobody."""

    name: str
    ok: bool
    says: str = ""


# What else the house wants looked at: the last poll, the last backup.
Look: TypeAlias = Callable[[datetime], Finding]


class ShownFinding(Shown):
    """One thing that was looked at."""

    name: str
    ok: bool
    says: str


class Health(Shown):
    """`ok` and 200, or `unwell` and 503 with what is wrong."""

    status: Literal["ok", "unwell"]
    findings: list[ShownFinding] = Field(description="All that was looked at, well or not.")


@routes.get(
    "/health",
    Door.OPEN,
    summary="Is the house well?",
    response_model=Health,
    responses={503: {"model": Health, "description": "The house is unwell."}},
)
def health(request: Request) -> JSONResponse:
    """200 where all is well, 503 with what is wrong; figures only."""
    entrance = request.app.state.entrance
    now = entrance.now()
    findings = _database(entrance.database, now)
    findings += [look(now) for look in request.app.state.looks]
    well = all(finding.ok for finding in findings)
    shown = Health(
        status="ok" if well else "unwell",
        findings=[ShownFinding(name=each.name, ok=each.ok, says=each.says) for each in findings],
    )
    return JSONResponse(shown.model_dump(mode="json"), 200 if well else 503, {"Cache-Control": "no-store"})


def _database(database: Database, now: datetime) -> list[Finding]:
    try:
        with database.read() as session:
            inbox, outbox = longest_waiting(session, now=now)
            unknown = unknown_sends(session)
    except (DatabaseBusy, DatabaseGone):
        return [Finding(name="database", ok=False, says="The database cannot be read.")]
    return [
        Finding(name="database", ok=True),
        _waiting("inbox", inbox, now),
        _waiting("outbox", outbox, now),
        Finding(name="unknown", ok=True, says=f"{unknown} messages of which we do not know whether they were sent."),
    ]


def _waiting(name: str, since: datetime | None, now: datetime) -> Finding:
    if since is None:
        return Finding(name=name, ok=True, says="Nothing waits.")
    waited = now - since
    return Finding(
        name=name, ok=waited <= STUCK_AFTER, says=f"The oldest has waited for {int(waited.total_seconds())} seconds."
    )
