"""The register code to propose for what a parent said. A proposal is not a decision: staff confirm or choose another.

A parent's message never authorises an absence (Regs reg 11): nothing here writes a mark. O, U, C, G and T are never
proposed (care rule 25), an appointment's or illness's code only for a session that is missed (care rule 30).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from types import MappingProxyType

from school.rules.day_times import DayTimes, Session
from school.rules.register_code import ONE_KEY

KINDS = frozenset({"sickness", "lateness", "appointment", "absence_other"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A code, or None where staff choose; `why` is the rule's id, a colon, and a sentence for the office."""

    code: str | None
    why: str

    @property
    def rule(self) -> str:
        """The id of the rule alone."""
        return self.why.partition(": ")[0]

    @property
    def takes_one_key(self) -> bool:
        """Whether staff may confirm it with one key: I, M and L only (care rule 26)."""
        return self.code in ONE_KEY


def propose(
    kind: str,
    reason: str | None,
    *,
    session: Session,
    times: DayTimes,
    missed: bool = True,
    arrives: time | None = None,
    minutes_late: int | None = None,
    day_number: int = 1,
) -> Proposal:
    """The code to propose for one session of which an entitled contact spoke.

    `kind` is sickness, lateness, appointment or absence_other, `reason` its category or None where none was given.
    `times` are the pupil's on that day. `missed` says whether the pupil is away while the session's register is
    open (`Calendar.missed_sessions`); lateness does not look at it, but at `arrives`, or at `minutes_late` counted
    from the start of the session. `day_number` counts the school days of what was said from 1: only the first of a
    religious absence can be the day set apart. Raises ValueError for another kind.
    """
    if kind == "lateness":
        return _late(session, times, arrives or _after_minutes(session, times, minutes_late))
    if kind not in KINDS:
        raise ValueError("an absence is sickness, lateness, appointment or absence_other")
    if not missed:
        return PRESENT_AT_REGISTER
    if kind == "sickness":
        return ILL
    if kind == "appointment":
        return APPOINTMENT
    if reason == "religious" and day_number > 1:
        return RELIGIOUS_FURTHER_DAY
    return OTHER.get(reason or "unspecified", ANOTHER_REASON)


def _late(session: Session, times: DayTimes, arrives: time | None) -> Proposal:
    """L while the stated arrival is before the register closes; after that nothing (Regs reg 10(2); U is staff's)."""
    opens, closes = times.register(session)
    if arrives is None:
        return LATE_NO_TIME
    if arrives <= opens:
        return LATE_IN_TIME
    return LATE_REGISTER_OPEN if arrives < closes else LATE_REGISTER_CLOSED


def _after_minutes(session: Session, times: DayTimes, minutes: int | None) -> time | None:
    """The clock time so many minutes after the session starts; the day's last minute where that is past midnight."""
    if minutes is None:
        return None
    starts = times.register(session)[0]
    total = starts.hour * 60 + starts.minute + max(minutes, 0)
    return time(total // 60, total % 60) if total < 24 * 60 else time(23, 59)


def _proposal(code: str | None, rule: str, sentence: str) -> Proposal:
    return Proposal(code=code, why=f"{rule}: {sentence}")


PRESENT_AT_REGISTER = _proposal(
    None, "present-at-register", "Expected in school while this register is open, so the session is not missed."
)
ILL = _proposal("I", "illness", "A parent said that the child is ill. That is normally enough (WT 365-366).")
APPOINTMENT = _proposal("M", "appointment", "An appointment, and the child is away while this register is open.")

LATE_NO_TIME = _proposal(None, "late-no-time", "Running late, no time given. Mark L if they are in before it closes.")
LATE_IN_TIME = _proposal(None, "late-in-time", "Expected by the start of the register, so not late.")
LATE_REGISTER_OPEN = _proposal("L", "late-register-open", "Expected before the register closes.")
LATE_REGISTER_CLOSED = _proposal(
    None,
    "late-register-closed",
    "Expected after the register closes. L, U or the reason's own code is yours to choose.",
)

NO_REASON = _proposal("N", "no-reason", "Away, no reason given yet. To be settled within five school days.")
ANOTHER_REASON = _proposal(None, "another-reason", "A reason was given that has no code of its own. Please choose.")
RELIGIOUS_DAY = _proposal(
    "R", "religious-day", "For religious observance. Check that the parent's religious body sets this day apart."
)
RELIGIOUS_FURTHER_DAY = _proposal(
    None, "religious-further-day", "R covers the day set apart. A further day is leave, for the head to decide."
)

UNASKED_LEAVE = _proposal(
    None, "unasked-leave", "Leave is the head's to give, and only before it begins. Nobody has granted any here."
)

# Reasons of absence_other. Where the law leaves it to a person, or the decision is one for the whole school, the
# proposal is none and says so: Y2 is never proposed from one parent's text, nor E, nor leave that nobody granted.
OTHER = MappingProxyType(
    {
        "leave_granted": _proposal(
            None,
            "leave-granted",
            "The head granted this leave in advance. C, or the code of its own kind, is yours to choose.",
        ),
        "unspecified": NO_REASON,
        "religious": RELIGIOUS_DAY,
        "school_transport": _proposal(
            "Y1",
            "school-transport",
            "School or council transport failed. Y1 if home is beyond walking distance, Q if none was ever arranged.",
        ),
        "weather": _proposal(None, "weather", "Weather. Y2 is one decision for the whole school, not for one family."),
        "bereavement": _proposal(
            None, "bereavement", "A death. Ask nothing of the family. Leave is the head's to give."
        ),
        "suspension": _proposal(None, "suspension", "Said to be suspended. E only where the head's record agrees."),
        "transport": _proposal(None, "transport", "The family's own transport failed. No code follows from that."),
        "family_emergency": _proposal(
            None, "family-emergency", "A family emergency. The school decides how it counts."
        ),
        "interview": _proposal(None, "interview", "An interview. J1 only if leave was asked for in advance."),
        "performance_sport": _proposal(
            None, "performance", "A performance or sport. C1 needs a licence: please check."
        ),
        "holiday": UNASKED_LEAVE,
        "family_event": UNASKED_LEAVE,
        "family_abroad": UNASKED_LEAVE,
        "housing": _proposal(None, "housing", "Trouble with housing. The school decides how it counts."),
    }
)
