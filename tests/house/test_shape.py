"""A file is one noun with a sign on its door, and small enough to be read."""

from __future__ import annotations

import ast
import re
import statistics

from tests.house.sources import sources

PRODUCT = sources()
EVERYTHING = (*PRODUCT, *sources("tests"))
NOT_A_NOUN = {"util", "utils", "helper", "helpers", "common", "misc", "shared", "stuff", "tools"}


def test_a_module_has_at_most_400_lines_and_a_test_module_600() -> None:
    lengths = {source.path: source.lines() for source in EVERYTHING}
    limits = {source.path: 600 if source.within("tests") else 400 for source in EVERYTHING}
    assert {path: lines for path, lines in lengths.items() if lines > limits[path]} == {}


def test_a_function_has_at_most_60_lines() -> None:
    too_long = {
        f"{source.path}:{function.lineno} {function.name}": lines
        for source in EVERYTHING
        for function in source.functions()
        if (lines := _lines(function)) > 60
    }
    assert too_long == {}


def test_a_module_opens_with_one_sentence_that_says_what_it_is_for() -> None:
    openings = {source.path: (ast.get_docstring(source.tree) or "").split("\n\n")[0] for source in EVERYTHING}
    assert {path: said for path, said in openings.items() if not said.endswith((".", "?", "!", ":"))} == {}
    assert {path: said for path, said in openings.items() if "\n" in said} == {}


def test_a_module_is_named_after_what_it_is_not_after_where_things_were_dropped() -> None:
    words = {source.path: set(re.split(r"[._]", source.module)) for source in EVERYTHING}
    assert {path: found for path, named in words.items() if (found := named & NOT_A_NOUN)} == {}


def test_half_of_the_modules_have_at_most_120_lines() -> None:
    assert statistics.median(source.lines() for source in PRODUCT) <= 120


def test_half_of_the_functions_have_at_most_9_lines_and_nine_in_ten_at_most_25() -> None:
    tenths = statistics.quantiles((_lines(function) for source in PRODUCT for function in source.functions()), n=10)
    assert tenths[4] <= 9
    assert tenths[8] <= 25


def _lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (function.end_lineno or 0) - function.lineno + 1
