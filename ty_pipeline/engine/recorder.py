"""Writes answers and failures in group commits.

Belongs here: gathering what arrived within a few milliseconds and recording it in one transaction, on
a connection of its own, while other calls go on. Not here: making calls (``wave``).

An answer waits at most ``commit_seconds`` for company, so it is durable well within 50 ms of its arrival
(DESIGN.md, Engine) unless the database itself is slower.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from ty_pipeline.database.connect import Connection
from ty_pipeline.ledger.work import Failure, Result, complete_work, fail_work


@dataclass(kw_only=True)
class Recorded:
    """What has been written so far; grows while a wave runs."""

    completed: int = 0  # answers accepted
    refused_late: int = 0  # answers whose claim had been taken over
    failed: Counter[str] = field(default_factory=Counter)  # error class -> failures


class Recorder:
    """Records the answers of one wave; use as an async context manager."""

    def __init__(
        self,
        connection: Connection,
        workflow_id: int,
        conversation_id: int,
        *,
        wait: float,
        most: int,
    ) -> None:
        self.recorded = Recorded()
        self._connection = connection
        self._step = (workflow_id, conversation_id)
        self._wait = wait
        self._most = most
        self._arrived: list[Result | Failure] = []
        self._writing = 0
        self._ended = False
        self._something = asyncio.Event()  # there is an answer, or the end
        self._enough = asyncio.Event()  # waiting for more company is of no use
        self._written = asyncio.Event()  # a batch has been written since somebody asked
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Recorder:
        self._task = asyncio.create_task(self._run())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._ended = True
        self._something.set()
        self._enough.set()
        if self._task is not None:
            await self._task

    @property
    def pending(self) -> int:
        """Answers that are not durable yet."""
        return len(self._arrived) + self._writing

    @property
    def broken(self) -> bool:
        """True when writing has failed; leaving the context raises the error."""
        return self._task is not None and self._task.done()

    def add(self, outcome: Result | Failure) -> None:
        """Hand over one outcome; it is written soon, in the order of arrival."""
        self._arrived.append(outcome)
        self._something.set()
        if len(self._arrived) >= self._most:
            self._enough.set()

    def flush(self) -> None:
        """Say that no answer is under way, so that none waits for company."""
        if self._arrived:
            self._enough.set()

    async def next_write(self) -> None:
        """Wait until another batch is written, or writing has failed; only while some are pending."""
        self._written.clear()
        if not self.broken:
            await self._written.wait()

    async def _run(self) -> None:
        try:
            while batch := await self._gather():
                await asyncio.to_thread(self._write, batch)
                self._writing = 0
                self._written.set()
        finally:
            self._written.set()

    async def _gather(self) -> list[Result | Failure]:
        """The next batch; empty at the end."""
        await self._something.wait()
        if not self._ended:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._enough.wait(), self._wait)
        batch, self._arrived = self._arrived[: self._most], self._arrived[self._most :]
        self._writing = len(batch)
        if not self._arrived and not self._ended:
            self._something.clear()
        if len(self._arrived) < self._most:
            self._enough.clear()
        return batch

    def _write(self, batch: Sequence[Result | Failure]) -> None:
        results = [one for one in batch if isinstance(one, Result)]
        failures = [one for one in batch if isinstance(one, Failure)]
        if results:
            accepted = complete_work(self._connection, *self._step, results)
            self.recorded.completed += sum(accepted.values())
            self.recorded.refused_late += len(accepted) - sum(accepted.values())
        if failures:
            fail_work(self._connection, failures)
            self.recorded.failed.update(f.error_class for f in failures)
