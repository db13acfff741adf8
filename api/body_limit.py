"""No request's body is read further than the house allows."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class BodyLimit:
    """Raises 413 as soon as a body is known to be larger: by what it announces, or by what has come.

    FastAPI's own limit answers in plain text; every failure of ours has one shape. Doors whose path begins with one of
    `elsewhere` hold a limit of their own.
    """

    def __init__(self, app: ASGIApp, *, largest: int, elsewhere: tuple[str, ...] = ()) -> None:
        self.app = app
        self.largest = largest
        self.elsewhere = elsewhere

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on and counts as it is read."""
        if scope["type"] != "http" or scope["path"].startswith(self.elsewhere):
            await self.app(scope, receive, send)
            return
        said = Headers(scope=scope).get("content-length", "")
        announced = int(said) if said.isascii() and said.isdecimal() and len(said) < 20 else 0
        come = 0

        async def counted() -> Message:
            nonlocal come
            if announced > self.largest:
                raise HTTPException(413)
            message = await receive()
            come += len(message.get("body", b""))
            if come > self.largest:
                raise HTTPException(413)
            return message

        await self.app(scope, counted, send)
