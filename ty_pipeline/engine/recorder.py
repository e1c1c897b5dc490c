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
        self._queue: asyncio.Queue[Result | Failure | None] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Recorder:
        self._task = asyncio.create_task(self._run())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._queue.put_nowait(None)
        if self._task is not None:
            await self._task

    def add(self, outcome: Result | Failure) -> None:
        """Hand over one outcome; it is written soon, in the order of arrival."""
        self._queue.put_nowait(outcome)

    @property
    def broken(self) -> bool:
        """True when writing has failed; leaving the context raises the error."""
        return self._task is not None and self._task.done()

    async def _run(self) -> None:
        ended = False
        while not ended:
            batch, ended = await self._gather()
            if batch:
                await asyncio.to_thread(self._write, batch)

    async def _gather(self) -> tuple[list[Result | Failure], bool]:
        first = await self._queue.get()
        batch: list[Result | Failure] = []
        deadline = asyncio.get_running_loop().time() + self._wait
        while first is not None:
            batch.append(first)
            left = deadline - asyncio.get_running_loop().time()
            if len(batch) >= self._most or (left <= 0 and self._queue.empty()):
                return batch, False
            try:
                first = await asyncio.wait_for(self._queue.get(), timeout=max(left, 0.0))
            except TimeoutError:
                return batch, False
        return batch, True

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
