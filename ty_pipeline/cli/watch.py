"""Showing how far long work has come while it runs: a bar on a terminal, now and then a plain line else.

Belongs here: looking at the ledger from a thread beside the work. Not here: the work, and its end.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ty_pipeline.cli.output import complain, console
from ty_pipeline.errors import TyPipelineError

if TYPE_CHECKING:
    from ty_pipeline.ledger.progress import NodeFigures, Scope

BAR_SECONDS = 1.0  # between two looks that move a bar
LINE_SECONDS = 10.0  # between two looks that print a line

Show = Callable[["NodeFigures"], None]


@contextmanager
def watched(url: str, scope: Scope) -> Iterator[None]:
    """Show the progress of ``scope`` in the database at ``url`` while the block runs."""
    if sys.stdout.isatty():
        with _bar() as show, _looking(url, scope, BAR_SECONDS, show):
            yield
    else:
        with _looking(url, scope, LINE_SECONDS, _Lines()):
            yield


@contextmanager
def _bar() -> Iterator[Show]:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("working"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console(), transient=True) as bar:
        task = bar.add_task("working", total=None)
        yield lambda f: bar.update(task, completed=f.done, total=f.can_reach or None)


class _Lines:
    """A line when something has moved, on standard error: what a script reads stays clean."""

    def __init__(self) -> None:
        self._last = ""

    def __call__(self, figures: NodeFigures) -> None:
        line = f"{figures.done:,} of {figures.can_reach:,} done"
        if line != self._last and figures.can_reach:
            complain(line)
        self._last = line


@contextmanager
def _looking(url: str, scope: Scope, seconds: float, show: Show) -> Iterator[None]:
    stop = threading.Event()
    looker = threading.Thread(target=_look, args=(url, scope, seconds, show, stop), daemon=True)
    looker.start()
    try:
        yield
    finally:
        stop.set()
        looker.join()


def _look(url: str, scope: Scope, seconds: float, show: Show, stop: threading.Event) -> None:
    from ty_pipeline.database.connect import connected
    from ty_pipeline.ledger.progress import read_progress

    try:
        with connected(url, role="ty_reader") as connection:
            while not stop.wait(seconds):
                show(read_progress(connection, scope).figures)
    except TyPipelineError:
        return  # the work itself will say that the database is gone
