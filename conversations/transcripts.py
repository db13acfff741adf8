"""Transcripts: conversations as a head teacher can read and write them, parsed and written (`docs/transcripts.md`)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, time

HEADER = re.compile(
    r"(?P<key>title|date|channel|language|children|classmates|settings|ring|unjoined|contact|may|weeks|terms|closed)"
    r"(?: (?P<who>\w+))?: (?P<value>.+)"
)
STEP = re.compile(r"(?P<at>\d\d:\d\d) (?:@(?P<who>\w+) )?(?:> ?(?P<text>.*)|\[(?P<action>.+)\])")
DAY = re.compile(r"== (?P<day>\d{4}-\d\d-\d\d)")
CHILD = re.compile(r"(?P<name>[^()]+?)(?: \((?P<class>[^()]+)\))?")

# Who writes where no one is named.
PARENT = "parent"


class TranscriptRefused(ValueError):  # noqa: N818  it says what happened
    """A line of a transcript is not of the format; the message names the line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayedChild:
    """A child of a transcript; the year group is the number that the class begins with."""

    name: str
    class_name: str = ""

    @property
    def year(self) -> str:
        """The year group, "" where the class has no number."""
        found = re.match(r"\d+", self.class_name)
        return found[0] if found else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that happens: a text of `who`, or an action in brackets; what is expected after it, line by line."""

    day: date
    at: time
    who: str = PARENT
    text: str | None = None
    action: str = ""
    expected: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript:
    """A conversation: who there is, and what happens. `contacts` are (who, names of their children; none: all).

    `language` is the one that the families have asked for. `classmates` are (class, how many more there are in it),
    `settings` the school's own choices as (name, value), `ring_only` the contacts whom nobody texts. `rights` are those
    of a contact who has not every right, `terms` and `closed` the school's calendar: (name, first, last), (day, kind).
    `unjoined` are contacts of a chat whose phones alone are on record. `weeks` are (who, A or B): with whom the
    children live in turn.
    """

    title: str
    first_day: date
    channel: str
    language: str
    children: tuple[PlayedChild, ...]
    contacts: tuple[tuple[str, tuple[str, ...]], ...]
    steps: tuple[Step, ...]
    classmates: tuple[tuple[str, int], ...] = ()
    settings: tuple[tuple[str, str], ...] = ()
    ring_only: tuple[str, ...] = ()
    rights: tuple[tuple[str, tuple[str, ...]], ...] = ()
    terms: tuple[tuple[str, date, date], ...] = ()
    closed: tuple[tuple[date, str], ...] = ()
    weeks: tuple[tuple[str, str], ...] = ()
    unjoined: tuple[str, ...] = ()


@dataclass(slots=True)
class _Draft:
    header: dict[str, str] = field(default_factory=dict)
    contacts: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    rights: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)
    day: date | None = None


def parse(text: str) -> Transcript:
    """Reads a transcript; raises TranscriptRefused with the number of the line that does not fit."""
    draft = _Draft()
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        try:
            _line(draft, line.rstrip())
        except ValueError as error:
            raise TranscriptRefused(f"line {number}: {error}") from None
    _close(draft)
    children = tuple(_child(each) for each in draft.header.get("children", "").split(";") if each.strip())
    if not draft.header.get("title") or "date" not in draft.header or not draft.steps:
        raise TranscriptRefused("a transcript has a title, a date and at least one step")
    return Transcript(
        title=draft.header["title"],
        first_day=date.fromisoformat(draft.header["date"]),
        channel=draft.header.get("channel", "sms"),
        language=draft.header.get("language", "en"),
        children=children,
        contacts=tuple(draft.contacts) or ((PARENT, ()),),
        steps=tuple(draft.steps),
        classmates=tuple((name, int(count)) for name, count in _pairs(draft.header.get("classmates", ""), None)),
        settings=tuple(_pairs(draft.header.get("settings", ""), "=")),
        ring_only=tuple(draft.header.get("ring", "").split()),
        rights=tuple(draft.rights),
        terms=tuple(_term(each) for each in draft.header.get("terms", "").split(";") if each.strip()),
        closed=tuple((date.fromisoformat(day), kind) for day, kind in _pairs(draft.header.get("closed", ""), None)),
        unjoined=tuple(draft.header.get("unjoined", "").split()),
        weeks=tuple(_pairs(draft.header.get("weeks", ""), None)),
    )


def _pairs(text: str, separator: str | None) -> list[tuple[str, str]]:
    """'4B 20; 2A 18' or 'chase=false; duty_phone=+44…' as pairs."""
    found = [each.strip().split(separator, 1) for each in text.split(";") if each.strip()]
    if any(len(each) != 2 for each in found):
        raise TranscriptRefused("two words or a name and its value are needed: '4B 20; 2A 18', 'back_today=false'")
    return [(each[0].strip(), each[1].strip()) for each in found]


def _term(text: str) -> tuple[str, date, date]:
    """'Spring 1 2026-01-05 2026-02-13' as a name and two days."""
    name, first, last = text.strip().rsplit(" ", 2)
    return name, date.fromisoformat(first), date.fromisoformat(last)


def _line(draft: _Draft, line: str) -> None:
    if line.startswith(("< ", "* ")):
        if not draft.steps:
            raise ValueError("something is expected before anything happened")
        draft.expected.append(line)
        return
    _close(draft)
    if found := DAY.fullmatch(line):
        draft.day = date.fromisoformat(found["day"])
    elif found := STEP.fullmatch(line):
        if draft.day is None:
            raise ValueError("a step before the date")
        draft.steps.append(
            Step(
                day=draft.day,
                at=time.fromisoformat(found["at"]),
                who=found["who"] or PARENT,
                text=found["text"],
                action=found["action"] or "",
            )
        )
    elif found := HEADER.fullmatch(line):
        _header(draft, found["key"], found["who"], found["value"])
    else:
        raise ValueError(
            "neither a header, a day (== 2026-03-03), a step (07:52 > text), a reply (<) nor an effect (*)"
        )


def _header(draft: _Draft, key: str, who: str | None, value: str) -> None:
    if key == "contact":
        if not who:
            raise ValueError("a contact has a name: 'contact dad: Sam'")
        draft.contacts.append((who, tuple(name.strip() for name in value.split(";"))))
        return
    if key == "may":
        if not who:
            raise ValueError("rights belong to somebody: 'may gran: report told'")
        draft.rights.append((who, tuple(value.split())))
        return
    draft.header[key] = value
    if key == "date":
        draft.day = date.fromisoformat(value)


def _child(text: str) -> PlayedChild:
    found = CHILD.fullmatch(text.strip())
    if found is None:
        raise TranscriptRefused("children are names with a class: 'Maya (4B); Sam (2A)'")
    return PlayedChild(name=found["name"], class_name=found["class"] or "")


def _close(draft: _Draft) -> None:
    """What was expected belongs to the step before it."""
    if draft.expected and draft.steps:
        last = draft.steps[-1]
        draft.steps[-1] = Step(
            day=last.day, at=last.at, who=last.who, text=last.text, action=last.action, expected=tuple(draft.expected)
        )
    draft.expected = []


def blessed(text: str, happened: Sequence[Sequence[str]]) -> str:
    """The transcript with what really happened after each step in place of what was expected."""
    lines: list[str] = []
    number = 0
    for line in text.splitlines():
        if line.startswith(("< ", "* ")):
            continue
        lines.append(line.rstrip())
        if STEP.fullmatch(line.rstrip()):
            lines.extend(happened[number])
            number += 1
    return "\n".join(lines).rstrip() + "\n"


def reply_line(text: str, segments: int, labels: Sequence[str] = ()) -> str:
    """How a reply is written: its lines joined by ' / ', its buttons in brackets, its segments after '<'."""
    shown = text.replace("\n", " / ")
    buttons = "".join(f" [{label}]" for label in labels)
    return f"< {shown}{buttons} <{segments}"
