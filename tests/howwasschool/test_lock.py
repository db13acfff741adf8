"""The lock beside a SQLite file: one long process, and none is locked out by the dead."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from howwasschool.lock import AlreadyServed, sole_server

HOLDS = """
import sys
from pathlib import Path
from howwasschool.lock import sole_server
with sole_server(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def holder(database: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDS, str(database)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_a_second_process_is_refused_and_a_killed_one_locks_nobody_out(tmp_path: Path) -> None:
    database = tmp_path / "school.sqlite3"
    process = holder(database)
    with pytest.raises(AlreadyServed, match=r"school\.sqlite3"), sole_server(database):
        pass
    process.kill()
    process.communicate()
    with sole_server(database):
        pass


def test_postgresql_needs_no_lock() -> None:
    with sole_server(None), sole_server(None):
        pass
