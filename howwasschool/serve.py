"""`howwasschool serve`: the API, the pages and the webhooks; with SQLite the work as well."""

from __future__ import annotations

import click


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--rehearsal", is_flag=True, help="A school in which nothing leaves, with a clock that can be moved.")
def serve(host: str, port: int, rehearsal: bool) -> None:
    """The API, the pages and the webhooks; also the work, so that one process is a whole house.

    On SQLite one process at a time; on PostgreSQL any number, and any number of `work` beside them.
    """
    from howwasschool.lock import sole_server
    from howwasschool.logs import start_logging
    from howwasschool.opening import chosen_mode, opened
    from howwasschool.settings import load

    settings = load(rehearsal=rehearsal)
    start_logging()
    with sole_server(settings.sqlite_path), opened(settings) as database:
        chosen_mode(database, "rehearsal" if rehearsal else "live")
        from howwasschool.listening import listen
        from howwasschool.wiring import Options, build

        house = build(settings, database, Options(rehearsal=rehearsal, public_url=f"http://{host}:{port}"))
        listen(house.app, host=host, port=port)
