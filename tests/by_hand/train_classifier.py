"""Learns `classifier.json` and `reasons.json` of `conversations/hearing` from labelled texts: needs scikit-learn.

    .venv/bin/python -m pip install scikit-learn
    .venv/bin/python -m tests.by_hand.train_classifier --write

The same each time. A multinomial logistic regression a question over what `conversations/hearing/classifier.py` counts:
what a text is about, where an absence begins, how long it lasts, which half is missed, and whether it is several; and,
in a file of its own that only some texts need, for what reason. What is rare or weighs next to nothing is left out,
and the rest is rounded, so that the files can be read. `--without` leaves files out, to see how it does on texts that
it was not taught.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from conversations.hearing import classifier
from conversations.hearing.classifier import SHARE, TOPIC, Classifier, word_features
from conversations.hearing.distances import NONE, NULL, length_class, start_class
from conversations.hearing.resolving import Moment
from conversations.hearing.weighed_reasons import MAY, REASON
from howwasschool.hear import played
from school.rules.calendar import weekdays_only

CORPUS = Path(__file__).parents[1] / "corpus"
TARGET = Path(classifier.__file__).with_name("classifier.json")
REASONS = TARGET.with_name("reasons.json")
TAUGHT = (
    "taught/*.jsonl",
    *(f"rounds/{name}_*.jsonl" for name in ("round", "further", "unmended", "practice")),
    *(f"rounds/fresh_{name}.jsonl" for name in ("[1-6]", "9", "10")),
    "rounds/hard_*.jsonl",
    "parent_texts.jsonl",
)
CALENDAR = weekdays_only()
# What has days of its own.
DATED = frozenset({"sickness", "lateness", "appointment", "leave", "absence_other"})
LANGUAGES = ("ar", "en", "pl", "ro", "ur")
# The inverse of the ridge; how many texts must have a feature; the least weight that counts, and in which parts of one.
LOOSE = 20.0
RAREST = 3
LEAST = 0.12
# What the days of a text say is mostly in its days: of words, only what weighs more is kept.
LEAST_OF_DAYS = 0.2
UNIT = 20
ROUNDS = 500


@dataclass(frozen=True, slots=True)
class Taught:
    """One text: what is counted of it, the answers to the questions, whatever else it may be about, and its reason."""

    words: frozenset[str]
    others: tuple[str, ...]
    answers: Mapping[str, str]
    topics: frozenset[str]
    reason: str = ""

    def features(self) -> list[str]:
        """All of it, one feature a time that it is counted."""
        return [*(part for word in self.words for part in word_features(word)), *self.others]


def taught_paths(without: Sequence[str] = ()) -> list[Path]:
    """The files that it learns from."""
    return sorted(path for pattern in TAUGHT for path in CORPUS.glob(pattern) if path.stem not in without)


def texts(paths: Iterable[Path], *, every: bool = False) -> list[Any]:
    """The labelled texts of some files in which there is anything to hear; `every`: with None for the others."""
    hearing = import_module("conversations.hearing")
    seen: list[tuple[frozenset[str], list[str]]] = []

    def spy(*given: Any) -> dict[str, float]:
        seen.append(classifier.counted(*given[:5]))
        return {}

    kept = vars(hearing)["chances"]
    vars(hearing)["chances"] = spy
    found: list[Taught | None] = []
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            record: dict[str, Any] = json.loads(line)
            seen.clear()
            if record["lang"] in LANGUAGES and record["children"]:
                played(record)
            expected = record["expected"]
            told = {expected["intent"], *expected.get("accept", ()), *expected.get("also", ())}
            if seen:
                words, others = seen[-1]
                found.append(Taught(words, tuple(others), answers_of(record), frozenset(told), reason_of(record)))
            elif every:
                found.append(None)
    vars(hearing)["chances"] = kept
    return found


def answers_of(record: dict[str, Any]) -> dict[str, str]:
    """What the labels say: the topic, and of a report its days and its half as hearing would name them."""
    expected, now = record["expected"], datetime.fromisoformat(record["now"])
    likely = Moment(today=now.date(), now=now.time(), past=False, calendar=CALENDAR).likely
    dated = expected["intent"] in DATED
    start, end = (date.fromisoformat(each) if each and dated else None for each in (expected["start"], expected["end"]))
    return {
        TOPIC: expected["intent"],
        "start": start_class(start, likely, CALENDAR),
        "length": length_class(start, end, CALENDAR),
        "part": (expected["part"] or NULL) if dated else NONE,
        "several": "several" if expected.get("items") else "one",
    }


def reason_of(record: dict[str, Any]) -> str:
    """What the labels say of the reason, with its topic; "" where there is none."""
    expected = record["expected"]
    return f"{expected['intent']}/{expected['reason_category']}" if expected.get("reason_category") else ""


def learned_reasons(taught: Sequence[Taught]) -> dict[str, Any]:
    """The classifier of reasons, from the texts of topics whose reasons may be said by weight."""
    told = [each for each in taught if each.reason.partition("/")[0] in MAY]
    return learned([replace(each, answers={REASON: each.reason}) for each in told])


def learned(taught: Sequence[Taught]) -> dict[str, Any]:
    """The classifier in the shape of its file."""
    # Only this script needs them.
    sparse, linear = import_module("scipy.sparse"), import_module("sklearn.linear_model")
    counts = Counter(feature for each in taught for feature in set(each.features()))
    columns = {name: at for at, name in enumerate(sorted(name for name, count in counts.items() if count >= RAREST))}
    values, rows, places = [], [], []
    for row, each in enumerate(taught):
        features = each.features()
        scale = math.sqrt(SHARE / len(features))
        for name, count in sorted(Counter(features).items()):
            if name in columns:
                values.append(count * scale)
                rows.append(row)
                places.append(columns[name])
    matrix = sparse.csr_matrix((values, (rows, places)), shape=(len(taught), len(columns)))
    answers: dict[str, list[str]] = {}
    bias: list[float] = []
    weights: dict[str, list[int]] = {name: [] for name in columns}
    for question in taught[0].answers:
        given = [each.answers[question] for each in taught]
        model = linear.LogisticRegression(C=LOOSE, max_iter=ROUNDS).fit(matrix, given)
        rows_of, biases = both_sides(model)
        least = LEAST if question == TOPIC else LEAST_OF_DAYS
        for name, at in columns.items():
            weights[name] += [
                number
                for answer, row in enumerate(rows_of)
                if abs(row[at]) >= least
                for number in (len(bias) + answer, round(row[at] * UNIT))
            ]
        answers[question] = list(map(str, model.classes_))
        bias += [round(float(each), 3) for each in biases]
    return {
        "made_by": "python -m tests.by_hand.train_classifier --write",
        "languages": list(LANGUAGES),
        "answers": answers,
        "bias": bias,
        "unit": UNIT,
        "weights": {name: row for name, row in weights.items() if row},
    }


def both_sides(model: Any) -> tuple[list[Any], list[float]]:
    """A row of weights and a bias for each answer: of two answers scikit-learn keeps the second's alone."""
    rows, biases = list(model.coef_), list(model.intercept_)
    return (rows, biases) if len(rows) > 1 else ([-rows[0] / 2, rows[0] / 2], [-biases[0] / 2, biases[0] / 2])


def written(model: dict[str, Any]) -> str:
    """The file: a feature a line."""
    head = {key: value for key, value in model.items() if key != "weights"}
    lines = [f"{json.dumps(name, ensure_ascii=False)}: {json.dumps(row)}" for name, row in model["weights"].items()]
    return json.dumps(head, ensure_ascii=False)[:-1] + ',\n"weights": {\n' + ",\n".join(lines) + "\n}}\n"


@click.command()
@click.option("--write", is_flag=True, help="Writes classifier.json and reasons.json.")
@click.option("--without", multiple=True, help="A file (its name without .jsonl) to leave out.")
@click.option("--on", multiple=True, type=click.Path(exists=True, path_type=Path), help="Labelled texts to try it on.")
def train(write: bool, without: tuple[str, ...], on: tuple[Path, ...]) -> None:
    """Learns, tries, and writes what was learned."""
    paths = taught_paths(without)
    taught = texts(paths)
    model = learned(taught)
    click.echo(f"{len(taught)} texts of {len(paths)} files, {len(model['weights'])} features")
    why = learned_reasons(taught)
    click.echo(f"{sum(bool(each.reason) for each in taught)} with a reason, {len(why['weights'])} features")
    made = classifier.read(model)
    for path in on:
        click.echo(f"{path.name}: " + _tried(made, texts([path])))
    if write:
        TARGET.write_text(written(model), encoding="utf-8")
        REASONS.write_text(written(why), encoding="utf-8")


def _tried(made: Classifier, tried: Sequence[Taught]) -> str:
    chances = [made.chances(each.words, each.others)[TOPIC] for each in tried]
    best = [max(each, key=each.__getitem__) for each in chances]
    told = [(each[topic], topic in one.topics) for each, topic, one in zip(chances, best, tried, strict=True)]
    parts = [f"{sum(right for _, right in told) / len(told):.1%} right of {len(told)}"]
    for least in (0.5, 0.8, 0.9, 0.95):
        sure = [right for chance, right in told if chance >= least]
        parts.append(f"from {least}: {sum(sure) / max(1, len(sure)):.1%} of {len(sure)}")
    return ", ".join(parts)


if __name__ == "__main__":
    train()
