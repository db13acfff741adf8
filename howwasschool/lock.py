"""The lock beside a SQLite file that lets one long process work on it."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class AlreadyServed(Exception):  # noqa: N818  it says what is so, not that somebody erred
    """Another `serve` holds this database."""


@contextmanager
def sole_server(database: Path | None) -> Iterator[None]:
    """Holds `FILE.lock` while the block runs; raises `AlreadyServed` at once if another process does.

    The operating system frees the lock with the process, however it dies. PostgreSQL (None) needs none.
    """
    if database is None or not str(database):
        yield
        return
    with Path(f"{database}.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyServed(f"another `howwasschool serve` works on {database.name}") from None
        yield
