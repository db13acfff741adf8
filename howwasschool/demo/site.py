"""The demo's page and what its forms do: texts from the phones, one click of staff, the rehearsal's clock."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import TypeAlias
from urllib.parse import urlencode

import httpx
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from howwasschool.demo import deeds, mornings
from howwasschool.demo.board import lead_board, office_board
from howwasschool.demo.desks import head_desk, pastoral_desk
from howwasschool.demo.dial import LONDON, dial, moved
from howwasschool.demo.made_up import LINES, SHOWN_LINES, MadeUp
from howwasschool.demo.pages import CHANNELS, FRAGMENTS, ROLES, Board, Bubble, View, render
from howwasschool.demo.people import ACTORS, BY_KEY, Actor
from howwasschool.demo.phones import Phones
from howwasschool.demo.staff_api import StaffApi
from howwasschool.wiring import House

Handler: TypeAlias = Callable[[Request], Awaitable[Response]]

LONGEST_TEXT = 1600
STREAM = "/api/v1/changes/stream"
# The page is its own and nobody else's: nothing is fetched from anywhere.
HEADERS = {
    "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'; form-action 'self'; base-uri 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


class Site:
    """The page over one house. `open` gives it the house once that is built, since its routes are part of the app."""

    def __init__(self) -> None:
        self._house: House | None = None

    def open(self, house: House, made_up: MadeUp) -> None:
        """From now on the page shows this house."""
        self._house = house
        self._made_up = made_up
        self._phones = Phones(house.database, made_up.school_id)
        transport = httpx.ASGITransport(app=house.app)
        self._client = httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1")
        self._office = StaffApi(self._client, made_up.office)
        self._head = StaffApi(self._client, made_up.head)
        self._pastoral = StaffApi(self._client, made_up.pastoral)
        self._lead = StaffApi(self._client, made_up.lead)
        self._rehearsal = StaffApi(self._client, made_up.administrator)

    @property
    def house(self) -> House:
        """The house; the page is not served before there is one."""
        if self._house is None:
            raise RuntimeError("the demo has no house yet")
        return self._house

    @property
    def office_secret(self) -> str:
        """The made-up office's key, for the stream of changes."""
        return self._made_up.office

    def routes(self) -> list[BaseRoute]:
        """All doors of the page. They are open: the demo is one visitor's own, on loopback, with nobody real in it."""
        return [
            Route("/", self._page),
            Route("/demo/fragments/{name}", self._fragment),
            Route("/demo/text", self._text, methods=["POST"]),
            Route("/demo/press", self._press, methods=["POST"]),
            Route("/demo/confirm", self._confirm, methods=["POST"]),
            Route("/demo/clock", self._clock, methods=["POST"]),
            Route("/demo/register", self._register, methods=["POST"]),
            Route("/demo/chase", self._chase, methods=["POST"]),
            Route("/demo/desk", self._desk, methods=["POST"]),
            Route("/demo/changes", _Changes(self)),
            Mount("/demo/static", StaticFiles(directory=Path(__file__).parent / "static")),
        ]

    # Shown ------------------------------------------------------------------------------------

    async def _page(self, request: Request) -> Response:
        return HTMLResponse(render("page", await self._view(request)), headers=HEADERS)

    async def _fragment(self, request: Request) -> Response:
        name = request.path_params["name"]
        if name not in FRAGMENTS:
            return PlainTextResponse("There is no such fragment.", 404)
        return HTMLResponse(render(name, await self._view(request)), headers=HEADERS)

    async def _view(self, request: Request) -> View:
        actor, by, role = _chosen(request)
        made_up, now = self._made_up, self.house.clock()
        talk = await run_in_threadpool(self._phones.talk, by, _address(actor, by))
        other = "telegram" if by == "sms" else "sms"
        there = await run_in_threadpool(self._phones.talk, other, _address(actor, other))
        return View(
            school={"name": made_up.name, "short_name": made_up.short_name, "initial": made_up.short_name[0]},
            people=tuple(each.person for each in ACTORS),
            chosen=replace(actor.person, tries=() if talk else actor.person.tries),
            by=by,
            role=role,
            line=SHOWN_LINES[by],
            query="?" + urlencode({"as": actor.person.key, "by": by, "role": role}),
            clock=dial(now, made_up.calendar),
            messages=talk,
            elsewhere=other if _is_newer(there, talk) else "",
            board=await self._board(role),
        )

    async def _board(self, role: str) -> Board:
        if role == "lead":
            return await lead_board(self._lead)
        if role == "head":
            return Board(desk=await head_desk(self._head))
        if role == "pastoral":
            return Board(desk=await pastoral_desk(self._pastoral))
        return await office_board(self._office, self._rehearsal, self._today())

    # Done -------------------------------------------------------------------------------------

    async def _text(self, request: Request) -> Response:
        actor, by, _ = _chosen(request)
        words = str((await request.form()).get("text", ""))[:LONGEST_TEXT]
        if words.strip():
            await run_in_threadpool(self._send, actor, by, words)
        return _back(request)

    def _send(self, actor: Actor, by: str, words: str) -> None:
        address = _address(actor, by)
        self._phones.sent(by, address, words, at=self.house.clock())
        self.house.text(by, LINES[by], address, words)

    async def _press(self, request: Request) -> Response:
        actor, by, _ = _chosen(request)
        form = await request.form()
        token, key = str(form.get("token", ""))[:26], str(form.get("key", ""))[:60]
        if token and key:
            await run_in_threadpool(self._push, actor, by, token, key)
        return _back(request)

    def _push(self, actor: Actor, by: str, token: str, key: str) -> None:
        address = _address(actor, by)
        self._phones.pressed(by, address, token, key, at=self.house.clock())
        self.house.press(by, LINES[by], address, f"{token}:{key}")

    async def _confirm(self, request: Request) -> Response:
        form = await request.form()
        code = str(form.get("code", ""))
        for named in form.getlist("absence"):
            absence, _, version = str(named).partition(" ")
            if not version.isdecimal():
                return PlainTextResponse("The page is not of this house.", 400)
            answer = await self._office.patch(f"/api/v1/absences/{absence}", {"code": code}, int(version))
            if answer.is_error:
                return PlainTextResponse(answer.json()["title"], answer.status_code)
        return _back(request)

    async def _register(self, request: Request) -> Response:
        """A mark of one pupil, or everybody here who has none yet."""
        pupil, _, code = str((await request.form()).get("mark", "")).partition(" ")
        if code not in (mornings.NO_REASON, mornings.PRESENT):
            return PlainTextResponse("The register has no such mark here.", 400)
        return await self._did(request, mornings.mark(self._office, self._today(), pupil.strip("*"), code))

    async def _chase(self, request: Request) -> Response:
        """A click on what the chase shows: alerts let go, an all-clear, a trip entered."""
        form = await request.form()
        if hold := str(form.get("release", ""))[:26]:
            return await self._did(request, mornings.release(self._office, hold))
        if class_name := str(form.get("trip", ""))[:100]:
            return await self._did(request, mornings.outing(self._office, self._today(), class_name))
        return await self._did(request, mornings.clear(self._office))

    async def _desk(self, request: Request) -> Response:
        """A click or a form on somebody's desk."""
        form = {key: str(value)[:LONGEST_TEXT] for key, value in (await request.form()).items()}
        staff = deeds.Staff(office=self._office, head=self._head, pastoral=self._pastoral, lead=self._lead)
        return await self._did(request, deeds.do(staff, form.pop("deed", ""), form))

    async def _did(self, request: Request, act: Awaitable[str]) -> Response:
        """Runs what staff did and all that is due now, and shows the page again or says why it was refused."""
        refused = await act
        if refused:
            return PlainTextResponse(refused, 409)
        await run_in_threadpool(self._settle)
        return _back(request)

    def _settle(self) -> None:
        if self.house.rehearsing is not None:
            self.house.rehearsing.settle()

    def _today(self) -> date:
        return self.house.clock().astimezone(LONDON).date()

    async def _clock(self, request: Request) -> Response:
        key = str((await request.form()).get("to", ""))
        to = moved(key, self.house.clock(), self._made_up.calendar)
        if to is None:
            return PlainTextResponse("The clock has no such button.", 400)
        await run_in_threadpool(self._move, to)
        return _back(request)

    def _move(self, to: datetime) -> None:
        if self.house.rehearsing is not None:
            self.house.rehearsing.set_clock(to)


class _Changes:
    """The API's own stream of changes under the page's address: a browser's EventSource cannot send a token."""

    def __init__(self, site: Site) -> None:
        self._site = site

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Asks the same app once more, as the office."""
        headers = [pair for pair in scope["headers"] if pair[0] != b"authorization"]
        headers.append((b"authorization", f"Bearer {self._site.office_secret}".encode()))
        asked = {**scope, "path": STREAM, "raw_path": STREAM.encode(), "query_string": b"", "headers": headers}
        await self._site.house.app(asked, receive, send)


def _chosen(request: Request) -> tuple[Actor, str, str]:
    asked = request.query_params
    by = asked.get("by", "sms")
    role = asked.get("role", "office")
    return (
        BY_KEY.get(asked.get("as", ""), ACTORS[0]),
        by if by in dict(CHANNELS) else "sms",
        role if role in dict(ROLES) else "office",
    )


def _is_newer(there: Sequence[Bubble], here: Sequence[Bubble]) -> bool:
    """Whether the school's last words on the other channel came after, or with, the last on this one."""
    return bool(there) and there[-1].side == "theirs" and (not here or there[-1].iso >= here[-1].iso)


def _address(actor: Actor, by: str) -> str:
    return actor.number if by == "sms" else actor.chat


def _back(request: Request) -> Response:
    """To the page, for a browser without scripts; the page's own script only wants to know that it went well."""
    if request.headers.get("x-live"):
        return Response(status_code=204)
    return RedirectResponse("/?" + str(request.query_params), 303)
