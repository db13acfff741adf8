"""Lists of absentees as any information system gives them: who stands in each line, and the codes in its order."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, TypeAlias

from sqlalchemy.orm import Session as DatabaseSession

from school.records.attendance import Absence, RegisterMark
from school.records.chase_queries import absences_of, marks_of, roll
from school.records.people import Pupil
from school.registers import Mark, Marker, Written, put_marks
from school.rules.calendar import Session

NO_REASON = "N"
PRESENT = {Session.AM: "/", Session.PM: "\\"}
_WORD = re.compile(r"[^\W_]+")

NotFound: TypeAlias = Literal["nobody", "several"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the list, counted from 1: whose it is, and what is known of that child's session.

    `why` says why it is nobody's; `several` lists the children it could be.
    """

    number: int
    pupil: Pupil | None = None
    why: NotFound | None = None
    several: tuple[str, ...] = ()
    absence: Absence | None = None
    mark: RegisterMark | None = None

    @property
    def code(self) -> str:
        """The code to copy back: what staff confirmed, else a mark with a reason; "" where neither stands yet."""
        if self.absence is not None and self.absence.code:
            return self.absence.code
        return self.mark.code if self.mark is not None and self.mark.code != NO_REASON else ""


def read_list(session: DatabaseSession, school_id: str, pasted: str, *, day: date, half: Session) -> list[Line]:
    """Who stands in each line, whatever else does: a heading is nobody, and an empty line between is one too.

    A child is known by the information system's id, by UPN, or by surname and first or known-as name in any order,
    with capitals, accents and separators as they come. Children of one name are told apart by their class or year.
    """
    pupils = roll(session, school_id, day)
    absences, marks = absences_of(session, school_id, [day]), marks_of(session, school_id, day)
    known = _Known(pupils)
    found = []
    for number, text in enumerate(pasted.rstrip("\r\n").split("\n"), start=1):
        who = known.in_line(text)
        if len(who) != 1:
            why: NotFound = "several" if who else "nobody"
            found.append(Line(number=number, why=why, several=tuple(each.id for each in who)))
            continue
        (pupil,) = who
        found.append(
            Line(
                number=number,
                pupil=pupil,
                absence=absences.get((pupil.id, day, half.value)),
                mark=marks.get((pupil.id, half.value)),
            )
        )
    return found


def mark_absentees(
    session: DatabaseSession,
    school_id: str,
    lines: Sequence[Line],
    *,
    day: date,
    half: Session,
    others_present_in: Iterable[str],
    by: Marker,
    now: datetime,
) -> Written:
    """Marks N for every child of the list without a mark, and present for all others of the classes that are named.

    A mark that stands is left alone: who changes one says why. Raises SheetRefused as `put_marks` does.
    """
    absent = {line.pupil.id for line in lines if line.pupil is not None}
    marked = {pupil_id for pupil_id, of_half in marks_of(session, school_id, day) if of_half == half.value}
    classes = set(others_present_in)
    codes = {
        pupil.id: NO_REASON if pupil.id in absent else PRESENT[half]
        for pupil in roll(session, school_id, day)
        if pupil.id not in marked and (pupil.id in absent or pupil.class_name in classes)
    }
    marks = [Mark(pupil_id=pupil_id, day=day, session=half, code=code) for pupil_id, code in codes.items()]
    return put_marks(session, marks, school_id=school_id, by=by, now=now) if marks else Written()


class _Known:
    """The children on roll, found by what a line may hold of them."""

    def __init__(self, pupils: Sequence[Pupil]) -> None:
        self._by_id: dict[str, Pupil] = {}
        self._by_surname: dict[str, list[Pupil]] = defaultdict(list)
        for pupil in pupils:
            for key in (pupil.external_id, pupil.upn):
                if key:
                    self._by_id[key.casefold()] = pupil
            surname = _words(pupil.surname)
            if surname:
                self._by_surname[surname[0]].append(pupil)

    def in_line(self, text: str) -> list[Pupil]:
        """The children that a line may mean."""
        cells = [cell.strip().casefold() for cell in re.split(r"[\t;,|]| {2,}", text)]
        for cell in cells:
            if cell in self._by_id:
                return [self._by_id[cell]]
        words = _words(text)
        there = {pupil.id: pupil for word in words for pupil in self._by_surname.get(word, ()) if _is_in(pupil, words)}
        named = list(there.values())
        for told_apart in (_class_in, _year_in):
            if len(named) > 1 and (fewer := [pupil for pupil in named if told_apart(pupil, words, cells)]):
                named = fewer
        return named


def _is_in(pupil: Pupil, words: Sequence[str]) -> bool:
    """Surname and a first name, each word of them in the line: 'Lee, Lee' needs the word twice."""
    left = list(words)
    for word in _words(pupil.surname):
        if word not in left:
            return False
        left.remove(word)
    return any(names and set(names) <= set(left) for names in (_words(pupil.known_as), _words(pupil.first_name)))


def _class_in(pupil: Pupil, words: Sequence[str], cells: Sequence[str]) -> bool:
    name = pupil.class_name.strip().casefold()
    return bool(name) and (name in cells or name in words)


def _year_in(pupil: Pupil, words: Sequence[str], cells: Sequence[str]) -> bool:
    year = pupil.year.strip().casefold()
    return bool(year) and (year in cells or f"year {year}" in cells or f"y{year}" in words)


def _words(text: str) -> list[str]:
    """A name's words without capitals, accents and apostrophes: O'Brien is obrien, Zoë is zoe."""
    plain = "".join(each for each in unicodedata.normalize("NFKD", text) if not unicodedata.combining(each))
    return _WORD.findall(re.sub(r"['’`]", "", plain).casefold())
