"""Runs our own command in processes that have imported it already, so that a test may start and kill many of them.

A child is a process like any other: its own memory, its own files, the command's own way from its first line on. Only
the seconds that Python takes to read the libraries are spent once. Run as a script it reads one job a line (JSON) and
answers each with one line.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self, cast


class Launcher:
    """The other end of that script."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__))], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._jobs, self._done = cast(IO[str], self._process.stdin), cast(IO[str], self._process.stdout)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.communicate(timeout=30)

    def start(self, arguments: Sequence[str], *, environment: Mapping[str, str], folder: Path, log: Path) -> int:
        """Starts `howwasschool ARGUMENTS`, its output in `log`; gives the process's id."""
        job = {"start": list(arguments), "environment": dict(environment), "folder": str(folder), "log": str(log)}
        return int(self._ask(job))

    def wait(self, pid: int) -> int:
        """Waits for its end; the exit code, or minus the signal that killed it."""
        return int(self._ask({"wait": pid}))

    def has_ended(self, pid: int) -> bool:
        """Whether it is gone; its end is still there to be waited for."""
        return bool(self._ask({"look": pid}))

    def _ask(self, job: Mapping[str, Any]) -> Any:
        self._jobs.write(json.dumps(job) + "\n")
        self._jobs.flush()
        return json.loads(self._done.readline())


def _child(job: Mapping[str, Any]) -> None:
    """The command, in this process, until it ends."""
    from howwasschool.cli import main

    os.chdir(job["folder"])
    os.environ.clear()
    os.environ.update(job["environment"])
    log = os.open(job["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for ours, theirs in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(ours, theirs)
    sys.argv = ["howwasschool", *job["start"]]
    code = 1
    try:
        main()
    except SystemExit as leaving:
        code = leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _run(job: Mapping[str, Any], ended: dict[int, int]) -> int | bool:
    if "start" in job:
        pid = os.fork()
        if pid == 0:
            _child(job)
        return pid
    pid = job["wait"] if "wait" in job else job["look"]
    if pid not in ended:
        found, status = os.waitpid(pid, 0 if "wait" in job else os.WNOHANG)
        if found:
            ended[pid] = os.waitstatus_to_exitcode(status)
    return ended[pid] if "wait" in job else pid in ended


def _serve_jobs() -> None:
    from conversations.language import available, load

    for code in available():
        load(code)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    ended: dict[int, int] = {}
    for line in sys.stdin:
        sys.stdout.write(json.dumps(_run(json.loads(line), ended)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _serve_jobs()
