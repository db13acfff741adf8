"""What they text: the labelled texts with other children's names in them, answers by number, and orders."""

from __future__ import annotations

import json
import random
import re
from functools import cache
from pathlib import Path

CORPUS = Path(__file__).parents[1] / "corpus"
ANSWERS = ("1", "2", "3", "4", "0", "?", "yes", "no", "ok", "my reports", "is this really the school?", "human", "tak")
ASKING = (
    "how is {0}'s attendance", "how is {1} doing, how many days missed", "is {1} in school today?", "where is {0}",
    "has {0} been marked in?", "when is {1} back", "did her dad say {0} is off?", "{0} and {1} are both poorly",
    "not {0}, {1}", "can I have {1} off on Monday for a wedding", "is it ok for {0} to come in with chicken pox",
)  # fmt: skip


@cache
def templates() -> dict[str, tuple[str, ...]]:
    """By language: texts in which `{0}`, `{1}` … stand for children."""
    found: dict[str, list[str]] = {}
    for path in (CORPUS / "parent_texts.jsonl", *sorted((CORPUS / "rounds").glob("round_*.jsonl"))):
        for line in path.read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            text = str(record["text"]).replace("{", "(").replace("}", ")")
            for number, child in enumerate(record["children"]):
                for name in {child.get("known_as") or "", str(child["name"]).split()[0]} - {""}:
                    text = re.sub(rf"(?i)\b{re.escape(name)}\b", f"{{{min(number, 1)}}}", text)
            found.setdefault(record["lang"], []).append(text)
    return {lang: tuple(texts) for lang, texts in found.items()}


def text(chance: random.Random, language: str, own: tuple[str, ...], others: tuple[str, ...]) -> str:
    """One text: mostly of the sender's own children, now and then of somebody else's, or a short answer."""
    drawn = chance.random()
    if drawn < 0.25 or not own:
        return chance.choice(ANSWERS)
    pool = others if drawn < 0.35 else own
    named = [chance.choice(pool), chance.choice(others if drawn > 0.9 else own)]
    by_language = templates()
    words = chance.choice(ASKING if drawn < 0.5 else by_language.get(language) or by_language["en"])
    return words.replace("{0}", named[0]).replace("{1}", named[1])
