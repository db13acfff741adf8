"""Imports go one way, and each library stays in the room that it was taken into the house for."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator

import pytest
from importlinter.cli import lint_imports

from tests.house.sources import ROOT, Source, sources

# What the pure rooms may import besides each other and the pure part of the standard library.
PURE = {
    "conversations": {"babel", "conversations", "locales", "school.rules"},
    "school.rules": {"holidays", "school.rules", "smsutil"},
}
IMPURE_STANDARD_LIBRARY = {
    "asyncio", "concurrent", "glob", "http", "logging", "multiprocessing", "os", "queue", "random", "sched",
    "secrets", "select", "selectors", "shutil", "signal", "smtplib", "socket", "sqlite3", "ssl", "subprocess",
    "tempfile", "threading", "time", "urllib", "uuid", "warnings",
}  # fmt: skip

# The benchmarks hold the house against the bare driver, so they speak to it.
SQL_ROOMS = ("school.records", "school.migrations", "howwasschool.bench")
# Outside of the records a session is passed on, and its errors are understood; nobody there writes a query.
SESSION_AND_ERRORS = {
    ("sqlalchemy.orm", "Session"),
    ("sqlalchemy.exc", "DBAPIError"),
    ("sqlalchemy.exc", "IntegrityError"),
    ("sqlalchemy.exc", "OperationalError"),
    ("sqlalchemy.exc", "SQLAlchemyError"),
}
DRIVERS = {"psycopg", "sqlite3"}
SQL = re.compile(r"\b(SELECT\s.+\sFROM|INSERT\s+INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|PRAGMA)\s", re.DOTALL)


def test_the_contracts_of_the_import_linter_hold(capfd: pytest.CaptureFixture[str]) -> None:
    status = lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True)
    assert status == 0, capfd.readouterr().out


def strangers(source: Source, room: str) -> Iterator[str]:
    """What a module of a pure room imports that the room may not know."""
    for module, name in source.imports():
        top = module.partition(".")[0]
        if top in sys.stdlib_module_names:
            if top in IMPURE_STANDARD_LIBRARY:
                yield module
        elif not any(f"{module}.{name}.".startswith(f"{allowed}.") for allowed in PURE[room]):
            yield module


@pytest.mark.parametrize("room", PURE)
def test_a_pure_room_imports_only_what_it_is_known_to_need(room: str) -> None:
    inside = [source for source in sources() if source.within(room)]
    assert inside
    assert not {source.path: found for source in inside if (found := list(strangers(source, room)))}


def writes_queries(source: Source) -> Iterator[str]:
    """The signs of SQL in a module: imports that make queries, drivers, and statements in strings."""
    for module, name in source.imports():
        top = module.partition(".")[0]
        if (top == "sqlalchemy" and (module, name) not in SESSION_AND_ERRORS) or top in DRIVERS:
            yield f"from {module} import {name}"
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and SQL.search(node.value):
            yield f"line {node.lineno}: {node.value[:60]!r}"


def test_sql_is_written_in_the_records_and_nowhere_else() -> None:
    outside = [source for source in sources() if not source.within(*SQL_ROOMS)]
    assert {source.path: found for source in outside if (found := list(writes_queries(source)))} == {}


@pytest.mark.parametrize(
    ("planted", "found"),
    [
        ("from sqlalchemy import select", True),
        ("from sqlalchemy.orm import Session, selectinload", True),
        ("import sqlite3", True),
        ("x = 'SELECT id FROM pupils'", True),
        ("from sqlalchemy.orm import Session", False),
        ("x = 'Select a pupil from the list'", False),
    ],
)
def test_a_planted_query_is_found(planted: str, found: bool) -> None:
    source = Source(path="school/planted.py", text=planted, tree=ast.parse(planted))
    assert bool(list(writes_queries(source))) is found


def test_a_planted_stranger_is_found() -> None:
    planted = "import random\nfrom school.records import people\nfrom school.rules.codes import Code\nimport re"
    source = Source(path="conversations/planted.py", text=planted, tree=ast.parse(planted))
    assert list(strangers(source, "conversations")) == ["random", "school.records"]
