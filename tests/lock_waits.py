"""Two connections at once, and waiting until one is seen to wait for the other.

Belongs here: running a statement in the background and looking at pg_stat_activity. Not here: sleeping
and hoping.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar

import psycopg

PATIENCE = 20.0  # seconds after which a block that does not show is a failure
T = TypeVar("T")


@contextmanager
def background() -> Iterator[Callable[[Callable[[], T]], Future[T]]]:
    """Runs functions on threads of their own; all have ended at the end of the block."""
    with ThreadPoolExecutor(max_workers=8) as pool:
        yield pool.submit


def wait_until_blocked(observer: psycopg.Connection[Any], pid: int) -> None:
    """Return once the backend ``pid`` waits for a lock; AssertionError when it never does."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        row = observer.execute(
            "select wait_event_type = 'Lock' from pg_stat_activity where pid = %s", (pid,)
        ).fetchone()
        if row is not None and row[0]:
            return
        time.sleep(0.002)
    raise AssertionError(f"backend {pid} does not wait for a lock")


def backend(connection: psycopg.Connection[Any]) -> int:
    """Process id of a connection's server side."""
    return connection.info.backend_pid
