"""The made-up phones of the demo: what each sent, and what would have reached it, in the order of a real screen."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from threading import Lock
from zoneinfo import ZoneInfo

from howwasschool.demo.pages import Bubble
from howwasschool.demo.words import segments
from school.records.database import Database
from school.records.outgoing import Departed, departed

LONDON = ZoneInfo("Europe/London")
AT_ONCE = 200


class Phones:
    """All phones of one made-up school. What came in is read from the outbox, so nothing is shown that did not go."""

    def __init__(self, database: Database, school_id: str) -> None:
        self._database = database
        self._school_id = school_id
        self._talks: dict[tuple[str, str], list[Bubble]] = defaultdict(list)
        self._last = ""
        self._lock = Lock()

    def sent(self, channel: str, address: str, words: str, *, at: datetime) -> None:
        """A phone sent a text; what had reached it before stands above."""
        with self._lock:
            self._catch_up()
            self._talks[channel, address].append(_mine(words, at))

    def pressed(self, channel: str, address: str, token: str, key: str, *, at: datetime) -> None:
        """A phone pressed a button: its label stands as if it had been typed."""
        with self._lock:
            self._catch_up()
            talk = self._talks[channel, address]
            labels = {key: label for bubble in talk if bubble.token == token for key, label in bubble.buttons}
            talk.append(_mine(labels.get(key, key), at))

    def talk(self, channel: str, address: str) -> tuple[Bubble, ...]:
        """A phone's screen, oldest first; only the last text of ours still has its buttons."""
        with self._lock:
            self._catch_up()
            talk = tuple(self._talks[channel, address])
        last = talk[-1:]
        return tuple(_without_buttons(bubble) for bubble in talk[:-1]) + last

    def _catch_up(self) -> None:
        while True:
            with self._database.read() as session:
                rows = departed(session, self._school_id, after=self._last, limit=AT_ONCE)
            for row in rows:
                self._last = row.id
                self._talks[row.channel, row.address].append(_theirs(row))
            if len(rows) < AT_ONCE:
                return


def _mine(words: str, at: datetime) -> Bubble:
    return Bubble(side="mine", text=words, iso=_iso(at), time=_clock(at))


def _theirs(row: Departed) -> Bubble:
    pressed = [(str(label), *str(data).partition(":")[::2]) for label, data in row.buttons]
    return Bubble(
        side="theirs",
        text=row.body or "",
        segments=segments(row.segments) if row.channel == "sms" else "",
        token=pressed[0][1] if pressed else "",
        buttons=tuple((key, label) for label, _, key in pressed),
        iso=_iso(row.sent_at),
        time=_clock(row.sent_at),
    )


def _without_buttons(bubble: Bubble) -> Bubble:
    return Bubble(side=bubble.side, text=bubble.text, iso=bubble.iso, time=bubble.time, segments=bubble.segments)


def _iso(at: datetime) -> str:
    return at.astimezone(LONDON).isoformat(timespec="minutes")


def _clock(at: datetime) -> str:
    return f"{at.astimezone(LONDON):%H:%M}"
