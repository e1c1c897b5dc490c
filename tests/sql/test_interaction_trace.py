"""Every interaction with its step and prompt, and whether its result counts now."""

from __future__ import annotations

from typing import Any

from tests.ledger_driver import Driver


def traced(driver: Driver, step: str) -> list[Any]:
    return driver.rows(
        "select t.* from interaction_trace t join postings p using (posting_id)"
        " where p.source_id = %s and t.canonical_name = %s order by interaction_id",
        driver.source,
        step,
    )


def test_an_interaction_shows_who_answered_what_with_which_prompt(ledger: Driver) -> None:
    ledger.fetch()
    ledger.run()
    (row,) = traced(ledger, "extract_summary")
    assert (row.actor_type, row.model, row.branch) == ("ai_model", "extractive-tfidf-1", "*")
    prompt = ledger.value(
        "select prompt from conversation_versions where conversation_id = 3335 and version = 1"
    )
    assert row.prompt == prompt
    assert row.input["posting"]["title"] == "Engineer j1"
    assert row.output["details"] == "A fictional job of a test."
    assert row.duration_ms is not None


def test_of_several_attempts_the_one_that_counts_is_current(ledger: Driver) -> None:
    ledger.fetch()
    ledger.run(until="extract_summary")
    ledger.fail(ledger.claim("extract_summary").calls, after=0)
    ledger.forget_backoff()
    ledger.run_step("extract_summary")
    first, second = traced(ledger, "extract_summary")
    assert (first.status, first.is_current, first.error_class) == ("failed", False, "network")
    assert (second.status, second.is_current, second.attempt) == ("completed", True, 2)


def test_an_invalidated_result_is_not_current(ledger: Driver) -> None:
    ledger.fetch()
    ledger.run()
    (analyst,) = traced(ledger, "ihl_analyst")
    ledger.owner.execute(
        "update interactions set invalidated = true, invalidation_reason = 'wrong'"
        " where interaction_id = %s",
        (analyst.interaction_id,),
    )
    (analyst,) = traced(ledger, "ihl_analyst")
    assert (analyst.is_current, analyst.invalidation_reason) == (False, "wrong")
