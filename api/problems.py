"""What a request is told when it fails: every failure has one code, one sentence and one shape (RFC 9457)."""

from __future__ import annotations

import json
import logging
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from http import HTTPStatus
from typing import Any, TypedDict

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from school.records.database import DatabaseBusy, DatabaseGone

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
# A lock is held for milliseconds, so a client that comes back after a second finds it free.
RETRY_AFTER_SECONDS = 1


class Problems(Enum):
    """All problems: (status, title). A problem's code is its name here, in lower case and with hyphens."""

    UNAUTHENTICATED = (401, "A valid bearer token is needed.")
    FORBIDDEN = (403, "This token may not do that.")
    REASONS_HIDDEN = (403, "This token may not see why a child is away.")
    NOT_FOUND = (404, "There is nothing here.")
    METHOD_NOT_ALLOWED = (405, "This address does not know that method.")
    CONFLICT = (409, "This does not fit what is on record.")
    DO_NOT_CONTACT = (409, "Being dealt with: do not contact home.")
    CHANGED_MEANWHILE = (412, "Somebody changed this since you read it. Read it again.")
    TOO_LARGE = (413, "The request's body is too large.")
    INVALID = (422, "The request has faults.")
    KEY_REUSED = (422, "This Idempotency-Key was used for a different request.")
    NO_PRECONDITION = (428, "Say which version you changed: send its ETag as If-Match.")
    FAILED = (500, "Something went wrong on our side. It has been noted.")
    BUSY = (503, "The database is busy. Try again in a moment.")
    UNAVAILABLE = (503, "The database cannot be reached. Try again in a moment.")

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self.value[0]

    @property
    def title(self) -> str:
        """The sentence for a person."""
        return self.value[1]

    @property
    def code(self) -> str:
        """The stable code for a program."""
        return self.name.lower().replace("_", "-")


class Fault(TypedDict):
    """One thing that is wrong in a request: where (a JSON pointer or a parameter's name), a code, a sentence."""

    where: str
    code: str
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What a problem says beyond its kind; nothing personal may stand here."""

    detail: str = ""
    faults: Sequence[Fault] = ()


class Problem(Exception):  # noqa: N818  it is the name that RFC 9457 gives it
    """Raised anywhere in a request, answered as problem details."""

    def __init__(self, kind: Problems, detail: str = "", *, faults: Sequence[Fault] = ()) -> None:
        super().__init__(kind.code)
        self.kind = kind
        self.details = Details(detail=detail, faults=faults)


def not_found() -> Problem:
    """What is asked for is not there, or belongs to another school: the two look alike on purpose."""
    return Problem(Problems.NOT_FOUND)


def invalid(where: str, code: str, says: str) -> Problem:
    """A single fault in a request that is well-formed."""
    return Problem(Problems.INVALID, faults=[Fault(where=where, code=code, says=says)])


def answer(kind: Problems, details: Details | None = None, *, headers: Mapping[str, str] | None = None) -> Response:
    """The one shape of every failure: type, title, status, code, and detail and faults where there are any."""
    body: dict[str, Any] = {
        "type": f"urn:how-was-school:problem:{kind.code}",
        "title": kind.title,
        "status": kind.status,
        "code": kind.code,
    }
    if details and details.detail:
        body["detail"] = details.detail
    if details and details.faults:
        body["faults"] = list(details.faults)
    sent = dict(headers or {})
    if kind.status == HTTPStatus.UNAUTHORIZED:
        sent.setdefault("WWW-Authenticate", 'Bearer realm="How Was School"')
    if kind.status == HTTPStatus.SERVICE_UNAVAILABLE:
        sent.setdefault("Retry-After", str(RETRY_AFTER_SECONDS))
    return Response(json.dumps(body), kind.status, sent, MEDIA_TYPE)


# What each exception becomes --------------------------------------------------------------------


async def _problem(_: Request, raised: Exception) -> Response:
    assert isinstance(raised, Problem)  # noqa: S101  narrows the type that Starlette leaves open
    return answer(raised.kind, raised.details)


def _pointer(location: Sequence[Any]) -> str:
    place, *path = location or ("body",)
    if place == "body":
        return "".join(f"/{part}" for part in path if isinstance(part, str | int)) or "/"
    return str(path[0]) if path else str(place)


def _fault(error: Mapping[str, Any]) -> Fault:
    """A fault without the value that caused it: that may be a family's words."""
    return Fault(where=_pointer(error["loc"]), code=str(error["type"]), says=str(error["msg"]))


async def _unreadable(_: Request, raised: Exception) -> Response:
    assert isinstance(raised, RequestValidationError)  # noqa: S101
    return answer(Problems.INVALID, Details(faults=[_fault(error) for error in raised.errors()]))


BY_STATUS = {
    400: Problems.INVALID,
    401: Problems.UNAUTHENTICATED,
    403: Problems.FORBIDDEN,
    404: Problems.NOT_FOUND,
    405: Problems.METHOD_NOT_ALLOWED,
    413: Problems.TOO_LARGE,
}


async def _framework(_: Request, raised: Exception) -> Response:
    """What Starlette and FastAPI raise themselves: no such address or method, a body that is no JSON."""
    assert isinstance(raised, HTTPException)  # noqa: S101
    kind = BY_STATUS.get(raised.status_code, Problems.FAILED)
    details = Details(faults=[Fault(where="/", code="unreadable", says="The body cannot be read.")])
    return answer(kind, details if kind is Problems.INVALID else None, headers=raised.headers)


async def _busy(_: Request, __: Exception) -> Response:
    return answer(Problems.BUSY)


async def _gone(_: Request, __: Exception) -> Response:
    return answer(Problems.UNAVAILABLE)


class LastResort:
    """Answers what nothing else answered; the log gets the kind and the place of the fault, never its words."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on; a fault before the answer began is a 500, one after it ends the connection."""
        begun = False

        async def sending(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, sending)
        except Exception as raised:  # the last door: nothing may pass it with a family's words
            if scope["type"] != "http":
                raise
            place = traceback.extract_tb(raised.__traceback__)[-1]
            log.error("A request failed: %s at %s:%s", type(raised).__name__, place.filename, place.lineno)
            if not begun:
                await answer(Problems.FAILED)(scope, receive, send)


def install(app: FastAPI) -> None:
    """Teaches the app the one shape of failure."""
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(RequestValidationError, _unreadable)
    app.add_exception_handler(HTTPException, _framework)
    app.add_exception_handler(DatabaseBusy, _busy)
    app.add_exception_handler(DatabaseGone, _gone)
    app.add_middleware(LastResort)
