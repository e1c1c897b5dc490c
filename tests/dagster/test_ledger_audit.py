"""Every audit finds what it is for, planted with all triggers off, and nothing where all is well."""

from __future__ import annotations

from typing import TYPE_CHECKING

import dagster as dg
import psycopg
import pytest

from ty_pipeline.database.migrate import sql_folder
from ty_pipeline.ledger.audits import AUDITS, Finding, read_finding

if TYPE_CHECKING:
    from tests.dagster.conftest import World

ONE = "(select min(posting_id) from postings)"
WRITTEN = f"conversation_id = 3335 and posting_id = {ONE}"
FLAGGED = (
    "invalidated = true, invalidation_reason = 'planted', invalidated_at = now(),"
    " invalidated_by = 'test'"
)
LIVE = "status = 'running', completed_at = null"
SAVED = f"conversation_id = 9168 and posting_id = {ONE}"

PLANTED = [
    (
        "unguarded_tables",
        "alter table interactions disable trigger an_ended_interaction_is_never_rewritten",
    ),
    ("unguarded_tables", "drop trigger an_edge_is_never_rewritten on interaction_inputs"),
    ("rewritten_outputs", f"update interactions set output = '{{}}' where {WRITTEN}"),
    ("invalidation_flags", f"update interactions set {FLAGGED} where {WRITTEN}"),
    (
        "invalidation_flags",
        (
            "with one as (insert into invalidations (reason, invalidated_by) values ('planted', 'test')"
            " returning invalidation_id) insert into invalidation_hits"
            f" select o.invalidation_id, i.interaction_id, true from one o, interactions i where {WRITTEN}"
        ),
    ),
    (
        "foreign_inputs",
        (
            "update interaction_inputs set posting_version_id = (select max(posting_version_id) from"
            f" posting_versions) where handle = 'posting' and posting_id = {ONE}"
        ),
    ),
    ("invalid_inputs", f"update interactions set {FLAGGED} where {WRITTEN}"),
    ("invalid_inputs", f"update interactions set {FLAGGED} where posting_id is null"),
    ("withdrawn_publications", f"update interactions set enabled = false where {WRITTEN}"),
    ("withdrawn_publications", f"update interactions set {FLAGGED} where {WRITTEN}"),
    ("withdrawn_publications", "update interactions set enabled = false where posting_id is null"),
    (
        "undelivered_messages",
        (
            "delete from run_inbox_messages where conversation_id = 9168 and producer_interaction_id in"
            f" (select interaction_id from interactions where posting_id = {ONE})"
        ),
    ),
    (
        "live_attempts",
        (
            "drop index one_live_attempt_per_node; update interactions set"
            f" workflow_run_id = 1, input_hash = interaction_id::text::bytea, {LIVE}"
            " where conversation_id = 3335"
        ),
    ),
    (
        "live_attempts",
        (
            f"drop index one_live_call_per_identical_input; update interactions set input_hash = '', {LIVE}"
            " where conversation_id = 3335"
        ),
    ),
    ("lost_claims", f"update interactions set {LIVE} where {WRITTEN}"),
    ("completed_nodes", f"update interactions set enabled = false where {WRITTEN}"),
    ("completed_nodes", f"update interactions set {FLAGGED} where {WRITTEN}"),
    ("completed_nodes", f"update interactions set {LIVE} where {WRITTEN}"),
    ("completed_nodes", f"update run_node_state set branch = 'other' where {WRITTEN}"),
    (
        "completed_nodes",
        f"update run_node_state set inputs_key = gen_random_uuid() where {WRITTEN}",
    ),
    ("completed_nodes", f"update run_node_state set interaction_id = 1 where {WRITTEN}"),
    ("owed_nodes", f"update run_node_state set inputs_key = gen_random_uuid() where {WRITTEN}"),
    ("owed_nodes", f"delete from run_node_state where {WRITTEN}"),
    ("owed_nodes", f"update run_node_state set status = 'failed' where {WRITTEN}"),
    ("input_digests", f"update interactions set inputs_key = gen_random_uuid() where {WRITTEN}"),
    (
        "input_digests",
        f"delete from interaction_inputs where handle = 'posting' and posting_id = {ONE}",
    ),
    ("posting_status", "update postings set status = 'active' where status = 'too_short'"),
    ("posting_status", "update postings set current_version_id = null where status = 'too_short'"),
    (
        "published_values",
        (
            "update postings set extracted_summary = null, extracted_summary_interaction_id = null"
            f" where posting_id = {ONE}"
        ),
    ),
    (
        "published_values",
        (
            "update postings set extracted_summary_interaction_id = ihl_interaction_id"
            f" where posting_id = {ONE}"
        ),
    ),
    ("published_values", f"update postings set extracted_summary = 'x' where posting_id = {ONE}"),
    ("published_values", f"update postings set skill_keywords = '{{x}}' where posting_id = {ONE}"),
    (
        "published_values",
        f"update postings set ihl_score = 100, ihl_category = 'FAKE' where posting_id = {ONE}",
    ),
    ("published_values", f"update run_node_state set status = 'paused' where {SAVED}"),
    (
        "lost_events",
        "insert into lost_events (subject, events, error) values ('interactions', 3, 'planted')",
    ),
]


def findings(connection: psycopg.Connection[tuple[object, ...]]) -> dict[str, Finding]:
    return {audit.name: read_finding(connection, audit) for audit in AUDITS}


def test_every_audit_view_is_asked_and_every_audit_has_a_planted_violation() -> None:
    views = {file.stem for file in (sql_folder() / "views").glob("audit_*.sql")}
    assert views == {audit.view for audit in AUDITS}
    assert {name for name, _ in PLANTED} == {audit.name for audit in AUDITS}


def test_nothing_is_found_where_all_is_well(processed: World) -> None:
    with psycopg.connect(processed.owner_url) as connection:
        assert {name: f.count for name, f in findings(connection).items() if f.count} == {}


@pytest.mark.parametrize(("name", "statement"), PLANTED, ids=[name for name, _ in PLANTED])
def test_a_planted_violation_is_found(processed: World, name: str, statement: str) -> None:
    with psycopg.connect(processed.owner_url) as connection:
        connection.execute("set session_replication_role = replica")
        connection.execute(statement.encode())
        found = findings(connection)[name]
        connection.rollback()
    assert found.count >= 1
    assert found.examples
    assert len(found.examples[0].problem) > 20


def test_a_violation_fails_its_check_and_no_other(world: World) -> None:
    world.process(world.keys[0])
    world.force(f"update postings set extracted_summary = 'x' where posting_id = {ONE}")
    result = world.look_back()
    assert result.success
    checks = {one.check_name: one for one in result.get_asset_check_evaluations()}
    assert len(checks) == len(AUDITS)
    assert [name for name, one in checks.items() if not one.passed] == [
        "invariant_9_published_values"
    ]
    failed = checks["invariant_9_published_values"]
    assert failed.severity == dg.AssetCheckSeverity.ERROR
    examples = failed.metadata["examples"]
    assert isinstance(examples, dg.TableMetadataValue)
    assert examples.records[0].data["posting"] == world.ask(f"select {ONE}")[0][0]
    assert world.last("ledger_audit").metadata["audit_published_values"].value == 1
