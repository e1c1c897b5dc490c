"""1. No interaction, edge or event is ever deleted; an ended row changes only in its flags."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from tests.ledger_driver import Driver, new_driver
from ty_pipeline.database.connect import connect
from ty_pipeline.ledger import work

KEPT = (
    "workflows", "conversations", "conversation_versions", "workflow_conversations",
    "conversation_branches", "actors", "sources", "interactions", "interaction_inputs",
    "run_inbox_messages", "trigger_inputs", "late_answers", "workflow_runs", "execution_events",
    "postings", "posting_versions", "sightings", "raw_pages", "posting_skills", "invalidations",
    "invalidation_hits", "requests", "recoveries",
)  # fmt: skip
FLAGS = {"enabled", "invalidated", "invalidation_reason", "invalidated_at", "invalidated_by"}
GENERATED = {"duration_ms"}


def interaction_columns(ledger: Driver) -> dict[str, str]:
    return {
        r.attname: r.type
        for r in ledger.rows(
            "select attname, format_type(atttypid, atttypmod) as type from pg_attribute"
            " where attrelid = 'interactions'::regclass and attnum > 0 and not attisdropped"
        )
    }


def another_value(type_: str) -> str:
    """An expression of the type that no row of these tests has."""
    return {
        "bigint": "987654321", "integer": "987654", "smallint": "31000", "text": "'another'",
        "jsonb": "'{\"another\": 1}'::jsonb", "bytea": "'\\x00'::bytea", "boolean": "null",
        "uuid": "'00000000-0000-0000-0000-000000000000'::uuid",
        "timestamp with time zone": "'2001-01-01 00:00+00'::timestamptz",
    }[type_]  # fmt: skip


@pytest.fixture(scope="module")
def finished(shared_connections: tuple[Any, Any]) -> Driver:
    """A posting whose ledger holds a row in every kept table that this issue writes."""
    ledger = new_driver(*shared_connections)
    ledger.fetch()
    ledger.run(until="extract_summary")
    call = ledger.claim_one("extract_summary")
    work.release_work(ledger.pipeline, [call])
    ledger.complete("extract_summary", [call])
    ledger.fail([ledger.claim_one("extract_summary")])
    ledger.forget_backoff()
    ledger.run()
    return ledger


@pytest.mark.parametrize("table", KEPT)
@pytest.mark.parametrize("statement", ["delete from {}", "delete from {} where false", "truncate {}", "truncate {} cascade"])  # fmt: skip
def test_deleting_raises_for_the_superuser_too(
    finished: Driver, table: str, statement: str
) -> None:
    with pytest.raises(psycopg.DatabaseError) as refused:
        finished.owner.execute(statement.format(table))
    if (
        "cascade" not in statement and refused.value.sqlstate != "0A000"
    ):  # 0A000: a foreign key does it first
        assert refused.value.sqlstate == "TY001"
        assert f"{table} is never deleted" in str(refused.value)


@pytest.mark.parametrize(
    "role", ["ty_owner", "ty_pipeline", "ty_operator", "ty_reader", "ty_eraser"]
)
@pytest.mark.parametrize("table", ["interactions", "interaction_inputs", "execution_events"])
def test_deleting_raises_for_every_role(finished: Driver, role: str, table: str) -> None:
    with finished.owner.transaction(force_rollback=True):
        finished.owner.execute(f"set local role {role}")
        for statement in ("delete from {}", "truncate {} cascade"):
            with pytest.raises(psycopg.DatabaseError) as refused, finished.owner.transaction():
                finished.owner.execute(statement.format(table))
            assert refused.value.sqlstate in ("TY001", "42501")


def test_a_deletion_hidden_in_a_cte_or_a_merge_raises(finished: Driver) -> None:
    for statement in (
        "with gone as (delete from interactions returning *) select count(*) from gone",
        "merge into interactions i using (select 1) s on true when matched then delete",
        "delete from interactions using workflow_runs",
    ):
        with pytest.raises(psycopg.DatabaseError, match="never deleted"):
            finished.owner.execute(statement)


@pytest.mark.parametrize("status", ["completed", "failed", "superseded"])
def test_no_column_of_an_ended_interaction_can_be_rewritten(finished: Driver, status: str) -> None:
    ended = next(i for i in finished.interactions("extract_summary") if i.status == status)
    columns = interaction_columns(finished)
    assert set(columns) > FLAGS | GENERATED
    for name in set(columns) - FLAGS - GENERATED:
        with pytest.raises(psycopg.DatabaseError) as refused:
            finished.owner.execute(
                f"update interactions set {name} = {another_value(columns[name])} where interaction_id = %s",
                (ended.interaction_id,),
            )
        assert refused.value.sqlstate in ("TY002", "428C9"), name  # 428C9: an identity column


@pytest.mark.parametrize("status", ["completed", "failed", "superseded"])
def test_an_ended_interaction_does_not_run_again(finished: Driver, status: str) -> None:
    ended = next(i for i in finished.interactions("extract_summary") if i.status == status)
    for again in ("running", "suspended", "completed", "failed", "superseded"):
        if again != status:
            with pytest.raises(psycopg.DatabaseError) as refused:
                finished.owner.execute(
                    "update interactions set status = %s, completed_at = null where interaction_id = %s",
                    (again, ended.interaction_id),
                )
            assert refused.value.sqlstate == "TY002"


@pytest.mark.parametrize(
    "column", ["input", "inputs_key", "input_hash", "fence", "posting_id", "actor_id"]
)
def test_what_a_live_attempt_consumed_cannot_be_rewritten(ledger: Driver, column: str) -> None:
    ledger.fetch()
    ledger.run(until="extract_summary")
    ledger.claim("extract_summary")
    value = another_value(interaction_columns(ledger)[column])
    with pytest.raises(psycopg.DatabaseError) as refused:
        ledger.owner.execute(
            f"update interactions set {column} = {value} where posting_id = %s and status = 'running'",
            (ledger.posting().posting_id,),
        )
    assert refused.value.sqlstate == "TY002"


@pytest.mark.parametrize(
    "table", ["interaction_inputs", "posting_versions", "sightings", "conversation_versions"]
)
def test_lineage_contents_and_prompts_cannot_be_rewritten(finished: Driver, table: str) -> None:
    columns = finished.rows(
        "select attname from pg_attribute where attrelid = %s::regclass and attnum > 0 and attidentity = ''",
        table,
    )
    for column in columns:
        with pytest.raises(psycopg.DatabaseError) as refused:
            finished.owner.execute(f"update {table} set {column.attname} = {column.attname}")
        assert refused.value.sqlstate == "TY002"


def test_the_pipeline_cannot_even_try(shared_url: str) -> None:
    with connect(shared_url) as pipeline:
        for table in KEPT:
            for statement in (
                f"delete from {table}",
                f"truncate {table}",
                f"alter table {table} disable trigger all",
            ):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    pipeline.execute(statement)


def test_the_audit_sees_a_guard_that_is_switched_off(own_ledger: Driver) -> None:
    own_ledger.owner.execute(
        "alter table interactions disable trigger an_ended_interaction_is_never_rewritten"
    )
    own_ledger.owner.execute("drop trigger interactions_are_never_deleted on interactions")
    problems = {r.problem for r in own_ledger.rows("select problem from audit_unguarded_tables")}
    assert problems == {
        "trigger an_ended_interaction_is_never_rewritten of interactions is switched off",
        "trigger interactions_are_never_deleted of interactions is missing",
    }


def test_the_audit_sees_a_rewritten_output(own_ledger: Driver) -> None:
    own_ledger.fetch()
    own_ledger.run()
    with own_ledger.owner.transaction():
        own_ledger.owner.execute("set local session_replication_role = replica")
        own_ledger.owner.execute(
            'update interactions set output = output || \'{"details": "forged"}\' where conversation_id = 3335'
        )
    (found,) = own_ledger.rows("select * from audit_rewritten_outputs")
    assert found.interaction_id == own_ledger.interactions("extract_summary")[0].interaction_id
