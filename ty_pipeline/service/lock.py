"""One service for one home folder: the lock, and what the last holder left behind.

What belongs here: taking the lock, saying who has it, ending processes that outlived their
supervisor. What does not: starting anything (``service/supervisor.py``).
"""

from __future__ import annotations

import fcntl
import json
import os
import signal
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import psutil

from ty_pipeline.errors import ServiceError

LOCK_FILE = "up.lock"


class ServiceLock:
    """Held for as long as the process lives; the kernel frees it whatever kills the process."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file

    def write(self, *, ui: str | None, processes: Iterable[int]) -> None:
        """Tell others where the UI is, and the next holder which processes are ours."""
        note = {
            "pid": os.getpid(),
            "ui": ui,
            "processes": [[pid, _born(pid)] for pid in processes],
        }
        self._file.seek(0)
        self._file.truncate()
        json.dump(note, self._file)
        self._file.flush()


@contextmanager
def service_lock(home: Path) -> Iterator[ServiceLock]:
    """The lock of ``home``; processes of an earlier holder that was killed are ended.

    Raises ServiceError, which names the process that holds it and its UI.
    """
    home.mkdir(parents=True, exist_ok=True)
    with (home / LOCK_FILE).open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ServiceError(_who_has_it(home)) from None
        _end_leftovers(_note(home))
        lock = ServiceLock(file)
        lock.write(ui=None, processes=())
        yield lock
        lock.write(ui=None, processes=())


def running_ui(home: Path) -> str | None:
    """Address of the UI of the service that runs on ``home`` now, None where none does."""
    if not (home / LOCK_FILE).exists():
        return None
    with (home / LOCK_FILE).open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return _note(home).get("ui")
    return None


def _note(home: Path) -> dict[str, Any]:
    try:
        return dict(json.loads((home / LOCK_FILE).read_text() or "{}"))
    except ValueError:
        return {}  # cut off by a full disk or a kill: nobody is known


def _who_has_it(home: Path) -> str:
    note = _note(home)
    ui = f"its UI is {note['ui']}" if note.get("ui") else "its UI is not up yet"
    return f"The service is running already as process {note.get('pid', 'unknown')}; {ui}."


def _end_leftovers(note: dict[str, Any]) -> None:
    for pid, born in note.get("processes", ()):
        if born is not None and _born(pid) == born:
            os.killpg(pid, signal.SIGKILL)  # each leads a group of its own


def _born(pid: int) -> float | None:
    try:
        return psutil.Process(pid).create_time()
    except psutil.NoSuchProcess:
        return None
