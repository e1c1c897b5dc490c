"""Postings by status in the partition where their work is done."""

from __future__ import annotations

from tests.ledger_driver import Driver


def statuses(driver: Driver, day: str = "2026-01-05") -> dict[str, int]:
    found = driver.rows(
        "select status, postings from posting_progress where partition_key = %s",
        driver.partition(day),
    )
    return {row.status: row.postings for row in found}


def test_postings_are_counted_by_status(ledger: Driver) -> None:
    ledger.fetch(
        ledger.job("j1"), ledger.job("j2", description=None), ledger.job("j3", description="brief")
    )
    ledger.run()
    assert statuses(ledger) == {"active": 1, "no_description": 1, "too_short": 1}


def test_a_posting_that_is_seen_again_stays_in_its_partition(ledger: Driver) -> None:
    ledger.fetch()
    ledger.fetch(day="2026-01-06")
    assert statuses(ledger) == {"active": 1}
    assert statuses(ledger, "2026-01-06") == {}
