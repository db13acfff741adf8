"""`howwasschool demo`: a made-up school in a throwaway file, with a phone to text from; `--once` plays the main job."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from starlette.types import ASGIApp


@click.command()
@click.option("--once", is_flag=True, help="Play the main job through the real doors, print it, and end.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
def demo(once: bool, port: int) -> None:
    """A made-up school on 127.0.0.1, in a throwaway SQLite file: a phone to text from, and what staff see.

    Nothing leaves this computer. With --once the main job is played: a text comes in through the signed webhook, the
    absence is filed, staff confirm it through the API, the receipt goes out; exit 1 says what failed.
    """
    from howwasschool.demo.story import StoryFailed, tell
    from howwasschool.listening import listen

    with _folder() as folder:
        if once:
            try:
                tell(folder, say=click.echo)
            except StoryFailed as error:
                raise click.ClickException(str(error)) from None
            return
        with _open_house(folder, port) as app:
            click.echo(f"The demo is at http://127.0.0.1:{port}/ - press Ctrl+C to end it.")
            listen(app, host="127.0.0.1", port=port)


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="howwasschool-demo-", ignore_cleanup_errors=True) as name:
        yield Path(name)


@contextmanager
def _open_house(folder: Path, port: int) -> Iterator[ASGIApp]:
    from howwasschool.clock import real
    from howwasschool.demo.made_up import make_up
    from howwasschool.demo.site import Site
    from howwasschool.demo.throwaway import throwaway_settings
    from howwasschool.opening import opened
    from howwasschool.wiring import Options, build

    settings = throwaway_settings(folder)
    with opened(settings) as database:
        made_up = make_up(database, now=real())
        site = Site()
        options = Options(
            rehearsal=True, public_url=f"http://127.0.0.1:{port}", live_pages=0.25, extra_routes=site.routes()
        )
        house = build(settings, database, options)
        site.open(house, made_up)
        yield house.app
