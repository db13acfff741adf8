"""The main job from the first text to the confirmed code, played through the real doors and told as a story."""

from __future__ import annotations

import itertools
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Any, NoReturn

import httpx

from howwasschool.bench.clients import signature
from howwasschool.clock import real
from howwasschool.demo.dial import LONDON
from howwasschool.demo.made_up import MadeUp, make_up
from howwasschool.demo.people import BY_KEY
from howwasschool.demo.throwaway import ACCOUNT, PUBLIC_URL, throwaway_settings
from howwasschool.lines import REHEARSAL_NUMBER
from howwasschool.opening import opened
from howwasschool.settings import Settings
from howwasschool.wiring import House, Options, build

DOOR = "/webhooks/twilio/sms"
READY_SECONDS = 20.0
ONE_SEGMENT = 160


class StoryFailed(Exception):  # noqa: N818  it says what happened
    """Something of the main job did not happen; the message says what."""


def tell(folder: Path, *, say: Callable[[str], None]) -> None:
    """Plays the story in a new house and says each step as it happens; raises StoryFailed."""
    settings = throwaway_settings(folder)
    with opened(settings) as database:
        made_up = make_up(database, now=real())
        house = build(settings, database, Options(rehearsal=True))
        with _served(house) as url, httpx.Client(base_url=url, timeout=20) as client:
            _Story(client, settings, house, made_up, say).play()


class _Story:
    """The steps, each of which checks what it tells."""

    def __init__(
        self, client: httpx.Client, settings: Settings, house: House, made_up: MadeUp, say: Callable[[str], None]
    ) -> None:
        self._client = client
        self._secret = settings.twilio_auth_token.get_secret_value() if settings.twilio_auth_token else ""
        self._house = house
        self._made_up = made_up
        self._say = say
        self._sids = itertools.count(1)
        self._seen = 0

    def play(self) -> None:
        """A text, its absence, its receipt, the office's click; then an undo, and a stranger at the door."""
        now = self._house.clock().astimezone(LONDON)
        today = now.date().isoformat()
        self._say(f"{self._made_up.name}, a made-up school. It is {now:%A} {now.day} {now:%B}, {now:%H:%M}.\n")
        self._text("joanne", "Maya poorly, been sick in the night")
        self._reply("Maya")
        self._filed("Maya Hart", today, code="I")
        self._confirmed("Maya Hart", today)
        self._text("grace", "Leo has the dentist at 2")
        self._reply("Leo")
        self._text("grace", "0")
        self._reply("Leo")
        self._withdrawn("Leo Okafor", today)
        self._forged()
        self._say(
            "\nThat was the main job: a text in, the absence filed, the receipt out, the code confirmed by staff."
        )

    # Steps ------------------------------------------------------------------------------------

    def _text(self, key: str, words: str) -> None:
        actor = BY_KEY[key]
        self._say(f"  {actor.person.label.partition(':')[0]} texts:  {words}")
        answer = self._knock(actor.number, words, secret=self._secret)
        if answer.status_code != httpx.codes.OK:
            _failed(f"the webhook answered {answer.status_code}")

    def _reply(self, named: str) -> None:
        """The receipt that went out last, in one segment, with the child's name and a way to undo."""
        self._house.settle()
        sent = self._get(self._made_up.administrator, "/rehearsal/sent")["items"][self._seen :]
        if len(sent) != 1:
            _failed(f"one reply was expected, {len(sent)} would have gone")
        self._seen += 1
        words, segments = sent[0]["words"], sent[0]["segments"]
        if named not in words or segments != 1 or len(words) > ONE_SEGMENT:
            _failed(f"the reply is not a receipt in one segment: {words!r}")
        self._say(f"  the school replies:  {words}   [{segments} segment]\n")

    def _filed(self, name: str, day: str, *, code: str) -> None:
        absences = self._absences(name, day)
        if [row["session"] for row in absences] != ["AM", "PM"]:
            _failed(f"{name} is not filed for both sessions of the day")
        if {row["proposed_code"] for row in absences} != {code}:
            _failed(f"{code} is not proposed for {name}")
        self._say(f"  The office sees:     {name}, {absences[0]['kind']}, morning and afternoon, proposed code {code}")

    def _confirmed(self, name: str, day: str) -> None:
        for row in self._absences(name, day):
            answer = self._client.patch(
                f"/api/v1/absences/{row['id']}",
                json={"confirm": True},
                headers={"Authorization": f"Bearer {self._made_up.office}", "If-Match": f'"{row["version"]}"'},
            )
            if answer.is_error:
                _failed(f"the confirmation was refused: {answer.status_code}")
        absences = self._absences(name, day)
        if {(row["status"], row["code"]) for row in absences} != {("confirmed", absences[0]["proposed_code"])}:
            _failed("the absence is not confirmed")
        self._say(f"  The office confirms: {absences[0]['code']} for both sessions\n")

    def _withdrawn(self, name: str, day: str) -> None:
        absences = self._absences(name, day)
        if not absences or {row["status"] for row in absences} != {"withdrawn"}:
            _failed(f"{name}'s appointment still stands after 0")
        self._say(f"  The office sees:     {name}'s appointment was withdrawn by the parent\n")

    def _forged(self) -> None:
        answer = self._knock(BY_KEY["tom"].number, "Ella is off today", secret="somebody else's")  # noqa: S106  made up
        if answer.status_code != httpx.codes.FORBIDDEN:
            _failed(f"a forged text was answered {answer.status_code}")
        self._say("  A text that Twilio did not sign is refused at the door (403).")

    # Doors ------------------------------------------------------------------------------------

    def _knock(self, sender: str, words: str, *, secret: str) -> httpx.Response:
        sid = f"SM{next(self._sids):032x}"
        form = {
            "MessageSid": sid, "SmsSid": sid, "AccountSid": ACCOUNT, "From": sender, "To": REHEARSAL_NUMBER,
            "Body": words, "NumMedia": "0", "NumSegments": "1", "SmsStatus": "received", "ApiVersion": "2010-04-01",
        }  # fmt: skip
        headers = {"X-Twilio-Signature": signature(PUBLIC_URL + DOOR, form, secret)}
        return self._client.post(DOOR, data=form, headers=headers)

    def _absences(self, name: str, day: str) -> list[dict[str, Any]]:
        found = self._get(self._made_up.office, "/api/v1/absences", date=day)["items"]
        return [row for row in found if row["pupil_name"] == name]

    def _get(self, secret: str, path: str, **params: str) -> dict[str, Any]:
        answer = self._client.get(path, params=params, headers={"Authorization": f"Bearer {secret}"})
        if answer.is_error:
            _failed(f"{path} answered {answer.status_code}")
        found: dict[str, Any] = answer.json()
        return found


def _failed(what: str) -> NoReturn:
    raise StoryFailed(f"The story stopped: {what}.")


@contextmanager
def _served(house: House) -> Iterator[str]:
    """The house behind a real port of this machine, in a thread; gone afterwards."""
    import uvicorn

    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(house.app, log_config=None, access_log=False, timeout_graceful_shutdown=2)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    deadline = monotonic() + READY_SECONDS
    while not server.started:
        if monotonic() > deadline or not thread.is_alive():
            _failed("the server did not start")
        sleep(0.01)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(READY_SECONDS)
        listener.close()
