"""5. Node transitions follow a declared table; terminal writes need the fence of the current claim."""

from __future__ import annotations

import itertools
from typing import Any

import psycopg
import pytest

from tests.ledger_driver import Driver
from ty_pipeline.ledger import work

STATES = ("idle", "scheduled", "running", "suspended", "completed", "failed", "paused")
STEP = "extract_summary"


def declared(ledger: Driver) -> set[tuple[str, str]]:
    return {(r.from_status, r.to_status) for r in ledger.rows("select * from node_transitions")}


def test_every_pair_of_states_is_allowed_exactly_when_it_is_declared(ledger: Driver) -> None:
    ledger.fetch()
    ledger.run(until=STEP)
    node = ledger.node(STEP)
    (validated,) = ledger.interactions("validate_description")
    for before, after in itertools.permutations(STATES, 2):
        with ledger.owner.transaction(force_rollback=True):
            with ledger.owner.transaction():
                ledger.owner.execute("set local session_replication_role = replica")
                force(ledger, node, before, validated.interaction_id)
                ledger.owner.execute("set local session_replication_role = origin")
            if (before, after) in declared(ledger):
                force(ledger, node, after, validated.interaction_id)
            else:
                with pytest.raises(psycopg.DatabaseError) as refused:
                    force(ledger, node, after, validated.interaction_id)
                assert refused.value.sqlstate == "TY005"
                assert f"cannot go from {before} to {after}" in str(refused.value)


def force(ledger: Driver, node: Any, status: str, interaction_id: int) -> None:
    ledger.owner.execute(
        "update run_node_state set status = %s, interaction_id = %s, branch = 'x'"
        " where workflow_run_id = %s and conversation_id = %s and round = %s",
        (status, interaction_id, node.workflow_run_id, node.conversation_id, node.round),
    )


def test_what_is_not_declared_is_what_makes_no_sense(ledger: Driver) -> None:
    forbidden = set(itertools.permutations(STATES, 2)) - declared(ledger)
    assert ("suspended", "running") in forbidden
    assert all(before in STATES and after in STATES for before, after in declared(ledger))
    known = {r.status for r in ledger.rows("select status from node_statuses")}
    assert known == set(STATES)


def test_one_forbidden_transition_among_many_refuses_them_all(ledger: Driver) -> None:
    never = {
        f"{s}[{r}]": "fail"
        for s, r in (("grade_a", 0), ("regrade", 1), ("regrade", 2), ("regrade", 3))
    }
    ledger.fetch(ledger.job("a"), ledger.job("b"))
    ledger.run(verdicts=never)  # type: ignore[arg-type]
    with pytest.raises(psycopg.DatabaseError, match="cannot go from suspended to running"):
        ledger.owner.execute(
            "update run_node_state set status = 'running' where partition_key = %s",
            (ledger.partition(),),
        )
    assert ledger.status("create_ticket", "a") == "suspended"


def test_an_unknown_state_is_refused(ledger: Driver) -> None:
    ledger.fetch()
    with pytest.raises(psycopg.errors.CheckViolation, match="node_status_is_known"):
        ledger.owner.execute(
            "update run_node_state set status = 'zombie' where partition_key = %s",
            (ledger.partition(),),
        )


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        (
            "status = 'completed', interaction_id = null",
            "a_completed_node_has_an_interaction_and_a_branch",
        ),
        (
            "status = 'completed', interaction_id = 1, branch = null",
            "a_completed_node_has_an_interaction_and_a_branch",
        ),
        ("inputs_key = null", "a_node_that_is_owed_or_done_has_its_inputs"),
        ("lease_owner = 'w'", "a_leased_node_has_an_owner"),
        ("lease_expires_at = now()", "a_leased_node_has_an_owner"),
    ],
)
def test_a_state_that_contradicts_itself_is_refused(
    ledger: Driver, change: str, constraint: str
) -> None:
    ledger.fetch()
    with pytest.raises(psycopg.errors.CheckViolation, match=constraint):
        ledger.owner.execute(
            f"update run_node_state set {change} where partition_key = %s and posting_id is not null",
            (ledger.partition(),),
        )


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        (
            "status = 'completed', completed_at = now()",
            "a_completed_interaction_has_output_and_branch",
        ),
        ("status = 'failed', completed_at = now()", "a_failed_interaction_has_an_error_class"),
        ("status = 'superseded'", "an_interaction_has_ended_when_it_has_an_end"),
        ("completed_at = now()", "an_interaction_has_ended_when_it_has_an_end"),
        (
            "status = 'superseded', completed_at = started_at - interval '1 s'",
            "an_interaction_ends_after_it_started",
        ),
        ("status = 'zombie'", "interaction_status_is_known"),
    ],
)
def test_an_interaction_that_contradicts_itself_is_refused(
    ledger: Driver, change: str, constraint: str
) -> None:
    ledger.fetch()
    ledger.run(until=STEP)
    ledger.claim(STEP)
    with pytest.raises(psycopg.errors.CheckViolation, match=constraint):
        ledger.owner.execute(
            f"update interactions set {change} where posting_id = %s and status = 'running'",
            (ledger.posting().posting_id,),
        )


def test_every_way_to_end_a_call_needs_the_fence_of_the_claim(ledger: Driver) -> None:
    ledger.fetch()
    ledger.run(until=STEP)
    call = ledger.claim_one(STEP)
    work.release_work(ledger.pipeline, [call])
    current = ledger.claim_one(STEP)
    zombies = [call, work.Call(**{**vars(current), "fence": call.fence})]
    for zombie in zombies:
        assert not any(ledger.complete(STEP, [zombie]).values())
        assert ledger.fail([zombie]) == 0
        assert work.release_work(ledger.pipeline, [zombie]) == 0
        node = ledger.node(STEP)
        assert (node.status, node.fence, node.interaction_id) == (
            "running",
            current.fence,
            current.interaction_id,
        )
    assert all(ledger.complete(STEP, [current]).values())
