"""The bench `turns`: texts over HTTP to a running house, durable, against the same turns written by the raw driver."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter

from howwasschool.bench import corpus
from howwasschool.bench.bare_turns import BareTurns
from howwasschool.bench.clients import Clients
from howwasschool.bench.databases import KINDS, Databases
from howwasschool.bench.families import OUR_NUMBER, Family, settle
from howwasschool.bench.measure import Figure, figure
from howwasschool.bench.start import until_well
from howwasschool.clock import real
from howwasschool.packs import ALL_READ
from school.records.database import Database

TEXTS = 1_500
ROUNDS = 3
MARK = 1.0
SECRET = "made-up-auth-token-of-the-bench"  # noqa: S105  nobody's
PUBLIC_URL = "https://texts.example.test"
PATIENCE_SECONDS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class School:
    """A database with a school whose families text once each."""

    url: str
    school_id: str
    families: Sequence[Family]
    words: Sequence[str]


def turns(databases: Databases) -> Iterator[Figure]:
    """Turns a second: signed texts from 32 clients, each acknowledged once it is on disk; one family, one text."""
    for kind in KINDS:
        with Clients() as clients:
            pairs = [_round(databases, kind, clients, bare_first=bool(number % 2)) for number in range(ROUNDS + 1)]
        yield figure("turns", kind, pairs[1:], mark=MARK)


def _round(databases: Databases, kind: str, clients: Clients, *, bare_first: bool) -> tuple[float, float]:
    """One rate of ours and one of the bare work, each on a new database."""
    bare = _bare(made_up(databases, kind)) if bare_first else 0.0
    ours = _ours(clients, made_up(databases, kind))
    return ours, bare or _bare(made_up(databases, kind))


def made_up(databases: Databases, kind: str) -> School:
    """A new database of that kind, and what its families will text: the labelled texts with the child's own name."""
    from school.installation import mark
    from school.migrations import upgrade

    url = databases.url(kind)
    upgrade(url)
    database = Database(url)
    now = real()
    with database.write() as session:
        mark(session, "rehearsal", now=now)
    school_id, families = settle(database, TEXTS, now=now)
    database.close()
    return School(url=url, school_id=school_id, families=families, words=_words(families))


def _words(families: Sequence[Family]) -> list[str]:
    """Each family's text: an English one about one child, who is called by this family's child's name."""
    able = [each for each in corpus.records() if each["lang"] == "en" and len(each["children"]) == 1]
    said = []
    for number, family in enumerate(families):
        record = able[number % len(able)]
        words = str(record["text"])
        for name in (record["children"][0]["known_as"], record["children"][0]["name"].split()[0]):
            words = words.replace(name, family.name)
        said.append(words)
    return said


def _ours(clients: Clients, school: School) -> float:
    forms = [_form(number, family.number, words) for number, (family, words) in enumerate(_pairs(school))]
    with _served(school.url) as address:
        done = clients.post(
            f"{address}/webhooks/twilio/sms",
            forms,
            public_url=f"{PUBLIC_URL}/webhooks/twilio/sms",
            secret=SECRET,
        )
    if done.refused:
        raise RuntimeError(f"{done.refused} of {len(forms)} texts were not acknowledged")
    return done.answered / done.seconds


def _pairs(school: School) -> Iterator[tuple[Family, str]]:
    return zip(school.families, school.words, strict=True)


def _form(number: int, sender: str, words: str) -> Mapping[str, str]:
    sid = f"SM{number:032x}"
    return {
        "MessageSid": sid, "SmsSid": sid, "AccountSid": "AC" + "0" * 32, "From": sender, "To": OUR_NUMBER,
        "Body": words, "NumMedia": "0", "NumSegments": "1", "SmsStatus": "received", "ApiVersion": "2010-04-01",
    }  # fmt: skip


@contextmanager
def _served(url: str) -> Iterator[str]:
    """The address of `serve` on that database, in a process of its own; a rehearsal, so that nothing leaves."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {
        "HOWWASSCHOOL_DATABASE_URL": url,
        "HOWWASSCHOOL_SECRET_KEY": "made-up-secret-key-of-the-bench-0123456789",
        "HOWWASSCHOOL_PUBLIC_URL": PUBLIC_URL,
        "HOWWASSCHOOL_TWILIO_AUTH_TOKEN": SECRET,
    }
    command = [sys.executable, "-m", "howwasschool", "serve", "--rehearsal", "--port", str(port)]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603  our own
    try:
        # The languages are read after the door opens: that is the bench `start`'s to weigh.
        until_well(f"http://127.0.0.1:{port}/health", perf_counter() + PATIENCE_SECONDS, says=ALL_READ)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE_SECONDS)


def _bare(school: School) -> float:
    bare = BareTurns(school.url, school.school_id)
    try:
        began = perf_counter()
        for number, (family, words) in enumerate(_pairs(school)):
            bare.take(family, words, provider_id=f"SM{number:032x}")
        return len(school.families) / (perf_counter() - began)
    finally:
        bare.close()
