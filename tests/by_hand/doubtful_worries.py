"""Learns `doubtful.json` of `conversations/hearing`: phrases of worry that are harmless as often as not.

    .venv/bin/python -m tests.by_hand.doubtful_worries --write

A phrase of the tables is doubtful where it stood in at least LEAST labelled texts that are no worry, and in no more
that are. What such a phrase raises stands where the classifier thinks a worry the least bit likely
(`conversations/hearing/warnings.py`); a phrase that nobody used harmlessly raises one whatever else is said.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import click

from conversations.hearing import hear, warnings
from howwasschool.hear import case_of
from tests.by_hand.train_classifier import LANGUAGES, taught_paths

TARGET = Path(warnings.__file__).with_name("doubtful.json")
LEAST = 2
WORRIES = ("worry.", "worry_weak.")
SAFEGUARDING = "safeguarding"


def records(paths: Iterable[Path]) -> Iterator[dict[str, Any]]:
    """The labelled texts of the languages that the classifier knows."""
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            record: dict[str, Any] = json.loads(line)
            if record["lang"] in LANGUAGES:
                yield record


def counted(paths: Iterable[Path]) -> tuple[Counter[str], Counter[str]]:
    """In how many texts each phrase stood that worry, and in how many that do not."""
    worrying: Counter[str] = Counter()
    harmless: Counter[str] = Counter()
    for record in records(paths):
        _, context, language, _ = case_of(record)
        heard = hear(str(record["text"]), None, language, context).worry_evidence
        expected = record["expected"]
        told = {expected["intent"], *expected.get("accept", ()), *expected.get("also", ())}
        phrases = {each.rule for each in heard if each.concept.startswith(WORRIES)}
        (worrying if SAFEGUARDING in told else harmless).update(phrases)
    return worrying, harmless


@click.command()
@click.option("--write", is_flag=True, help="Writes conversations/hearing/doubtful.json.")
def learn(write: bool) -> None:
    """Counts, shows, and writes what was found."""
    vars(warnings)["doubtful"] = frozenset
    worrying, harmless = counted(taught_paths())
    found = sorted(phrase for phrase, count in harmless.items() if count >= LEAST and count >= worrying[phrase])
    for phrase in found:
        click.echo(f"{worrying[phrase]:4} {harmless[phrase]:4} {phrase}")
    if write:
        made = {"made_by": "python -m tests.by_hand.doubtful_worries --write", "phrases": found}
        TARGET.write_text(json.dumps(made, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    learn()
