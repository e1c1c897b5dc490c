"""What became of the rows of each fetch: every row is counted once."""

from __future__ import annotations

from typing import Any

from tests.ledger_driver import Driver


def fetches(driver: Driver, day: str = "2026-01-05") -> list[Any]:
    return driver.rows(
        "select * from fetch_progress where partition_key = %s order by interaction_id",
        driver.partition(day),
    )


def outcomes(row: Any) -> dict[str, int]:
    names = ("new", "changed", "seen", "duplicate_in_fetch", "set_aside", "to_promote")
    assert row.rows == sum(getattr(row, name) for name in names)
    return {name: getattr(row, name) for name in names if getattr(row, name)}


def test_rows_of_every_outcome_add_up(ledger: Driver) -> None:
    ledger.fetch(
        ledger.job("j1"),
        ledger.job("j2", fields_set_aside={"posted_on": "not a date"}),
        ledger.job("j1", outcome="duplicate_in_fetch", reason="row 1 stands for it"),
        ledger.job("j3", outcome="set_aside", reason="it has no title"),
    )
    (row,) = fetches(ledger)
    assert outcomes(row) == {"new": 2, "duplicate_in_fetch": 1, "set_aside": 1}
    assert (row.status, row.pages, row.pages_to_stage, row.fields_set_aside) == (
        "completed",
        1,
        0,
        1,
    )


def test_a_known_text_is_seen_and_another_text_has_changed(ledger: Driver) -> None:
    ledger.fetch(ledger.job("j1"), ledger.job("j2"))
    changed = ledger.job("j2", description=ledger.text("another text"))
    ledger.fetch(ledger.job("j1"), changed, ledger.job("j3"), day="2026-01-06")
    (row,) = fetches(ledger, "2026-01-06")
    assert outcomes(row) == {"new": 1, "changed": 1, "seen": 1}


def test_a_page_that_is_not_read_yet_has_no_rows(ledger: Driver) -> None:
    ledger.store_page(ledger.open())
    (row,) = fetches(ledger)
    assert (row.status, row.pages_to_stage, row.rows) == ("running", 1, 0)


def test_staged_rows_wait_to_be_promoted(ledger: Driver) -> None:
    ledger.stage(ledger.store_page(ledger.open()), [ledger.job("j1"), ledger.job("j2")])
    (row,) = fetches(ledger)
    assert outcomes(row) == {"to_promote": 2}
    ledger.promote()
    (row,) = fetches(ledger)
    assert outcomes(row) == {"new": 2}


def test_an_invalidated_fetch_is_not_counted(ledger: Driver) -> None:
    ledger.fetch()
    (row,) = fetches(ledger)
    ledger.owner.execute(
        "update interactions set invalidated = true, invalidation_reason = 'wrong board'"
        " where interaction_id = %s",
        (row.interaction_id,),
    )
    assert fetches(ledger) == []
