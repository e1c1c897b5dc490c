"""One supervised process: start, watch, start again, stop.

What belongs here: the life of a process and its group. What does not: which processes there are
(``service/supervisor.py``), what happens inside one (``service/child.py``).
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

CHILD = "ty_pipeline.service.child"
STOP_SECONDS = 10.0
POLL_SECONDS = 0.05

# Waits before a process that died is started again; one that lived long enough starts afresh.
BACK_OFF_SECONDS = (1.0, 2.0, 5.0, 10.0, 30.0)
HEALTHY_SECONDS = 60.0


@dataclass(frozen=True, kw_only=True)
class Program:
    """What to run."""

    name: str  # on the console and of the log file
    target: str  # module:function that Dagster's command is
    command: Sequence[str]  # its argv
    env: Mapping[str, str]  # whole environment
    log: Path  # standard output and error, appended


class SupervisedProcess:
    """A program that is started again, ever more slowly, when it ends by itself."""

    def __init__(self, program: Program, *, folder: Path) -> None:
        self.program = program
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self._began = 0.0
        self._failures = 0
        self._again_at: float | None = None

    @property
    def pid(self) -> int | None:
        return None if self._process is None else self._process.pid

    def load(self) -> None:
        """Start the process; it imports, and waits for ``begin``."""
        with self.program.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", CHILD, self.program.target, *self.program.command],
                cwd=self._folder,
                env=dict(self.program.env),
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._began = time.monotonic()

    def begin(self) -> None:
        """The word: everything the process needs is there."""
        assert self._process is not None and self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):  # it has ended already; watch() sees that
            self._process.stdin.write(b"\n")
            self._process.stdin.flush()

    def watch(self) -> str | None:
        """To be called often: a sentence when something happened to the process, else None."""
        if self._again_at is not None:
            if time.monotonic() >= self._again_at:
                self._again_at = None
                self.load()
                self.begin()
            return None
        if self._process is None or self._process.poll() is None:
            return None
        return self._plan_restart(self._process.returncode)

    def ask_to_stop(self) -> None:
        """SIGTERM to the whole group; returns at once."""
        self._again_at = None
        self._signal(signal.SIGTERM)

    def wait_until_stopped(self, deadline: float) -> None:
        """Until nothing of the group is left; SIGKILL for what is there at ``deadline``."""
        if self._process is None:
            return
        while group_is_alive(self._process.pid) and time.monotonic() < deadline:
            self._process.poll()
            time.sleep(POLL_SECONDS)
        self._signal(signal.SIGKILL)
        self._collect()

    def _plan_restart(self, returncode: int) -> str:
        if time.monotonic() - self._began > HEALTHY_SECONDS:
            self._failures = 0
        wait = BACK_OFF_SECONDS[min(self._failures, len(BACK_OFF_SECONDS) - 1)]
        self._failures += 1
        self._again_at = time.monotonic() + wait
        self._signal(signal.SIGKILL)  # runs that outlived it have nobody to report to
        self._collect()
        return (
            f"The {self.program.name} ended by itself ({_ending(returncode)}); "
            f"starting it again in {wait:g} s. Its last words are in {self.program.log}."
        )

    def _signal(self, number: signal.Signals) -> None:
        if self._process is None:
            return
        # macOS says "not permitted" of a group of zombies.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, number)

    def _collect(self) -> None:
        if self._process is not None:
            self._process.wait()
            if self._process.stdin is not None:
                self._process.stdin.close()
            self._process = None


def group_is_alive(group: int) -> bool:
    """Whether a process of that group still does anything."""
    for process in psutil.process_iter():
        try:
            if os.getpgid(process.pid) == group and process.status() != psutil.STATUS_ZOMBIE:
                return True
        except (ProcessLookupError, PermissionError, psutil.Error):
            continue
    return False


def _ending(returncode: int) -> str:
    if returncode < 0:
        return f"killed by {signal.Signals(-returncode).name}"
    return f"exit code {returncode}"
