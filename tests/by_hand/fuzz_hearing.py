"""Fuzzes hearing and the turn behind it: no text raises, and none takes more than 50 milliseconds of the processor.

`--engine hypothesis` draws texts by grammar: words of the packs, labelled texts cut and joined, dates, names, marks of
direction, junk. `--engine atheris` lets coverage of `conversations` lead the same drawing; atheris is installed by
hand (`pip install atheris`). Both stop after `--minutes`, print what was run and the slowest texts, and exit 1 at a
finding, which they print whole.
"""

from __future__ import annotations

import json
import os
import random
import sys
import traceback
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from heapq import nlargest
from importlib import import_module
from pathlib import Path
from time import monotonic, thread_time
from typing import Any, Protocol

import click

LIMIT_SECONDS = 0.05
# Instrumented for coverage, the same code takes about three times as long; the limit is for the bare code.
INSTRUMENTED = 3
TRIES = 4
CORPUS = Path(__file__).parents[1] / "corpus"
FAMILIES = (
    [("Maya Sample", "Maya", "4B")],
    [("Samuel Sample", "Sam", "2"), ("Leo Sample", "Leo", "5")],
    [
        ("Zoë Ali-Khan", "Zoë", "R"),
        ("Mohammed Ali-Khan", "Mo", "6C"),
        ("محمد علی", "محمد", "1A"),
        ("May Ali", "May", "3"),
    ],
)
MOMENTS = (
    "2026-03-03T08:12:00+00:00",
    "2026-03-07T20:01:00+00:00",
    "2026-03-29T01:30:00+00:00",
    "2025-10-26T01:30:00+01:00",
    "2028-02-29T23:59:00+00:00",
    "2026-12-31T14:59:00+00:00",
)
CONTEXTS = (None, None, None, "chase", "checkin", "prompt:child", "prompt:confirm", "prompt:date", "prompt:reason")
JUNK = (
    "\0", "\u200f", "\u202e", "\u200d", "🤒", "👍🏽", "x", "((", "))", "...", "??", "!", ",", ";", "-", "–", "/", ":",
    "\n", "12/3", "31/2", "0/0", "10.30", "25:61", "9am", "1/2", "99999999999999999999", "1st", "5th-7th", "38.5", "'",
    "٣", "۵", "½", "é", "e\u0301", "ﷺ", "ß", "İ", "ı", "Ǆ", "ﬁ", "Ａ", "\ud7ff", "\U0010ffff", "=", "+447700900123",
)  # fmt: skip


class Draw(Protocol):
    """Where the choices come from: chance, or a fuzzer's bytes."""

    def upto(self, last: int) -> int:
        """A number from 0 to `last`."""


@cache
def words(code: str) -> tuple[str, ...]:
    """Every word that the pack of this language knows, and those of English."""
    from conversations.language import load

    found = load(code).lexicon.known | load("en").lexicon.known
    return tuple(sorted(found))


@cache
def texts(code: str) -> tuple[str, ...]:
    """Labelled texts of this language."""
    found = []
    for path in [CORPUS / "parent_texts.jsonl", *sorted((CORPUS / "rounds").glob("*.jsonl"))]:
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        found += [row["text"] for row in rows if row.get("lang") == code and "text" in row]
    return tuple(found)


def _piece(draw: Draw, code: str) -> str:
    kind = draw.upto(9)
    if kind <= 3:
        return words(code)[draw.upto(len(words(code)) - 1)]
    if kind <= 6 and texts(code):
        split = texts(code)[draw.upto(len(texts(code)) - 1)].split(" ")
        first = draw.upto(len(split) - 1)
        return " ".join(split[first : first + 1 + draw.upto(len(split))])
    if kind == 7:
        return JUNK[draw.upto(len(JUNK) - 1)]
    if kind == 8:
        return "".join(chr(point) for point in (draw.upto(0x2FFF) for _ in range(draw.upto(6))))
    family = FAMILIES[draw.upto(len(FAMILIES) - 1)]
    return family[draw.upto(len(family) - 1)][1]


def record(draw: Draw, codes: Sequence[str]) -> dict[str, Any]:
    """One text with its moment and family, in the shape that `hear` reads."""
    code = codes[draw.upto(len(codes) - 1)]
    pieces = [_piece(draw, code) for _ in range(draw.upto(14))]
    text = ("", " ", " ", ", ")[draw.upto(3)].join(pieces)
    if draw.upto(19) == 0:
        text *= 1 + draw.upto(30)
    family = FAMILIES[draw.upto(len(FAMILIES) - 1)]
    context = CONTEXTS[draw.upto(len(CONTEXTS) - 1)]
    return {
        "id": "f",
        "lang": code,
        "text": text[:1600],
        "now": MOMENTS[draw.upto(len(MOMENTS) - 1)],
        "children": [{"name": name, "known_as": known_as, "class": place} for name, known_as, place in family],
        "context": context,
        **({"context_child": family[0][0]} if context else {}),
    }


@dataclass
class Watch:
    """What was run so far; `finding` is the first record that broke a promise."""

    until: float
    limit: float = LIMIT_SECONDS
    count: int = 0
    slowest: list[tuple[float, str]] = field(default_factory=list)
    finding: dict[str, Any] | None = None

    def look(self, case: dict[str, Any]) -> bool:
        """Runs one text; False once it is time to stop."""
        from howwasschool.hear import played

        try:
            seconds = _timed(lambda: played(case).row(), self.limit)
        except Exception:  # noqa: BLE001  whatever it is, it is what we look for
            self.finding = case
            traceback.print_exc()
            return False
        self.count += 1
        self.slowest = nlargest(5, [*self.slowest, (seconds, case["text"])])
        if seconds > self.limit:
            self.finding = case
        return self.finding is None and monotonic() < self.until

    def report(self) -> int:
        """Prints what came of it; the exit code."""
        click.echo(f"{self.count} texts")
        for seconds, text in self.slowest:
            click.echo(f"{seconds * 1000:8.2f} ms  {len(text)} characters: {text[:70]!r}")
        if self.finding is not None:
            click.echo(f"FOUND {json.dumps(self.finding)}")
        return int(self.finding is not None)


def _timed(work: Any, limit: float) -> float:
    """Its processor time in seconds; what seems slow is tried again, for the machine has other things to do too."""
    best = float("inf")
    for _ in range(TRIES):
        began = thread_time()
        work()
        best = min(best, thread_time() - began)
        if best <= limit:
            break
    return best


class Chance:
    """Choices by a seeded lot."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def upto(self, last: int) -> int:
        """A number from 0 to `last`."""
        return self._random.randint(0, last)


def _hypothesis(watch: Watch, codes: Sequence[str], seed: int) -> None:
    """Rounds of Hypothesis's own choices, each of another seed; it shrinks what it finds."""
    import hypothesis
    from hypothesis import strategies as st

    class Drawn:
        def __init__(self, data: st.DataObject) -> None:
            self._data = data

        def upto(self, last: int) -> int:
            return self._data.draw(st.integers(0, last))

    while watch.finding is None and monotonic() < watch.until:
        seed += 1

        @hypothesis.seed(seed)
        @hypothesis.settings(
            max_examples=500,
            deadline=None,
            database=None,
            suppress_health_check=list(hypothesis.HealthCheck),
            # To explain a failure it traces every line, which takes many times as long as the lines.
            phases=[hypothesis.Phase.generate, hypothesis.Phase.shrink],
        )
        @hypothesis.given(st.data())
        def law(data: st.DataObject) -> None:
            case = record(Drawn(data), codes)
            watch.look(case)
            assert watch.finding is None

        try:
            law()
        except (AssertionError, hypothesis.errors.FlakyFailure, ExceptionGroup):
            # What is only slow at times fails otherwise when it is tried again.
            return


def _atheris(watch: Watch, codes: Sequence[str], seed: int) -> None:
    """Coverage of the conversations leads; libFuzzer ends the process itself, so the report comes before."""
    # Installed by whoever fuzzes, so it is in no lock.
    atheris = import_module("atheris")
    with atheris.instrument_imports(include=["conversations"]):
        import conversations.turn  # noqa: F401
        import howwasschool.hear  # noqa: F401
    for code in codes:
        words(code)

    class Fuzzed:
        def __init__(self, data: bytes) -> None:
            self._provider = atheris.FuzzedDataProvider(data)

        def upto(self, last: int) -> int:
            return int(self._provider.ConsumeIntInRange(0, last))

    def one(data: bytes) -> None:
        if not watch.look(record(Fuzzed(data), codes)):
            code = watch.report()
            sys.stdout.flush()
            os._exit(code)

    atheris.Setup([sys.argv[0], f"-seed={seed}", "-max_len=400", "-rss_limit_mb=0", "-verbosity=0"], one)
    atheris.Fuzz()


@click.command()
@click.option("--engine", type=click.Choice(["hypothesis", "atheris", "chance"]), default="hypothesis")
@click.option("--minutes", type=float, default=10.0, show_default=True)
@click.option("--lang", "codes", multiple=True, help="Only these languages; all packs without it.")
@click.option("--seed", default=1, show_default=True)
def fuzz(engine: str, minutes: float, codes: tuple[str, ...], seed: int) -> None:
    """Fuzzes hearing for some minutes."""
    watch = Watch(until=monotonic() + minutes * 60)
    if engine == "atheris":
        watch.limit = LIMIT_SECONDS * INSTRUMENTED
        _atheris(watch, codes or ("ar", "en", "pl", "pt", "ro", "ur"), seed)
        return
    from conversations.language import available

    chosen = codes or available()
    for code in chosen:
        watch.look(record(Chance(0), [code]))
    watch.slowest.clear()
    if engine == "hypothesis":
        _hypothesis(watch, chosen, seed)
    else:
        draw = Chance(seed)
        while watch.look(record(draw, chosen)):
            pass
    raise SystemExit(watch.report())


if __name__ == "__main__":
    fuzz()
