"""A register code: what it means, how it counts, who decides that it applies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from school.rules.day_times import Session


class Statistic(StrEnum):
    """The class in which a mark is counted (WT, table of codes)."""

    PRESENT = "present"
    APPROVED_ACTIVITY = "approved educational activity"
    AUTHORISED = "authorised absence"
    UNAUTHORISED = "unauthorised absence"
    NOT_POSSIBLE = "not a possible session"
    NOT_COLLECTED = "not collected"


class Decider(StrEnum):
    """Who decides that a code applies. A parent's message never does."""

    REGISTER = "the member of staff who takes the register"
    SCHOOL = "the school"
    AUTHORISED_PERSON = "a person authorised by the proprietor, who grants leave (Regs reg 11)"
    HEAD = "the head"
    LOCAL_AUTHORITY = "the local authority"


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A register code. `condition` is what must hold before it is used; `session` is set where only one half fits.

    `since` and `until` bound the days on which it could be written (`until` excluded); None is no bound.
    """

    mark: str
    meaning: str
    statistic: Statistic
    decider: Decider
    condition: str = ""
    session: Session | None = None
    since: date | None = None
    until: date | None = None

    @property
    def is_retired(self) -> bool:
        """Whether it can only be read, in registers of before the 2024 Regs."""
        return self.until is not None

    @property
    def counts_as_possible(self) -> bool:
        """Whether the session is in the denominator: all but D, Q, X, Y1 to Y7, Z and #."""
        return self.statistic not in {Statistic.NOT_POSSIBLE, Statistic.NOT_COLLECTED}

    @property
    def counts_as_attended(self) -> bool:
        """Present (L included) or at an approved educational activity."""
        return self.statistic in {Statistic.PRESENT, Statistic.APPROVED_ACTIVITY}

    @property
    def counts_as_absent(self) -> bool:
        """An absence, authorised or not; U is one, L is not."""
        return self.statistic in {Statistic.AUTHORISED, Statistic.UNAUTHORISED}

    @property
    def is_never_automatic(self) -> bool:
        """Whether only a person may choose it, and nothing may so much as propose it (care rule 25)."""
        return self.mark in NEVER_AUTOMATIC

    @property
    def takes_one_key(self) -> bool:
        """Whether staff may confirm the proposal with one key (care rule 26)."""
        return self.mark in ONE_KEY


# Care rule 25.
NEVER_AUTOMATIC = frozenset({"O", "U", "C", "G", "T"})

# Care rule 26.
ONE_KEY = frozenset({"I", "M", "L"})
