"""Postings of which work was invalidated, why, and how much is left to redo."""

from __future__ import annotations

from typing import Any

from tests.ledger_driver import Driver


def listed(driver: Driver) -> list[Any]:
    return driver.rows(
        "select * from postings_with_invalidated_work where source_id = %s order by posting_id",
        driver.source,
    )


def invalidate(driver: Driver, step: str, reason: str) -> None:
    (found,) = driver.interactions(step, "j1")
    driver.owner.execute(
        "update interactions set invalidated = true, invalidation_reason = %s"
        " where interaction_id = %s",
        (reason, found.interaction_id),
    )


def test_a_posting_without_invalidated_work_is_not_listed(ledger: Driver) -> None:
    ledger.fetch()
    ledger.run()
    assert listed(ledger) == []


def test_the_cause_and_what_fell_with_it_are_counted(ledger: Driver) -> None:
    ledger.fetch(ledger.job("j1"), ledger.job("j2"))
    ledger.run()
    invalidate(ledger, "ihl_skeptic", "it agreed with everything")
    (row,) = listed(ledger)
    assert (row.external_id, row.status) == ("j1", "active")
    assert row.invalidated_interactions == 3
    assert row.first_invalidated_step == 21
    assert row.reasons == ["it agreed with everything"]
    assert row.nodes_to_redo == 1
    assert row.last_invalidated_at is not None


def test_the_posting_stays_listed_when_the_work_was_redone(ledger: Driver) -> None:
    ledger.fetch()
    ledger.run()
    invalidate(ledger, "ihl_expert", "score out of thin air")
    ledger.run()
    (row,) = listed(ledger)
    assert (row.invalidated_interactions, row.nodes_to_redo) == (2, 0)


def test_every_reason_is_named_once(ledger: Driver) -> None:
    ledger.fetch()
    ledger.run()
    invalidate(ledger, "extract_skills", "first")
    invalidate(ledger, "ihl_analyst", "second")
    (row,) = listed(ledger)
    assert row.reasons == ["first", "second"]
    assert len(row.invalidation_ids) == 2
