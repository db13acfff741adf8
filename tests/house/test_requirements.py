"""What is imported is declared, what is declared is used, and what is locked is pinned by its hash."""

from __future__ import annotations

import re
import sys
import tomllib
from importlib.metadata import packages_distributions

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.house.sources import PACKAGES, ROOT, sources

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
# Used without being imported, each with how.
UNSEEN = {
    "python-multipart": "Starlette parses forms with it",
    "tzdata": "zoneinfo reads it where the system has no time zones",
}
LOCKS = {
    "runtime": (),
    "test": ("test",),
    "check": ("test", "check"),
}


def declared(*extras: str) -> set[str]:
    """The canonical names of the distributions that pyproject.toml asks for."""
    asked = [*PROJECT["dependencies"]]
    for extra in extras:
        asked += PROJECT["optional-dependencies"][extra]
    return {str(canonicalize_name(Requirement(line).name)) for line in asked}


def imported(*folders: str) -> dict[str, str]:
    """The distributions whose modules are imported there, each with one file that does."""
    distributions = packages_distributions()
    found: dict[str, str] = {}
    for source in sources(*folders):
        for module, _ in source.imports():
            top = module.partition(".")[0]
            if top in sys.stdlib_module_names or top in {*PACKAGES, "tests"}:
                continue
            for distribution in distributions.get(top, [f"unknown: {top}"]):
                found[str(canonicalize_name(distribution))] = source.path
    return found


def test_everything_that_the_house_imports_is_declared() -> None:
    allowed = declared("bench")
    assert {name: path for name, path in imported().items() if name not in allowed} == {}


def test_everything_that_is_declared_is_used() -> None:
    assert declared() - set(imported()) == set(UNSEEN)


def test_everything_that_the_tests_import_is_declared() -> None:
    allowed = declared("test", "bench") | {"hatchling", "packaging", "pydantic-core"}
    assert {name: path for name, path in imported("tests").items() if name not in allowed} == {}


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_pins_all_that_is_declared_with_hashes(lock: str) -> None:
    text = (ROOT / "requirements" / f"{lock}.txt").read_text(encoding="utf-8")
    entries = re.split(r"\n(?=\S)", text.strip())
    pinned: dict[str, str] = {}
    for entry in entries:
        name, version = re.match(r"([\w.-]+)(?:\[[\w,-]+\])?==([^\s;\\]+)", entry).groups()  # type: ignore[union-attr]
        assert "--hash=sha256:" in entry, f"{name} has no hash"
        pinned[str(canonicalize_name(name))] = version
    assert declared(*LOCKS[lock]) <= set(pinned)
    for line in PROJECT["dependencies"]:
        requirement = Requirement(line)
        assert requirement.specifier.contains(pinned[canonicalize_name(requirement.name)]), f"{line}: run make lock"


def test_the_locks_agree_with_each_other() -> None:
    versions: dict[str, set[str]] = {}
    for path in (ROOT / "requirements").glob("*.txt"):
        for name, version in re.findall(r"^([\w.-]+)(?:\[[\w,-]+\])?==([^\s;\\]+)", path.read_text(), re.MULTILINE):
            versions.setdefault(name, set()).add(version)
    assert {name: found for name, found in versions.items() if len(found) > 1} == {}
