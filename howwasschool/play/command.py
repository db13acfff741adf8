"""`howwasschool play`: transcripts through the whole wired house, compared with what they expect."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import click


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--bless", is_flag=True, help="Write what happened into the transcripts.")
def play(paths: tuple[Path, ...], bless: bool) -> None:
    """Plays transcripts (*.txt, or folders of them); exit 1 with the differences where one differs."""
    files = list(transcripts(paths))
    if not files:
        raise click.ClickException("there is no transcript (*.txt) there")
    wrong = 0
    with TemporaryDirectory() as folder:
        for path in files:
            told = played(path, Path(folder), bless=bless)
            wrong += bool(told)
            if told:
                click.echo(f"{path}\n" + "\n".join(told))
    click.echo(f"{len(files) - wrong} played as written, {wrong} differed")
    if wrong:
        raise SystemExit(1)


def transcripts(paths: Sequence[Path]) -> Iterator[Path]:
    """The transcripts at those paths, folders looked through, in order."""
    for path in paths:
        yield from sorted(path.rglob("*.txt")) if path.is_dir() else [path]


def played(path: Path, folder: Path, *, bless: bool = False) -> list[str]:
    """The differences of one transcript; with `bless` none, and the file says what happened."""
    from conversations.transcripts import TranscriptRefused, blessed, parse
    from howwasschool.play.acts import CannotPlay
    from howwasschool.play.player import Player, differences
    from howwasschool.play.stage import Stage, template

    text = path.read_text(encoding="utf-8")
    try:
        transcript = parse(text)
    except TranscriptRefused as error:
        return [f"  {error}"]
    stage = Stage(transcript, folder / "stage.sqlite3", template(folder))
    try:
        happened = Player(transcript, stage).play()
    except CannotPlay as error:
        return [f"  {error}"]
    finally:
        stage.close()
        for left in folder.glob("stage.sqlite3*"):
            left.unlink()
    if bless:
        path.write_text(blessed(text, happened), encoding="utf-8")
        return []
    return differences(transcript, happened)
