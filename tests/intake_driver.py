"""Brings postings into a test's ledger through the intake functions.

Belongs here: fetching, staging and promoting rows of a test's own. Not here: working on the postings
(``ledger_driver``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import psycopg

from ty_pipeline.ledger import intake
from ty_pipeline.ledger.intake import FetchOrder, OpenFetch, StagedCounts
from ty_pipeline.ledger.work import Result, Worker, complete_work
from ty_pipeline.workflow.workflow_3001 import WORKFLOW_3001

FETCH = WORKFLOW_3001.conversation("fetch_jobs").conversation_id
STEP = (WORKFLOW_3001.workflow_id, FETCH)
DAY = "2026-01-05"


@dataclass(frozen=True, kw_only=True)
class Promoted:
    """What promoting came to."""

    promoted: int
    new: int
    changed: int
    seen: int


@dataclass(frozen=True, kw_only=True)
class IntakeDriver:
    """One source in one database."""

    owner: psycopg.Connection[Any]  # a superuser's, to look and to tamper
    pipeline: psycopg.Connection[Any]  # in the pipeline's role
    source: str  # no other driver's
    worker: Worker  # who claims

    def partition(self, day: str = DAY) -> str:
        return f"{day}|{self.source}"

    def text(self, words: str = "") -> str:
        """A description that is long enough and no other driver's."""
        return f"{self.source} {words} " + "We are looking for somebody who does things well. " * 3

    def job(self, external_id: str = "j1", **changes: Any) -> dict[str, Any]:
        """A parsed row as staging takes it, without its number."""
        row = {
            "outcome": "row",
            "external_id": external_id,
            "raw": {"id": external_id},
            "title": f"Engineer {external_id}",
            "company": "Example Ltd",
            "locations": ["Berlin"],
            "description": self.text(external_id),
            "url": f"https://jobs.example/{external_id}",
            "posted_on": "2026-01-02",
            "fields_set_aside": {},
            "reason": None,
        }
        return row | changes

    def open(
        self, day: str = DAY, *, feed: str = "listing", worker: Worker | None = None
    ) -> OpenFetch:
        order = FetchOrder(input_id=feed, payload={"feed": feed}, by="test")
        return intake.open_fetch(
            self.pipeline, *STEP, self.source, self.partition(day),
            order=order, worker=worker or self.worker,
        )  # fmt: skip

    def store_page(self, fetch: OpenFetch, number: int = 1) -> int:
        """Store one page; its id."""
        assert fetch.interaction_id is not None and fetch.fence is not None
        intake.store_raw_page(
            self.pipeline, fetch.interaction_id, fetch.fence, number=number, url="test",
            http_status=200, content_type="application/json", body=b"[]",
        )  # fmt: skip
        row = self.owner.execute(
            "select raw_page_id from raw_pages where interaction_id = %s and page_number = %s",
            (fetch.interaction_id, number),
        ).fetchone()
        assert row is not None
        return int(row[0])

    def stage(self, page: int, rows: Sequence[dict[str, Any]], *, day: str = DAY) -> StagedCounts:
        numbered = [{"row_number": number} | row for number, row in enumerate(rows, 1)]
        return intake.stage_page(
            self.pipeline, page, date.fromisoformat(day), self.source, numbered
        )

    def promote(self, *, day: str = DAY, limit: int = 500) -> Promoted:
        counts = intake.promote_staged(self.pipeline, STEP[0], self.partition(day), limit=limit)
        return Promoted(**dict(zip(("promoted", "new", "changed", "seen"), counts, strict=True)))

    def end_fetch(self, fetch: OpenFetch) -> bool:
        """Report the fetch done; whether that was accepted."""
        assert fetch.interaction_id is not None and fetch.fence is not None
        done = Result(
            interaction_id=fetch.interaction_id, fence=fetch.fence,
            output={"pages": 1, "complete": True}, branch="success",
        )  # fmt: skip
        return complete_work(self.pipeline, *STEP, [done])[fetch.interaction_id]

    def fetch(self, *rows: dict[str, Any], day: str = DAY, feed: str = "listing") -> Promoted:
        """Fetch, stage and promote one page; a posting each, or the given rows."""
        opened = self.open(day, feed=feed)
        assert opened.state == "claimed", opened.state
        self.stage(self.store_page(opened), rows or [self.job()], day=day)
        promoted = self.promote(day=day)
        assert self.end_fetch(opened)
        return promoted
