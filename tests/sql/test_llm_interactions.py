"""Interactions of models: who was asked what, the response, latency and status."""

from __future__ import annotations

from typing import Any

from tests.ledger_driver import Driver


def asked(driver: Driver) -> list[Any]:
    return driver.rows(
        "select l.* from llm_interactions l join postings p using (posting_id)"
        " where p.source_id = %s order by interaction_id",
        driver.source,
    )


def test_every_model_step_is_there_and_no_script(ledger: Driver) -> None:
    ledger.fetch()
    ledger.run()
    assert [row.canonical_name for row in asked(ledger)] == [
        "extract_summary",
        "grade_a",
        "grade_b",
        "extract_skills",
        "ihl_analyst",
        "ihl_skeptic",
        "ihl_expert",
    ]


def test_request_response_and_latency_are_what_was_recorded(ledger: Driver) -> None:
    ledger.fetch()
    ledger.run()
    row = next(row for row in asked(ledger) if row.canonical_name == "grade_a")
    assert set(row.request) == {"posting", "summary"}
    assert (row.response["verdict"], row.branch, row.status) == ("pass", "pass", "completed")
    assert row.model == "grounding-rules-1"
    assert row.latency_ms >= 0


def test_a_shared_result_is_no_call(ledger: Driver) -> None:
    same = {"title": "One advert", "description": ledger.text("in two cities")}
    ledger.fetch(ledger.job("j1", **same), ledger.job("j2", **same))
    ledger.run()
    rows = [row for row in asked(ledger) if row.canonical_name == "extract_summary"]
    assert sorted(row.is_call for row in rows) == [False, True]


def test_invalidated_interactions_are_left_out(ledger: Driver) -> None:
    ledger.fetch()
    ledger.run()
    (analyst,) = ledger.interactions("ihl_analyst")
    ledger.owner.execute(
        "update interactions set invalidated = true, invalidation_reason = 'wrong'"
        " where interaction_id = %s",
        (analyst.interaction_id,),
    )
    assert not any(row.canonical_name.startswith("ihl") for row in asked(ledger))
