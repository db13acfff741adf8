"""A file is one noun with a sign on its door, and small enough to be read."""

from __future__ import annotations

import ast
import statistics

import pytest

from tests.house.sources import Source, sources

PRODUCT = sources()
EVERYTHING = (*PRODUCT, *sources("tests"))
NOT_A_NOUN = {"util", "utils", "helper", "helpers", "common", "misc", "shared", "stuff", "tools"}


def _name(source: Source) -> str:
    return source.path


@pytest.mark.parametrize("source", EVERYTHING, ids=_name)
def test_a_module_has_at_most_400_lines_and_a_test_module_600(source: Source) -> None:
    assert source.lines() <= (600 if source.within("tests") else 400)


@pytest.mark.parametrize("source", EVERYTHING, ids=_name)
def test_a_function_has_at_most_60_lines(source: Source) -> None:
    too_long = {
        function.name: size
        for function in source.functions()
        if (size := (function.end_lineno or 0) - function.lineno + 1) > 60
    }
    assert not too_long


@pytest.mark.parametrize("source", EVERYTHING, ids=_name)
def test_a_module_opens_with_one_sentence_that_says_what_it_is_for(source: Source) -> None:
    docstring = ast.get_docstring(source.tree) or ""
    opening = docstring.split("\n\n")[0]
    assert opening.endswith((".", "?", "!")), f"opens with {opening!r}"
    assert "\n" not in opening, "the opening sentence stands on one line"


@pytest.mark.parametrize("source", EVERYTHING, ids=_name)
def test_a_module_is_named_after_what_it_is_not_after_where_things_were_dropped(source: Source) -> None:
    words = {word for part in source.module.split(".") for word in part.strip("_").split("_")}
    assert not words & NOT_A_NOUN


def test_half_of_the_modules_have_at_most_120_lines() -> None:
    assert statistics.median(source.lines() for source in PRODUCT) <= 120


def test_half_of_the_functions_have_at_most_9_lines_and_nine_in_ten_at_most_25() -> None:
    bodies = [_body_lines(function) for source in PRODUCT for function in source.functions()]
    tenths = statistics.quantiles(bodies, n=10)
    assert tenths[4] <= 9
    assert tenths[8] <= 25


def _body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (function.end_lineno or 0) - function.lineno + 1
