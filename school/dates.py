"""Dates as schools write them into files: the international way, or the British."""

from __future__ import annotations

import re
from datetime import date

_FORMS = (
    re.compile(r"(?P<y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)"),
    re.compile(r"(?P<d>\d\d?)[/.](?P<m>\d\d?)[/.](?P<y>\d{4})"),
)


def written_date(said: str) -> date:
    """The day in `2026-07-22`, `22/07/2026` or `22.7.2026`; raises ValueError with a sentence that repeats nothing.

    The American order is not guessed at: 7/22/2026 is no day, and 7/8/2026 is in August.
    """
    for form in _FORMS:
        if found := form.fullmatch(said):
            try:
                return date(int(found["y"]), int(found["m"]), int(found["d"]))
            except ValueError:
                raise ValueError("there is no such day") from None
    raise ValueError("a date is 2026-07-22 or 22/07/2026")
