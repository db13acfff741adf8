"""A real `howwasschool serve` in a process of its own, that a test may stop, kill and start again."""

from __future__ import annotations

import os
import signal
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlencode

from twilio.request_validator import RequestValidator

from tests.guarantees.launcher import Launcher

AUTH_TOKEN = "made-up-auth-token-of-the-tests"
OUR_NUMBER = "+447700900000"
PUBLIC_URL = "https://texts.example.test"
ROSTER_HEADER = (
    "pupil_id,first_name,known_as,surname,class,year,contact_id,contact_name,phone,language,priority,may_report,"
    "may_be_told,may_see_reasons,may_request_leave,lives_with,no_contact"
)
# Generous: a loaded machine is slow, and nobody waits who need not.
PATIENCE_SECONDS = 180


def number(family: int) -> str:
    """The mobile of a made-up family's parent, in Ofcom's range for drama."""
    return f"+447700900{100 + family:03d}"


def roster(families: int) -> str:
    """One child and one parent for each family; names have no digits, as names have none."""
    rows = [ROSTER_HEADER]
    for family in range(families):
        name = "Kid" + "".join(chr(ord("a") + int(digit)) for digit in f"{family:03d}")
        rows.append(
            f"P{family},{name},{name},Sample,4B,4,C{family},Parent {name},{number(family)},en,1,yes,yes,yes,yes,yes,no"
        )
    return "\n".join(rows) + "\n"


class Serving:
    """A house on one database: set up by its own commands, served by `serve`, reached through its own doors."""

    def __init__(self, database_url: str, folder: Path, launcher: Launcher, *, twilio_url: str = "") -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith("HOWWASSCHOOL_")}
        self.environment |= {
            "HOWWASSCHOOL_DATABASE_URL": database_url,
            "HOWWASSCHOOL_SECRET_KEY": "made-up-secret-key-of-the-tests-0123456789",
            "HOWWASSCHOOL_PUBLIC_URL": PUBLIC_URL,
            "HOWWASSCHOOL_TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
            "HOWWASSCHOOL_TWILIO_AUTH_TOKEN": AUTH_TOKEN,
            "HOWWASSCHOOL_TWILIO_FROM": OUR_NUMBER,
            "HOWWASSCHOOL_TWILIO_API_URL": twilio_url,
        }
        self.log = folder / "serve.log"
        self.folder = folder
        self._launcher = launcher
        self._pid = 0

    # Set-up -----------------------------------------------------------------------------------

    def command(self, *arguments: str) -> str:
        """Runs one of our commands on this database and returns what it printed."""
        printed = self.folder / "printed.txt"
        printed.unlink(missing_ok=True)
        code = self._launcher.wait(self._launch(arguments, printed))
        said = printed.read_text(encoding="utf-8")
        assert code == 0, f"{arguments[0]} failed: {said}"
        return said

    def set_up(self, *, families: int) -> None:
        """A school with so many families."""
        self.set_up_with(roster(families))

    def set_up_with(self, rows: str, *, name: str = "Sample", phone: str = "01632 960000") -> None:
        """A school with the families of this roster; `name` is what texts call it."""
        path = self.folder / "roster.csv"
        path.write_text(rows, encoding="utf-8")
        self.command("school", "add", f"{name} Primary", "--short-name", name, "--phone", phone)
        self.command("import", "roster", str(path))

    # Running ----------------------------------------------------------------------------------

    def start(self, *options: str) -> None:
        """Starts `serve` and waits until it says that it is well."""
        self._pid = self._launch(("serve", "--port", str(self.port), *options), self.log)
        self.until_well()

    def until_well(self) -> None:
        """Waits for `/health`."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            assert not self._launcher.has_ended(self._pid), f"serve ended: {self.log.read_text()[-2000:]}"
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health", timeout=2):
                    return
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.01)
        raise AssertionError(f"serve is not well: {self.log.read_text()[-2000:]}")

    def kill(self) -> None:
        """As a power cut would: no signal that it could handle."""
        os.kill(self._pid, signal.SIGKILL)
        assert self._launcher.wait(self._pid) == -signal.SIGKILL
        self._pid = 0

    def stop(self) -> float:
        """Asks it to stop, as an init system would; returns how many seconds it took."""
        began = time.monotonic()
        os.kill(self._pid, signal.SIGTERM)
        assert self._launcher.wait(self._pid) == 0, self.log.read_text()[-2000:]
        self._pid = 0
        return time.monotonic() - began

    def end(self) -> None:
        """Whatever became of it, it is gone afterwards."""
        if self._pid and not self._launcher.has_ended(self._pid):
            self.kill()

    def _launch(self, arguments: Sequence[str], log: Path) -> int:
        return self._launcher.start(arguments, environment=self.environment, folder=self.folder, log=log)


class Phone:
    """Posts texts as Twilio would, signed, over one kept-alive connection; one for each thread of a test."""

    def __init__(self, serving: Serving) -> None:
        self._serving = serving
        self._validator = RequestValidator(AUTH_TOKEN)
        self._connection: HTTPConnection | None = None

    def text(self, sender: str, words: str, sid: str) -> int | None:
        """The status of the answer; None where there was none, so that nothing was acknowledged."""
        form = {
            "MessageSid": sid, "SmsSid": sid, "AccountSid": "AC" + "0" * 32, "From": sender, "To": OUR_NUMBER,
            "Body": words, "NumMedia": "0", "NumSegments": "1", "SmsStatus": "received", "ApiVersion": "2010-04-01",
        }  # fmt: skip
        signature = self._validator.compute_signature(f"{PUBLIC_URL}/webhooks/twilio/sms", form)
        headers = {"Content-Type": "application/x-www-form-urlencoded", "X-Twilio-Signature": signature}
        try:
            if self._connection is None:
                self._connection = HTTPConnection("127.0.0.1", self._serving.port, timeout=60)
            self._connection.request("POST", "/webhooks/twilio/sms", urlencode(form), headers)
            answer = self._connection.getresponse()
            answer.read()
        except (OSError, HTTPException):
            # The other end died, in mid-answer or before.
            self.hang_up()
            return None
        return answer.status

    def hang_up(self) -> None:
        """Closes the connection; the next text opens another."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
