"""The process that the service's processes are forked from, so that Dagster is imported once.

What belongs here: importing, forking, telling the supervisor who ended. What does not: when a
process is wanted (``service/processes.py``), what it does (Dagster's own commands).

Importing takes 8 s of processor time for all of them together and 18 s for each by itself, and the
database starts meanwhile. It also makes starting again a matter of a second.

Run as ``python -m ty_pipeline.service.nursery MODULE...`` (what to import). Standard input carries
one JSON object a line: {"name", "target", "command", "log"}; standard output answers with
{"name", "pid", "status"}, status null when it was started. The end of standard input says that the
supervisor is gone, kill -9 included: then everything ends.
"""

from __future__ import annotations

import importlib
import json
import os
import select
import signal
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

POLL_SECONDS = 0.1
GRACE_SECONDS = 5.0  # between asking the processes to end and ending them


@dataclass(frozen=True, kw_only=True)
class Order:
    """A process to be started."""

    name: str  # the supervisor's name for it
    target: str  # module:function to call
    command: list[str]  # its sys.argv
    log: str  # file that its output is appended to

    @property
    def module(self) -> str:
        """What has to be imported for it."""
        return self.target.partition(":")[0]


def main() -> None:
    """Serve until the supervisor is gone; in a forked process, become what was ordered."""
    # An end of the terminal's session is the supervisor's business.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    order = _serve(sys.argv[1:])
    if order is not None:
        _become(order)


def _serve(modules: list[str]) -> Order | None:
    """Returns the order in each forked process, None in the nursery itself at its end.

    A program is forked as soon as its own module is imported, so that the code server makes Dagster's
    tables while the webserver is still being imported.
    """
    orders = Orders()
    names: dict[int, str] = {}
    while orders.read(wait=0.0 if modules else POLL_SECONDS):
        _report_ended(names)
        for order in orders.take(lambda order: not modules or order.module in sys.modules):
            pid = os.fork()
            if pid == 0:
                return order
            names[pid] = order.name
            _tell(name=order.name, pid=pid, status=None)
        if modules:
            _import(modules.pop(0))
    _end_all(names)
    return None


class Orders:
    """What came on standard input and is not done yet."""

    def __init__(self) -> None:
        self._received = b""
        self._waiting: list[Order] = []

    def read(self, *, wait: float) -> bool:
        """Take in what there is, waiting at most ``wait`` seconds; False at the end of input."""
        readable, _, _ = select.select([0], [], [], wait)
        if not readable:
            return True
        chunk = os.read(0, 65536)
        *lines, self._received = (self._received + chunk).split(b"\n")
        self._waiting += [Order(**json.loads(line)) for line in lines]
        return chunk != b""

    def take(self, is_due: Callable[[Order], bool]) -> list[Order]:
        """Those that are due, in the order they came."""
        due = [order for order in self._waiting if is_due(order)]
        self._waiting = [order for order in self._waiting if not is_due(order)]
        return due


def _import(module: str) -> None:
    """A module that cannot be imported is the code server's to show, in the UI."""
    try:
        importlib.import_module(module)
    except Exception:
        traceback.print_exc()


def _become(order: Order) -> None:
    os.setsid()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    nothing = os.open(os.devnull, os.O_RDONLY)
    log = os.open(order.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    for opened, standard in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(opened, standard)
    sys.argv = order.command
    function = order.target.partition(":")[2]
    getattr(importlib.import_module(order.module), function)()


def _report_ended(names: dict[int, str]) -> None:
    while names:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid == 0:
            return
        name = names.pop(pid)
        _tell(name=name, pid=pid, status=os.waitstatus_to_exitcode(status))


def _tell(**what: Any) -> None:
    try:
        os.write(1, json.dumps(what).encode() + b"\n")
    except BrokenPipeError:
        return  # nobody is left to be told; the end of standard input follows


def _end_all(names: dict[int, str]) -> None:
    """Each process leads a group: itself and the runs it started."""
    groups = list(names)
    _signal_all(groups, signal.SIGTERM)
    deadline = time.monotonic() + GRACE_SECONDS
    while names and time.monotonic() < deadline:
        _report_ended(names)
        time.sleep(POLL_SECONDS)
    _signal_all(groups, signal.SIGKILL)


def _signal_all(groups: list[int], number: signal.Signals) -> None:
    for group in groups:
        try:
            os.killpg(group, number)
        except (ProcessLookupError, PermissionError):
            continue


if __name__ == "__main__":
    main()
