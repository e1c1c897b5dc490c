"""Nodes that have a state: what is owed, who holds it, until when."""

from __future__ import annotations

from typing import Any

from tests.ledger_driver import Driver


def nodes(driver: Driver) -> dict[str, Any]:
    found = driver.rows(
        "select n.* from node_trace n join postings p using (posting_id) where p.source_id = %s",
        driver.source,
    )
    return {row.canonical_name: row for row in found}


def test_an_owed_node_says_since_when(ledger: Driver) -> None:
    ledger.fetch()
    node = nodes(ledger)["validate_description"]
    assert (node.status, node.lease_owner) == ("scheduled", None)
    assert node.owed_since is not None


def test_a_running_node_says_who_holds_it_and_until_when(ledger: Driver) -> None:
    ledger.fetch()
    ledger.run(until="extract_summary")
    ledger.claim("extract_summary")
    node = nodes(ledger)["extract_summary"]
    assert (node.status, node.lease_owner) == ("running", ledger.worker.name)
    assert node.lease_expires_at > node.updated_at
