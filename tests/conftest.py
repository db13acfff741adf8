"""What all tests share: real databases, no network, and a watch over the logs."""

from __future__ import annotations

import logging
import os
import shutil
import sqlite3
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest

from tests.canaries import Watch
from tests.postgres import Postgres

if TYPE_CHECKING:
    from school.records.database import Database

# A shared machine may take its time over one example; the examples themselves stay as many as they are. They are the
# same in every run, so that nobody's change fails by another's luck; HYPOTHESIS_PROFILE=random looks for new ones.
hypothesis.settings.register_profile("house", deadline=None, derandomize=True)
hypothesis.settings.register_profile("random", deadline=None, print_blob=True)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "house"))

LOOPBACK = ("127.", "::1", "localhost", "testserver")
IN_CI = os.environ.get("CI") == "true"


# No network ----------------------------------------------------------------------------------


def _refuse_strangers(event: str, args: tuple[Any, ...]) -> None:
    """An audit hook: a test that would reach beyond this machine fails at the call."""
    if event == "socket.connect" and isinstance(args[1], tuple):
        host = args[1][0]
    elif event == "socket.getaddrinfo" and args[0]:
        host = args[0]
    else:
        return
    name = host.decode() if isinstance(host, bytes) else str(host)
    if not name.startswith(LOOPBACK):
        raise PermissionError("A test tried to reach beyond this machine")


sys.addaudithook(_refuse_strangers)


# No personal words in logs -------------------------------------------------------------------

_WATCH = Watch()


def pytest_configure() -> None:
    """From the first import on, what the house logs is read."""
    logging.getLogger().setLevel(logging.INFO)
    logging.getLogger().addHandler(_WATCH)


@pytest.fixture(autouse=True)
def nothing_personal_in_logs() -> Iterator[None]:
    """Fails the test in whose time a number, name or text of a family was logged (guarantee 13)."""
    yield
    leaks = _WATCH.taken()
    assert not leaks, f"Personal words in the log: {leaks}"


# Databases -----------------------------------------------------------------------------------


def _upgrade(url: str) -> None:
    from school.migrations import upgrade

    upgrade(url)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """The run's PostgreSQL server, started by the first test that wants one."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or uuid.uuid4().hex
    with Postgres(run) as server:
        yield server


@pytest.fixture
def empty_postgres_url(postgres: Postgres) -> Iterator[str]:
    """A new PostgreSQL database without a table in it."""
    with postgres.database() as url:
        yield url


@pytest.fixture
def postgres_url(postgres: Postgres) -> Iterator[str]:
    """A new PostgreSQL database with the newest schema."""
    template = postgres.template("migrated", _upgrade)
    with postgres.database(template) as url:
        yield url


@pytest.fixture
def empty_sqlite_url(tmp_path: Path) -> str:
    """The URL of a SQLite file that does not exist yet."""
    return f"sqlite:///{tmp_path / 'empty.sqlite3'}"


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    template = tmp_path_factory.mktemp("template") / "migrated.sqlite3"
    _upgrade(f"sqlite:///{template}")
    connection = sqlite3.connect(template)
    # A copy takes one file: all that still stands in the write-ahead log must be in it.
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return template


@pytest.fixture
def sqlite_url(_sqlite_template: Path, tmp_path: Path) -> str:
    """A new SQLite file with the newest schema."""
    path = tmp_path / "school.sqlite3"
    shutil.copyfile(_sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A new database with the newest schema: the test runs once on SQLite and once on PostgreSQL."""
    name = "sqlite_url" if request.param == "sqlite" else "postgres_url"
    url: str = request.getfixturevalue(name)
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest) -> str:
    """A new database without a table in it, once on each kind."""
    name = "empty_sqlite_url" if request.param == "sqlite" else "empty_postgres_url"
    url: str = request.getfixturevalue(name)
    return url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An open `Database` with the newest schema, once on each kind; closed at the end."""
    from school.records.database import Database

    opened = Database(database_url)
    yield opened
    opened.close()


# Programs that a machine may not have ---------------------------------------------------------


def _program(*names: str) -> str:
    """A program that this project does not install: skipped where somebody's machine lacks it, failed in CI."""
    found = next((path for name in names if (path := shutil.which(name))), None)
    if found is None and IN_CI:
        pytest.fail(f"CI must have one of: {', '.join(names)}")
    if found is None:
        pytest.skip(f"None of these is on this machine: {', '.join(names)}")
    return found


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of Chromium; without one the test is skipped, but never in CI."""
    return _program("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@pytest.fixture(scope="session")
def node() -> str:
    """The path of Node; without one the test is skipped, but never in CI."""
    return _program("node", "nodejs")
