"""Status of workflow runs: one a posting, one a partition for its fetch."""

from __future__ import annotations

from typing import Any

from tests.ledger_driver import Driver


def run_of(driver: Driver, external_id: str = "j1") -> Any:
    return driver.row(
        "select s.* from workflow_run_status s join postings p using (posting_id)"
        " where p.source_id = %s and p.external_id = %s",
        driver.source,
        external_id,
    )


def test_the_status_follows_the_nodes(ledger: Driver) -> None:
    ledger.fetch()
    assert run_of(ledger).status == "scheduled"
    ledger.run(until="extract_summary")
    ledger.claim("extract_summary")
    assert (run_of(ledger).status, run_of(ledger).running) == ("running", 1)


def test_a_run_is_completed_when_all_its_nodes_are(ledger: Driver) -> None:
    ledger.fetch()
    ledger.run()
    row = run_of(ledger)
    assert (row.status, row.done, row.owed) == ("completed", 12, 0)
    assert row.last_updated >= row.created_at


def test_a_failed_node_shows_once_nothing_else_is_going_on(ledger: Driver) -> None:
    ledger.fetch()
    ledger.run(until="ihl_analyst")
    ledger.fail(ledger.claim("ihl_analyst").calls, "schema")
    assert (run_of(ledger).status, run_of(ledger).failed) == ("failed", 1)


def test_a_fetch_has_a_run_of_its_own(ledger: Driver) -> None:
    ledger.fetch()
    row = ledger.row(
        "select * from workflow_run_status where partition_key = %s and posting_id is null",
        ledger.partition(),
    )
    assert (row.status, row.done) == ("completed", 1)
