"""Bringing postings in: fetch raw pages, stage their rows, promote what is new.

Belongs here: driving a source and the ledger's intake functions, page by page. Not here: how a source
reads or parses (``sources``), what a row becomes (the database).
"""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from ty_pipeline.database.connect import Connection
from ty_pipeline.engine.context import EngineContext
from ty_pipeline.errors import FeedUnreadable, SourceError
from ty_pipeline.ledger import intake
from ty_pipeline.ledger.intake import FetchOrder, OpenFetch
from ty_pipeline.ledger.work import Failure, Result, complete_work, fail_work, renew_leases
from ty_pipeline.sources.row import (
    DuplicateRow,
    FetchRequest,
    JobRow,
    Page,
    ParsedRow,
    SetAside,
    Source,
)

PROMOTE_LIMIT = 500  # postings that one promoting transaction makes


@dataclass(frozen=True, kw_only=True)
class FetchReport:
    """What one request to fetch came to."""

    state: str  # completed now or before, running elsewhere, failed, no_order, paused
    interaction_id: int | None  # the fetch
    pages: int = 0  # pages stored now
    message: str | None = None  # one sentence, when it failed


@dataclass(frozen=True, kw_only=True)
class IntakeReport:
    """Counts of one staging or promoting pass."""

    counts: Mapping[str, int] = field(default_factory=dict)  # outcome -> rows
    seconds: float = 0.0  # wall time


def order_for(source: Source, feed: Path | None, by: str) -> FetchOrder | None:
    """What a fetch should read: the named feed, else the source's own.

    None where the source has none of its own. Raises FeedUnreadable when the feed is missing.
    """
    chosen = feed or source.default_feed()
    if chosen is None:
        return None
    if chosen.is_dir():
        return FetchOrder(input_id="listing", payload={"feed": str(chosen.resolve())}, by=by)
    digest = file_digest(chosen)
    return FetchOrder(
        input_id=digest, payload={"feed": str(chosen.resolve()), "sha256": digest}, by=by
    )


def file_digest(path: Path) -> str:
    """SHA-256 of a file in hex; FeedUnreadable when it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise FeedUnreadable(f"The feed {path} cannot be read: {error.strerror}.") from error


def fetch_partition(
    context: EngineContext, source: Source, partition_key: str, day: date, order: FetchOrder | None
) -> FetchReport:
    """Fetch one partition unless that was done for the same order; the rows are staged afterwards."""
    conversation = context.workflow.conversation("fetch_jobs")
    step = (context.workflow.workflow_id, conversation.conversation_id)
    with context.connect() as connection:
        opened = intake.open_fetch(
            connection, *step, source.source_id, partition_key, order=order, worker=context.worker
        )
        if opened.state != "claimed":
            return FetchReport(state=opened.state, interaction_id=opened.interaction_id)
        return _fetch(context, connection, source, day, opened, step)


def _fetch(
    context: EngineContext,
    connection: Connection,
    source: Source,
    day: date,
    opened: OpenFetch,
    step: tuple[int, int],
) -> FetchReport:
    assert opened.interaction_id is not None and opened.fence is not None
    claim = (opened.interaction_id, opened.fence)
    feed = (opened.payload or {}).get("feed")
    pages = 0
    try:
        for page in source.pages(FetchRequest(date=day, feed=Path(feed) if feed else None)):
            _store(connection, claim, page)
            renew_leases(connection, context.worker)
            pages += 1
    except SourceError as error:
        failure = Failure(
            interaction_id=claim[0],
            fence=claim[1],
            error_class="feed_unreadable",
            message=str(error),
        )
        fail_work(connection, [failure])
        return FetchReport(state="failed", interaction_id=claim[0], pages=pages, message=str(error))
    output = {"pages": pages, "complete": True}
    result = Result(interaction_id=claim[0], fence=claim[1], output=output, branch="success")
    complete_work(connection, *step, [result])
    return FetchReport(state="completed", interaction_id=claim[0], pages=pages)


def _store(connection: Connection, claim: tuple[int, int], page: Page) -> None:
    intake.store_raw_page(
        connection,
        *claim,
        number=page.number,
        url=page.url,
        http_status=page.http_status,
        content_type=page.content_type,
        body=page.body,
    )


def stage_partition(
    context: EngineContext, source: Source, partition_key: str, day: date
) -> IntakeReport:
    """Parse and stage every raw page of the partition that waits; counts add up to the rows received."""
    began = time.monotonic()
    counts: Counter[str] = Counter()
    with context.connect() as connection:
        for raw_page_id in intake.pages_to_stage(connection, partition_key):
            stored = intake.read_page(connection, raw_page_id)
            page = Page(
                number=stored.number,
                body=stored.body,
                url=stored.url,
                http_status=stored.http_status,
                content_type=stored.content_type,
            )
            staged = intake.stage_page(
                connection, raw_page_id, day, source.source_id, list(_rows(source, page))
            )
            counts.update(vars(staged))
    return IntakeReport(counts=dict(counts), seconds=time.monotonic() - began)


def promote_partition(context: EngineContext, partition_key: str) -> IntakeReport:
    """Promote every staged row of the partition."""
    began = time.monotonic()
    counts: Counter[str] = Counter()
    with context.connect() as connection:
        while True:
            promoted, new, changed, seen = intake.promote_staged(
                connection, context.workflow.workflow_id, partition_key, limit=PROMOTE_LIMIT
            )
            if promoted == 0:
                break
            counts.update(promoted=promoted, new=new, changed=changed, seen=seen)
    return IntakeReport(counts=dict(counts), seconds=time.monotonic() - began)


def _rows(source: Source, page: Page) -> Iterator[dict[str, Any]]:
    for row in source.rows(page):
        yield _row(row)


def _row(row: ParsedRow) -> dict[str, Any]:
    match row:
        case JobRow():
            return {
                "row_number": row.row_number,
                "outcome": "row",
                "external_id": row.external_id,
                "raw": row.raw,
                "title": row.title,
                "company": row.company,
                "locations": list(row.locations),
                "description": row.description,
                "url": row.url,
                "posted_on": row.posted_on.isoformat() if row.posted_on else None,
                "fields_set_aside": dict(row.fields_set_aside),
            }
        case DuplicateRow():
            return {
                "row_number": row.row_number,
                "outcome": "duplicate_in_fetch",
                "external_id": row.external_id,
                "raw": row.raw,
                "fields_set_aside": dict(row.fields_set_aside),
                "reason": f"row {row.preferred_row_number} of the same fetch stands for this posting",
            }
        case SetAside():
            return {
                "row_number": row.row_number,
                "outcome": "set_aside",
                "raw": row.raw,
                "reason": row.reason,
            }
