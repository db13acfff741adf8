"""The staff's side of the house, put together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, TypeAlias

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import BaseRoute

from api import (
    absences,
    absentees,
    all_clears,
    attendance_updates,
    broadcasts,
    changes,
    chases,
    contacts,
    continuity_sheet,
    evidence_requests,
    health,
    helping,
    holds,
    leave_requests,
    me,
    notes,
    outings,
    problems,
    prompt_pauses,
    prompt_topics,
    prompts,
    pupils,
    register_marks,
    reports,
    safeguarding_items,
    staff_items,
    subject_access,
    support_cases,
    support_offers,
    threads,
    today,
    tokens,
    unasked_texts,
    users,
)
from api.access import Clock, Door, Entrance
from api.body_limit import BodyLimit
from api.description import describe
from api.reference import reference
from api.rehearsal import Rehearsal
from api.rehearsal import routes as rehearsal_routes
from api.routes import Routes
from school import evidence_links
from school.records.database import Database

PREFIX = "/api/v1"
RESOURCES = (
    me, today, pupils, contacts, helping, absences, register_marks, threads, staff_items, holds, safeguarding_items,
    changes, chases, all_clears, notes, outings, prompts, prompt_topics, prompt_pauses, leave_requests,
    attendance_updates, broadcasts, unasked_texts, support_cases, support_offers, evidence_requests,
    absentees, continuity_sheet, reports, subject_access, users, tokens,
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the house chooses for its API.

    `look_seconds`: how often a stream of changes looks for a new one. `largest_body`: bytes of a request's body; the
    largest sheet of marks, 5,000 with reasons, stays under the default.
    """

    version: str = "1"
    look_seconds: float = 1.0
    largest_body: int = 4_000_000


Lifespan: TypeAlias = Callable[[FastAPI], AbstractAsyncContextManager[None]]


def create_app(
    database: Database,
    *,
    now: Clock,
    settings: Settings | None = None,
    rehearsal: Rehearsal | None = None,
    looks: Sequence[health.Look] = (),
    extra_routes: Sequence[BaseRoute] = (),
    lifespan: Lifespan | None = None,
) -> FastAPI:
    """The whole app. `rehearsal` None: there is no /rehearsal. `looks` are what /health looks at besides.

    `extra_routes` (the doors that providers knock on, the demo's page) bring their own locks.
    """
    chosen = settings or Settings()
    app = FastAPI(
        version=chosen.version,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        redirect_slashes=False,
    )
    app.state.entrance = Entrance(database=database, now=now)
    app.state.settings = chosen
    app.state.looks = tuple(looks)
    app.add_middleware(BodyLimit, largest=chosen.largest_body, elsewhere=(evidence_links.PREFIX,))
    problems.install(app)
    for resource in RESOURCES:
        resource.routes.add_to(app, under=PREFIX)
    health.routes.add_to(app)
    if rehearsal is not None:
        app.state.rehearsal = rehearsal
        rehearsal_routes.add_to(app)
    _describe(app)
    app.router.routes.extend(extra_routes)
    return app


# Defined once, and not for each app: FastAPI remembers every endpoint that it has seen, with all that hangs on it.
description = Routes("", "description")


@description.get(f"{PREFIX}/openapi.json", Door.OPEN, include_in_schema=False)
def openapi(request: Request) -> dict[str, Any]:
    """The interface as OpenAPI."""
    return describe(request.app)


@description.get(f"{PREFIX}/docs", Door.OPEN, include_in_schema=False, response_class=HTMLResponse)
def docs(request: Request) -> str:
    """The interface on a page."""
    return reference(describe(request.app))


def _describe(app: FastAPI) -> None:
    description.add_to(app)
    app.openapi = lambda: describe(app)  # type: ignore[method-assign]
