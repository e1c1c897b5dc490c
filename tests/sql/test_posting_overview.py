"""Every posting with its current content and what is published of it."""

from __future__ import annotations

from typing import Any

from tests.ledger_driver import Driver


def overview(driver: Driver, external_id: str = "j1") -> Any:
    return driver.row(
        "select * from posting_overview where source_id = %s and external_id = %s",
        driver.source,
        external_id,
    )


def test_a_new_posting_has_content_and_publishes_nothing(ledger: Driver) -> None:
    ledger.fetch()
    row = overview(ledger)
    assert (row.title, row.company, row.locations) == ("Engineer j1", "Example Ltd", ["Berlin"])
    assert (row.status, row.partition_key) == ("active", ledger.partition())
    assert (row.extracted_summary, row.skill_keywords, row.ihl_score) == (None, None, None)


def test_each_published_value_names_the_interaction_that_set_it(ledger: Driver) -> None:
    ledger.fetch()
    ledger.run()
    row = overview(ledger)
    (summary,) = ledger.interactions("save_summary")
    (skills,) = ledger.interactions("save_skills")
    (ihl,) = ledger.interactions("save_ihl")
    assert row.extracted_summary_interaction_id == summary.interaction_id
    assert row.skill_keywords_interaction_id == skills.interaction_id
    assert (row.ihl_interaction_id, row.ihl_score, row.ihl_category) == (
        ihl.interaction_id,
        12,
        "GENUINE",
    )


def test_new_content_shows_at_once_and_marks_what_is_published_as_stale(ledger: Driver) -> None:
    ledger.fetch()
    ledger.run()
    changed = ledger.job("j1", title="Head of Engineering", description=ledger.text("new"))
    ledger.fetch(changed, day="2026-01-06")
    row = overview(ledger)
    assert row.title == "Head of Engineering"
    assert row.extracted_summary is not None
    assert row.extracted_summary_stale_since is not None
