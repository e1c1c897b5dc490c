"""Nodes that failed for good or are tried again, each with its newest failure."""

from __future__ import annotations

from typing import Any

from tests.ledger_driver import Driver


def failed(driver: Driver) -> list[Any]:
    return driver.rows(
        "select * from failed_work where source_id = %s order by posting_id", driver.source
    )


def test_work_that_only_waits_is_not_there(ledger: Driver) -> None:
    ledger.fetch()
    assert failed(ledger) == []


def test_a_permanent_error_failed_for_good(ledger: Driver) -> None:
    ledger.fetch()
    ledger.run(until="extract_summary")
    call = ledger.claim_one("extract_summary")
    ledger.fail([call], "schema")
    (row,) = failed(ledger)
    assert (row.canonical_name, row.error_class, row.will_retry) == (
        "extract_summary",
        "schema",
        False,
    )
    assert (row.interaction_id, row.attempt) == (call.interaction_id, 1)
    assert row.error_message == "it did not work"


def test_a_retryable_error_is_tried_again_until_attempts_are_used_up(ledger: Driver) -> None:
    ledger.fetch()
    ledger.run(until="extract_summary")
    seen = []
    for _ in range(3):
        ledger.forget_backoff()
        ledger.fail(ledger.claim("extract_summary").calls, "network", after=60)
        (row,) = failed(ledger)
        seen.append((row.attempt, row.will_retry, row.next_retry_at is not None))
    assert seen == [(1, True, True), (2, True, True), (3, False, False)]


def test_a_success_takes_the_failure_off_the_list(ledger: Driver) -> None:
    ledger.fetch()
    ledger.run(until="extract_summary")
    ledger.fail(ledger.claim("extract_summary").calls, "network", after=0)
    ledger.forget_backoff()
    ledger.run_step("extract_summary")
    assert failed(ledger) == []
