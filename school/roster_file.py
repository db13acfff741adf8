"""A roster read from a file: its pupils, contacts and rights, each cell checked, every fault with its place."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeVar

from school.csv_table import Fault, FileRefused, Line, read_table
from school.dates import written_date
from school.phones import NotANumber, phone_number
from school.roster_columns import KNOWN, RIGHTS, ColumnMap, Columns
from school.rules.upn import WrongUPN, parse_upn

T = TypeVar("T")

LONGEST = 100
MOST_FAULTS = 200
_YES = frozenset({"yes", "y", "true", "t", "1"})
_NO = frozenset({"no", "n", "false", "f", "0", ""})
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})?", re.IGNORECASE)
_YEAR = re.compile(r"(?:year|yr|y)?\s*0?(\d{1,2})", re.IGNORECASE)
_SEVERAL = re.compile(r"[;/\n]")


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterPupil:
    """A pupil as the school's information system has them."""

    external_id: str
    first_name: str
    known_as: str
    surname: str
    year: str
    class_name: str
    upn: str = ""
    left_on: date | None = None
    ring_first: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterContact:
    """An adult as the school's information system has them; phones are E.164. `language` "" where it says none."""

    external_id: str
    name: str
    language: str
    ring_only: bool
    phones: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterRight:
    """What the file says a contact may do for a pupil; `rights` holds the names of those that are given.

    `care_week` A or B: the pupil is with them in those weeks.
    """

    pupil: str
    contact: str
    priority: int
    rights: frozenset[str]
    care_week: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """A whole roster by external ids. `notices` are what a person should know and nothing that stops it.

    `says` names our columns of which the file (or its map) says anything: of all others the record stays as it is.
    """

    says: frozenset[str] = frozenset()
    pupils: dict[str, RosterPupil] = field(default_factory=dict)
    contacts: dict[str, RosterContact] = field(default_factory=dict)
    rights: dict[tuple[str, str], RosterRight] = field(default_factory=dict)
    notices: list[Fault] = field(default_factory=list)


def read_roster(content: bytes, said: ColumnMap | None = None) -> Roster:
    """The roster in a CSV file, one row a pupil and contact; raises FileRefused with every fault found.

    A pupil without contacts has one row whose contact is empty. Rows that say the same twice are taken once; rows
    that differ about the same pupil or contact are a fault. A contact without a phone is a notice.
    """
    table = read_table(content)
    reading = _Reading(Columns(table, said or ColumnMap()))
    for line in table.lines:
        reading.take(line)
    if not table.lines:
        reading.faults.append(Fault(line=1, column="", problem="there is no pupil below the header"))
    if reading.faults:
        raise FileRefused(reading.faults[:MOST_FAULTS])
    roster = reading.roster
    roster.notices.extend(_unsaid(roster))
    if unused := reading.columns.unused(table):
        problem = f"nothing is taken from {', '.join(unused)}"
        roster.notices.append(Fault(line=1, column="", problem=problem))
    return roster


def _unsaid(roster: Roster) -> list[Fault]:
    """Default deny: a file without a column of rights gives nobody that right, which is seldom what was meant."""
    missing = [name for name in RIGHTS if name.startswith("may_") and name not in roster.says]
    problem = "the file does not say this: whoever is new is not given it"
    return [Fault(line=1, column=name, problem=problem) for name in missing]


class _Reading:
    """A roster as it grows line by line, with the line on which each thing was first said."""

    def __init__(self, columns: Columns) -> None:
        self.columns = columns
        self.roster = Roster(says=frozenset(name for name in KNOWN if columns.has(name)))
        self.faults: list[Fault] = []
        self._first: dict[tuple[str, ...], int] = {}

    def take(self, line: Line) -> None:
        """Takes one row, or notes its faults."""
        before = len(self.faults)
        pupil = self._pupil(line)
        contact = self._contact(line)
        if len(self.faults) > before:
            return
        self._put_pupil(pupil, line)
        if contact is not None:
            self._put_contact(contact, line)
            self._put_right(pupil.external_id, contact.external_id, line)

    def _pupil(self, line: Line) -> RosterPupil:
        first_name = self._word(line, "first_name")
        return RosterPupil(
            external_id=self._word(line, "pupil_id"),
            first_name=first_name,
            known_as=self._word(line, "known_as", needed=False) or first_name,
            surname=self._word(line, "surname"),
            year=_year(self._word(line, "year", needed=False)),
            class_name=self._word(line, "class", needed=False),
            upn=self._read(line, "upn", _upn, ""),
            left_on=self._read(line, "left_on", _date, None),
            ring_first=self._read(line, "ring_first", _truth, False),
        )

    def _contact(self, line: Line) -> RosterContact | None:
        said = [self.columns.cell(line, ours) for ours in ("contact_id", "contact_name", "phone")]
        if not any(said):
            return None
        return RosterContact(
            external_id=self._word(line, "contact_id"),
            name=self._word(line, "contact_name"),
            language=self._read(line, "language", _language, ""),
            ring_only=self._read(line, "ring_only", _truth, False),
            phones=self._read(line, "phone", _phones, ()),
        )

    def _word(self, line: Line, ours: str, *, needed: bool = True) -> str:
        said = self.columns.cell(line, ours)
        if needed and not said:
            self._fault(line, ours, "this may not be empty")
        elif len(said) > LONGEST:
            self._fault(line, ours, f"longer than {LONGEST} characters")
        elif not said.isprintable():
            self._fault(line, ours, "holds a character that cannot be shown")
        return said

    def _read(self, line: Line, ours: str, read: Callable[[str], T], otherwise: T) -> T:
        try:
            return read(self.columns.cell(line, ours))
        except ValueError as error:
            self._fault(line, ours, str(error))
            return otherwise

    def _put_pupil(self, pupil: RosterPupil, line: Line) -> None:
        before = self.roster.pupils.setdefault(pupil.external_id, pupil)
        there = self._first.setdefault(("pupil", pupil.external_id), line.number)
        if before == pupil:
            return
        if replace(before, class_name=pupil.class_name) == pupil:
            # Some systems write one row a class: the first is the one where the pupil is registered.
            self._notice(line, "class", f"another class than on line {there}; that one is kept")
            return
        for ours, name in (
            ("first_name", "first_name"), ("known_as", "known_as"), ("surname", "surname"),
            ("year", "year"), ("upn", "upn"), ("left_on", "left_on"), ("ring_first", "ring_first"),
        ):  # fmt: skip
            if getattr(before, name) != getattr(pupil, name):
                self._fault(line, ours, f"differs from line {there}, which is about the same pupil")

    def _put_contact(self, contact: RosterContact, line: Line) -> None:
        before = self.roster.contacts.get(contact.external_id)
        there = self._first.setdefault(("contact", contact.external_id), line.number)
        if before is None:
            self.roster.contacts[contact.external_id] = contact
            if not contact.phones:
                self._notice(line, "phone", "no phone: this contact cannot text and is rung by nobody's text")
            return
        # The same adult stands on one row for each child; further numbers on later rows are further phones.
        phones = tuple(dict.fromkeys([*before.phones, *contact.phones]))
        self.roster.contacts[contact.external_id] = replace(before, phones=phones)
        for ours, name in (("contact_name", "name"), ("language", "language"), ("ring_only", "ring_only")):
            if getattr(before, name) != getattr(contact, name):
                self._fault(line, ours, f"differs from line {there}, which is about the same contact")

    def _put_right(self, pupil: str, contact: str, line: Line) -> None:
        given = frozenset(name for name in RIGHTS if self._read(line, name, _truth, False))
        priority = self._read(line, "priority", _priority, 1)
        week = self._read(line, "care_week", _week, "")
        right = RosterRight(pupil=pupil, contact=contact, priority=priority, rights=given, care_week=week)
        before = self.roster.rights.setdefault((pupil, contact), right)
        there = self._first.setdefault(("right", pupil, contact), line.number)
        for name in ("priority", "care_week"):
            if getattr(before, name) != getattr(right, name):
                self._fault(line, name, f"differs from line {there}, which is about the same pupil and contact")
        for name in sorted(before.rights ^ given):
            self._fault(line, name, f"differs from line {there}, which is about the same pupil and contact")

    def _fault(self, line: Line, ours: str, problem: str) -> None:
        self.faults.append(Fault(line=line.number, column=self.columns.name(ours), problem=problem))

    def _notice(self, line: Line, ours: str, problem: str) -> None:
        self.roster.notices.append(Fault(line=line.number, column=self.columns.name(ours), problem=problem))


def _truth(said: str) -> bool:
    if said.casefold() in _YES:
        return True
    if said.casefold() in _NO:
        return False
    raise ValueError("neither yes nor no")


def _phones(said: str) -> tuple[str, ...]:
    try:
        return tuple(dict.fromkeys(phone_number(each) for each in _SEVERAL.split(said) if each.strip()))
    except NotANumber as error:
        raise ValueError(str(error)) from None


def _language(said: str) -> str:
    if said and not _LANGUAGE.fullmatch(said):
        raise ValueError("a language is a code such as en, pl or ur")
    return said.lower()


def _priority(said: str) -> int:
    if not said:
        return 1
    if not (said.isascii() and said.isdecimal()) or not 1 <= int(said) <= 99:
        raise ValueError("a priority is a whole number from 1 to 99")
    return int(said)


def _week(said: str) -> str:
    """ "A", "b" and "Week A" are weeks of a care arrangement; nothing at all is every week."""
    found = said.upper().removeprefix("WEEK").strip()
    if found not in ("", "A", "B"):
        raise ValueError("a week is A or B, or nothing for every week")
    return found


def _year(said: str) -> str:
    """ "Year 3", "Y03" and "3" are one year; what is no number ("R", "Nursery") stays as the school writes it."""
    found = _YEAR.fullmatch(said)
    return str(int(found.group(1))) if found else said


def _upn(said: str) -> str:
    if not said:
        return ""
    try:
        return parse_upn(said).text
    except WrongUPN as error:
        raise ValueError(str(error)) from None


def _date(said: str) -> date | None:
    return written_date(said) if said else None
