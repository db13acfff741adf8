"""How a resource's routes are written down: none without its access, and each asks for it before it reads a body."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from fastapi import FastAPI
from fastapi.concurrency import run_in_threadpool
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from api.access import Access, Door, Entrance
from api.description import problem_answers

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])


class GuardedRoute(APIRoute):
    """A route with a guard: the token is looked at before anything else of the request is."""

    access: Access

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Lets the caller in, or raises 401 or 403; a method that is not known here is refused to everybody alike."""
        if scope["method"] in (self.methods or ()) and self.access is not Door.OPEN:
            request = Request(scope)
            entrance: Entrance = scope["app"].state.entrance
            request.state.caller = await run_in_threadpool(
                entrance.enter, request.headers.get("authorization"), self.access
            )
        await super().handle(scope, receive, send)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    method: str
    path: str
    access: Access
    endpoint: Callable[..., Any]
    status: int
    problems: Sequence[int]
    options: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Routes:
    """One resource's routes. To write one down is to name its access; there is no other way to add one."""

    prefix: str
    tag: str
    lines: list[_Line] = field(default_factory=list)
    _made: dict[str, list[GuardedRoute]] = field(default_factory=dict, init=False, repr=False)

    def get(
        self, path: str, access: Access, *, problems: Sequence[int] = (), **options: Any
    ) -> Callable[[Endpoint], Endpoint]:
        """A route that only reads; `problems` are the failures beyond 401, 403, 422 and 503."""
        return self._route("GET", path, access, status=200, problems=problems, options=options)

    def change(
        self, method: str, path: str, access: Access, *, status: int = 200, problems: Sequence[int] = (), **options: Any
    ) -> Callable[[Endpoint], Endpoint]:
        """A route that changes something: POST, PUT, PATCH or DELETE."""
        return self._route(method, path, access, status=status, problems=(*problems, 413), options=options)

    def _route(
        self, method: str, path: str, access: Access, *, status: int, problems: Sequence[int], options: dict[str, Any]
    ) -> Callable[[Endpoint], Endpoint]:
        def write_down(endpoint: Endpoint) -> Endpoint:
            self.lines.append(
                _Line(
                    method=method,
                    path=path,
                    access=access,
                    endpoint=endpoint,
                    status=status,
                    problems=problems,
                    options=options,
                )
            )
            return endpoint

        return write_down

    def add_to(self, app: FastAPI, *, under: str = "") -> None:
        """Adds the routes to an app, described with their failures and what they ask of a token.

        A route knows nothing of its app, so all apps of a process share what takes FastAPI a while to work out.
        """
        made = self._made.setdefault(under, [])
        made.extend(self._made_of(line, under) for line in self.lines[len(made) :])
        app.router.routes.extend(made)

    def _made_of(self, line: _Line, under: str) -> GuardedRoute:
        route = GuardedRoute(
            f"{under}{self.prefix}{line.path}",
            line.endpoint,
            methods=[line.method],
            status_code=line.status,
            tags=[self.tag],
            responses=problem_answers(line.problems, line.access) | line.options.get("responses", {}),
            openapi_extra={"security": _security(line.access)},
            **{name: value for name, value in line.options.items() if name != "responses"},
        )
        route.access = line.access
        return route


def _security(access: Access) -> list[dict[str, list[str]]]:
    if access is Door.OPEN:
        return []
    return [{"bearer": [] if access is Door.SIGNED_IN else [access.value]}]
