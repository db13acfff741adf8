"""The side of the SMS: a real `serve`, a rehearsal whose clock is put, texts signed by Twilio's own library."""

from __future__ import annotations

import itertools
import json
import urllib.error
import urllib.request
from datetime import date, datetime
from http import HTTPStatus
from typing import Any

from tests.fifteen.school import number
from tests.guarantees.serving import PUBLIC_URL, Phone, Serving


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

    def show(self, who: str, data: bytes) -> None:
        """Opens the link that stands last in the last text, as a messenger does first, and uploads the photo there."""
        link = self.heard(who)[-1].rsplit(" ", 1)[-1]
        assert link.startswith(f"{PUBLIC_URL}/e/")
        path = link.removeprefix(PUBLIC_URL)
        for _ in range(2):
            assert self._browse(path)[0] == HTTPStatus.OK
        status, page = self._browse(path, data)
        assert status == HTTPStatus.OK, page
        assert self._browse(path, data)[0] == HTTPStatus.NOT_FOUND, "a link works once"
        assert path.removeprefix("/e/") not in self._serving.log.read_text(encoding="utf-8")

    def _browse(self, path: str, data: bytes | None = None) -> tuple[int, str]:
        """What a browser without a script gets; with data, what it posts by the page's form."""
        form = (
            None
            if data is None
            else b'--edge\r\nContent-Disposition: form-data; name="file"; filename="IMG_1.jpg"\r\n'
            b"Content-Type: image/jpeg\r\n\r\n" + data + b"\r\n--edge--\r\n"
        )
        asked = urllib.request.Request(
            f"http://127.0.0.1:{self._serving.port}{path}",
            data=form,
            headers={"Content-Type": "multipart/form-data; boundary=edge"} if form else {},
        )
        try:
            with urllib.request.urlopen(asked, timeout=120) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read().decode()

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
