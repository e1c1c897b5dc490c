"""What follows from answers: the whole way of one posting, as rows."""

from __future__ import annotations

from tests.ledger_driver import Driver, step_id

WAY = {  # step -> the producers of its inputs, by handle
    "validate_description": {"posting": "content"},
    "extract_summary": {"posting": "content", "validation": "validate_description"},
    "grade_a": {"posting": "content", "summary": "extract_summary"},
    "grade_b": {"posting": "content", "summary": "extract_summary"},
    "format_summary": {
        "posting": "content",
        "summary": "extract_summary",
        "verdict_a": "grade_a",
        "verdict_b": "grade_b",
    },
    "save_summary": {"formatted": "format_summary"},
    "extract_skills": {"posting": "content", "saved": "save_summary"},
    "save_skills": {"skills": "extract_skills"},
    "ihl_analyst": {"posting": "content", "validation": "validate_description"},
    "ihl_skeptic": {"posting": "content", "analyst": "ihl_analyst"},
    "ihl_expert": {"posting": "content", "analyst": "ihl_analyst", "skeptic": "ihl_skeptic"},
    "save_ihl": {"expert": "ihl_expert"},
}
BRANCHES = {
    "validate_description": "valid",
    "grade_a": "pass",
    "grade_b": "pass",
    "save_summary": "saved",
    "save_skills": "saved",
    "save_ihl": "saved",
}


def finished(ledger: Driver) -> Driver:
    ledger.fetch()
    ledger.run()
    return ledger


def test_one_posting_makes_one_interaction_of_every_step_in_order(ledger: Driver) -> None:
    finished(ledger)
    assert [i.step for i in ledger.interactions()] == list(WAY)
    for one in ledger.interactions():
        assert (one.status, one.attempt, one.retry_count, one.round) == ("completed", 1, 0, 0)
        assert one.branch == BRANCHES.get(one.step, "*")
        assert one.enabled and not one.invalidated and one.reused_from is None
        assert one.queued_at <= one.started_at <= one.completed_at
        assert one.partition_key == ledger.partition()
        posting = ledger.posting().posting_id
        assert one.correlation_id == f"workflow_3001_posting_{posting}"


def test_edges_name_exactly_the_interactions_and_the_content_that_were_read(ledger: Driver) -> None:
    finished(ledger)
    version = ledger.posting().current_version_id
    ids = {i.step: i.interaction_id for i in ledger.interactions()}
    for step, inputs in WAY.items():
        edges = ledger.edges(ids[step])
        assert {
            handle: (e.input_interaction_id, e.posting_version_id) for handle, e in edges.items()
        } == {
            handle: (None, version) if producer == "content" else (ids[producer], None)
            for handle, producer in inputs.items()
        }
        assert {e.posting_id for e in edges.values()} == {ledger.posting().posting_id}


def test_every_edge_consumed_one_delivered_message(ledger: Driver) -> None:
    finished(ledger)
    consumed = ledger.rows(
        "select e.message_id, m.handle = e.handle as same_handle, m.consumed_at,"
        "  m.producer_interaction_id is not distinct from e.input_interaction_id"
        "  and m.producer_version_id is not distinct from e.posting_version_id as same_producer"
        " from interaction_inputs e join interactions i using (interaction_id)"
        " join postings p on p.posting_id = i.posting_id"
        " left join run_inbox_messages m on m.workflow_run_id = i.workflow_run_id"
        "  and m.conversation_id = i.conversation_id and m.round = i.round and m.message_id = e.message_id"
        " where p.source_id = %s",
        ledger.source,
    )
    assert len(consumed) == sum(len(inputs) for inputs in WAY.values())
    assert all(m.same_handle and m.same_producer and m.consumed_at for m in consumed)


def test_a_result_is_delivered_to_readers_on_every_branch(ledger: Driver) -> None:
    finished(ledger)
    (verdict,) = ledger.interactions("grade_a")
    readers = ledger.rows(
        "select conversation_id, round, handle, msg_seq, consumed_at is not null as consumed"
        " from run_inbox_messages where producer_interaction_id = %s order by 1, 2, 3",
        verdict.interaction_id,
    )
    assert [(r.conversation_id, r.round, r.handle, r.consumed) for r in readers] == [
        (step_id("improve_summary"), 1, "verdict_a", False),
        (step_id("create_ticket"), 0, "verdict_a", False),
        (step_id("format_summary"), 0, "verdict_a", True),
    ]
    assert {r.msg_seq for r in readers} == {verdict.interaction_id}


def test_nodes_end_completed_by_their_interaction_and_hold_no_lease(ledger: Driver) -> None:
    finished(ledger)
    assert ledger.statuses() == {f"{step}[0]": "completed" for step in WAY}
    for one in ledger.interactions():
        node = ledger.node(one.step)
        assert (node.interaction_id, node.branch, node.inputs_key, node.attempt, node.fence) == (
            one.interaction_id, one.branch, one.inputs_key, 1, one.fence,
        )  # fmt: skip
        assert (node.lease_owner, node.lease_expires_at, node.next_retry_at, node.owed_since) == (
            None, None, None, None,
        )  # fmt: skip


def test_published_is_what_the_save_steps_answered_with_their_ids(ledger: Driver) -> None:
    finished(ledger)
    posting = ledger.posting()
    saved = {i.step: i for i in ledger.interactions() if i.step.startswith("save_")}
    assert posting.extracted_summary == saved["save_summary"].output["text"]
    assert posting.extracted_summary_interaction_id == saved["save_summary"].interaction_id
    assert posting.skill_keywords == ["SQL", "Python", "German"]
    assert posting.skill_keywords_interaction_id == saved["save_skills"].interaction_id
    assert (posting.ihl_score, posting.ihl_category) == (12, "GENUINE")
    assert posting.ihl_interaction_id == saved["save_ihl"].interaction_id
    assert (posting.status, posting.invalidated) == ("active", False)
    assert posting.extracted_summary_stale_since is None


def test_every_transition_is_one_event(ledger: Driver) -> None:
    finished(ledger)
    events = ledger.rows(
        "select event_type, aggregate_type, aggregate_id, metadata from execution_events"
        " where posting_id = %s order by event_id",
        ledger.posting().posting_id,
    )
    expected = []
    for one in ledger.interactions():
        if one.actor_type == "ai_model":
            expected.append(("interaction_running", str(one.interaction_id)))
        expected.append(("interaction_completed", str(one.interaction_id)))
    recorded = [e for e in events if e.aggregate_type == "interaction"]
    assert sorted((e.event_type, e.aggregate_id) for e in recorded) == sorted(expected)
    assert {"conversation_id", "actor_id", "execution_order", "status", "duration_ms"} <= set(
        recorded[0].metadata
    )
    owed = [e for e in events if e.aggregate_type == "node"]
    assert [e.event_type for e in owed] == ["node_scheduled"] * len(WAY)
    published = [e.event_type for e in events if e.aggregate_type == "posting"]
    assert published.count("posting_published") == 3


def test_the_branches_of_summary_and_ihl_do_not_wait_for_each_other(ledger: Driver) -> None:
    ledger.fetch()
    ledger.run_step("validate_description")
    assert ledger.statuses() == {
        "validate_description[0]": "completed",
        "extract_summary[0]": "scheduled",
        "ihl_analyst[0]": "scheduled",
    }
    for step in ("ihl_analyst", "ihl_skeptic", "ihl_expert", "save_ihl"):
        ledger.run_step(step)
    assert ledger.posting().ihl_score == 12
    assert ledger.posting().extracted_summary is None


def test_both_graders_are_owed_at_once(ledger: Driver) -> None:
    ledger.fetch()
    ledger.run(until="grade_a")
    assert (ledger.status("grade_a"), ledger.status("grade_b")) == ("scheduled", "scheduled")


def test_everything_of_one_answer_is_written_in_one_transaction(ledger: Driver) -> None:
    ledger.fetch()
    ledger.run(until="extract_summary")
    call = ledger.claim_one("extract_summary")
    with ledger.pipeline.transaction(force_rollback=True):
        ledger.complete("extract_summary", [call])
        assert ledger.status("grade_a") == "idle"  # seen from another connection
        assert ledger.interactions("extract_summary")[0].status == "running"
    assert ledger.statuses()["extract_summary[0]"] == "running"
    assert not ledger.rows(
        "select from run_inbox_messages where producer_interaction_id = %s", call.interaction_id
    )
    ledger.complete("extract_summary", [call])
    assert (ledger.status("grade_a"), ledger.status("grade_b")) == ("scheduled", "scheduled")
