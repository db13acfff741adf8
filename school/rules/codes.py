"""Marks read from a register and written to it: which code a mark is on a day, or why it is none."""

from __future__ import annotations

from datetime import date

from school.rules.code_table import CODES, REFORM
from school.rules.day_times import Session
from school.rules.register_code import NEVER_AUTOMATIC, ONE_KEY, Code, Decider, Statistic

__all__ = [
    "CODES",
    "INTERNAL_MARKS",
    "NEVER_AUTOMATIC",
    "ONE_KEY",
    "REFORM",
    "Code",
    "Decider",
    "InternalMark",
    "NotACode",
    "NotYetACode",
    "RetiredCode",
    "Statistic",
    "UnknownMark",
    "WrongSession",
    "parse",
    "require_writable",
]

# How information systems show 'no mark', 'not required' and the like in their exports; none is a DfE code.
INTERNAL_MARKS = frozenset("-@!*")


class NotACode(ValueError):  # noqa: N818  these say what a mark is, to the person who typed it
    """What stands there is no register code for that day and session."""


class UnknownMark(NotACode):
    """Not a code, nor ever was one."""


class InternalMark(NotACode):
    """An information system's own sign."""


class RetiredCode(NotACode):
    """A code that was taken away: it may be read in an old register, and is never written."""


class NotYetACode(NotACode):
    """A code of the 2024 Regs on a day before they came into force."""


class WrongSession(NotACode):
    """The morning's mark for an afternoon, or the other way round."""


def parse(mark: str, *, on: date) -> Code:
    """The code that `mark` is on that day, as an import reads it; capitals and spaces around it do not matter.

    H, J, Y and F are read on days before 19 August 2024 (F too, which had ended in 2013: old registers hold what
    they hold). Raises a NotACode with a sentence for the person who brought the mark.
    """
    code = _find(mark)
    if code.is_retired and on >= REFORM:
        raise RetiredCode(f"{code.mark} is not a register code since {_day(REFORM)}.{_instead(code)}")
    if code.since is not None and on < code.since:
        raise NotYetACode(f"{code.mark} is a register code only since {_day(code.since)}.")
    return code


def require_writable(mark: str, *, on: date | None = None, session: Session | None = None) -> Code:
    """The code that staff may write into a register; raises a NotACode.

    A retired code is refused for every day, even for a day on which it was in use. With `on`, a code is refused for
    a day before it existed; with `session`, / is refused for an afternoon and \\ for a morning.
    """
    code = _find(mark)
    if code.is_retired:
        raise RetiredCode(f"{code.mark} is no longer a register code and can't be written.{_instead(code)}")
    if on is not None:
        code = parse(mark, on=on)
    if session is not None and code.session not in {None, session}:
        raise WrongSession(
            f"{code.mark} is the mark for the {'morning' if code.session is Session.AM else 'afternoon'}."
        )
    return code


def _find(mark: str) -> Code:
    """The code behind a mark. ASCII first: an undotted Turkish i would become a capital I, which is illness."""
    plain = mark.strip()
    if not plain:
        raise UnknownMark("An empty mark is not a register code: the session is unmarked.")
    if plain in INTERNAL_MARKS:
        raise InternalMark(f"{plain} is an information system's own sign, not a register code.")
    code = CODES.get(plain.upper()) if plain.isascii() else None
    if code is None:
        # Longer text may be anything, even a name from the wrong column: it is not repeated.
        shown = f"{plain} is" if len(plain) <= 2 and plain.isascii() and plain.isprintable() else "This is"
        raise UnknownMark(f"{shown} not a register code.")
    return code


def _instead(code: Code) -> str:
    return f" {code.condition}." if code.condition else ""


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
