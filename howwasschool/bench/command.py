"""`howwasschool bench`: runs the benches, prints a table of ratios and exits 1 under a mark."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from pathlib import Path

import click

from howwasschool.bench.databases import Databases, NoPostgres, throwaway
from howwasschool.bench.measure import Figure

# Each bench's module and function; docs/performance.md says what each does and what its baseline is.
BENCHES: Mapping[str, str] = {
    "turn": "howwasschool.bench.turn:turn",
    "turns": "howwasschool.bench.turns:turns",
    "outbox": "howwasschool.bench.outbox:outbox",
    "start": "howwasschool.bench.start:start",
}
COLUMNS = "{:<10} {:<12} {:>10} {:>10} {:>7} {:>6} {:>7}  {}"


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME…]", type=click.Choice(sorted(BENCHES)))
@click.option("--json", "json_path", type=click.Path(dir_okay=False, path_type=Path), help="Write the figures here.")
def bench(names: tuple[str, ...], json_path: Path | None) -> None:
    """Measures this house against bare baselines of the same work in the same run.

    NAME is turn, turns, outbox or start; all of them where none is given. Rates are pieces a second; trust the
    ratios alone. Exits 1 if a ratio is under its mark.
    """
    figures: list[Figure] = []
    click.echo(COLUMNS.format("bench", "database", "rate", "baseline", "ratio", "mark", "spread", ""))
    with throwaway() as databases:
        try:
            for figure in _run(names or tuple(BENCHES), databases):
                click.echo(_row(figure))
                figures.append(figure)
        except NoPostgres as error:
            raise click.ClickException(str(error)) from None
    if json_path is not None:
        json_path.write_text(json.dumps([figure.as_json() for figure in figures], indent=1) + "\n", encoding="utf-8")
    if not all(figure.ok for figure in figures):
        raise SystemExit(1)


def _run(names: tuple[str, ...], databases: Databases) -> Iterator[Figure]:
    for name in names:
        module, _, function = BENCHES[name].partition(":")
        run: Callable[[Databases], Iterator[Figure]] = getattr(import_module(module), function)
        yield from run(databases)


def _row(figure: Figure) -> str:
    return COLUMNS.format(
        figure.bench, figure.database, f"{figure.rate:,.1f}", f"{figure.baseline:,.1f}", f"{figure.ratio:.2f}",
        f"{figure.mark:.2f}", f"±{figure.spread / 2:.0%}", "ok" if figure.ok else "UNDER ITS MARK",
    )  # fmt: skip
