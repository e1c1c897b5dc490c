"""Drives the ledger the way the engine does, one SQL function at a time, with canned answers.

Belongs here: what tests of the ledger share: a source of their own in a database where workflow 3001
is declared, postings put in, steps claimed and answered, and looking at what came of it. Not here:
assertions (the tests), starting databases (``conftest``), waiting for locks (``lock_waits``).

Every driver has a source of its own, and marks the text of its postings with it, so that tests that
share a database share neither postings nor results.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.rows import namedtuple_row

from tests.canned_answers import Verdict, canned_answer
from tests.intake_driver import IntakeDriver
from ty_pipeline.ledger import work
from ty_pipeline.ledger.declare import SourceDeclaration, declare_sources
from ty_pipeline.ledger.work import Call, Claimed, Failure, Result, Worker
from ty_pipeline.workflow.workflow_3001 import WORKFLOW_3001

WORKFLOW = WORKFLOW_3001.workflow_id
STEPS = {c.name: c for c in WORKFLOW_3001.conversations}
WORKED_STEPS = tuple(c for c in WORKFLOW_3001.conversations if c.name != "fetch_jobs")
DAY = "2026-01-05"
LONG_LEASE = 3600  # seconds; a claim of a test expires only when the test says so

_sources = itertools.count(1)


def step_id(name: str) -> int:
    """The conversation id of a step, by its canonical name."""
    return STEPS[name].conversation_id


def worker_of(source: str, name: str = "w1") -> Worker:
    """A worker that no other driver's has the name of."""
    return Worker(name=f"{source}-{name}", lease_seconds=LONG_LEASE)


def new_driver(owner: psycopg.Connection[Any], pipeline: psycopg.Connection[Any]) -> Driver:
    """A driver with a new source."""
    source = declare_source(owner)
    return Driver(owner=owner, pipeline=pipeline, source=source, worker=worker_of(source))


def declare_source(owner: psycopg.Connection[Any]) -> str:
    """A source that no other driver uses."""
    source = f"board_{next(_sources)}"
    declared = SourceDeclaration(
        source_id=source, label=source, adapter="test", timezone="UTC", settings={}
    )
    declare_sources(owner, [declared])
    return source


@dataclass(frozen=True, kw_only=True)
class Driver(IntakeDriver):
    """One source in one database, seen by one worker."""

    def claim(
        self, step: str, *, limit: int = 256, day: str = DAY, worker: Worker | None = None
    ) -> Claimed:
        return work.claim_work(
            self.pipeline, WORKFLOW, step_id(step), self.partition(day),
            limit=limit, worker=worker or self.worker,
        )  # fmt: skip

    def claim_one(self, step: str, *, day: str = DAY) -> Call:
        """The one call that is owed."""
        (call,) = self.claim(step, day=day).calls
        return call

    def complete(
        self, step: str, calls: Iterable[Call], *, verdict: Verdict = "pass", **changes: Any
    ) -> dict[int, bool]:
        """Answer the calls; ``changes`` replace keys of the canned output."""
        results = []
        for call in calls:
            output, branch = canned_answer(step, call, verdict)
            results.append(result(call, output | changes, branch))
        return work.complete_work(self.pipeline, WORKFLOW, step_id(step), results)

    def complete_with(self, step: str, call: Call, output: Any, branch: str = "*") -> bool:
        """Answer one call with this output; whether it was accepted."""
        done = work.complete_work(
            self.pipeline, WORKFLOW, step_id(step), [result(call, output, branch)]
        )
        return done[call.interaction_id]

    def fail(
        self, calls: Sequence[Call], error_class: str = "network", *, after: float | None = None
    ) -> int:
        return work.fail_work(
            self.pipeline,
            [
                Failure(
                    interaction_id=c.interaction_id, fence=c.fence, error_class=error_class,
                    message="it did not work", retry_after=after,
                )
                for c in calls
            ],
        )  # fmt: skip

    def script(self, step: str, *, day: str = DAY) -> tuple[int, int]:
        """Do a script step; (completed, failed)."""
        return work.run_script_work(
            self.pipeline, WORKFLOW, step_id(step), self.partition(day), limit=1000, worker=self.worker
        )  # fmt: skip

    def run_step(
        self, name: str, *, day: str = DAY, verdicts: Mapping[str, Verdict] | None = None
    ) -> int:
        """Do everything that is owed of one step; how many nodes were claimed."""
        match STEPS[name].actor.actor_type:
            case "script":
                return sum(self.script(name, day=day))
            case "human":
                return self.claim(name, day=day).claimed
            case "ai_model":
                claimed = self.claim(name, day=day)
                for call in claimed.calls:
                    verdict = (verdicts or {}).get(f"{name}[{call.round}]", "pass")
                    self.complete(name, [call], verdict=verdict)
                return claimed.claimed

    def run(
        self,
        *,
        until: str | None = None,
        day: str = DAY,
        verdicts: Mapping[str, Verdict] | None = None,
    ) -> None:
        """Do everything that is owed, wave by wave; before ``until``, when it is given.

        ``verdicts`` says how a grade ends, by step and round ("grade_a[0]"); the rest pass.
        """
        order = [c.name for c in WORKED_STEPS]
        steps = order[: order.index(until)] if until else order
        moved = True
        while moved:
            moved = sum(self.run_step(name, day=day, verdicts=verdicts) for name in steps) > 0

    def expire(self, interactions: Iterable[int]) -> None:
        """Let the leases of these interactions have run out."""
        self.owner.execute(
            "update run_node_state set lease_expires_at = clock_timestamp() - interval '1 second'"
            " where lease_expires_at is not null and fence in"
            "  (select fence from interactions where interaction_id = any(%s))",
            (list(interactions),),
        )

    def forget_backoff(self) -> None:
        """Let the time of every next attempt have come."""
        self.owner.execute(
            "update run_node_state set next_retry_at = null where next_retry_at is not null"
            " and partition_key like %s",
            (f"%|{self.source}",),
        )

    def rows(self, query: str, *arguments: object) -> list[Any]:
        """Rows of a query as the owner, columns by name."""
        with self.owner.cursor(row_factory=namedtuple_row) as cursor:
            return cursor.execute(query, arguments).fetchall()

    def row(self, query: str, *arguments: object) -> Any:
        """The only row of a query."""
        (row,) = self.rows(query, *arguments)
        return row

    def value(self, query: str, *arguments: object) -> Any:
        """The only value of a query."""
        return self.row(query, *arguments)[0]

    def posting(self, external_id: str = "j1") -> Any:
        return self.row(
            "select * from postings where source_id = %s and external_id = %s",
            self.source, external_id,
        )  # fmt: skip

    def interactions(self, step: str | None = None, external_id: str | None = None) -> list[Any]:
        """Interactions of this source's postings, oldest first."""
        return self.rows(
            "select i.*, c.canonical_name as step from interactions i"
            " join postings p using (posting_id) join conversations c using (conversation_id)"
            " where p.source_id = %s and c.canonical_name = coalesce(%s, c.canonical_name)"
            " and p.external_id = coalesce(%s, p.external_id) order by i.interaction_id",
            self.source, step, external_id,
        )  # fmt: skip

    def model_calls(self, external_id: str | None = None) -> list[Any]:
        """Interactions for which a model was really called."""
        return [
            i
            for i in self.interactions(external_id=external_id)
            if i.actor_type == "ai_model" and i.reused_from is None and i.error_class is None
        ]

    def node(self, step: str, external_id: str = "j1", round_: int = 0) -> Any:
        """One node; None while it has no row, which is to be idle."""
        found = self.rows(
            "select n.* from run_node_state n join postings p using (posting_id)"
            " where p.source_id = %s and p.external_id = %s and n.conversation_id = %s and n.round = %s",
            self.source, external_id, step_id(step), round_,
        )  # fmt: skip
        return found[0] if found else None

    def status(self, step: str, external_id: str = "j1", round_: int = 0) -> str:
        node = self.node(step, external_id, round_)
        return "idle" if node is None else str(node.status)

    def statuses(self, external_id: str = "j1") -> dict[str, str]:
        """State of every node that is not idle, by step and round ("regrade[1]")."""
        return {
            f"{n.canonical_name}[{n.round}]": n.status
            for n in self.rows(
                "select c.canonical_name, n.round, n.status from run_node_state n"
                " join postings p using (posting_id) join conversations c using (conversation_id)"
                " where p.source_id = %s and p.external_id = %s and n.status <> 'idle' order by 1, 2",
                self.source,
                external_id,
            )
        }

    def edges(self, interaction_id: int) -> dict[str, Any]:
        """Edges of an interaction by handle."""
        found = self.rows(
            "select * from interaction_inputs where interaction_id = %s order by handle",
            interaction_id,
        )
        return {e.handle: e for e in found}


def result(call: Call, output: Any, branch: str) -> Result:
    """A good answer to one call."""
    return Result(
        interaction_id=call.interaction_id, fence=call.fence, output=output, branch=branch
    )


def by_posting(claimed: Claimed, driver: Driver) -> dict[str, Call]:
    """Calls by the external id of their posting."""
    names = {
        r.posting_id: r.external_id
        for r in driver.rows(
            "select posting_id, external_id from postings where source_id = %s", driver.source
        )
    }
    return {names[c.posting_id]: c for c in claimed.calls}
