"""The service's processes seen from the supervisor: start, watch, start again, stop.

What belongs here: the nursery that processes are forked from, the life of one of them. What does
not: which there are and when (``service/supervisor.py``), the other end of the nursery's pipe
(``service/nursery.py``).
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

STOP_SECONDS = 10.0
POLL_SECONDS = 0.1

# Waits before a process that died is started again; one that lived long enough starts afresh.
BACK_OFF_SECONDS = (1.0, 2.0, 5.0, 10.0, 30.0)
HEALTHY_SECONDS = 60.0


@dataclass(frozen=True, kw_only=True)
class Ended:
    """A process is gone."""

    name: str  # of the program
    pid: int  # it had, and so had its group
    status: int  # its exit code, or minus the signal that killed it


@dataclass(frozen=True, kw_only=True)
class Program:
    """What to run."""

    name: str  # on the console
    target: str  # module:function that Dagster's command is
    command: Sequence[str]  # its argv
    log: Path  # standard output and error, appended


class Nursery:
    """Has everything imported, and forks a program when told to."""

    def __init__(
        self, modules: Sequence[str], *, env: Mapping[str, str], folder: Path, log: Path
    ) -> None:
        self.log = log
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "ty_pipeline.service.nursery", *modules],
                cwd=folder,
                env=dict(env),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=output,
                start_new_session=True,
            )
        assert self._process.stdin is not None and self._process.stdout is not None
        self._orders, self._answers = self._process.stdin, self._process.stdout
        os.set_blocking(self._answers.fileno(), False)
        self._received = b""
        self.pids: dict[str, int] = {}  # of the programs that run, by name

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def has_ended(self) -> bool:
        return self._process.poll() is not None

    def start(self, program: Program) -> None:
        """Fork it, as soon as everything is imported."""
        order = {
            "name": program.name,
            "target": program.target,
            "command": list(program.command),
            "log": str(program.log),
        }
        with contextlib.suppress(BrokenPipeError):  # has_ended tells
            self._orders.write(json.dumps(order).encode() + b"\n")
            self._orders.flush()

    def news(self) -> list[Ended]:
        """The processes that ended since the last call; to be called often."""
        self._received += self._answers.read() or b""
        *lines, self._received = self._received.split(b"\n")
        ended = []
        for line in lines:
            news = json.loads(line)
            if news["status"] is None:
                self.pids[news["name"]] = news["pid"]
            else:
                self.pids.pop(news["name"], None)
                ended.append(Ended(**news))
        return ended

    def stop(self) -> None:
        """Ask every process to end, with its group; after ten seconds end them; then itself."""
        deadline = time.monotonic() + STOP_SECONDS
        groups = self._groups()
        signal_groups(groups, signal.SIGTERM)
        while any_alive(groups) and time.monotonic() < deadline:
            time.sleep(POLL_SECONDS)
        self.kill()

    def kill(self) -> None:
        """End everything at once, itself first, so that nothing is forked any more."""
        self._process.kill()
        self._process.wait()
        signal_groups(self._groups(), signal.SIGKILL)
        with contextlib.suppress(BrokenPipeError):
            self._orders.close()
        self._answers.close()

    def _groups(self) -> list[int]:
        if not self._answers.closed:
            self.news()
        return list(self.pids.values())


class Restarts:
    """When a program that keeps ending may start again."""

    def __init__(self) -> None:
        self._failures: dict[str, int] = {}
        self._began: dict[str, float] = {}
        self._due: dict[str, float] = {}

    def began(self, name: str) -> None:
        """To be called at each start."""
        self._began[name] = time.monotonic()

    def plan(self, name: str) -> float:
        """Seconds until it is due again."""
        if time.monotonic() - self._began.get(name, 0.0) > HEALTHY_SECONDS:
            self._failures[name] = 0
        failures = self._failures.get(name, 0)
        self._failures[name] = failures + 1
        wait = BACK_OFF_SECONDS[min(failures, len(BACK_OFF_SECONDS) - 1)]
        self._due[name] = time.monotonic() + wait
        return wait

    def take_due(self) -> list[str]:
        """The names whose wait is over, each told once."""
        due = [name for name, when in self._due.items() if when <= time.monotonic()]
        for name in due:
            del self._due[name]
        return due


def signal_groups(groups: Sequence[int], number: signal.Signals) -> None:
    """To every process of every group."""
    for group in groups:
        # macOS says "not permitted" of a group of zombies.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(group, number)


def any_alive(groups: Sequence[int]) -> bool:
    """Whether a process of one of the groups still does anything."""
    for process in psutil.process_iter():
        try:
            if os.getpgid(process.pid) in groups and process.status() != psutil.STATUS_ZOMBIE:
                return True
        except (ProcessLookupError, PermissionError, psutil.Error):
            continue
    return False


def how_it_ended(status: int) -> str:
    """For a sentence about the end of a process."""
    return f"killed by {signal.Signals(-status).name}" if status < 0 else f"exit code {status}"
