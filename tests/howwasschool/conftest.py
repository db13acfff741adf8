"""The command line in this process, on a database and in a folder of the test's own."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest
from click.testing import CliRunner, Result

from howwasschool.cli import main
from howwasschool.settings import PREFIX

Command: TypeAlias = Callable[..., Result]
KEY = "made-up-secret-key-0123456789-0123456789"


@pytest.fixture
def no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing is set, and the working folder is empty."""
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def command(no_settings: None, monkeypatch: pytest.MonkeyPatch, empty_database_url: str) -> Command:
    """`howwasschool …` on a new database of each kind."""
    monkeypatch.setenv(f"{PREFIX}DATABASE_URL", empty_database_url)

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(main, list(arguments))

    return run


@pytest.fixture
def sqlite_command(no_settings: None, monkeypatch: pytest.MonkeyPatch, empty_sqlite_url: str) -> Command:
    """`howwasschool …` on a new SQLite file."""
    monkeypatch.setenv(f"{PREFIX}DATABASE_URL", empty_sqlite_url)

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(main, list(arguments))

    return run
