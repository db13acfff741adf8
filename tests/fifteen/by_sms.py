"""The side of the SMS: a real `serve`, a rehearsal whose clock is put, texts signed by Twilio's own library."""

from __future__ import annotations

import itertools
import json
import urllib.error
import urllib.request
from datetime import date, datetime
from typing import Any

from tests.fifteen.school import number
from tests.guarantees.serving import Phone, Serving


class BySms:
    """`Side` over HTTP alone."""

    tuesday = date(2026, 3, 3)

    def __init__(self, serving: Serving) -> None:
        self._serving = serving
        self._phone = Phone(serving)
        self._sids = itertools.count(1)
        roles = ("office", "head", "pastoral", "administrator")
        self._keys = {role: serving.command("token", "add", role, "--role", role).split()[-1] for role in roles}

    def address(self, who: str) -> str:
        """The mobile's number."""
        return number(who)

    def text(self, who: str, words: str) -> None:
        """Posts it as Twilio would: once more where a connection that was kept open had been closed meanwhile."""
        sid = f"SM{next(self._sids):032x}"
        status = self._phone.text(number(who), words, sid) or self._phone.text(number(who), words, sid)
        assert status == 200, f"the webhook said {status}"

    def heard(self, who: str) -> list[str]:
        """What would have gone to that number."""
        sent: list[dict[str, Any]] = []
        after = ""
        while True:
            page = self._get(f"/rehearsal/sent?limit=200{after}")
            sent += page["items"]
            if not page.get("next"):
                return [each["words"] for each in sent if each["recipient"] == number(who)]
            after = f"&after={page['next']}"

    def move(self, to: datetime) -> None:
        """Puts the rehearsal's clock."""
        self._request("administrator", "PUT", "/rehearsal/clock", {"now": to.isoformat()})

    def ask(self, role: str, method: str, path: str, **more: Any) -> Any:
        """One request of a member of staff."""
        return self._request(role, method, f"/api/v1{path}", more.get("json"), more.get("headers"))

    def _get(self, path: str) -> Any:
        return self._request("administrator", "GET", path)

    def _request(
        self, role: str, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> Any:
        asked = urllib.request.Request(
            f"http://127.0.0.1:{self._serving.port}{path}",
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {self._keys[role]}", "Content-Type": "application/json"}
            | (headers or {}),
            method=method,
        )
        try:
            with urllib.request.urlopen(asked, timeout=120) as answer:
                said = answer.read()
        except urllib.error.HTTPError as refused:
            raise AssertionError(f"{method} {path}: {refused.code} {refused.read().decode()}") from None
        return json.loads(said) if said else None

    def close(self) -> None:
        """Hangs up."""
        self._phone.hang_up()
