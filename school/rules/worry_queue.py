"""Who reads a worrying text, and whom it moves on to while nobody opens it (care rule 8)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from school.rules.allegations import About

LEAD, DEPUTY, HEAD, NAMED_GOVERNOR = "safeguarding_lead", "deputy", "head", "named_governor"
READERS = frozenset({LEAD, DEPUTY, HEAD, NAMED_GOVERNOR})

# Each step's readers are told of it; those of the steps before still read it. An accused person never does.
# An allegation stays with those that the rule names: while nobody opens it, they are told again.
STEPS: Mapping[About, tuple[tuple[str, ...], ...]] = MappingProxyType(
    {
        About.NOBODY: ((LEAD,), (DEPUTY,), (HEAD,)),
        About.STAFF: ((LEAD, HEAD), (LEAD, HEAD), (LEAD, HEAD)),
        About.LEAD: ((HEAD, NAMED_GOVERNOR), (HEAD, NAMED_GOVERNOR), (HEAD, NAMED_GOVERNOR)),
        About.HEAD: ((LEAD, NAMED_GOVERNOR), (LEAD, NAMED_GOVERNOR), (LEAD, NAMED_GOVERNOR)),
    }
)
LAST_STEP = 2


def readers(about: About, step: int) -> frozenset[str]:
    """The roles that may read an item which has moved so many steps."""
    return frozenset(role for told in STEPS[about][: step + 1] for role in told)


def first_step(about: About, role: str) -> int | None:
    """The step from which on a role reads items of that kind; None for never."""
    return next((step for step, told in enumerate(STEPS[about]) if role in told), None)
