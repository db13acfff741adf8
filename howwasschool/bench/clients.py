"""Thirty-two clients in a process of their own: they post signed texts over kept-alive connections and time it."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter
from types import TracebackType
from typing import IO, Self, cast
from urllib.parse import quote_plus, urlencode, urlsplit

CLIENTS = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What a round came to: how long it took, how many were answered 2xx and how slow one in a hundred was."""

    seconds: float
    answered: int
    refused: int
    p99: float


def signature(url: str, form: Mapping[str, str], secret: str) -> str:
    """Twilio's signature of a form post, made by its published recipe."""
    signed = url + "".join(name + form[name] for name in sorted(form))
    return base64.b64encode(hmac.new(secret.encode(), signed.encode(), hashlib.sha1).digest()).decode()


def request(url: str, public_url: str, form: Mapping[str, str], secret: str) -> bytes:
    """The bytes of one signed post to `url`, signed as if it had been sent to `public_url`."""
    parts = urlsplit(url)
    body = urlencode(form, quote_via=quote_plus).encode()
    head = (
        f"POST {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nConnection: keep-alive\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n"
        f"X-Twilio-Signature: {signature(public_url, form, secret)}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def _client(host: str, port: int, waiting: list[bytes], times: list[float], statuses: list[int]) -> None:
    reader, writer = await asyncio.open_connection(host, port)
    while waiting:
        began = perf_counter()
        writer.write(waiting.pop())
        head = await reader.readuntil(b"\r\n\r\n")
        length = next((line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), b":0")
        await reader.readexactly(int(length.split(b":")[1]))
        times.append(perf_counter() - began)
        statuses.append(int(head.split(b" ", 2)[1]))
    writer.close()


async def post_all(host: str, port: int, requests: Sequence[bytes], *, clients: int = CLIENTS) -> Round:
    """Posts them all, in order of arrival at whichever client is free."""
    waiting, times, statuses = list(reversed(requests)), list[float](), list[int]()
    began = perf_counter()
    await asyncio.gather(*(_client(host, port, waiting, times, statuses) for _ in range(clients)))
    seconds = perf_counter() - began
    answered = sum(200 <= status < 300 for status in statuses)
    p99 = sorted(times)[int(len(times) * 0.99)] if times else 0.0
    return Round(seconds=seconds, answered=answered, refused=len(statuses) - answered, p99=p99)


class Clients:
    """The other end of that process: it is started once, so that its start is nobody's time."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "howwasschool.bench.clients"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self._jobs, self._done = cast(IO[str], self._process.stdin), cast(IO[str], self._process.stdout)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.communicate(timeout=10)

    def post(self, url: str, forms: Sequence[Mapping[str, str]], *, public_url: str, secret: str) -> Round:
        """One round: every form posted once."""
        job = {"url": url, "public_url": public_url, "secret": secret, "forms": forms}
        self._jobs.write(json.dumps(job) + "\n")
        self._jobs.flush()
        return Round(**json.loads(self._done.readline()))


def main() -> None:
    """Reads a round a line and writes what it came to."""
    for line in sys.stdin:
        job = json.loads(line)
        parts = urlsplit(job["url"])
        requests = [request(job["url"], job["public_url"], form, job["secret"]) for form in job["forms"]]
        done = asyncio.run(post_all(str(parts.hostname), int(parts.port or 80), requests))
        told = {"seconds": done.seconds, "answered": done.answered, "refused": done.refused, "p99": done.p99}
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
