"""The doors that providers knock on: who is it, what do they bring, and an answer only once it is on disk."""

from __future__ import annotations

import hmac
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import TypeAlias

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.formparsers import FormParser, MultiPartException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.channels.base import BadRequest, Forged
from bot.channels.telegram import Telegram
from bot.channels.twilio import Twilio
from bot.collector import Closing, Collector
from bot.inbox import NoSuchLine
from bot.outbox import Outbox
from school.records.database import DatabaseBusy, DatabaseGone

log = logging.getLogger(__name__)

# A text of 1,600 characters is 15 kB as a form at the most; a Telegram update with a long message 40 kB.
LARGEST_BODY = 262_144
TELEGRAM_SECRET = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  a header's name
EMPTY_TWIML = '<?xml version="1.0" encoding="UTF-8"?><Response></Response>'

Door: TypeAlias = Callable[[Request], Awaitable[Response]]


def routes(
    collector: Collector,
    outbox: Outbox,
    *,
    twilio: Twilio | None = None,
    telegram: Telegram | None = None,
    telegram_secret: str = "",
) -> list[Route]:
    """The doors of the channels that are set up; plain Starlette routes, whose locks are the providers' own."""
    found = []
    if twilio is not None:
        found += [
            Route("/webhooks/twilio/sms", _guarded(_twilio_sms(twilio, collector)), methods=["POST"]),
            Route("/webhooks/twilio/status", _guarded(_twilio_status(twilio, outbox)), methods=["POST"]),
        ]
    if telegram is not None and telegram_secret:
        door = _guarded(_telegram(telegram, collector, telegram_secret))
        found.append(Route("/webhooks/telegram", door, methods=["POST"]))
    return found


def _guarded(door: Door) -> Door:
    """Every fault has one answer: 403 for a stranger, 400 for nonsense, 503 for 'come again'."""

    async def answered(request: Request) -> Response:
        try:
            return await door(request)
        except Forged as error:
            return PlainTextResponse(error.reason, status_code=403)
        except BadRequest as error:
            return PlainTextResponse(error.reason, status_code=400)
        except NoSuchLine:
            return PlainTextResponse("No school uses this line.", status_code=404)
        except ClientDisconnect:
            return Response(status_code=400)
        except (DatabaseBusy, DatabaseGone, Closing):
            return PlainTextResponse("Please come again.", status_code=503, headers={"Retry-After": "5"})
        except Exception as error:  # noqa: BLE001  a provider retries what failed; what it said is not logged
            log.error("a webhook failed", extra={"type": type(error).__name__})
            return PlainTextResponse("Something went wrong here.", status_code=500)

    return answered


async def _body(request: Request) -> bytes:
    """The body, up to its limit, however it is announced."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            raise BadRequest("The body is too large.")
    return body


async def _form(request: Request) -> FormData:
    body = await _body(request)
    if "application/x-www-form-urlencoded" not in request.headers.get("content-type", ""):
        raise BadRequest("The request is no form.")

    async def once() -> AsyncGenerator[bytes, None]:
        yield body
        yield b""

    try:
        return await FormParser(request.headers, once()).parse()
    except (MultiPartException, UnicodeDecodeError, ValueError):
        raise BadRequest("The request is no form.") from None


def _path(request: Request) -> str:
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


def _twilio_sms(twilio: Twilio, collector: Collector) -> Door:
    async def twilio_sms(request: Request) -> Response:
        form = await _form(request)
        twilio.verify(_path(request), form, request.headers.get("X-Twilio-Signature"))
        await collector.take(twilio.parse(form))
        return Response(EMPTY_TWIML, media_type="application/xml")

    return twilio_sms


def _twilio_status(twilio: Twilio, outbox: Outbox) -> Door:
    async def twilio_status(request: Request) -> Response:
        form = await _form(request)
        twilio.verify(_path(request), form, request.headers.get("X-Twilio-Signature"))
        reported = twilio.report(form, request.query_params.get("id", ""))
        if reported is not None:
            await run_in_threadpool(outbox.report, reported)
        return Response(status_code=204)

    return twilio_status


def _telegram(telegram: Telegram, collector: Collector, secret: str) -> Door:
    async def telegram_update(request: Request) -> Response:
        given = request.headers.get(TELEGRAM_SECRET, "")
        if not hmac.compare_digest(given.encode(), secret.encode()):
            raise Forged("The secret does not match.")
        payload = telegram.read(await _body(request))
        arrived = telegram.parse(payload)
        if arrived:
            await collector.take(arrived)
        telegram.be_courteous(payload)
        return Response(status_code=200)

    return telegram_update
