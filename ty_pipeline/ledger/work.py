"""Claiming work and recording what came of it: one function per SQL function.

Belongs here: the calls and the values that pass. Not here: when to call them (``engine``), what they
mean (``sql/functions``). Every function is one transaction of its own (connections are autocommit).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ty_pipeline.database.connect import Connection
from ty_pipeline.ledger.sqlstates import ledger_errors


@dataclass(frozen=True, kw_only=True)
class Worker:
    """Who claims, for how long, and in which Dagster run."""

    name: str  # unique per process
    lease_seconds: int  # a claim holds this long without a heartbeat
    dagster_run_id: str | None = None  # None outside Dagster


@dataclass(frozen=True, kw_only=True)
class Call:
    """One call that is to be made for one claimed interaction."""

    actor_id: int  # who is to answer
    interaction_id: int  # the claim
    fence: int  # its number; every report needs it
    posting_id: int  # the posting
    round: int  # round of the improve loop
    input: Mapping[str, Any]  # handle -> bound value


@dataclass(frozen=True, kw_only=True)
class Claimed:
    """What one claim brought."""

    calls: tuple[Call, ...]  # to be made and reported
    claimed: int  # nodes claimed, calls and followers included
    reused: int  # settled by an earlier result
    refused: int  # failed because an input was missing or blank


@dataclass(frozen=True, kw_only=True)
class Result:
    """A good answer to one call."""

    interaction_id: int
    fence: int
    output: Mapping[str, Any]  # JSON object
    branch: str  # declared label
    tokens_in: int | None = None
    tokens_out: int | None = None
    seconds: float | None = None  # length of the call by the worker's clock; None: since the claim


@dataclass(frozen=True, kw_only=True)
class Failure:
    """A failed call."""

    interaction_id: int
    fence: int
    error_class: str  # one of the table error_classes
    message: str  # one sentence
    retry_after: float | None = None  # seconds that the server asked to wait


def claim_work(
    connection: Connection,
    workflow_id: int,
    conversation_id: int,
    partition_key: str,
    *,
    limit: int,
    worker: Worker,
) -> Claimed:
    """Claim up to ``limit`` owed nodes of one model or human step in one partition; their calls begin now."""
    with ledger_errors():
        rows = connection.execute(
            "select actor_id, interaction_id, fence, posting_id, round, input, claimed, reused, refused"
            " from claim_work(%s, %s, %s, %s, %s, %s, %s)",
            (
                workflow_id,
                conversation_id,
                partition_key,
                limit,
                worker.name,
                worker.lease_seconds,
                worker.dagster_run_id,
            ),
        ).fetchall()
    calls = tuple(
        Call(
            actor_id=r[0], interaction_id=r[1], fence=r[2], posting_id=r[3], round=r[4], input=r[5]
        )
        for r in rows
        if r[1] is not None
    )
    claimed, reused, refused = rows[0][6:9] if rows else (0, 0, 0)
    return Claimed(calls=calls, claimed=claimed, reused=reused, refused=refused)


def complete_work(
    connection: Connection, workflow_id: int, conversation_id: int, results: Sequence[Result]
) -> dict[int, bool]:
    """Record answers of one step; interaction id -> accepted. False: the claim had been taken over."""
    with ledger_errors():
        rows = connection.execute(
            "select interaction_id, accepted from complete_work(%b, %b, %b::bigint[], %b::bigint[], %b::jsonb[],"
            " %b::text[], %b::integer[], %b::integer[], %b::double precision[])",
            (
                workflow_id,
                conversation_id,
                [r.interaction_id for r in results],
                [r.fence for r in results],
                [json.dumps(r.output, ensure_ascii=False) for r in results],
                [r.branch for r in results],
                [r.tokens_in for r in results],
                [r.tokens_out for r in results],
                [r.seconds for r in results],
            ),
        ).fetchall()
    return dict(rows)


def fail_work(connection: Connection, failures: Sequence[Failure]) -> int:
    """Record failed attempts; returns how many were accepted."""
    with ledger_errors():
        row = connection.execute(
            "select fail_work(%s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::double precision[])",
            (
                [f.interaction_id for f in failures],
                [f.fence for f in failures],
                [f.error_class for f in failures],
                [f.message for f in failures],
                [f.retry_after for f in failures],
            ),
        ).fetchone()
    return int(row[0]) if row else 0


def release_work(connection: Connection, calls: Sequence[Call]) -> int:
    """Give claims back unanswered; returns how many interactions were released."""
    with ledger_errors():
        row = connection.execute(
            "select release_work(%s::bigint[], %s::bigint[])",
            ([c.interaction_id for c in calls], [c.fence for c in calls]),
        ).fetchone()
    return int(row[0] or 0) if row else 0


def release_expired_work(connection: Connection) -> int:
    """Take back claims whose lease ran out; returns how many."""
    with ledger_errors():
        row = connection.execute("select release_expired_work()").fetchone()
    return int(row[0]) if row else 0


def renew_leases(connection: Connection, worker: Worker) -> int:
    """Heartbeat; returns how many claims the worker still holds."""
    with ledger_errors():
        row = connection.execute(
            "select renew_leases(%s, %s)", (worker.name, worker.lease_seconds)
        ).fetchone()
    return int(row[0]) if row else 0


def run_script_work(
    connection: Connection,
    workflow_id: int,
    conversation_id: int,
    partition_key: str,
    *,
    limit: int,
    worker: Worker,
) -> tuple[int, int]:
    """Do owed work of a script step in the database; returns (completed, failed), both 0 when none was claimable."""
    with ledger_errors():
        row = connection.execute(
            "select completed, failed from run_script_work(%s, %s, %s, %s, %s, %s)",
            (
                workflow_id,
                conversation_id,
                partition_key,
                limit,
                worker.name,
                worker.dagster_run_id,
            ),
        ).fetchone()
    return (int(row[0]), int(row[1])) if row else (0, 0)
