"""Days that come to others: "off tomorrow as well" is today too, and "back on Thursday" beside it changes nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from conversations.hearing.hoped_days import and_today
from conversations.hearing.resolving import Moment
from conversations.hearing.segments import Found

if TYPE_CHECKING:
    from conversations.hearing.other_days import Dated
    from conversations.hearing.reports import Report


def also(dated: Dated, report: Report, found: Found, moment: Moment) -> Dated:
    """ "Has a bug, off tomorrow as well": today and tomorrow, where no other day is said."""
    first, last, said, rule = dated
    after = [word.norm for word in found.words[last : last + 2]]
    before = found.words[first - 1].norm if first else ""
    nor = before in found.small.get("nor", frozenset())
    adds = nor or {" ".join(after), *after[:1]} & (found.small["too"] | found.small["too_last"])
    if said.last is not None and said.last < moment.today:
        return and_today(dated, report, found, moment)
    if not adds or said.role != "on" or said.first is None or said.first != said.last:
        return dated
    ill = any(sign.table == "sickness" and sign.stands for segment in report.segments for sign in segment.signs)
    rest = (each for segment in report.segments for each in segment.days if each[0] != first)
    if not ill or not all(is_return(each, said.first) for each in rest):
        return dated
    if said.first <= moment.likely or moment.back_to(said.first) != moment.likely:
        return dated
    if any(segment.has("say.home") and not segment.days for segment in report.segments):
        return dated  # "Was sent home at dinner time, off tomorrow as well".
    denied = bool(set(after[1:]) & found.small["not"])  # "Jutro też nie".
    if not denied and not any(segment.has("say.absent") for segment in report.segments):
        # "Poorly tomorrow too": whether today was told of, nobody says.
        return first, last, replace(said, others=((moment.likely, said.last),)), rule
    return first, last, replace(said, first=moment.likely), rule


def is_return(dated: Dated, day: date) -> bool:
    """ "Off tomorrow too, back on Thursday": whether a statement of days is of the return, or of a later day."""
    said = dated[2]
    until = said.role == "until" and said.last is not None and said.last >= day
    return until or (said.first is not None and said.first > day)
