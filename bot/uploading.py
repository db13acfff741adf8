"""The door behind the one link that a text may hold: looked at as often as anybody likes, used up by one file."""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import threading
import time
from collections import OrderedDict, deque
from collections.abc import AsyncGenerator, Callable, Collection
from contextlib import suppress
from datetime import datetime

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from bot.inbox import INBOX_BELL
from bot.upload_page import Reader, form, spoken, told
from conversations.language import ENGLISH
from school.evidence_files import upload
from school.evidence_links import PATH, request_of
from school.pictures import LARGEST_FILE, NotRead, Read, read
from school.records.database import Database, DatabaseBusy, DatabaseGone
from school.records.messaging import Thread
from school.records.people import School

log = logging.getLogger(__name__)

# What a form adds around its one file.
LARGEST_BODY = LARGEST_FILE + 16_384
# Beyond its limit a body is read and dropped, so that the browser can show our answer; not without an end.
MOST_READ = 40_000_000
# Eight megabytes over a slow phone take two minutes; this is for one that has gone.
LONGEST_SECONDS = 300.0
# So many at once hold at most a hundred megabytes; a picture that is drawn anew takes as much again.
MOST_AT_ONCE, DRAWN_AT_ONCE = 8, 2
# Nobody finds a token by trying: this is so that trying costs us nothing.
MOST_MISSES, MISSES_SECONDS, MOST_ADDRESSES = 30, 600.0, 10_000


class TooLarge(Exception):  # noqa: N818  it says what is so
    """More than is taken."""


class Misses:
    """How often each address asked for a link that is none, in this process and of late."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seen: OrderedDict[str, deque[float]] = OrderedDict()

    def count(self, address: str) -> None:
        """One more."""
        seen = self._seen.setdefault(_network(address), deque(maxlen=MOST_MISSES))
        seen.append(self._clock())
        self._seen.move_to_end(_network(address))
        if len(self._seen) > MOST_ADDRESSES:
            self._seen.popitem(last=False)

    def are_many(self, address: str) -> bool:
        """Whether that address is answered no more for a while."""
        seen = self._seen.get(_network(address))
        return seen is not None and len(seen) == MOST_MISSES and self._clock() - seen[0] < MISSES_SECONDS


def _network(address: str) -> str:
    """One household has one IPv4 address and many of IPv6."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((found, 64), strict=False)) if found.version == 6 else address


def routes(database: Database, *, now: Callable[[], datetime], packs: Collection[str]) -> list[Route]:
    """The page and what it posts: a plain Starlette route whose lock is the token in its path."""
    door = UploadDoor(database, now=now, packs=packs)
    return [Route(PATH, door.answer, methods=["GET", "POST"])]


class UploadDoor:
    """One house's door. No token and no path is ever logged."""

    def __init__(self, database: Database, *, now: Callable[[], datetime], packs: Collection[str]) -> None:
        self._database = database
        self._now = now
        self._packs = frozenset(packs)
        self._misses = Misses()
        self._under_way = 0
        self._drawing = threading.BoundedSemaphore(DRAWN_AT_ONCE)

    async def answer(self, request: Request) -> Response:
        """The page, or what became of the file; every fault has a gentle answer."""
        reader = Reader(school="", language=spoken(request.headers.get("accept-language", ""), self._packs))
        address = request.client.host if request.client is not None else ""
        if self._misses.are_many(address):
            return told(reader, "upload.later", status=429)
        try:
            found = await run_in_threadpool(self._look, request.path_params["token"])
            if found is None:
                self._misses.count(address)
                await _drop(request)
                return told(reader, "upload.ended", status=404)
            reader = found
            return form(reader) if request.method != "POST" else await self._posted(request, reader)
        except ClientDisconnect:
            return Response(status_code=400)
        except (DatabaseBusy, DatabaseGone, TimeoutError):
            return told(reader, "upload.later", status=503)
        except Exception as error:  # noqa: BLE001  what it was about is not logged
            log.error("an upload failed", extra={"type": type(error).__name__})
            return told(reader, "upload.later", status=500)

    def _look(self, token: str) -> Reader | None:
        """Who was asked, as far as the page shows it; changes nothing, however often it is fetched."""
        with self._database.read() as session:
            row = request_of(session, token, now=self._now())
            if row is None:
                return None
            thread = session.get_one(Thread, (row.school_id, row.thread_id))
            known = thread.language.partition("_")[0] in self._packs
            school = session.get_one(School, row.school_id)
            return Reader(school=school.name, language=thread.language if known else ENGLISH)

    async def _posted(self, request: Request, reader: Reader) -> Response:
        if self._under_way >= MOST_AT_ONCE:
            return told(reader, "upload.later", status=503)
        self._under_way += 1
        try:
            async with asyncio.timeout(LONGEST_SECONDS):
                data = await _file(request)
            if not data:
                return form(reader, wrong="upload.empty", status=422)
            if len(data) > LARGEST_FILE:
                raise TooLarge
            found = await run_in_threadpool(self._read, data)
        except TooLarge:
            return form(reader, wrong="upload.too_large", status=413)
        except NotRead:
            return form(reader, wrong="upload.unread", status=415)
        finally:
            self._under_way -= 1
        if await run_in_threadpool(self._keep, request.path_params["token"], found):
            return told(reader, "upload.kept", status=200)
        return told(reader, "upload.ended", status=404)

    def _read(self, data: bytes) -> Read:
        """What is kept of it: a picture is drawn anew, few at a time."""
        with self._drawing:
            return read(data)

    def _keep(self, token: str, found: Read) -> bool:
        """On disk once this returns; the parent is thanked by text, and staff see it, as if it had come by chat."""
        with self._database.write() as session:
            kept = upload(session, token, found, now=self._now())
            if kept:
                self._database.notify(session, INBOX_BELL)
        return kept


# Bodies --------------------------------------------------------------------------------------


class _InMemory(MultiPartParser):
    """What a parent sends never touches a disk of ours before it is checked."""

    spool_max_size = LARGEST_BODY


async def _file(request: Request) -> bytes:
    """The bytes of the form's one file, b"" where there is none. Raises TooLarge and NotRead."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        await _drop(request)
        return b""
    try:
        sent = await _InMemory(request.headers, _limited(request), max_files=1, max_fields=4).parse()
    except MultiPartException:
        await _drop(request)
        raise NotRead from None
    chosen = sent.get("file")
    data = await chosen.read() if isinstance(chosen, UploadFile) else b""
    await sent.close()
    return data


async def _limited(request: Request) -> AsyncGenerator[bytes, None]:
    """The body as it comes; what is beyond the limit is dropped as it comes, and then it was too large."""
    come = 0
    async for chunk in request.stream():
        come += len(chunk)
        if come <= LARGEST_BODY:
            yield chunk
        elif come > MOST_READ:
            break
    if come > LARGEST_BODY:
        raise TooLarge


async def _drop(request: Request) -> None:
    """Reads what is left of a body and keeps nothing, so that its sender hears our answer."""
    come = 0
    # Where all of it was read already there is nothing to do.
    with suppress(RuntimeError):
        async with asyncio.timeout(LONGEST_SECONDS):
            async for chunk in request.stream():
                come += len(chunk)
                if come > MOST_READ:
                    break
