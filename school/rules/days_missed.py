"""Which families are told how many days were missed: below the school's mark, and what staff look at first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, TypeAlias

from school.rules.attendance import LEAST_POSSIBLE, Tally
from school.rules.register_code import Code

Suggestion: TypeAlias = Literal["", "bereavement", "long_illness", "held"]

ILL = "I"


def is_below(tally: Tally, *, percent: int) -> bool:
    """Whether a child attended less than that share of the sessions possible; never told of from too few sessions.

    On integers: 95% of 70 sessions is 66.5, so 66 attended is below and 67 is not.
    """
    return tally.possible >= LEAST_POSSIBLE and tally.attended * 100 < tally.possible * percent


def longest_illness(codes: Iterable[Code | None]) -> int:
    """The most sessions in a row with the mark for illness; a session that nobody marked breaks no row."""
    longest = run = 0
    for code in codes:
        if code is None:
            continue
        run = run + 1 if code.mark == ILL else 0
        longest = max(longest, run)
    return longest


def suggestion(codes: Sequence[Code | None], *, bereaved: bool, held: bool, long_illness_days: int) -> Suggestion:
    """Why a child is likely to be left out of an update; staff decide (domain.md, section 2, on the BITUP trial)."""
    if held:
        return "held"
    if bereaved:
        return "bereavement"
    return "long_illness" if longest_illness(codes) >= 2 * long_illness_days else ""
