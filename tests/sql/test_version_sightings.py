"""Content versions of a posting and the fetches that saw each."""

from __future__ import annotations

from typing import Any

from tests.ledger_driver import Driver


def sightings(driver: Driver) -> list[Any]:
    return driver.rows(
        "select v.* from version_sightings v join postings p using (posting_id)"
        " where p.source_id = %s order by posting_version_id, partition_date",
        driver.source,
    )


def test_a_version_has_a_row_a_sighting(ledger: Driver) -> None:
    ledger.fetch()
    ledger.fetch(day="2026-01-06")
    first, second = sightings(ledger)
    assert first.posting_version_id == second.posting_version_id
    assert [first.partition_key, second.partition_key] == [
        ledger.partition(),
        ledger.partition("2026-01-06"),
    ]
    assert (first.row_number, first.is_supported, first.is_current) == (1, True, True)
    assert first.description_characters == len(ledger.text("j1"))


def test_the_version_of_the_newest_date_is_current(ledger: Driver) -> None:
    ledger.fetch(ledger.job("j1", title="New"), day="2026-01-06")
    ledger.fetch(ledger.job("j1", title="Old"))
    assert {row.title: row.is_current for row in sightings(ledger)} == {"New": True, "Old": False}


def test_a_sighting_of_an_invalidated_fetch_does_not_count(ledger: Driver) -> None:
    ledger.fetch()
    (row,) = sightings(ledger)
    ledger.owner.execute(
        "update interactions set invalidated = true, invalidation_reason = 'wrong board'"
        " where interaction_id = %s",
        (row.fetch_interaction_id,),
    )
    (row,) = sightings(ledger)
    assert row.is_supported is False
    assert not row.is_current
