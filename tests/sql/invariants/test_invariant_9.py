"""9. State equals what the ledger alone gives: whatever is forged or lost in it is derived again.

Random histories are compared in ``test_settle_runs``; here state is broken on purpose.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.canned_answers import Verdict
from tests.ledger_driver import Driver

NODES = (
    "select n.conversation_id, n.round, n.status, n.attempt, n.interaction_id, n.inputs_key, n.branch,"
    "  n.alternative, n.partition_key"
    " from run_node_state n join postings p using (posting_id)"
    " where p.source_id = %s and n.status <> 'idle' order by 1, 2"
)
FORGED = {  # what is forged -> the audits that see it
    "status = 'scheduled', branch = null": {"audit_completed_nodes"},
    "status = 'failed', branch = null": {"audit_completed_nodes"},
    "branch = 'failed'": {"audit_completed_nodes", "audit_published_values"},
    "inputs_key = '00000000-0000-0000-0000-000000000000'": {
        "audit_completed_nodes",
        "audit_owed_nodes",
    },
    "interaction_id = 1": {"audit_completed_nodes", "audit_published_values"},
    "attempt = 7": set(),
    "partition_key = 'elsewhere'": set(),
    "status = 'paused'": {"audit_published_values"},
}


def state(ledger: Driver) -> tuple[list[Any], Any]:
    posting = ledger.posting()._asdict()
    return ledger.rows(NODES, ledger.source), posting


def settle(ledger: Driver) -> None:
    ledger.owner.execute(
        "select settle_runs(array(select workflow_run_id from workflow_runs where posting_id = %s))",
        (ledger.posting().posting_id,),
    )


def found(ledger: Driver) -> set[str]:
    audits = [
        r[0] for r in ledger.rows("select viewname from pg_views where viewname like 'audit\\_%%'")
    ]
    posting = ledger.posting().posting_id
    return {a for a in audits if ledger.rows(f"select from {a} where posting_id = %s", posting)}


@pytest.mark.parametrize("forged", FORGED)
def test_a_forged_node_is_seen_and_derived_again(ledger: Driver, forged: str) -> None:
    ledger.fetch()
    ledger.run()
    before = state(ledger)
    with ledger.owner.transaction():
        ledger.owner.execute("set local session_replication_role = replica")
        ledger.owner.execute(
            f"update run_node_state set {forged} where posting_id = %s and conversation_id = 9202",
            (ledger.posting().posting_id,),
        )
    assert FORGED[forged] <= found(ledger)
    settle(ledger)
    assert state(ledger) == before
    assert found(ledger) == set()


FORGED_POSTINGS = {
    "extracted_summary = 'forged'": {"audit_published_values"},
    "extracted_summary = null, extracted_summary_interaction_id = null": {"audit_published_values"},
    "ihl_score = 99, ihl_category = 'COMPLIANCE_THEATER'": {"audit_published_values"},
    "skill_keywords = '{forged}'": {"audit_published_values"},
    "status = 'rejected', extracted_summary = null, extracted_summary_interaction_id = null, skill_keywords = null,"
    " skill_keywords_interaction_id = null, ihl_score = null, ihl_category = null, ihl_interaction_id = null": {
        "audit_posting_status"
    },
}


@pytest.mark.parametrize("forged", FORGED_POSTINGS)
def test_a_forged_published_value_is_seen(ledger: Driver, forged: str) -> None:
    ledger.fetch()
    ledger.run()
    ledger.owner.execute(
        f"update postings set {forged} where posting_id = %s", (ledger.posting().posting_id,)
    )
    assert FORGED_POSTINGS[forged] <= found(ledger)


@pytest.mark.parametrize("forged", list(FORGED_POSTINGS)[1:2] + list(FORGED_POSTINGS)[4:])
def test_a_published_pointer_that_was_moved_is_derived_again(ledger: Driver, forged: str) -> None:
    ledger.fetch()
    ledger.run()
    before = state(ledger)
    ledger.owner.execute(
        f"update postings set {forged} where posting_id = %s", (ledger.posting().posting_id,)
    )
    settle(ledger)
    assert state(ledger) == before


LATER = "2026-01-06"
NEVER: dict[str, Verdict] = {
    "grade_b[0]": "fail",
    "regrade[1]": "fail",
    "regrade[2]": "fail",
    "regrade[3]": "fail",
}
HISTORIES = (
    "nothing done", "half done", "all done", "failed", "to be tried again", "running",
    "improved twice", "waiting for a person", "published and stale", "back to an old content",
    "without a description",
)  # fmt: skip


def live(ledger: Driver, history: str) -> None:
    match history:
        case "half done":
            ledger.run(until="save_summary")
        case "all done":
            ledger.run()
        case "failed" | "to be tried again" | "running":
            ledger.run(until="extract_summary")
            call = ledger.claim_one("extract_summary")
            if history != "running":
                ledger.fail([call], "schema" if history == "failed" else "network")
        case "improved twice":
            ledger.run(verdicts={"grade_b[0]": "fail", "regrade[1]": "fail"})
        case "waiting for a person":
            ledger.run(verdicts=NEVER)
        case "published and stale" | "back to an old content":
            ledger.run()
            ledger.fetch(ledger.job(title="Newer"), day=LATER)
            if history == "back to an old content":
                ledger.run(day=LATER)
                ledger.fetch(day="2026-01-07")
        case "without a description":
            ledger.fetch(ledger.job(description=None), day=LATER)
            ledger.run(day=LATER)


@pytest.mark.parametrize("history", HISTORIES)
def test_state_that_was_lost_is_derived_again(ledger: Driver, history: str) -> None:
    ledger.fetch()
    live(ledger, history)
    before = state(ledger)
    ledger.owner.execute(
        "delete from run_node_state where posting_id = %s", (ledger.posting().posting_id,)
    )
    settle(ledger)
    assert state(ledger) == before


def test_the_audit_sees_edges_that_are_not_those_whose_digest_was_recorded(
    own_ledger: Driver,
) -> None:
    own_ledger.fetch()
    own_ledger.run()
    (expert,) = own_ledger.interactions("ihl_expert")
    with own_ledger.owner.transaction():
        own_ledger.owner.execute("set local session_replication_role = replica")
        own_ledger.owner.execute(
            "delete from interaction_inputs where interaction_id = %s and handle = 'skeptic'",
            (expert.interaction_id,),
        )
    (row,) = own_ledger.rows("select * from audit_input_digests")
    assert row.interaction_id == expert.interaction_id
