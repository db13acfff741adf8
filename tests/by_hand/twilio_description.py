"""A text's whole way against a mock server made from Twilio's own description of its interface; run by hand."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import click
from sqlalchemy import create_engine, text
from twilio.request_validator import RequestValidator

from tests.guarantees.launcher import Launcher
from tests.guarantees.serving import AUTH_TOKEN, OUR_NUMBER, PUBLIC_URL, ROSTER_HEADER, Serving
from tests.postgres import Postgres

T = TypeVar("T")

PRISM = "@stoplight/prism-cli@5.16.0"
# The first start downloads Prism; later ones take two seconds.
DOWNLOAD_SECONDS = 120
SEND_SECONDS = 15
PARENT = "+447700900101"
WORDS = "Maya poorly, been sick in the night"
ROSTER = f"""{ROSTER_HEADER}
P1,Maya,Maya,Okafor,4B,4,C1,Ada Okafor,{PARENT},en,1,yes,yes,yes,yes,yes,no
"""
SENT = "SELECT outbox.status, provider_id, segments, body FROM outbox JOIN messages ON messages.id = outbox.message_id"
COLOURS = re.compile(r"\x1b\[[0-9;]*m")


@click.command()
@click.argument("description", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--database", "kinds", multiple=True, type=click.Choice(["sqlite", "postgresql"]), help="Both if absent.")
def main(description: Path, kinds: tuple[str, ...]) -> None:
    """Plays it against the OpenAPI file DESCRIPTION, once on each database; exit 1 at the first fault."""
    with (
        tempfile.TemporaryDirectory() as made,
        mock(description.resolve(), Path(made)) as (twilio_url, log),
        Launcher() as launcher,
    ):
        for kind in kinds or ("sqlite", "postgresql"):
            with database(kind, Path(made)) as url:
                play(kind, url, launcher, twilio_url, log, Path(tempfile.mkdtemp(dir=made)))
    click.echo("All as it must be.")


def play(kind: str, database_url: str, launcher: Launcher, twilio_url: str, log: Path, folder: Path) -> None:
    """Sets a school up, serves it, posts a forged and a signed webhook, and looks at what became of them."""
    click.secho(f"\n== {kind}", bold=True)
    serving = Serving(database_url, folder, launcher, twilio_url=twilio_url)
    (folder / "roster.csv").write_text(ROSTER, encoding="utf-8")
    serving.command("school", "add", "Sample Primary", "--short-name", "Sample", "--phone", "01632 960000")
    serving.command("import", "roster", "roster.csv")
    key = serving.command("token", "add", "by hand", "--role", "office").split()[-1]
    before = len(log.read_text())
    try:
        serving.start()
        door = f"http://127.0.0.1:{serving.port}"
        must("a forged webhook is refused", post(door, forged=True) == 403)
        must("a signed webhook is taken", post(door) == 200)
        must("the same one again is taken too", post(door) == 200)
        absences = curl(f"{door}/api/v1/absences", "-H", f"Authorization: Bearer {key}")["items"]
        click.echo(json.dumps(absences, indent=2))
        must("every absence is reported, as illness", {(each["status"], each["kind"]) for each in absences}
             == {("reported", "sickness")})  # fmt: skip
        must("each session once", len({(each["date"], each["session"]) for each in absences}) == len(absences) > 0)
        until(lambda: all(row["status"] not in {"queued", "sending"} for row in outbox(database_url)), SEND_SECONDS)
        sent = outbox(database_url)
        click.echo(json.dumps(sent, indent=2))
        must(
            "one receipt was sent, in one segment", [(row["status"], row["segments"]) for row in sent] == [("sent", 1)]
        )
        heard = [line for line in COLOURS.sub("", log.read_text()[before:]).splitlines() if line.strip()]
        click.echo("\n".join(heard))
        must("the mock found the request valid", any("passed the validation rules" in line for line in heard))
        must("it complained of nothing", not any(word in line for line in heard for word in ("warning", "error")))
        must("serve stops when asked to", serving.stop() < 10)
    finally:
        serving.end()
        click.echo(serving.log.read_text() if serving.log.exists() else "")


# The parts -----------------------------------------------------------------------------------


@contextlib.contextmanager
def mock(description: Path, folder: Path) -> Iterator[tuple[str, Path]]:
    """Prism on a free port of this machine: its address, and the file that it writes its findings to."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    log = folder / "prism.log"
    # -d makes up a fresh id for each message: the fixed one of the description would be a repeat.
    command = ["npx", "--yes", PRISM, "mock", "-h", "127.0.0.1", "-p", port, "-d", str(description)]
    with log.open("w") as out:
        running = subprocess.Popen(command, cwd=folder, stdout=out, stderr=out, start_new_session=True)
    try:
        until(lambda: running.poll() is not None or "Prism is listening" in log.read_text(), DOWNLOAD_SECONDS)
        must(f"{PRISM} listens", running.poll() is None)
        yield f"http://127.0.0.1:{port}", log
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(running.pid, signal.SIGTERM)
        running.wait()


@contextlib.contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    """The URL of an empty database of a kind."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'school.sqlite3'}"
        return
    with Postgres(f"hand{os.getpid()}") as server, server.database() as url:
        yield url


def post(door: str, *, forged: bool = False) -> int:
    """Posts a parent's text with curl, signed by the official library; the status of the answer."""
    sid = "SM" + "5e" * 16
    form = {
        "ToCountry": "GB", "SmsMessageSid": sid, "NumMedia": "0", "SmsSid": sid, "SmsStatus": "received",
        "Body": WORDS, "FromCountry": "GB", "To": OUR_NUMBER, "NumSegments": "1", "MessageSid": sid,
        "AccountSid": "AC" + "0" * 32, "From": PARENT, "ApiVersion": "2010-04-01",
    }  # fmt: skip
    signer = RequestValidator("somebody-elses-token" if forged else AUTH_TOKEN)
    signature = signer.compute_signature(f"{PUBLIC_URL}/webhooks/twilio/sms", form)
    fields = [part for name, value in form.items() for part in ("--data-urlencode", f"{name}={value}")]
    command = ["curl", "-sS", "-i", f"{door}/webhooks/twilio/sms", "-H", f"X-Twilio-Signature: {signature}", *fields]
    answer = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    click.echo(answer.replace("\r", "").strip())
    return int(answer.split()[1])


def curl(*arguments: str) -> Any:
    """What an address of ours answers, as JSON."""
    return json.loads(subprocess.run(["curl", "-sS", *arguments], capture_output=True, check=True).stdout)


def outbox(database_url: str) -> list[dict[str, Any]]:
    """Each message of ours as it stands, with its words."""
    engine = create_engine(database_url)
    with engine.connect() as connection:
        rows = [dict(row) for row in connection.execute(text(SENT)).mappings()]
    engine.dispose()
    return rows


def until(look: Callable[[], T], seconds: float) -> T:
    """What `look` finds, as soon as it finds something; after so many seconds, whatever it finds."""
    deadline = time.monotonic() + seconds
    while not (found := look()) and time.monotonic() < deadline:
        time.sleep(0.1)
    return found


def must(what: str, so: bool) -> None:
    """Says whether a thing is as it must be, and ends everything if it is not."""
    click.secho(f"{'ok ' if so else 'NOT'} {what}", fg="green" if so else "red")
    if not so:
        sys.exit(1)


if __name__ == "__main__":
    main()
