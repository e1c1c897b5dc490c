"""Where every posting stands, as operators of the system before knew it."""

from __future__ import annotations

from typing import Any

from tests.ledger_driver import Driver, step_id

ALL_PASS = [9193, 3335, 3336, 3337, 3341, 9168, 9121, 9141, 9161, 9162, 9163, 9202]


def projection(driver: Driver, external_id: str = "j1") -> Any:
    return driver.row(
        "select s.* from posting_state_projection s join postings p using (posting_id)"
        " where p.source_id = %s and p.external_id = %s",
        driver.source,
        external_id,
    )


def invalidate(driver: Driver, step: str) -> None:
    (found,) = driver.interactions(step)
    driver.owner.execute(
        "update interactions set invalidated = true, invalidation_reason = 'wrong'"
        " where interaction_id = %s",
        (found.interaction_id,),
    )


def test_the_current_step_is_the_first_that_is_not_done(ledger: Driver) -> None:
    ledger.fetch()
    ledger.run(until="grade_a")
    state = projection(ledger)
    assert (state.current_conversation_id, state.current_step) == (step_id("grade_a"), 5)
    assert (state.status, state.is_terminal) == ("scheduled", False)
    assert state.execution_sequence == [9193, 3335]


def test_a_finished_posting_is_terminal_with_every_output_by_conversation(ledger: Driver) -> None:
    ledger.fetch()
    ledger.run()
    state = projection(ledger)
    assert (state.status, state.is_terminal) == ("completed", True)
    assert state.execution_sequence == ALL_PASS
    assert set(state.outputs) == {str(one) for one in ALL_PASS}
    assert state.outputs["9202"] == {"score": 12, "category": "GENUINE"}


def test_of_several_rounds_the_last_output_stands(ledger: Driver) -> None:
    ledger.fetch()
    ledger.run(verdicts={"grade_a[0]": "fail", "regrade[1]": "fail"})
    state = projection(ledger)
    assert state.outputs[str(step_id("improve_summary"))]["role"].endswith("round 2")
    assert state.execution_sequence.count(step_id("regrade")) == 2


def test_history_holds_every_interaction_with_a_preview_of_100_characters(ledger: Driver) -> None:
    ledger.fetch()
    ledger.run()
    history = projection(ledger).history
    assert [one["conversation_id"] for one in history] == ALL_PASS
    assert max(len(one["preview"]) for one in history) == 100
    (summary,) = ledger.interactions("extract_summary")
    shown = next(one for one in history if one["conversation_id"] == 3335)
    assert shown["interaction_id"] == summary.interaction_id
    assert (shown["status"], shown["branch"], shown["attempt"]) == ("completed", "*", 1)


def test_invalidated_work_leaves_outputs_and_sequence_but_stays_in_history(ledger: Driver) -> None:
    ledger.fetch()
    ledger.run()
    invalidate(ledger, "ihl_analyst")
    state = projection(ledger)
    assert not {"9161", "9162", "9163", "9202"} & set(state.outputs)
    assert not {9161, 9162, 9163, 9202} & set(state.execution_sequence)
    fallen = {one["conversation_id"] for one in state.history if one["invalidated"]}
    assert fallen == {9161, 9162, 9163, 9202}
    assert (state.status, state.is_terminal) == ("scheduled", False)
    assert state.current_conversation_id == 9161


def test_a_ticket_is_not_the_end(ledger: Driver) -> None:
    ledger.fetch()
    fails = dict.fromkeys(("grade_b[0]", "regrade[1]", "regrade[2]", "regrade[3]"), "fail")
    ledger.run(verdicts=fails)  # type: ignore[arg-type]
    state = projection(ledger)
    assert (state.status, state.is_terminal) == ("suspended", False)
    assert state.current_conversation_id == step_id("create_ticket")


def test_a_failed_posting_is_terminal_until_somebody_acts(ledger: Driver) -> None:
    ledger.fetch()
    ledger.run(until="ihl_analyst")
    ledger.fail(ledger.claim("ihl_analyst").calls, "auth")
    state = projection(ledger)
    assert (state.status, state.is_terminal) == ("failed", True)
    assert state.last_updated is not None
