"""The tables of every theme as one, so that whoever compares or makes the schema knows them all."""

from __future__ import annotations

from school.records import (
    access_requests,
    attendance,
    chasing,
    evidence,
    leave,
    messaging,
    people,
    prompting,
    rounds,
    sheets,
    staff,
    support,
    unasked,
    updates,
)
from school.records.base import Base

THEMES = (
    *(people, attendance, messaging, staff, rounds, chasing, prompting, leave, updates, sheets, unasked, support),
    access_requests,
    evidence,
)
METADATA = Base.metadata
