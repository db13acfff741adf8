"""England's register codes since 19 August 2024, one by one, and those that went before.

Sources: School Attendance (Pupil Registration) (England) Regulations 2024, SI 2024/208 (Regs), regulation 10 with its
three tables and regulation 11; 'Working together to improve school attendance', August 2024 (WT). The same codes
hold for pupils of compulsory school age and for others.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from school.rules.day_times import Session
from school.rules.register_code import Code, Decider, Statistic

# The Regs came into force: H, J and plain Y went; C1, C2, J1, K, Q and Y1 to Y7 came.
REFORM = date(2024, 8, 19)


def _code(
    mark: str,
    statistic: Statistic,
    decider: Decider,
    meaning: str,
    condition: str = "",
    *,
    session: Session | None = None,
    since: date | None = None,
    until: date | None = None,
) -> Code:
    return Code(
        mark=mark,
        meaning=meaning,
        statistic=statistic,
        decider=decider,
        condition=condition,
        session=session,
        since=since,
        until=until,
    )


_PRESENT, _ACTIVITY = Statistic.PRESENT, Statistic.APPROVED_ACTIVITY
_AUTHORISED, _UNAUTHORISED = Statistic.AUTHORISED, Statistic.UNAUTHORISED
_NOT_POSSIBLE, _NOT_COLLECTED = Statistic.NOT_POSSIBLE, Statistic.NOT_COLLECTED
_REGISTER, _SCHOOL, _LEAVE = Decider.REGISTER, Decider.SCHOOL, Decider.AUTHORISED_PERSON

_ALL = (
    # Present: Regs reg 10(2), Table 1.
    _code("/", _PRESENT, _REGISTER, "Present in the morning", session=Session.AM),
    _code("\\", _PRESENT, _REGISTER, "Present in the afternoon", session=Session.PM),
    _code("L", _PRESENT, _REGISTER, "Late: arrived after the register was begun and before it closed"),
    # Attending elsewhere: Regs reg 10(3), Table 2.
    _code(
        "K",
        _ACTIVITY,
        Decider.LOCAL_AUTHORITY,
        "At education that the local authority arranged",
        "Arranged under the Education Act 1996 s.19(1) or the Children and Families Act 2014 s.42(2) or 61(1); "
        "its nature is recorded",
        since=REFORM,
    ),
    _code("V", _ACTIVITY, _SCHOOL, "On a visit or trip of the school", "Arranged and supervised by the school"),
    _code("P", _ACTIVITY, _SCHOOL, "At an approved sporting activity", "Supervised"),
    _code("W", _ACTIVITY, _SCHOOL, "On work experience"),
    _code(
        "B",
        _ACTIVITY,
        _SCHOOL,
        "At another approved educational activity off site",
        "Supervised; its nature is recorded; learning from home is not it",
    ),
    _code("D", _NOT_POSSIBLE, _SCHOOL, "Registered at two schools and due at the other one"),
    # Absent: Regs reg 10, Table 3. With leave: reg 11.
    _code(
        "C1",
        _AUTHORISED,
        _LEAVE,
        "Leave for a regulated performance or employment abroad",
        "Licensed",
        since=REFORM,
    ),
    _code("M", _AUTHORISED, _SCHOOL, "At a medical or dental appointment", "For sessions that are missed"),
    _code(
        "J1",
        _AUTHORISED,
        _LEAVE,
        "Leave for an interview for a job or for a place at another institution",
        "Asked for in advance",
        since=REFORM,
    ),
    _code("S", _AUTHORISED, _LEAVE, "On study leave for a public examination", "Agreed in advance; not for mocks"),
    _code(
        "X",
        _NOT_POSSIBLE,
        _SCHOOL,
        "Not required to attend, being outside compulsory school age",
        "Agreed with the parent",
    ),
    _code(
        "C2",
        _AUTHORISED,
        _LEAVE,
        "On a temporary part-time timetable, being of compulsory school age",
        "Exceptional circumstances; days and times agreed with a parent the pupil normally lives with",
        since=REFORM,
    ),
    _code(
        "C",
        _AUTHORISED,
        _LEAVE,
        "Leave for exceptional circumstances",
        "Asked for in advance by a parent the pupil normally lives with; never granted afterwards",
    ),
    # With authority of the school.
    _code(
        "T",
        _AUTHORISED,
        _SCHOOL,
        "Travelling with a parent for the parent's trade or business",
        "The parent's trade, never a community",
    ),
    _code(
        "R",
        _AUTHORISED,
        _SCHOOL,
        "At religious observance",
        "Only a day exclusively set apart by the parent's religious body; must then be authorised",
    ),
    _code("I", _AUTHORISED, _SCHOOL, "Ill, in body or mind", "A parent's word is normally enough (WT 365-366)"),
    _code("E", _AUTHORISED, Decider.HEAD, "Suspended or permanently excluded", "No provision made yet"),
    # Unable to attend.
    _code(
        "Q",
        _NOT_POSSIBLE,
        _SCHOOL,
        "The local authority has not arranged the travel or access it must",
        since=REFORM,
    ),
    _code(
        "Y1",
        _NOT_POSSIBLE,
        _SCHOOL,
        "Transport provided by the school or council is not running",
        "Home is not within walking distance",
        since=REFORM,
    ),
    _code("Y2", _NOT_POSSIBLE, _SCHOOL, "Widespread disruption to travel", "Decided for the school", since=REFORM),
    _code("Y3", _NOT_POSSIBLE, _SCHOOL, "Part of the school is closed to this pupil", since=REFORM),
    _code("Y4", _NOT_POSSIBLE, _SCHOOL, "The whole school is closed unexpectedly", since=REFORM),
    _code("Y5", _NOT_POSSIBLE, _SCHOOL, "Held in the criminal justice system", since=REFORM),
    _code("Y6", _NOT_POSSIBLE, _SCHOOL, "Public health law or guidance forbids attending", since=REFORM),
    _code(
        "Y7",
        _NOT_POSSIBLE,
        _SCHOOL,
        "Another unavoidable cause",
        "One that affects the pupil, not the parent; its nature is recorded",
        since=REFORM,
    ),
    # Without authority.
    _code("G", _UNAUTHORISED, _SCHOOL, "On a holiday that was not granted, or beyond the leave granted"),
    _code("N", _UNAUTHORISED, _SCHOOL, "Reason not yet known", "For five school days at most"),
    _code("O", _UNAUTHORISED, _SCHOOL, "Absent in other or unknown circumstances"),
    _code(
        "U",
        _UNAUTHORISED,
        _REGISTER,
        "Arrived after the register closed and before the session ended",
        "No other code applies",
    ),
    # Not collected.
    _code("Z", _NOT_COLLECTED, _SCHOOL, "Not yet on the admission register", "Only to set a register up"),
    _code(
        "#", _NOT_COLLECTED, _SCHOOL, "Planned closure of the whole school", "Holidays, INSET, bank holidays, polling"
    ),
    # Retired: F in September 2013, the others with the 2024 Regs.
    _code("F", _AUTHORISED, _LEAVE, "Extended holiday agreed", until=date(2013, 9, 1)),
    _code("H", _AUTHORISED, _LEAVE, "Holiday agreed", until=REFORM),
    _code("J", _ACTIVITY, _SCHOOL, "At an interview", "Now J1, which is an absence", until=REFORM),
    _code("Y", _NOT_POSSIBLE, _SCHOOL, "Unable to attend", "Now Q or Y1 to Y7", until=REFORM),
)

CODES: Mapping[str, Code] = MappingProxyType({code.mark: code for code in _ALL})
