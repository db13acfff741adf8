"""Telegram's side: python-telegram-bot as client and parser only, so that nothing is confirmed before it is stored."""

from __future__ import annotations

import asyncio
import json
import logging
import threading
from collections.abc import Awaitable, Coroutine, Mapping, Sequence
from concurrent.futures import CancelledError, Future
from datetime import timedelta
from http import HTTPStatus
from typing import Any, TypeVar

import httpx
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    LinkPreviewOptions,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    Update,
)
from telegram.error import (
    BadRequest as TelegramBadRequest,
)
from telegram.error import (
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    TelegramError,
    TimedOut,
)
from telegram.request import HTTPXRequest

from bot.channels import telegram_updates
from bot.channels.base import (
    TELEGRAM_SCREEN,
    Arrived,
    BadRequest,
    Departing,
    Misconfigured,
    OptedOut,
    Refused,
    Rejected,
    SendError,
    Sent,
    Unreachable,
    Unsure,
)
from conversations.shaping import SHARE_NUMBER

T = TypeVar("T")

TELEGRAM = "https://api.telegram.org"
CONNECT_SECONDS = 3.0
READ_SECONDS = 6.0
# The server holds a poll open for this long when there is nothing new.
POLL_SECONDS = 25
# A file of the largest size that is asked for, on a slow line.
FETCH_SECONDS = 40.0
LONGEST_BODY = 4096
LONGEST_DATA = 64
ALLOWED = ["message", "edited_message", "callback_query", "my_chat_member"]


class _ServerFault(TelegramError):  # noqa: N818  it is the server's
    """An answer of 500 and above, which proves nothing about the message."""


class _Busy(TelegramError):  # noqa: N818
    """429. The library's own exception for it misses an answer that names no time, and warns of its own future."""

    def __init__(self, after: timedelta | None) -> None:
        super().__init__("http_429")
        self.after = after


class _Request(HTTPXRequest):
    """The library's transport, telling apart what its own exceptions fold together: 429 and all of 5xx."""

    async def do_request(self, *request: Any, **limits: Any) -> tuple[int, bytes]:
        """The answer's status and body; raises `_Busy` and `_ServerFault` besides what the library raises."""
        status, body = await super().do_request(*request, **limits)
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            raise _Busy(_wait_in(body))
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise _ServerFault(f"http_{status}")
        return status, body


class _Bot(Bot):
    """The library's client, which hands over updates as they came: one that it cannot read must not hide the others."""

    async def raw_updates(self, offset: int, seconds: int) -> Any:
        """What getUpdates answers, unread."""
        asked = {"offset": offset, "timeout": seconds, "allowed_updates": ALLOWED}
        return await self._post("getUpdates", asked)


class Telegram:
    """The Telegram channel of one bot, whose number (the part of its token before the colon) is our address there.

    The library is asynchronous: its calls run on a loop in a thread of the channel's own.
    """

    name = "telegram"
    lanes = 8

    def __init__(
        self,
        token: str,
        *,
        api_url: str = TELEGRAM,
        connect: float = CONNECT_SECONDS,
        read: float = READ_SECONDS,
        poll_seconds: int = POLL_SECONDS,
    ) -> None:
        # Both libraries log what must not be logged: addresses with the token in them, and bodies of answers.
        logging.getLogger("httpx").setLevel(logging.WARNING)
        logging.getLogger("telegram").setLevel(logging.CRITICAL + 1)
        self.abilities = TELEGRAM_SCREEN
        self.address = token.partition(":")[0]
        self._poll_seconds = poll_seconds
        self._read = read
        self._asking: Future[Any] | None = None
        base = api_url.rstrip("/")

        def transport(read_seconds: float, connections: int) -> _Request:
            # Our own settings choose where messages go, not a proxy from the environment.
            return _Request(
                connection_pool_size=connections,
                read_timeout=read_seconds,
                write_timeout=read,
                connect_timeout=connect,
                pool_timeout=connect,
                httpx_kwargs={"trust_env": False},
            )

        self._bot = _Bot(
            token,
            base_url=f"{base}/bot",
            base_file_url=f"{base}/file/bot",
            request=transport(read, self.lanes + 2),
            get_updates_request=transport(poll_seconds + read, 1),
        )
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None

    # In ---------------------------------------------------------------------------------------

    def parse(self, payload: Mapping[str, Any]) -> tuple[Arrived, ...]:
        """What a person did, in one update; nothing for what is none of ours. Raises `BadRequest`."""
        if not isinstance(payload.get("update_id"), int):
            raise BadRequest("The update lacks: update_id.")
        try:
            arrived = telegram_updates.arrived(Update.de_json(dict(payload), None), line=self.address)
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError, OSError):
            # The library checks no types: what is not as Telegram describes it breaks wherever it is first used.
            raise BadRequest("The update is not of the shape that Telegram describes.") from None
        return () if arrived is None else (arrived,)

    def read(self, body: bytes) -> Mapping[str, Any]:
        """A webhook's body as an update; raises `BadRequest`."""
        try:
            payload = json.loads(body)
        except (ValueError, RecursionError):
            raise BadRequest("The body is no JSON.") from None
        if not isinstance(payload, dict):
            raise BadRequest("The body is no update.")
        return payload

    def poll(self, offset: int) -> tuple[Mapping[str, Any], ...]:
        """The updates from `offset` on, waiting a while for one; the server forgets all before `offset`.

        Each has a number; nothing else is known of it yet. Nothing comes where `interrupt` ended the wait. Raises a
        `SendError`, of which only `Misconfigured` needs somebody.
        """
        asking = self._run_in_loop(
            self._bot.raw_updates(offset, self._poll_seconds), self._poll_seconds + self._read + CONNECT_SECONDS
        )
        self._asking = asking
        try:
            updates = asking.result()
        except CancelledError:
            return ()
        except TelegramError as error:
            raise _meaning(error) from None
        except TimeoutError:
            raise Unsure("silence") from None
        finally:
            self._asking = None
        found = updates if isinstance(updates, list) else []
        return tuple(each for each in found if isinstance(each, dict) and isinstance(each.get("update_id"), int))

    def interrupt(self) -> None:
        """Ends a poll that waits."""
        asking = self._asking
        if asking is not None:
            asking.cancel()

    def be_courteous(self, payload: Mapping[str, Any]) -> None:
        """What an update asks of us besides an answer: a press is acknowledged, its keyboard goes, a group is left.

        All of it may fail without harm ("query is too old"), so nobody waits for it.
        """
        try:
            self._be_courteous(Update.de_json(dict(payload), None))
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError, OSError):
            return

    def _be_courteous(self, update: Update) -> None:
        query = update.callback_query
        chat = update.effective_chat
        if query is not None:
            self._start(self._bot.answer_callback_query(query.id))
            if query.message is not None and chat is not None and chat.type == chat.PRIVATE:
                self._start(self._bot.edit_message_reply_markup(chat.id, query.message.message_id, reply_markup=None))
        elif chat is not None and chat.type != chat.PRIVATE and telegram_updates.is_member(update):
            self._start(self._bot.leave_chat(chat.id))

    # Out --------------------------------------------------------------------------------------

    def send(self, message: Departing) -> Sent:
        """Sends a text with its buttons under it; raises a `SendError`."""
        _check(message)
        sending = self._bot.send_message(
            chat_id=int(message.to),
            text=message.text,
            reply_markup=_keyboard(message.buttons),
            link_preview_options=LinkPreviewOptions(is_disabled=True),
        )
        try:
            made = self._run_in_loop(sending, CONNECT_SECONDS + READ_SECONDS).result()
        except TelegramError as error:
            raise _meaning(error) from None
        except (TimeoutError, CancelledError):
            raise Unsure("timeout") from None
        except (KeyError, TypeError, ValueError, AttributeError):
            raise Unsure("no_answer_of_telegram") from None
        return Sent(provider_id=f"{self.address}:{message.to}:{made.message_id}")

    # Files ------------------------------------------------------------------------------------

    def fetch(self, reference: str, *, largest: int) -> bytes:
        """The bytes of a picture or document that came; raises a `SendError`, `Rejected` for what is too large."""
        try:
            return self._run_in_loop(self._fetch(reference, largest), FETCH_SECONDS).result()
        except TelegramError as error:
            raise _meaning(error) from None
        except (TimeoutError, CancelledError):
            raise Unsure("timeout") from None
        except (KeyError, TypeError, ValueError, AttributeError):
            raise Unsure("no_answer_of_telegram") from None

    async def _fetch(self, reference: str, largest: int) -> bytes:
        found = await self._bot.get_file(reference)
        if found.file_size is None or not 0 < found.file_size <= largest:
            raise Rejected("size")
        return bytes(await found.download_as_bytearray())

    def close(self) -> None:
        """Lets go of connections and of the loop."""
        with self._lock:
            loop, thread, self._loop, self._thread = self._loop, self._thread, None, None
        if loop is None or thread is None:
            return
        asyncio.run_coroutine_threadsafe(self._let_go(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()

    async def _let_go(self) -> None:
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        for request in self._bot._request:  # noqa: SLF001  its own way out wants a getMe first
            await request.shutdown()

    # The loop ---------------------------------------------------------------------------------

    def _started(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(target=self._loop.run_forever, name="telegram", daemon=True)
                self._thread.start()
            return self._loop

    def _run_in_loop(self, work: Coroutine[Any, Any, T], seconds: float) -> Future[T]:
        async def limited() -> T:
            return await asyncio.wait_for(work, seconds)

        return asyncio.run_coroutine_threadsafe(limited(), self._started())

    def _start(self, work: Awaitable[Any]) -> None:
        async def forgiving() -> None:
            try:
                await work
            except TelegramError:
                pass

        _done: Future[None] = asyncio.run_coroutine_threadsafe(forgiving(), self._started())


def _keyboard(buttons: Sequence[tuple[str, str]]) -> InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove:
    """The buttons under a message; instead of typed letters, where the phone's own number is asked for.

    Only such a button of Telegram's own shares a number that proves whose it is. Any later message takes it away.
    """
    asks = [label for label, data in buttons if data.partition(":")[2] == SHARE_NUMBER]
    if asks:
        rows = [[KeyboardButton(label, request_contact=True)] for label in asks]
        return ReplyKeyboardMarkup(rows, resize_keyboard=True, one_time_keyboard=True)
    if buttons:
        return InlineKeyboardMarkup([[InlineKeyboardButton(label, callback_data=data)] for label, data in buttons])
    return ReplyKeyboardRemove()


def _wait_in(body: bytes) -> timedelta | None:
    try:
        seconds = json.loads(body)["parameters"]["retry_after"]
    except (ValueError, KeyError, TypeError):
        return None
    return timedelta(seconds=max(1, min(seconds, 86_400))) if isinstance(seconds, int) else None


def _check(message: Departing) -> None:
    if not message.to.lstrip("-").isdecimal():
        raise Rejected("not_a_chat")
    # Telegram counts as its own clients do, in UTF-16.
    if not 1 <= len(message.text.encode("utf-16-le")) // 2 <= LONGEST_BODY:
        raise Rejected("length")
    if any(not 1 <= len(data.encode()) <= LONGEST_DATA for _, data in message.buttons):
        raise Rejected("button")


def _meaning(error: TelegramError) -> SendError:
    """The library wraps what happened; its cause says whether a byte of the message left us."""
    match error:
        case _Busy():
            return Refused("http_429", error.after)
        case Forbidden():
            # Somebody who has gone, or who never wrote to us, has not stopped us.
            gone = ("deactivated", "initiate conversation", "kicked", "not a member")
            said = str(error).casefold()
            return Unreachable("http_403") if any(each in said for each in gone) else OptedOut("http_403")
        case InvalidToken() | Conflict():
            return Misconfigured("credentials" if isinstance(error, InvalidToken) else "polled_elsewhere")
        case TelegramBadRequest():
            return Unreachable("no_chat") if "chat not found" in str(error).casefold() else Rejected("http_400")
        case ChatMigrated():
            return Unreachable("migrated")
        case TimedOut() | NetworkError():
            return _lost(error.__cause__)
    return Unsure("no_answer_of_telegram")


def _lost(cause: BaseException | None) -> SendError:
    if isinstance(cause, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout):
        return Refused("connect")
    return Unsure("timeout" if isinstance(cause, httpx.TimeoutException) else "connection_lost")
