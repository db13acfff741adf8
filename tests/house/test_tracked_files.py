"""Nothing that we track names a package registry or a folder of somebody's machine."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.house.sources import ROOT, tracked

# Written in two halves, so that this file does not name what it looks for.
REGISTRIES = re.compile(
    r"pypi\." + r"org|pythonhosted\." + r"org|registry\.npm" + r"js|npm" + r"js\.org|registry\.yarn" + r"pkg"
    r"|--(?:extra-)?index" + r"-url|--find" + r"-links|\"resolved\":\s*\"http"
)
MACHINES = re.compile(r"(?<![\w.~-])/(?:home/[a-z]|Users/[A-Za-z]|root/|work" + r"/)")
MAKES_THE_LOCK = {"Makefile"}


def faults(text: str) -> list[str]:
    """Each registry and each machine's folder that a text names."""
    return [match.group() for pattern in (REGISTRIES, MACHINES) for match in pattern.finditer(text)]


def test_no_file_names_a_registry_or_a_machine() -> None:
    found = {}
    for path in tracked():
        text = _text(path)
        named = [fault for fault in faults(text) if path.name not in MAKES_THE_LOCK or "index" not in fault]
        if str(ROOT) in text:
            named.append(str(ROOT))
        if named:
            found[path.relative_to(ROOT).as_posix()] = named
    assert not found


def _text(path: Path) -> str:
    return path.read_bytes().decode("utf-8", errors="replace")


# Written backwards, so that no search of this file finds them.
PLANTED = ("elpmis/gro.ipyp//:sptth", "x lru-xedni--", "x/nna/emoh/", "x/krow/ ni")


@pytest.mark.parametrize("backwards", PLANTED)
def test_a_planted_address_is_found(backwards: str) -> None:
    assert faults(backwards[::-1])


def test_a_path_of_our_own_is_none() -> None:
    assert not faults("see docs/home/a, https://example.org/wo" + "rk/x and ~/wo" + "rk/")
