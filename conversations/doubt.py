"""Why a text that seems to say something is asked about before it is filed."""

from __future__ import annotations

from enum import StrEnum


class Doubt(StrEnum):
    """Why a text that seems to say something should not be filed without asking."""

    QUESTION = "question"
    REQUEST = "request"
    OTHER_SUBJECT = "other_subject"
    COMPETING = "competing"
    UNHEARD = "unheard"
    DATES = "dates"
    NAMES = "names"
    NEGATED = "negated"
    HYPOTHETICAL = "hypothetical"
    FOREIGN = "foreign"
    BY_WEIGHT = "by_weight"
    UNSURE = "unsure"
