"""Figures over the whole ledger: how far the work is, how good it is, what it cost.

Belongs here: reading the views, one function each. Not here: tables and plots of them
(``assets/report.py``), the progress of one partition (``ledger/progress.py``).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from psycopg.rows import dict_row

from ty_pipeline.database.connect import Connection
from ty_pipeline.ledger.sqlstates import ledger_errors

Figures = list[dict[str, Any]]  # one dict a row, column -> value


def read_progress(connection: Connection) -> Figures:
    """Postings of each step and round by state, over all partitions, in execution order."""
    return _rows(
        connection,
        "select canonical_name as step, round, sum(done)::bigint as done,"
        " sum(owed + running + coming)::bigint as to_do,"
        " sum(waiting_for_person)::bigint as waiting_for_person, sum(failed)::bigint as failed,"
        " sum(paused)::bigint as paused"
        " from step_progress group by canonical_name, round, topological_order, execution_order"
        " order by execution_order, round",
    )


def read_answers(connection: Connection) -> Figures:
    """Postings by step, round and branch answered."""
    return _rows(
        connection,
        "select canonical_name as step, round, branch, postings from answer_counts"
        " order by canonical_name, round, branch",
    )


def read_costs(connection: Connection) -> Figures:
    """Calls, reused results, failures, seconds and tokens by step and model."""
    return _rows(
        connection,
        "select canonical_name as step, actor_type, model, calls, reused, failed,"
        " seconds::float8, p50_ms, p95_ms, tokens_in, tokens_out from call_costs"
        " order by execution_order, model",
    )


def read_published(connection: Connection) -> Figures:
    """What is published, by source."""
    return _rows(
        connection,
        "select source_id as source, postings, active, summaries, skill_lists, skills,"
        " ihl_scores, stale from published_counts order by source_id",
    )


def read_ihl(connection: Connection) -> Figures:
    """Postings by internal hire likelihood."""
    return _rows(
        connection,
        "select ihl_category as category, ihl_score as score, postings from ihl_counts"
        " order by ihl_score",
    )


def read_done(connection: Connection, partition_keys: Sequence[str]) -> dict[str, int]:
    """Postings of some partitions that are done with a step, by step; rounds left out."""
    with ledger_errors():
        rows = connection.execute(
            "select canonical_name, sum(done)::bigint from step_progress"
            " where partition_key = any(%s) and round = 0 group by canonical_name",
            (list(partition_keys),),
        ).fetchall()
    return dict(rows)


def read_fetched(connection: Connection, partition_keys: Sequence[str]) -> set[str]:
    """Those of some partitions that have a completed, valid fetch."""
    with ledger_errors():
        rows = connection.execute(
            "select partition_key from fetch_progress"
            " where partition_key = any(%s) and status = 'completed'",
            (list(partition_keys),),
        ).fetchall()
    return {row[0] for row in rows}


def _rows(connection: Connection, question: str) -> Figures:
    with ledger_errors(), connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(question.encode()).fetchall()
