"""`howwasschool work`: leftovers, timers and sending in a process of their own, beside `serve` on PostgreSQL."""

from __future__ import annotations

import signal
import threading

import click


@click.command()
def work() -> None:
    """Leftover texts, timers and sending; any number of processes on PostgreSQL."""
    from howwasschool.logs import start_logging
    from howwasschool.opening import chosen_mode, opened
    from howwasschool.settings import load
    from howwasschool.wiring import Options, build
    from school.installation import mode_of

    settings = load(rehearsal=True)
    if settings.sqlite_path is not None:
        raise click.ClickException("on SQLite `serve` does the work; `work` is for PostgreSQL")
    start_logging()
    with opened(settings) as database:
        with database.read() as session:
            rehearsal = mode_of(session) == "rehearsal"
        settings = load(rehearsal=rehearsal)
        chosen_mode(database, "rehearsal" if rehearsal else "live")
        house = build(settings, database, Options(rehearsal=rehearsal))
        stopping = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopping.set())
        house.start()
        stopping.wait()
        house.stop()
