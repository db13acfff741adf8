"""Time is an argument: only the edge of the house looks at a clock."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.house.sources import sources

# The modules that hand the time to everybody else, each with what it needs it for.
EDGE = {
    "howwasschool/clock.py": "the one real clock, and the one of a rehearsal that can be moved",
}
NOW = {"now", "utcnow", "today"}
CLOCK_TYPES = {"datetime", "date", "dt"}
TIME_MODULE = {"time", "time_ns", "localtime", "gmtime", "ctime", "strftime"}


def looks_at_a_clock(tree: ast.Module) -> Iterator[int]:
    """The lines on which a module reads the wall clock, or passes on a function that does."""
    names = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
        if alias.name == "time"
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "time":
            if any(alias.name in TIME_MODULE for alias in node.names):
                yield node.lineno
        elif isinstance(node, ast.Attribute):
            owner = node.value
            called = owner.id if isinstance(owner, ast.Name) else owner.attr if isinstance(owner, ast.Attribute) else ""
            if (node.attr in NOW and called in CLOCK_TYPES) or (node.attr in TIME_MODULE and called in names):
                yield node.lineno


def test_no_module_but_the_edge_reads_the_clock() -> None:
    found = {source.path: lines for source in sources() if (lines := list(looks_at_a_clock(source.tree)))}
    assert {path: lines for path, lines in found.items() if path not in EDGE} == {}


def test_conversations_and_the_school_do_not_even_know_the_time_module() -> None:
    knowing = [
        source.path
        for source in sources("conversations", "school")
        if any(module == "time" for module, _ in source.imports())
    ]
    assert knowing == []


@pytest.mark.parametrize("path", EDGE)
def test_each_module_of_the_edge_still_exists_and_still_reads_the_clock(path: str) -> None:
    edge = next(source for source in sources() if source.path == path)
    assert list(looks_at_a_clock(edge.tree))


@pytest.mark.parametrize(
    "planted",
    [
        "from datetime import datetime\nx = datetime.now(tz)",
        "import datetime\nx = datetime.datetime.utcnow()",
        "from datetime import date\ndef f(today=date.today): ...",
        "import time\nx = time.time()",
        "import time as t\nx = t.time_ns()",
        "from time import time\nx = time()",
    ],
)
def test_a_planted_clock_is_found(planted: str) -> None:
    assert list(looks_at_a_clock(ast.parse(planted)))


@pytest.mark.parametrize("innocent", ["import time\ntime.monotonic()", "from datetime import time\ntime(9, 30)"])
def test_a_stopwatch_and_a_time_of_day_are_no_clock(innocent: str) -> None:
    assert not list(looks_at_a_clock(ast.parse(innocent)))
