"""The database connections of one pass, opened when first used and kept until its end.

Belongs here: which connection is for what. Not here: what is asked on them (``wave``, ``recorder``),
roles and settings of a connection (``database.connect``).

They outlive the waves, because PostgreSQL plans every statement anew on a new connection.
"""

from __future__ import annotations

from contextlib import ExitStack
from functools import cached_property
from typing import Self

from ty_pipeline.database.connect import Connection
from ty_pipeline.engine.context import EngineContext


class Lanes:
    """Three connections that do not wait for each other; use as a context manager."""

    def __init__(self, context: EngineContext) -> None:
        self._context = context
        self._open = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    @cached_property
    def claims(self) -> Connection:
        """For claiming and for questions."""
        return self._open.enter_context(self._context.connect())

    @cached_property
    def answers(self) -> Connection:
        """For recording what came of calls."""
        return self._open.enter_context(self._context.connect())

    @cached_property
    def leases(self) -> Connection:
        """For the heartbeat, which must not wait for a long claim or commit."""
        return self._open.enter_context(self._context.connect())
