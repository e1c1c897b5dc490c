"""How far the work is: in one partition, one source, or everywhere.

Belongs here: the figures of ``ty-pipeline status``, read through views that count valid, enabled work
only. Not here: how they look (``cli``), quality and cost (``ledger/report.py``).

Speed with a million interactions: one partition under 50 ms of database time, everything under 300
(issue 2, section 7). So one statement reads steps and partitions together, and nothing reads a table
whole that an index answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, LiteralString

from psycopg import sql
from psycopg.rows import dict_row

from ty_pipeline.database.connect import Connection
from ty_pipeline.errors import UsageError
from ty_pipeline.ledger.sqlstates import ledger_errors


@dataclass(frozen=True, kw_only=True)
class Scope:
    """What is looked at: one partition, one source, or (both None) everything.

    Raises UsageError where both are given.
    """

    partition_key: str | None = None  # date|source
    source_id: str | None = None  # all partitions of one source

    def __post_init__(self) -> None:
        if self.partition_key is not None and self.source_id is not None:
            raise UsageError("Ask for a partition or for a source, not for both.")


@dataclass(frozen=True, kw_only=True)
class NodeFigures:
    """Nodes by state; of one step they are postings, since a posting has one node a step and round."""

    coming: int  # cannot be done yet: earlier work is unfinished
    owed: int  # to be done now
    running: int  # held by a worker
    waiting_for_person: int  # suspended
    done: int  # has a current interaction
    failed: int  # for good
    paused: int  # disabled by an operator

    @property
    def can_reach(self) -> int:
        """All of them: what is, or can still be, worked on."""
        return (
            self.coming + self.owed + self.running + self.waiting_for_person
            + self.done + self.failed + self.paused
        )  # fmt: skip

    @property
    def percent_done(self) -> float | None:
        """Share done, rounded down, so that 100 means all of them; None where there are none."""
        return self.done * 1000 // self.can_reach / 10 if self.can_reach else None


@dataclass(frozen=True, kw_only=True)
class StepProgress:
    """One step in one round."""

    conversation_id: int
    canonical_name: str
    round: int  # of the improve loop, 0 outside it
    figures: NodeFigures


@dataclass(frozen=True, kw_only=True)
class PartitionProgress:
    """All steps of one partition together."""

    partition_key: str  # date|source
    figures: NodeFigures


@dataclass(frozen=True, kw_only=True)
class FetchProgress:
    """Valid fetches; rows = new + changed + seen + duplicate_in_fetch + set_aside + to_promote."""

    completed: int  # fetches
    running: int  # fetches
    failed: int  # fetches
    pages_to_stage: int  # pages received, not read yet; their rows are not counted yet
    rows: int  # rows received
    new: int  # brought a posting
    changed: int  # brought new content of a known posting
    seen: int  # content that was known
    duplicate_in_fetch: int  # another row of the fetch stands for the posting
    set_aside: int  # no posting can be made of them
    to_promote: int  # wait to become postings
    fields_set_aside: int  # rows kept without a field that could not be read


@dataclass(frozen=True, kw_only=True)
class FailureCount:
    """Newest failures of nodes, by step and class."""

    canonical_name: str
    error_class: str
    will_retry: bool  # tried again, or failed for good
    nodes: int
    example_posting_id: int | None  # None for a fetch


@dataclass(frozen=True, kw_only=True)
class Progress:
    """Everything that one screen shows."""

    scope: Scope
    postings: Mapping[str, int]  # status -> postings
    steps: tuple[StepProgress, ...]  # in execution order, rounds of the improve loop in turn
    partitions: tuple[PartitionProgress, ...]  # newest first
    fetches: FetchProgress
    failures: tuple[FailureCount, ...]  # most frequent first

    @property
    def figures(self) -> NodeFigures:
        """All steps together."""
        fields = NodeFigures.__dataclass_fields__
        return NodeFigures(
            **{name: sum(getattr(s.figures, name) for s in self.steps) for name in fields}
        )


def read_progress(connection: Connection, scope: Scope) -> Progress:
    """The figures of ``scope``; all zero where nothing is known of it."""
    steps, partitions = _figures(connection, scope)
    (fetches,) = _rows(connection, _FETCHES, scope)
    return Progress(
        scope=scope,
        postings={r["status"]: r["postings"] for r in _rows(connection, _POSTINGS, scope)},
        steps=steps,
        partitions=partitions,
        fetches=FetchProgress(**fetches),
        failures=tuple(FailureCount(**row) for row in _rows(connection, _FAILURES, scope)),
    )


def read_source_ids(connection: Connection) -> list[str]:
    """Every declared source, retired ones included."""
    with ledger_errors():
        rows = connection.execute(
            "select source_id from known_sources order by source_id"
        ).fetchall()
    return [row[0] for row in rows]


# Nodes of every step and every partition, from one read of the view. A filter on the partition goes down
# into its indexes; one on the source would be evaluated node by node there, so it comes after.
_FIGURES = """
  with steps as materialized (select * from step_progress {of_partition})
  select partition_key, canonical_name, conversation_id, round, sum(coming)::bigint as coming,
    sum(owed)::bigint as owed, sum(running)::bigint as running,
    sum(waiting_for_person)::bigint as waiting_for_person, sum(done)::bigint as done,
    sum(failed)::bigint as failed, sum(paused)::bigint as paused
  from steps {of_source}
  group by grouping sets ((execution_order, conversation_id, canonical_name, round), (partition_key))
  order by partition_key desc nulls last, execution_order, round
"""
_FETCHES = """
  select count(*) filter (where status = 'completed') as completed,
    count(*) filter (where status = 'running') as running,
    count(*) filter (where status = 'failed') as failed,
    coalesce(sum(pages_to_stage), 0)::bigint as pages_to_stage, coalesce(sum(rows), 0)::bigint as rows,
    coalesce(sum(new), 0)::bigint as new, coalesce(sum(changed), 0)::bigint as changed,
    coalesce(sum(seen), 0)::bigint as seen,
    coalesce(sum(duplicate_in_fetch), 0)::bigint as duplicate_in_fetch,
    coalesce(sum(set_aside), 0)::bigint as set_aside,
    coalesce(sum(to_promote), 0)::bigint as to_promote,
    coalesce(sum(fields_set_aside), 0)::bigint as fields_set_aside
  from fetch_progress {of_partition} {of_source}
"""
_FAILURES = """
  select canonical_name, error_class, will_retry, count(*) as nodes,
    min(posting_id) as example_posting_id
  from failed_work {of_partition} {of_source}
  group by canonical_name, error_class, will_retry
  order by nodes desc, canonical_name, error_class, will_retry
"""
_POSTINGS = """
  select status, sum(postings)::bigint as postings from {postings} {of_partition} {of_source}
  group by status order by postings desc, status
"""


def _figures(
    connection: Connection, scope: Scope
) -> tuple[tuple[StepProgress, ...], tuple[PartitionProgress, ...]]:
    steps: list[StepProgress] = []
    partitions: list[PartitionProgress] = []
    for row in _rows(connection, _FIGURES, scope):
        key, name = row.pop("partition_key"), row.pop("canonical_name")
        step = {"conversation_id": row.pop("conversation_id"), "round": row.pop("round")}
        if key is None:
            steps.append(StepProgress(canonical_name=name, figures=NodeFigures(**row), **step))
        else:
            partitions.append(PartitionProgress(partition_key=key, figures=NodeFigures(**row)))
    return tuple(steps), tuple(partitions)


def _rows(connection: Connection, question: LiteralString, scope: Scope) -> list[dict[str, Any]]:
    of_partition = scope.partition_key is not None
    statement = sql.SQL(question).format(
        of_partition=sql.SQL("where partition_key = %(partition_key)s" if of_partition else ""),
        of_source=sql.SQL("where source_id = %(source_id)s" if scope.source_id else ""),
        # Which postings a partition has is known to their runs; without one, the postings suffice.
        postings=sql.Identifier("posting_progress" if of_partition else "source_progress"),
    )
    with ledger_errors(), connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(statement, vars(scope)).fetchall()
