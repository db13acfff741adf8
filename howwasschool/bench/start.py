"""The bench `start`: how soon the command answers and the server is ready, and what it weighs at rest."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter, sleep

from howwasschool.bench.databases import Databases
from howwasschool.bench.measure import Figure, figure

ROUNDS = 5
# "At most 1.5 times the bare import", said as a ratio of rates.
MARK = 1 / 1.5
DEPENDENCIES = (
    "alembic.command, babel.dates, click, fastapi, holidays, httpx, jinja2, multipart, phonenumbers, psycopg, "
    "pydantic_settings, smsutil, sqlalchemy.orm, telegram, twilio.rest, ulid, uvicorn"
)
PATIENCE_SECONDS = 30


def start(databases: Databases) -> Iterator[Figure]:
    """Three figures: `--help`, `serve` until `/health` answers, and the memory of `serve` then."""
    pairs = [(1 / _seconds("-m", "howwasschool", "--help"), 1 / _seconds("-c", "import click")) for _ in range(ROUNDS)]
    yield figure("start help", "-", pairs, mark=MARK)
    times, weights = [], []
    for _ in range(ROUNDS):
        bare_seconds, bare_kib = _bare()
        seconds, kib = _served(databases.url("sqlite"))
        times.append((1 / seconds, 1 / bare_seconds))
        weights.append((1024 / kib, 1024 / bare_kib))
    yield figure("start serve", "sqlite", times, mark=MARK)
    yield figure("start memory", "sqlite", weights, mark=MARK)


def _seconds(*arguments: str) -> float:
    began = perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)  # noqa: S603  our own
    return perf_counter() - began


def _bare() -> tuple[float, int]:
    """The bare import of all dependencies: seconds, and KiB resident afterwards."""
    told = "import sys; sys.stdout.write('ready\\n'); sys.stdout.flush(); sys.stdin.read()"
    began = perf_counter()
    with _running("-c", f"import {DEPENDENCIES}\n{told}") as process:
        if process.stdout is not None:
            process.stdout.readline()
        seconds, kib = perf_counter() - began, _resident(process.pid)
        process.communicate()
    return seconds, kib


def _served(url: str) -> tuple[float, int]:
    """`serve` on a migrated database, until `/health` says 200: seconds, and KiB resident then."""
    environment = os.environ | {"HOWWASSCHOOL_DATABASE_URL": url}
    subprocess.run([sys.executable, "-m", "howwasschool", "migrate"], env=environment, check=True, capture_output=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    began = perf_counter()
    command = ("-m", "howwasschool", "serve", "--rehearsal", "--port", str(port))
    with _running(*command, environment=environment) as process:
        try:
            until_well(f"http://127.0.0.1:{port}/health", began + PATIENCE_SECONDS)
            return perf_counter() - began, _resident(process.pid)
        finally:
            process.terminate()
            process.communicate(timeout=PATIENCE_SECONDS)


def _running(*arguments: str, environment: dict[str, str] | None = None) -> subprocess.Popen[str]:
    command = [sys.executable, *arguments]
    return subprocess.Popen(  # noqa: S603  our own commands
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def until_well(url: str, deadline: float, *, says: str = "") -> None:
    """Returns once /health answers 200, and says those words; raises TimeoutError at the deadline."""
    while perf_counter() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310  our own address
                if answer.status == 200 and says.encode() in answer.read():
                    return
        except (urllib.error.URLError, ConnectionError):
            sleep(0.005)
    raise TimeoutError("serve did not get ready")


def _resident(pid: int) -> int:
    """KiB of a process's own and shared memory, as Linux counts it."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    found = re.search(r"VmRSS:\s+(\d+)", status)
    return int(found[1]) if found else 1
