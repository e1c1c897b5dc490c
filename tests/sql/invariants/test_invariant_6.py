"""6. Output, status, messages, newly owed nodes and published values commit together."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from tests.ledger_driver import Driver
from ty_pipeline.errors import LedgerError

# What a completion writes, table by table, and how to make exactly that write fail.
WRITES = {
    "the output": ("interactions", "update"),
    "the messages": ("run_inbox_messages", "insert"),
    "the node": ("run_node_state", "update"),
    "what is owed next": ("run_node_state", "insert"),
}


def everything(ledger: Driver) -> dict[str, Any]:
    tables = ("interactions", "interaction_inputs", "run_inbox_messages", "run_node_state", "postings",
              "posting_skills", "execution_events", "late_answers")  # fmt: skip
    return {t: ledger.rows(f"select xmin::text, * from {t} order by 2, 3, 4") for t in tables}


def break_writing(ledger: Driver, table: str, operation: str) -> None:
    ledger.owner.execute(
        "create or replace function fail_here() returns trigger language plpgsql as"
        " $$ begin raise exception 'the disk is full' using errcode = '53100'; end $$"
    )
    ledger.owner.execute(
        f"create trigger zz_fails before {operation} on {table} for each row execute function fail_here()"
    )


@pytest.mark.parametrize("what", WRITES)
def test_when_one_write_of_a_completion_fails_none_is_there(own_ledger: Driver, what: str) -> None:
    own_ledger.fetch()
    own_ledger.run(until="extract_summary")
    call = own_ledger.claim_one("extract_summary")
    table, operation = WRITES[what]
    before = everything(own_ledger)
    break_writing(own_ledger, table, operation)
    with pytest.raises(LedgerError, match="the disk is full"):
        own_ledger.complete("extract_summary", [call])
    assert everything(own_ledger) == before
    own_ledger.owner.execute(f"drop trigger zz_fails on {table}")
    assert own_ledger.complete("extract_summary", [call]) == {call.interaction_id: True}
    assert own_ledger.status("grade_a") == "scheduled"


@pytest.mark.parametrize(
    ("step", "table"), [("save_ihl", "postings"), ("save_skills", "posting_skills")]
)
def test_a_save_that_cannot_publish_is_not_recorded_as_saved(
    own_ledger: Driver, step: str, table: str
) -> None:
    own_ledger.fetch()
    own_ledger.run(until=step)
    before = everything(own_ledger)
    break_writing(own_ledger, table, "update or insert")
    with pytest.raises(LedgerError, match="the disk is full"):
        own_ledger.script(step)
    assert everything(own_ledger) == before
    own_ledger.owner.execute(f"drop trigger zz_fails on {table}")
    assert own_ledger.script(step) == (1, 0)


def test_a_claim_that_cannot_write_its_edges_is_no_claim(own_ledger: Driver) -> None:
    own_ledger.fetch()
    own_ledger.run(until="extract_summary")
    before = everything(own_ledger)
    break_writing(own_ledger, "interaction_inputs", "insert")
    with pytest.raises(LedgerError):
        own_ledger.claim("extract_summary")
    assert everything(own_ledger) == before


def test_a_promotion_that_cannot_schedule_promotes_nothing(own_ledger: Driver) -> None:
    own_ledger.stage(own_ledger.store_page(own_ledger.open()), [own_ledger.job()])
    break_writing(own_ledger, "run_node_state", "insert")
    with pytest.raises(LedgerError):
        own_ledger.promote()
    assert own_ledger.rows("select from postings") == []
    own_ledger.owner.execute("drop trigger zz_fails on run_node_state")
    assert own_ledger.promote().new == 1


def test_a_connection_that_is_cut_in_the_middle_leaves_nothing(
    own_ledger: Driver, own_url: str
) -> None:
    own_ledger.fetch()
    own_ledger.run(until="extract_summary")
    call = own_ledger.claim_one("extract_summary")
    before = everything(own_ledger)
    with psycopg.connect(own_url) as cut:
        cut.execute(
            "select complete_work(3001, 3335, array[%s]::bigint[], array[%s]::bigint[],"
            " array['{\"role\": \"R\"}']::jsonb[], array['*'], array[null]::integer[], array[null]::integer[])",
            (call.interaction_id, call.fence),
        )
        own_ledger.owner.execute("select pg_terminate_backend(%s)", (cut.info.backend_pid,))
        with pytest.raises(psycopg.OperationalError):
            cut.commit()
    assert everything(own_ledger) == before
    assert own_ledger.complete("extract_summary", [call]) == {call.interaction_id: True}


def test_an_answer_and_what_it_makes_owed_have_one_transaction_id(own_ledger: Driver) -> None:
    own_ledger.fetch()
    own_ledger.run(until="extract_summary")
    call = own_ledger.claim_one("extract_summary")
    own_ledger.complete("extract_summary", [call])
    ids = own_ledger.rows(
        "select xmin::text as id from interactions where interaction_id = %s"
        " union select xmin::text from run_inbox_messages where producer_interaction_id = %s"
        " union select xmin::text from run_node_state where status = 'scheduled'"
        "  and conversation_id in (3336, 3337)",
        call.interaction_id,
        call.interaction_id,
    )
    assert len(ids) == 1


def test_the_audit_sees_a_result_that_was_not_delivered(own_ledger: Driver) -> None:
    own_ledger.fetch()
    own_ledger.run()
    (analyst,) = own_ledger.interactions("ihl_analyst")
    with own_ledger.owner.transaction():
        own_ledger.owner.execute("set local session_replication_role = replica")
        own_ledger.owner.execute(
            "delete from run_inbox_messages where producer_interaction_id = %s",
            (analyst.interaction_id,),
        )
    found = own_ledger.rows("select * from audit_undelivered_messages")
    assert {r.interaction_id for r in found} == {analyst.interaction_id}
