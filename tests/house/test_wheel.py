"""The wheel holds the whole house, and the house works from it."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

from tests.house.sources import PACKAGES, ROOT, tracked


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of a wheel built from this checkout, as pip would lay them down."""
    folder = tmp_path_factory.mktemp("wheel")
    wheel = next(iter(WheelBuilder(str(ROOT)).build(directory=str(folder), versions=["standard"])))
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "unpacked")
    return folder / "unpacked"


def _run(unpacked: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Runs Python with the wheel's files first on its path, away from the checkout."""
    elsewhere = unpacked.parent / "elsewhere"
    elsewhere.mkdir(exist_ok=True)
    environment = {**os.environ, "PYTHONPATH": str(unpacked)}
    return subprocess.run(
        [sys.executable, "-P", *command],
        cwd=elsewhere,
        env=environment,
        capture_output=True,
        check=False,
        text=True,
        timeout=120,
    )


def test_the_wheel_holds_every_file_of_the_packages(unpacked: Path) -> None:
    wanted = {name for path in tracked() if (name := path.relative_to(ROOT).as_posix()).startswith(_FOLDERS)}
    packed = {path.relative_to(unpacked).as_posix() for path in unpacked.rglob("*") if path.is_file()}
    assert wanted - packed == set()


_FOLDERS = tuple(f"{package}/" for package in PACKAGES)


def test_the_wheel_holds_nothing_beside_the_packages(unpacked: Path) -> None:
    beside = {path.name for path in unpacked.iterdir()} - set(PACKAGES)
    assert {name.rpartition(".")[2] for name in beside} == {"dist-info"}


def test_every_catalogue_is_compiled_in_the_wheel(unpacked: Path) -> None:
    catalogues = list(unpacked.glob("locales/*/*.po"))
    assert catalogues
    assert [path for path in catalogues if not path.with_suffix(".mo").is_file()] == []


def test_the_licence_travels_with_the_wheel(unpacked: Path) -> None:
    assert list(unpacked.glob("*.dist-info/licenses/LICENSE"))


def test_the_house_runs_from_the_wheel_and_not_from_the_checkout(unpacked: Path) -> None:
    where = _run(unpacked, "-c", "import howwasschool; print(howwasschool.__file__)")
    assert where.stdout.strip().startswith(str(unpacked)), where.stderr


def test_the_main_job_is_done_from_the_wheel(unpacked: Path) -> None:
    done = _run(unpacked, "-m", "howwasschool", "demo", "--once")
    assert done.returncode == 0, f"{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
