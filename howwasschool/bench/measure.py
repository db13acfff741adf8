"""Two ways of doing the same work, run in turns, and the ratio between them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from time import perf_counter
from typing import Any, TypeAlias

# Does one round of work and returns how many pieces it did.
Work: TypeAlias = Callable[[], int]
# Makes ready what a round needs, which is nobody's time, and returns its work.
Round: TypeAlias = Callable[[], Work]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """What one bench found on one database; rates are pieces a second, medians over the rounds.

    `ratio` is the median of each round's own ratio, since machines drift; `spread` is the width of the rounds'
    ratios over their median. `ok`: the ratio reaches the mark.
    """

    bench: str
    database: str
    rate: float
    baseline: float
    ratio: float
    mark: float
    ok: bool
    spread: float

    def as_json(self) -> dict[str, Any]:
        """The figure with its numbers rounded to what they are worth."""
        return {name: round(value, 3) if isinstance(value, float) else value for name, value in asdict(self).items()}


def rate_of(round_: Round) -> float:
    """Pieces a second of one round."""
    work = round_()
    began = perf_counter()
    pieces = work()
    return pieces / (perf_counter() - began)


def figure(bench: str, database: str, pairs: Sequence[tuple[float, float]], *, mark: float) -> Figure:
    """The figure of rounds measured as (ours, bare) rates."""
    ratios = [ours / bare for ours, bare in pairs]
    ratio = median(ratios)
    return Figure(
        bench=bench,
        database=database,
        rate=median(ours for ours, _ in pairs),
        baseline=median(bare for _, bare in pairs),
        ratio=ratio,
        mark=mark,
        ok=ratio >= mark,
        spread=(max(ratios) - min(ratios)) / ratio,
    )


def interleaved(ours: Round, bare: Round, *, rounds: int = 5) -> list[tuple[float, float]]:
    """Rates of both, measured in turns; every other round the bare work goes first, and one round is thrown away."""
    pairs = []
    for number in range(rounds + 1):
        if number % 2:
            b, a = rate_of(bare), rate_of(ours)
        else:
            a, b = rate_of(ours), rate_of(bare)
        pairs.append((a, b))
    return pairs[1:]
