"""The demo's page and its fragments as HTML: what they show, in plain values, and how it is rendered."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
FRAGMENTS = ("clock", "phone", "board")


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody whom a visitor can be: a parent of the made-up school, or a stranger."""

    key: str
    label: str
    about: str
    tries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Bubble:
    """A text on the phone: `side` mine or theirs; times are the school's own; `buttons` are (key, label)."""

    side: str
    text: str
    iso: str
    time: str
    segments: str = ""
    token: str = ""
    buttons: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What somebody wrote, as staff see it."""

    words: str
    who: str
    when: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Click:
    """Something that staff may do: the deed as the form sends it, its label, and for ears alone what it is about."""

    deed: str
    label: str
    about: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Blank:
    """A field to fill in; `choices` are (value, label)."""

    id: str
    name: str
    label: str
    kind: str = "text"
    value: str = ""
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """One thing on a desk: what is known of it, what was said, what may be done."""

    key: str
    title: str = ""
    facts: tuple[str, ...] = ()
    said: tuple[Words, ...] = ()
    blanks: tuple[Blank, ...] = ()
    clicks: tuple[Click, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The matters of one kind; `hint` stands where there is none."""

    key: str
    title: str
    hint: str = ""
    matters: tuple[Matter, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A child's absence on one day: one click confirms its sessions; `absences` are (id, version)."""

    key: str
    name: str
    class_name: str
    what: str
    status: str
    absences: tuple[tuple[str, int], ...]
    said: tuple[Words, ...] = ()
    proposed: str = ""
    proposed_means: str = ""
    code: str = ""
    code_means: str = ""
    clicks: tuple[Click, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """The cards of one school day."""

    title: str
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Something for a person: `why` in words, the parent's words where this reader may see them, what may be done."""

    why: str
    words: str = ""
    who: str = ""
    when: str = ""
    urgent: bool = False
    key: str = ""
    blanks: tuple[Blank, ...] = ()
    clicks: tuple[Click, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """A text that would have gone."""

    words: str
    iso: str
    time: str
    to: str
    purpose: str
    segments: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dial:
    """The rehearsal's clock, and where it may be moved to as (key, label)."""

    day: str
    iso: str
    time: str
    note: str = ""
    moves: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """A pupil in the morning's register; `mark` is "" while there is none."""

    id: str
    name: str
    class_name: str
    mark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingChild:
    """A child of whom nobody knows where it is, and how far the asking is, in words."""

    name: str
    state: str
    urgent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingAlerts:
    """Alerts that wait for one click: why, and whose."""

    id: str
    why: str
    whose: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Morning:
    """Today's morning register, and what follows from it. `may_clear`: somebody was alarmed and not cleared yet."""

    pupils: tuple[Marked, ...] = ()
    classes: tuple[str, ...] = ()
    missing: tuple[MissingChild, ...] = ()
    waiting: tuple[WaitingAlerts, ...] = ()
    may_clear: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """The school's side, as one role sees it."""

    days: tuple[Day, ...] = ()
    held: tuple[str, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    worries: tuple[Waiting, ...] = ()
    sent: tuple[Gone, ...] = ()
    morning: Morning = field(default_factory=Morning)
    desk: tuple[Group, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One visitor's page: who they are on the phone, by which channel, and as whom they look at the school.

    `elsewhere` is the other channel, where the school's latest words to this parent came by that one.
    """

    school: dict[str, str]
    people: tuple[Person, ...]
    chosen: Person
    by: str
    role: str
    line: str
    query: str
    clock: Dial
    messages: tuple[Bubble, ...] = ()
    elsewhere: str = ""
    board: Board = field(default_factory=Board)

    def as_names(self) -> dict[str, Any]:
        """What the templates may use."""
        board = self.board
        return {
            "school": self.school, "people": self.people, "chosen": self.chosen, "by": self.by, "role": self.role,
            "line": self.line, "query": self.query, "clock": self.clock, "messages": self.messages,
            "channels": CHANNELS, "roles": ROLES, "role_links": {key: self._as_role(key) for key, _ in ROLES},
            "days": board.days, "held": board.held, "waiting": board.waiting,
            "worries": board.worries, "sent": board.sent, "morning": board.morning,
            "desk": board.desk, "elsewhere": dict(CHANNELS).get(self.elsewhere, ""), "elsewhere_link": self._by(),
        }  # fmt: skip

    def _by(self) -> str:
        return f"/?as={self.chosen.key}&by={self.elsewhere}&role={self.role}"

    def _as_role(self, role: str) -> str:
        return f"/?as={self.chosen.key}&by={self.by}&role={role}#school"


CHANNELS = (("sms", "SMS"), ("telegram", "Telegram"))
ROLES = (("office", "Office"), ("head", "Head"), ("pastoral", "Pastoral"), ("lead", "Safeguarding lead"))


@cache
def _templates() -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )


def render(name: str, view: View) -> str:
    """The page, or one of its `FRAGMENTS`, for a visitor."""
    html: str = _templates().get_template(f"{name}.html").render(view.as_names())
    return html
