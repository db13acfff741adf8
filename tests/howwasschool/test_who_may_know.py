"""Who may know what (design.md, section 7), over families at random through the wired house."""

from __future__ import annotations

from pathlib import Path

from tests.knowing.school import on_file


def test_no_message_and_no_list_names_a_child_to_someone_without_the_right(tmp_path: Path) -> None:
    seen = on_file(tmp_path, seed=1, families=40, texts=500, a_day=250)
    assert not seen.leaks, seen.leaks[:5]
    # It looked at something: replies that name a child, messages that nobody had written for, and lists.
    assert seen.texts == 500
    assert seen.naming > 100
    assert seen.unasked > 2
    assert seen.lists > 200
