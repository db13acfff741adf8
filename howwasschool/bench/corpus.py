"""The texts that the benches speak: the labelled texts of parents that the tests use, which travel in the wheel."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

NAME = "parent_texts.jsonl"


@cache
def records() -> tuple[dict[str, Any], ...]:
    """The corpus as `hear` reads it: `{id, lang, text, now, children, context, …}` each.

    The wheel carries a copy beside this module (`pyproject.toml`, force-include); a checkout has it in its tests.
    """
    inside = files("howwasschool.bench") / NAME
    checkout = Path(__file__).resolve().parents[2] / "tests" / "corpus" / NAME
    text = (inside if inside.is_file() else checkout).read_text(encoding="utf-8")
    return tuple(json.loads(line) for line in text.splitlines() if line)


@cache
def english() -> tuple[str, ...]:
    """The words of its English texts."""
    return tuple(record["text"] for record in records() if record["lang"] == "en")
