"""Learns the weights of `conversations/hearing/gate.py` from the labelled texts kept for it, the same each time.

Hearing is never mended by these texts: on texts that were, the gate would learn that nothing goes wrong. For each that
would be filed unasked it is counted whether that would be wrong, as the labels say. A ridge-regularised logistic
regression (Newton's method, nothing random) learns which counts go with wrong ones. It is asked from where a wrong
filing is one in COST questions: its chances are chances, as what it makes of texts that it did not learn from shows,
a tenth left out at a time. What parents write is easier than these texts, so EASIER is added.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from conversations.hearing import classifier, gate, overruling, weighed_reasons
from howwasschool.hear import played
from tests.by_hand.train_classifier import learned as learned_classifier
from tests.by_hand.train_classifier import learned_reasons, taught_paths
from tests.by_hand.train_classifier import texts as taught_texts
from tests.by_hand.verdicts import is_wrong

CORPUS = Path(__file__).parents[1] / "corpus"
TARGET = Path(gate.__file__).with_name("gate.toml")
# The gate's own texts: hearing's tables are never mended by them.
OWN = (
    "rounds/practice_*.jsonl", "rounds/fresh_[56].jsonl", "rounds/hard_[245].jsonl",
    "taught/??_[3-5].jsonl", "taught/en_6.jsonl", "taught/??_8.jsonl",
)  # fmt: skip
# The classifier is not taught by the part that the gate looks at.
PARTS = 3
RIDGE = 8.0
TENTHS = 10
ROUNDS = 12
# So many questions are asked rather than one thing filed wrong.
COST = 4
# The texts kept for the gate were written to be hard: one in six that the tables would file of them is wrong. Of four
# rounds by which nothing was mended, one in 25 was. That is 1.5 less in log odds; only so much of it is trusted.
EASIER = 0.4
# What is about the threshold, in log odds.
NEAR = 0.25


@dataclass(frozen=True, slots=True)
class Seen:
    """One text that would be filed unasked: its counts, whether that is wrong, and in which tenth it is."""

    counts: dict[str, float]
    wrong: bool
    tenth: int


@dataclass(frozen=True, slots=True)
class Model:
    """What was learned."""

    names: list[str]
    centres: list[float]
    scales: list[float]
    weights: list[float]

    def row(self, counts: dict[str, float]) -> list[float]:
        """The counts, centred and scaled, after a one for the bias."""
        return [
            1.0,
            *(
                (counts[name] - centre) / scale
                for name, centre, scale in zip(self.names, self.centres, self.scales, strict=True)
            ),
        ]

    def odds(self, counts: dict[str, float]) -> float:
        """The log odds of being wrong."""
        return _dot(self.weights, self.row(counts))


def _dot(one: Sequence[float], other: Sequence[float]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))


def texts() -> list[Seen]:
    """All texts of the gate's own that would be filed were it open, each heard with a classifier not taught by it."""
    counted: list[dict[str, float]] = []

    def open_gate(counts: Mapping[str, float]) -> bool:
        counted.append(dict(counts))
        return False

    vars(import_module("conversations.hearing.doubts"))["is_risky"] = open_gate
    own = [path for pattern in OWN for path in sorted((CORPUS).glob(pattern))]
    others = [path for path in taught_paths() if path not in own]
    base, mine = taught_texts(others), {path: taught_texts([path], every=True) for path in own}
    found = []
    for part in range(PARTS):
        rest = [each for path in own for at, each in enumerate(mine[path]) if each and at % PARTS != part]
        made = classifier.read(learned_classifier([*base, *rest]))
        for module in (overruling, classifier):
            vars(module)["classifier"] = partial(_same, made)
        why = classifier.read(learned_reasons([*base, *rest]))
        vars(weighed_reasons)["reasons"] = partial(_same, why)
        for path in own:
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
                if number % PARTS != part:
                    continue
                record: dict[str, Any] = json.loads(line)
                counted.clear()
                row = played(record).row()
                if row["act"] == "file" and counted and "likely" in counted[-1]:
                    found.append(Seen(counted[-1], is_wrong(record["expected"], row), number // PARTS % TENTHS))
    return found


def _same(made: classifier.Classifier) -> classifier.Classifier:
    return made


def learned(seen: Sequence[Seen]) -> Model:
    """Newton's method on the penalised likelihood; the bias goes free."""
    # What is the same in all of them tells nothing.
    names = sorted(name for name in seen[0].counts if len({each.counts[name] for each in seen}) > 1)
    columns = [[each.counts[name] for each in seen] for name in names]
    centres = [sum(column) / len(column) for column in columns]
    scales = [
        math.sqrt(sum((value - centre) ** 2 for value in column) / len(column))
        for column, centre in zip(columns, centres, strict=True)
    ]
    model = Model(names, centres, scales, [0.0] * (len(names) + 1))
    rows = [model.row(each.counts) for each in seen]
    weights = list(model.weights)
    size = len(weights)
    for _ in range(ROUNDS):
        gradient = [0.0] + [-RIDGE * weight for weight in weights[1:]]
        hessian = [[(RIDGE if i == j and i else 0.0) for j in range(size)] for i in range(size)]
        for each, row in zip(seen, rows, strict=True):
            chance = 1 / (1 + math.exp(-max(-30.0, min(30.0, _dot(weights, row)))))
            spread = chance * (1 - chance)
            for i, value in enumerate(row):
                gradient[i] += (each.wrong - chance) * value
                part, line = spread * value, hessian[i]
                for j in range(i + 1):
                    line[j] += part * row[j]
        for i in range(size):
            for j in range(i):
                hessian[j][i] = hessian[i][j]
        weights = [weight + step for weight, step in zip(weights, _solved(hessian, gradient), strict=True)]
    return Model(names, centres, scales, weights)


def _solved(matrix: list[list[float]], right: list[float]) -> list[float]:
    """Gaussian elimination; the matrix is symmetric and positive, so no row is exchanged."""
    rows = [[*line, value] for line, value in zip(matrix, right, strict=True)]
    size = len(rows)
    for i in range(size):
        for k in range(i + 1, size):
            share = rows[k][i] / rows[i][i]
            if share:
                rows[k] = [a - share * b for a, b in zip(rows[k], rows[i], strict=True)]
    result = [0.0] * size
    for i in reversed(range(size)):
        result[i] = (rows[i][size] - _dot(rows[i][i + 1 : size], result[i + 1 :])) / rows[i][i]
    return result


def unseen_odds(seen: Sequence[Seen]) -> list[tuple[float, bool]]:
    """Each text's odds by a model that learned from the other tenths."""
    found = []
    for tenth in range(TENTHS):
        model = learned([each for each in seen if each.tenth != tenth])
        found += [(model.odds(each.counts), each.wrong) for each in seen if each.tenth == tenth]
    return found


@click.command()
@click.option("--write", is_flag=True, help="Writes conversations/hearing/gate.toml.")
@click.option("--cost", default=COST, help="How many questions rather than one wrong filing.")
@click.option("--keep", type=click.Path(path_type=Path), help="Where what was counted is kept, or read from.")
def train(write: bool, cost: float, keep: Path | None) -> None:
    """Learns, measures, and shows or writes what was learned."""
    if keep and keep.exists():
        seen = [Seen(**each) for each in json.loads(keep.read_text(encoding="utf-8"))]
    else:
        seen = texts()
        if keep:
            keep.write_text(json.dumps([asdict(each) for each in seen]), encoding="utf-8")
    odds = sorted(unseen_odds(seen), reverse=True)
    wrong = sum(each.wrong for each in seen)
    click.echo(f"{len(seen)} texts filed unasked, {wrong} of them wrong")
    model = learned(seen)
    threshold = EASIER - math.log(cost)
    for place, (value, _) in enumerate(odds):
        if place % max(1, len(odds) // 20) == 0:
            click.echo(_told(value, odds))
    click.echo(f"chosen: {_told(threshold, odds)}")
    near = [wrong for value, wrong in odds if abs(value - threshold) < NEAR]
    click.echo(f"of {len(near)} about there, one in {len(near) / max(1, sum(near)):.1f} is wrong")
    ranked = sorted(zip(model.weights[1:], model.names, strict=True), key=lambda each: -abs(each[0]))
    click.echo("\n".join(f"{weight:6.2f} {name}" for weight, name in ranked))
    if write:
        TARGET.write_text(_written(model, threshold), encoding="utf-8")


def _told(threshold: float, odds: Sequence[tuple[float, bool]]) -> str:
    asked = [wrong for value, wrong in odds if value >= threshold]
    return (
        f"asks from {threshold:6.2f}: {asked.count(False):4} right ones asked, {asked.count(True):3} wrong ones caught"
    )


def _written(model: Model, asks_from: float) -> str:
    lines = [
        "# Made by `python -m tests.by_hand.train_gate --write`; each row is weight, centre, scale.",
        f"bias = {model.weights[0]:.4f}",
        f"asks_from = {asks_from:.4f}",
        "",
        "[weights]",
        *(
            f"{name} = [{weight:.4f}, {centre:.4f}, {scale:.4f}]"
            for name, weight, centre, scale in zip(
                model.names, model.weights[1:], model.centres, model.scales, strict=True
            )
        ),
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    train()
