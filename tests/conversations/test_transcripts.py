"""Every transcript of every language pack, played through the wired house."""

from __future__ import annotations

from pathlib import Path

import pytest

from howwasschool.play.command import played, transcripts

CHATS = sorted(Path(__file__).parents[2].glob("locales/*/chats"))
FILES = list(transcripts(CHATS))


def test_there_are_at_least_sixty_transcripts_in_english() -> None:
    assert sum("/en/chats/" in path.as_posix() for path in FILES) >= 60


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_transcript_plays_as_it_is_written(path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.getbasetemp() / "transcripts"
    folder.mkdir(exist_ok=True)
    assert played(path, folder) == []
