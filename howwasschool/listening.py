"""Listens on an address until it is asked to stop, and then lets what is under way end."""

from __future__ import annotations

import asyncio
import signal
from types import FrameType
from typing import TYPE_CHECKING

import click
import uvicorn

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

# After SIGTERM: so long for requests under way; what is being sent has its own patience after that.
GRACE_SECONDS = 4


class Leaving:
    """An app whose streams hear of the end as if their reader had gone, so that nobody waits for them."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._loop: asyncio.AbstractEventLoop | None = None
        self._left = asyncio.Event()

    def leave(self) -> None:
        """From now on every reader counts as gone; may be called from a signal's handler."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._left.set)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes a request on. Only who waits for more after a whole request, as a stream does, hears of the end."""
        self._loop = self._loop or asyncio.get_running_loop()
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        whole = False

        async def heard() -> Message:
            nonlocal whole
            if whole:
                return await self._either(receive)
            message = await receive()
            whole = message["type"] == "http.request" and not message.get("more_body", False)
            return message

        open_ended = False

        async def said(message: Message) -> None:
            nonlocal open_ended
            open_ended = message["type"] == "http.response.body" and bool(message.get("more_body"))
            await send(message)

        await self._app(scope, heard, said)
        if open_ended:
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _either(self, receive: Receive) -> Message:
        more = asyncio.ensure_future(receive())
        end = asyncio.ensure_future(self._left.wait())
        try:
            await asyncio.wait({more, end}, return_when=asyncio.FIRST_COMPLETED)
            return more.result() if more.done() else {"type": "http.disconnect"}
        finally:
            more.cancel()
            end.cancel()


class _Server(uvicorn.Server):
    """uvicorn, which tells the app of the signal that ends it."""

    def __init__(self, app: Leaving, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._app = app

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """SIGTERM or SIGINT came."""
        self._app.leave()
        super().handle_exit(sig, frame)


def listen(app: ASGIApp, *, host: str, port: int) -> None:
    """Serves until SIGTERM or SIGINT; then requests under way end, and after them the app's own work."""
    # uvicorn raises the signal once more when all has ended; a house that ended well says 0 and not 'killed'.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    leaving = Leaving(app)
    config = uvicorn.Config(
        leaving,
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    server = _Server(leaving, config)
    server.run()
    if not server.started:
        raise click.ClickException(f"could not listen on {host}:{port}")
