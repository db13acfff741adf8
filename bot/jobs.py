"""The jobs of the school's daily round, in the order in which they run where two are due at one moment."""

from __future__ import annotations

from bot.clock import Job

JOBS: tuple[Job, ...] = ()
