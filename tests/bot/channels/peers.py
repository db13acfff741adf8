"""Providers on loopback that do to a channel what real ones do: take, refuse, stay silent, lose their answer."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar, Protocol, cast
from urllib.parse import parse_qs

from bot.channels.base import SMS_SCREEN, Channel, Departing
from bot.channels.simulator import Fault, Simulator
from bot.channels.telegram import Telegram
from bot.channels.twilio import Twilio

ACCOUNT = "AC" + "0" * 31 + "1"
AUTH = "canary-token-5d1e"
BOT = "700900123:canary-token-5d1e-0000000000000000000"
PATIENCE = 0.4


class Peer(Protocol):
    """A channel with the provider behind it; `taken` are (address, text) of what reached the provider and was kept."""

    @property
    def channel(self) -> Channel: ...

    @property
    def message(self) -> Departing: ...

    @property
    def taken(self) -> list[tuple[str, str]]: ...

    def order(self, fault: str) -> None: ...

    def close(self) -> None: ...


class Provider:
    """An HTTP server of one provider. What it does next is ordered; otherwise it takes what it is sent."""

    def __init__(self, answers: dict[str, tuple[int, dict[str, str], Any]]) -> None:
        self.answers = answers
        self.orders: list[str] = []
        self.requests: list[tuple[str, dict[str, str]]] = []
        self.released = threading.Event()
        provider = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
                form = {name: values[0] for name, values in parse_qs(body, keep_blank_values=True).items()}
                order = provider.orders.pop(0) if provider.orders else "take"
                if order in {"take", "lose"}:
                    provider.requests.append((self.path, form))
                if order == "hang":
                    provider.released.wait(5)
                if order in {"lose", "hang"}:
                    self.close_connection = True
                    return
                self.answer(*provider.answer(order, form))

            def answer(self, status: int, headers: dict[str, str], body: Any) -> None:
                content = body.encode() if isinstance(body, str) else json.dumps(body).encode()
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: Any) -> None:
                """Says nothing: it would say numbers."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        self._numbers = 0

    def answer(self, order: str, form: dict[str, str]) -> tuple[int, dict[str, str], Any]:
        """The answer to an order, with a fresh id in it where it takes the message."""
        status, headers, body = self.answers[order]
        if order == "take" and isinstance(body, dict):
            self._numbers += 1
            body = json.loads(json.dumps(body).replace("000042", f"{self._numbers:06}"))
        return status, headers, body

    def stop(self) -> None:
        """Nobody listens any more."""
        self.released.set()
        self._server.shutdown()
        self._server.server_close()


def _twilio_error(status: int, code: int) -> tuple[int, dict[str, str], Any]:
    return status, {}, {"code": code, "message": "made up", "more_info": "", "status": status}


class TwilioPeer:
    """Twilio's REST interface, as far as sending goes."""

    ANSWERS: ClassVar[dict[str, tuple[int, dict[str, str], Any]]] = {
        "take": (201, {}, {"sid": "SM00000000000000000000000000000042", "status": "queued", "error_code": None}),
        "busy": (429, {"Retry-After": "7"}, {"code": 20429, "message": "made up", "status": 429}),
        "fail": (500, {}, {"code": 20500, "message": "made up", "status": 500}),
        "garbage": (201, {}, "<html>a login page of the hotel</html>"),
        "stopped": _twilio_error(400, 21610),
        "nobody": _twilio_error(400, 21211),
        "reject": _twilio_error(400, 21617),
        "credentials": _twilio_error(401, 20003),
    }

    def __init__(self) -> None:
        self.provider = Provider(self.ANSWERS)
        self.channel = Twilio(
            ACCOUNT,
            AUTH,
            public_url="https://texts.example.sch.uk",
            api_url=self.provider.url,
            connect=PATIENCE,
            read=PATIENCE,
        )
        self.message = Departing(
            id="school.row", line="+447700900999", to="+447700900123", text="Maya is off today. 0 undoes it."
        )

    @property
    def taken(self) -> list[tuple[str, str]]:
        return [(form["To"], form["Body"]) for _, form in self.provider.requests]

    def order(self, fault: str) -> None:
        if fault == "refuse":
            self.provider.stop()
        else:
            self.provider.orders.append(fault)

    def close(self) -> None:
        self.channel.close()
        self.provider.stop()


def _telegram_error(status: int, words: str) -> tuple[int, dict[str, str], Any]:
    return status, {}, {"ok": False, "error_code": status, "description": words}


class TelegramPeer:
    """The Bot API, as far as sending goes."""

    ANSWERS: ClassVar[dict[str, tuple[int, dict[str, str], Any]]] = {
        "take": (
            200,
            {},
            {
                "ok": True,
                "result": {"message_id": "000042", "date": 1795400000, "chat": {"id": 700900123, "type": "private"}},
            },
        ),
        "busy": (
            429,
            {},
            {"ok": False, "error_code": 429, "description": "Too Many Requests", "parameters": {"retry_after": 7}},
        ),
        "fail": _telegram_error(500, "Internal Server Error"),
        "garbage": (200, {}, "<html>a login page of the hotel</html>"),
        "stopped": _telegram_error(403, "Forbidden: bot was blocked by the user"),
        "nobody": _telegram_error(400, "Bad Request: chat not found"),
        "reject": _telegram_error(400, "Bad Request: can't parse entities"),
        "credentials": _telegram_error(401, "Unauthorized"),
    }

    def __init__(self) -> None:
        self.provider = Provider(self.ANSWERS)
        self.channel = Telegram(BOT, api_url=self.provider.url, connect=PATIENCE, read=PATIENCE, poll_seconds=0)
        self.message = Departing(
            id="school.row",
            line="700900123",
            to="700900123",
            text="Who is off today?",
            buttons=(("Maya", "a1:maya"), ("Leo", "a1:leo")),
        )

    @property
    def taken(self) -> list[tuple[str, str]]:
        return [
            (form["chat_id"], form["text"]) for path, form in self.provider.requests if path.endswith("/sendMessage")
        ]

    def order(self, fault: str) -> None:
        if fault == "refuse":
            self.provider.stop()
        else:
            self.provider.orders.append(fault)

    def close(self) -> None:
        self.channel.close()
        self.provider.stop()


class SimulatorPeer:
    """The simulator is its own provider."""

    def __init__(self) -> None:
        self.simulator = Simulator("sms", SMS_SCREEN)
        self.simulator.hang_seconds = PATIENCE
        self.channel: Channel = self.simulator
        self.message = Departing(id="school.row", line="+447700900999", to="+447700900123", text="Maya is off today.")

    @property
    def taken(self) -> list[tuple[str, str]]:
        return [(gone.message.to, gone.message.text) for gone in self.simulator.gone]

    def order(self, fault: str) -> None:
        known: dict[str, Fault] = {"garbage": "fail"}
        after = timedelta(seconds=7) if fault == "busy" else None
        self.simulator.order(known.get(fault, cast(Fault, fault)), after=after)

    def close(self) -> None:
        self.channel.close()


PEERS: dict[str, Callable[[], Peer]] = {"twilio": TwilioPeer, "telegram": TelegramPeer, "simulator": SimulatorPeer}


@contextmanager
def opened(name: str) -> Iterator[Peer]:
    """A channel and its provider, closed at the end."""
    peer = PEERS[name]()
    try:
        yield peer
    finally:
        peer.close()
