"""The language packs of a running house: read ahead, so that no family waits for its language."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import datetime

from api.health import Finding
from conversations.hearing.classifier import classifier, reasons
from conversations.language import ENGLISH
from conversations.language import load as load_language

# What /health says once every pack can be heard at once; the benches wait for it.
ALL_READ = "All languages are read."


class Packs:
    """Reads the packs of `codes` in a thread of its own; whoever needs one sooner reads it then."""

    def __init__(self, codes: Sequence[str]) -> None:
        self.codes = tuple(codes)
        self._waiting = list(codes)

    def start(self) -> None:
        """English is ready when this returns, the others within seconds."""
        load_language(ENGLISH)
        classifier()
        reasons()
        threading.Thread(target=self._read, name="languages", daemon=True).start()

    def look(self, _now: datetime) -> Finding:
        """What /health says of them. A pack that is still being read is nothing unwell."""
        waiting = ", ".join(self._waiting)
        return Finding(name="languages", ok=True, says=f"Still to be read: {waiting}." if waiting else ALL_READ)

    def _read(self) -> None:
        for code in self.codes:
            load_language(code)
            self._waiting.remove(code)
