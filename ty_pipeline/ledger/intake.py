"""Fetching, staging and promoting: one function per SQL function.

Belongs here: the calls and the values that pass. Not here: how a feed is read (``sources``), when
(``engine``).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ty_pipeline.database.connect import Connection
from ty_pipeline.ledger.sqlstates import ledger_errors
from ty_pipeline.ledger.work import Worker


@dataclass(frozen=True, kw_only=True)
class FetchOrder:
    """What one fetch is to read; the same order twice is one order."""

    input_id: str  # unique per partition, for a file its digest
    payload: Mapping[str, Any]  # for a file its path
    by: str  # who asks


@dataclass(frozen=True, kw_only=True)
class OpenFetch:
    """What asking for a fetch came to."""

    state: str  # claimed, completed, running, paused or no_order
    interaction_id: int | None  # the claim, or the fetch that stands in the way
    fence: int | None  # number of the claim
    payload: Mapping[str, Any] | None  # the newest order


@dataclass(frozen=True, kw_only=True)
class StoredPage:
    """One raw page that waits to be staged."""

    raw_page_id: int
    number: int
    url: str
    http_status: int | None
    content_type: str
    body: bytes


@dataclass(frozen=True, kw_only=True)
class StagedCounts:
    """What became of the rows of one page; rows = seen + staged + duplicates + set aside."""

    rows: int
    seen: int
    staged: int
    duplicate_in_fetch: int
    set_aside: int
    fields_set_aside: int


def open_fetch(
    connection: Connection,
    workflow_id: int,
    conversation_id: int,
    source_id: str,
    partition_key: str,
    *,
    order: FetchOrder | None,
    worker: Worker,
) -> OpenFetch:
    """Order and claim one fetch; without an order the newest one of the partition counts."""
    with ledger_errors():
        row = connection.execute(
            "select state, interaction_id, fence, payload from open_fetch(%s, %s, %s, %s, %s, %s::jsonb, %s, %s, %s, %s)",
            (
                workflow_id,
                conversation_id,
                source_id,
                partition_key,
                order.input_id if order else None,
                json.dumps(order.payload) if order else None,
                order.by if order else None,
                worker.name,
                worker.lease_seconds,
                worker.dagster_run_id,
            ),
        ).fetchone()
    assert row is not None, "open_fetch always returns a row"
    return OpenFetch(state=row[0], interaction_id=row[1], fence=row[2], payload=row[3])


def store_raw_page(
    connection: Connection,
    interaction_id: int,
    fence: int,
    *,
    number: int,
    url: str,
    http_status: int | None,
    content_type: str,
    body: bytes,
) -> None:
    """Store one page of a live fetch; FenceLost when its claim was taken over."""
    with ledger_errors():
        connection.execute(
            "select store_raw_page(%s, %s, %s, %s, %s, %s, %b)",
            (interaction_id, fence, number, url, http_status, content_type, body),
        )


def pages_to_stage(connection: Connection, partition_key: str) -> list[int]:
    """Ids of raw pages of a partition that are not staged yet, in order of fetch and page."""
    rows = connection.execute(
        "select raw_page_id from pages_to_stage where partition_key = %s order by interaction_id, page_number",
        (partition_key,),
    ).fetchall()
    return [row[0] for row in rows]


def read_page(connection: Connection, raw_page_id: int) -> StoredPage:
    """One raw page with its body."""
    row = connection.execute(
        "select raw_page_id, page_number, url, http_status, content_type, body from stored_pages where raw_page_id = %s",
        (raw_page_id,),
        binary=True,
    ).fetchone()
    assert row is not None, f"raw page {raw_page_id} is never deleted"
    return StoredPage(
        raw_page_id=row[0],
        number=row[1],
        url=row[2],
        http_status=row[3],
        content_type=row[4],
        body=bytes(row[5]),
    )


def stage_page(
    connection: Connection,
    raw_page_id: int,
    partition_date: date,
    source_id: str,
    rows: Sequence[Mapping[str, Any]],
) -> StagedCounts:
    """Stage the parsed rows of one page, each a JSON object with its outcome."""
    with ledger_errors():
        row = connection.execute(
            "select rows, seen, staged, duplicate_in_fetch, set_aside, fields_set_aside"
            " from stage_page(%s, %s, %s, %s::jsonb)",
            (raw_page_id, partition_date, source_id, json.dumps(rows, ensure_ascii=False)),
        ).fetchone()
    assert row is not None, "stage_page always returns a row"
    return StagedCounts(
        rows=row[0],
        seen=row[1],
        staged=row[2],
        duplicate_in_fetch=row[3],
        set_aside=row[4],
        fields_set_aside=row[5],
    )


def promote_staged(
    connection: Connection, workflow_id: int, partition_key: str, *, limit: int
) -> tuple[int, int, int, int]:
    """Promote staged rows of a partition; returns (promoted, new, changed, seen)."""
    with ledger_errors():
        row = connection.execute(
            "select promoted, new, changed, seen from promote_staged(%s, %s, %s)",
            (workflow_id, partition_key, limit),
        ).fetchone()
    assert row is not None, "promote_staged always returns a row"
    return (row[0], row[1], row[2], row[3])
