"""Opens the database for a command: a new one is made, an old schema is refused, and live and rehearsal stay apart."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from howwasschool.settings import Settings
from school.installation import Mode, WrongMode, mark, mode_of
from school.records.database import Database

__all__ = ["OldSchema", "WrongMode", "chosen_mode", "opened"]


class OldSchema(Exception):  # noqa: N818  it says what is so, not that somebody erred
    """The database has tables of another version of this house."""


@contextmanager
def opened(settings: Settings) -> Iterator[Database]:
    """The database of these settings with the newest schema; one without a table of ours is made at once.

    Raises OldSchema, DatabaseBusy and DatabaseGone.
    """
    from school.migrations import check, is_new, upgrade

    url = settings.database_url
    if not check(url):
        if not is_new(url):
            raise OldSchema("this database has an older schema: run `howwasschool migrate` first")
        upgrade(url)
    database = Database(url)
    try:
        yield database
    finally:
        database.close()


def chosen_mode(database: Database, mode: Mode) -> None:
    """Marks a database that was never served; raises WrongMode where it was made for the other mode.

    `serve` and `work` choose, and `migrate` where it is asked to: setting a school up leaves it open.
    """
    from howwasschool.clock import real

    with database.read() as session:
        if mode_of(session) == mode:
            return
    with database.write() as session:
        mark(session, mode, now=real())
