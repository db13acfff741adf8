"""The sentences of a language's `hears.txt`, as the translator's tool reads them."""

from __future__ import annotations

from importlib import resources

from conversations.checking.sentences import LONDON, Sentence, differences, facts, family, of_clause, read

__all__ = ["LONDON", "Sentence", "differences", "facts", "family", "of_clause", "sentences"]


def sentences(code: str) -> list[Sentence]:
    """All sentences of a language; none where it has no such file yet."""
    path = resources.files("locales").joinpath(code, "hears.txt")
    return read(path.read_text(encoding="utf-8")) if path.is_file() else []
