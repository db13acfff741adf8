"""What a check of a language pack finds: one clear line each, with the file, the line and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something to mend: `says` what is wrong, `do` what helps. `fails` is False for a warning."""

    file: str
    says: str
    do: str
    line: int | None = None
    fails: bool = True

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where}: {'' if self.fails else 'warning: '}{self.says}. {self.do}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How much of something a pack has."""

    name: str
    have: int
    of: int

    def __str__(self) -> str:
        share = f" ({100 * self.have // self.of}%)" if self.of else ""
        return f"{self.name}: {self.have} of {self.of}{share}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All that a check found, worst first, and the pack's scores."""

    findings: tuple[Finding, ...]
    scores: tuple[Score, ...]

    @property
    def failed(self) -> bool:
        """Whether anything must be mended."""
        return any(finding.fails for finding in self.findings)


def report(findings: Sequence[Finding], scores: Sequence[Score]) -> Report:
    """Findings in order: what fails first, by file and line."""
    ordered = sorted(dict.fromkeys(findings), key=lambda each: (not each.fails, each.file, each.line or 0))
    return Report(findings=tuple(ordered), scores=tuple(scores))
