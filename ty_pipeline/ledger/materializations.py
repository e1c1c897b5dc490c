"""What a Dagster materialization says about the ledger: a digest, and some of what a run did, by id.

Belongs here: reading the two views behind that. Not here: how it is shown (``assets``), and any text
of a posting, which Dagster could never forget.
"""

from __future__ import annotations

from dataclasses import dataclass

from ty_pipeline.database.connect import Connection
from ty_pipeline.ledger.sqlstates import ledger_errors

NOTHING_YET = "none"  # version of an asset that has nothing in a partition


@dataclass(frozen=True, kw_only=True)
class RunInteraction:
    """One interaction of one Dagster run."""

    interaction_id: int
    posting_id: int | None  # None for a fetch
    conversation: str  # canonical name
    round: int  # of the improve loop, 0 outside it
    status: str  # running, completed, failed, suspended or superseded
    branch: str | None  # what was answered
    error_class: str | None  # why it failed


def read_version(connection: Connection, partition_key: str, asset: str) -> str:
    """Digest of what currently counts of ``asset`` in a partition; equal while nothing changed."""
    with ledger_errors():
        row = connection.execute(
            "select version from asset_versions where partition_key = %s and asset_name = %s",
            (partition_key, asset),
        ).fetchone()
    return str(row[0]) if row else NOTHING_YET


def read_examples(
    connection: Connection, dagster_run_id: str, partition_key: str, asset: str, *, limit: int = 10
) -> tuple[RunInteraction, ...]:
    """Some interactions that a run made of ``asset`` in a partition, what failed first."""
    with ledger_errors():
        rows = connection.execute(
            "select interaction_id, posting_id, conversation, round, status, branch, error_class"
            " from run_interactions"
            " where dagster_run_id = %s and partition_key = %s and asset_name = %s"
            " order by status <> 'failed', status = 'completed', interaction_id limit %s",
            (dagster_run_id, partition_key, asset, limit),
        ).fetchall()
    return tuple(
        RunInteraction(
            interaction_id=r[0],
            posting_id=r[1],
            conversation=r[2],
            round=r[3],
            status=r[4],
            branch=r[5],
            error_class=r[6],
        )
        for r in rows
    )
