"""How the service is asked to end: Ctrl-C, and what terminals and service managers send instead.

What belongs here: turning signals into KeyboardInterrupt, and into nothing while ending. What does
not: the ending (``service/supervisor.py``).
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def signals_interrupt() -> Iterator[None]:
    """SIGTERM and SIGHUP raise KeyboardInterrupt as SIGINT does; main thread only."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = {number: signal.signal(number, interrupt) for number in ENDING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def ignore_signals() -> None:
    """A second Ctrl-C must not cut off a clean end, which is bounded anyway."""
    for number in ENDING:
        signal.signal(number, signal.SIG_IGN)
