"""The school in which all conversations are held, and what a channel's side must be able to do."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from string import ascii_lowercase
from typing import Any, Protocol

from tests.guarantees.serving import ROSTER_HEADER

# Adults and the child of each; Gwen and Gus are two homes of one child. Lil's home speaks Polish.
FAMILIES = {
    "Ada": "Maya", "Ben": "Sam", "Carla": "Nina", "Dora": "Omar", "Eve": "Tom", "Finn": "Rosa", "Gwen": "Abel",
    "Gus": "Abel", "Hugo": "Lena", "Ivy": "Kit", "Jo": "Una", "Kay": "Dan", "Lil": "Ola", "Mo": "Ravi", "Nell": "Bea",
}  # fmt: skip
STRANGER = "Stranger"
POLISH = "Lil"
# The class of which nobody is marked on Wednesday.
OTHER_CLASS = {"Kit"}
CLASSMATES = {"4B": 26, "2A": 6}
# Generous: a loaded machine is slow, and nobody waits who need not.
PATIENCE_SECONDS = 60


def number(who: str) -> str:
    """An adult's mobile; the stranger's is on nobody's record."""
    return f"+447700900{[*FAMILIES, STRANGER].index(who) + 101}"


def class_of(child: str) -> str:
    """The class of a child."""
    return "2A" if child in OTHER_CLASS else "4B"


def roster() -> str:
    """All families, and classmates who have no contact on record."""
    rows = [ROSTER_HEADER]
    for who, child in FAMILIES.items():
        language = "pl" if who == POLISH else "en"
        rows.append(
            f"P-{child},{child},{child},Sample,{class_of(child)},{class_of(child)[0]},C-{who},{who},{number(who)},"
            f"{language},{1 if who != 'Gus' else 2},yes,yes,yes,yes,yes,no"
        )
    for class_name, count in CLASSMATES.items():
        rows += [
            f"P-{class_name}-{each},Mate{class_name[1]}{ascii_lowercase[each]},,Sample,{class_name},{class_name[0]},,,,,,,,,,,"
            for each in range(count)
        ]
    return "\n".join(rows) + "\n"


class Side(Protocol):
    """A channel: how adults write and read there, and the doors of the house beside it.

    `tuesday` is the first day of the story, in term and in winter, when London's time is UTC.
    """

    tuesday: date

    def address(self, who: str) -> str:
        """The adult's number or chat, as staff see it."""

    def text(self, who: str, words: str) -> None:
        """That adult writes; returns once the house has it."""

    def show(self, who: str, data: bytes) -> None:
        """That adult sends a photo in the way that the school's last text to them offers."""

    def heard(self, who: str) -> list[str]:
        """All that the adult's phone has shown, oldest first."""

    def move(self, to: datetime) -> None:
        """The school's clock stands there now, and what is due has its turn."""

    def ask(self, role: str, method: str, path: str, **more: Any) -> Any:
        """One request to the API by a member of staff of that role; fails where it is refused."""


def at(day: date, hour: int, minute: int) -> datetime:
    """A moment of that day."""
    return datetime.combine(day, clock_time(hour, minute), UTC)


def until(look: Callable[[], Any], what: str) -> Any:
    """What `look` finds, as soon as it finds something."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not (found := look()):
        assert time.monotonic() < deadline, what
        time.sleep(0.05)
    return found


class Story:
    """Reads each phone from where it was read last."""

    def __init__(self, side: Side) -> None:
        self.side = side
        self.tuesday, self.wednesday, self.thursday = (side.tuesday + timedelta(days=each) for each in range(3))
        self._read = dict.fromkeys([*FAMILIES, STRANGER], 0)
        roll = side.ask("office", "GET", "/pupils?limit=200")["items"]
        self.pupils = {each["first_name"]: each["id"] for each in roll}
        self._classes = {each["first_name"]: each["class_name"] for each in roll}

    def skip(self, who: str) -> None:
        """Whatever is on that phone was read."""
        self._read[who] = len(self.side.heard(who))

    def hears(self, who: str, *parts: str) -> str:
        """The next messages on that phone, as soon as they say all of these."""

        def look() -> str | None:
            said = "\n".join(self.side.heard(who)[self._read[who] :])
            return said if all(part in said for part in parts) else None

        said: str = until(look, f"{who} should hear {parts}, and hears {self.side.heard(who)[self._read[who] :]}")
        self.skip(who)
        return said

    def says(self, who: str, words: str, *parts: str) -> str:
        """That adult writes, and hears all of these."""
        self.skip(who)
        self.side.text(who, words)
        return self.hears(who, *parts)

    def silent(self, who: str) -> None:
        """Nothing new stands on that phone."""
        assert self.side.heard(who)[self._read[who] :] == []

    def absent(self, child: str, day: date) -> dict[str, Any]:
        """The child's absence of that day, as staff see it."""

        def look() -> dict[str, Any] | None:
            rows = self.side.ask("office", "GET", f"/absences?limit=200&date={day}")["items"]
            return next((row for row in rows if row["pupil"] == self.pupils[child]), None)

        found: dict[str, Any] = until(look, f"{child} should be off on {day}")
        return found

    def register(self, day: date, class_name: str, **codes: str) -> None:
        """The class is present, but for those named, or for `all`."""
        here = [child for child, in_class in self._classes.items() if in_class == class_name]
        self.marks(day, {child: codes.get(child, codes.get("all", "/")) for child in here})

    def marks(self, day: date, codes: dict[str, str]) -> None:
        """Marks of a morning."""
        rows = [
            {"pupil": self.pupils[child], "date": str(day), "session": "AM", "code": code, "reason": "seen"}
            for child, code in codes.items()
        ]
        self.side.ask("office", "PUT", "/register-marks", json={"marks": rows})
