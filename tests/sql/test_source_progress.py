"""Postings by status of a source, over all its partitions."""

from __future__ import annotations

from tests.ledger_driver import Driver


def test_postings_of_all_partitions_are_counted_once(ledger: Driver) -> None:
    ledger.fetch(ledger.job("j1"), ledger.job("j2", description=None))
    ledger.fetch(ledger.job("j1"), ledger.job("j3"), day="2026-01-06")
    ledger.run()
    ledger.run(day="2026-01-06")
    found = ledger.rows(
        "select status, postings from source_progress where source_id = %s", ledger.source
    )
    assert {row.status: row.postings for row in found} == {"active": 2, "no_description": 1}
