"""Watches every log line of the test run for what no log line may hold: a family's numbers, names and words."""

from __future__ import annotations

import logging
import re

# Every fixture uses numbers of Ofcom's range for drama, so a number of that range in a log is a leak.
NUMBER = re.compile(r"(?:\+?44|\b0)\s?7700\s?900\s?\d{3}")
# Plant these in fixtures where names and words should be watched as well.
FIRST_NAME = "Zephyrina"
SURNAME = "Quillfeather"
WORDS = "marmalade volcano"
TOKEN = "canary-token-5d1e"
PLANTED = (FIRST_NAME, SURNAME, WORDS, TOKEN)


def personal(text: str) -> list[str]:
    """What a text holds of the planted numbers, names, words and tokens; empty when it is clean."""
    found = NUMBER.findall(text)
    found += [planted for planted in PLANTED if planted.casefold() in text.casefold()]
    return found


class Watch(logging.Handler):
    """A handler at the root that keeps the place of each line that says something personal."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.setFormatter(logging.Formatter("%(message)s"))
        self.leaks: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Formats the record as a log file would, its traceback included."""
        if found := personal(self.format(record)):
            self.leaks.append(f"{record.name} ({record.pathname}:{record.lineno}) logged {found}")

    def taken(self) -> list[str]:
        """The leaks since the last call."""
        leaks, self.leaks = self.leaks, []
        return leaks
