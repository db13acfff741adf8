"""The bench `turn`: the pure turn alone, hearing included, over the labelled texts, against the marks themselves."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median
from time import perf_counter

from conversations.acts import Text
from conversations.context import Context
from conversations.hearing import hear
from conversations.language import Language
from conversations.state import State
from conversations.turn import turn as take_turn
from howwasschool.bench import corpus
from howwasschool.bench.databases import Databases
from howwasschool.bench.measure import Figure, figure
from howwasschool.hear import case_of

# No bare work does what a turn does, so these stand against what performance.md asks for: turns a second a core, and
# the seconds that hearing half of the texts may take.
TURNS_A_SECOND = 2_000.0
HEARING_SECONDS = 0.001
ROUNDS = 5


def turn(_databases: Databases) -> Iterator[Figure]:
    """Turns a second, and the text at which half of all are heard sooner."""
    cases = [_case(record) for record in corpus.records()]
    _rate(cases)
    yield figure("turn", "-", [(_rate(cases), TURNS_A_SECOND) for _ in range(ROUNDS)], mark=1.0)
    halves = [(1 / _half(cases), 1 / HEARING_SECONDS) for _ in range(ROUNDS)]
    yield figure("turn hear p50", "-", halves, mark=1.0)


Case = tuple[str, State, Context, Language]


def _case(record: dict[str, object]) -> Case:
    before, context, language, _ = case_of(record)
    return str(record["text"]), before, context, language


def _rate(cases: list[Case]) -> float:
    began = perf_counter()
    for text, before, context, language in cases:
        take_turn(before, Text(id="m", text=text), context, language)
    return len(cases) / (perf_counter() - began)


def _half(cases: list[Case]) -> float:
    times = []
    for text, before, context, language in cases:
        began = perf_counter()
        hear(text, before.ask, language, context)
        times.append(perf_counter() - began)
    return median(times)
