"""8. Only the database's clock decides leases, retries and deadlines; order is by sequence."""

from __future__ import annotations

import re

import psycopg
import pytest

from tests.ledger_driver import Driver
from ty_pipeline.database.migrate import sql_folder
from ty_pipeline.ledger import work

STEP = "extract_summary"
QUOTED = re.compile(r"--[^\n]*|'(?:[^']|'')*'")


def test_no_entry_point_takes_a_time_from_its_caller(database: str) -> None:
    with psycopg.connect(database) as connection:
        takers = connection.execute(
            "select p.oid::regprocedure::text from pg_proc p where p.pronamespace = 'public'::regnamespace"
            " and p.prosecdef and pg_get_function_arguments(p.oid) ~ 'time'"
        ).fetchall()
    assert takers == []


def test_no_function_reads_the_time_at_which_its_transaction_began() -> None:
    """A transaction that waited for a lock would give leases that are over before they begin."""
    stale = re.compile(
        r"\b(now\(\)|current_timestamp|localtimestamp|transaction_timestamp|statement_timestamp)"
    )
    found = {
        file.name
        for file in (sql_folder() / "functions").glob("*.sql")
        if stale.search(QUOTED.sub("", file.read_text("utf-8")))
    }
    assert found <= {"import_taxonomy.sql"}  # when it was imported decides nothing


def test_a_lease_is_whole_though_its_transaction_began_long_before(ledger: Driver) -> None:
    ledger.fetch()
    ledger.run(until=STEP)
    with ledger.pipeline.transaction():
        ledger.pipeline.execute("select pg_sleep(0.4)")
        ledger.claim(STEP, worker=work.Worker(name=ledger.worker.name, lease_seconds=10))
    left = ledger.value(
        "select extract(epoch from n.lease_expires_at - i.created_at) from run_node_state n"
        " join interactions i using (interaction_id) where i.posting_id = %s and i.status = 'running'",
        ledger.posting().posting_id,
    )
    assert left > 10.3  # created_at is when the transaction began


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "America/Anchorage"])
def test_a_workers_time_zone_moves_no_lease(ledger: Driver, second: Driver, zone: str) -> None:
    ledger.fetch()
    ledger.run(until=STEP)
    second.pipeline.execute(f"set timezone = '{zone}'")
    second.claim(STEP, worker=work.Worker(name=second.worker.name, lease_seconds=30))
    left = ledger.value(
        "select extract(epoch from lease_expires_at - clock_timestamp()) from run_node_state"
        " where posting_id = %s and status = 'running'",
        ledger.posting().posting_id,
    )
    assert 25 < left <= 30
    assert work.release_expired_work(ledger.pipeline) == 0


def test_the_newest_answer_is_the_one_with_the_highest_id_whatever_its_times_say(
    ledger: Driver,
) -> None:
    """A later answer whose clock ran a day behind is the current one all the same."""
    ledger.fetch()
    ledger.run()
    (first,) = ledger.interactions("save_ihl")
    columns = [
        r.attname
        for r in ledger.rows(
            "select attname from pg_attribute where attrelid = 'interactions'::regclass and attnum > 0"
            " and attidentity = '' and attgenerated = '' and not attisdropped"
        )
    ]
    earlier = {c: f"{c} - interval '1 day'" for c in ("created_at", "started_at", "completed_at")}
    newest = ledger.value(
        f"insert into interactions ({', '.join(columns)})"
        f" select {', '.join(earlier.get(c, c) for c in columns)} from interactions"
        " where interaction_id = %s returning interaction_id",
        first.interaction_id,
    )
    ledger.owner.execute(
        "insert into interaction_inputs select %s, handle, message_id, posting_id, input_interaction_id,"
        " posting_version_id, trigger_input_id from interaction_inputs where interaction_id = %s",
        (newest, first.interaction_id),
    )
    ledger.owner.execute("select settle_runs(array[%s::bigint])", (first.workflow_run_id,))
    assert newest > first.interaction_id
    assert ledger.node("save_ihl").interaction_id == newest
    assert ledger.posting().ihl_interaction_id == newest


def test_the_newest_content_is_that_of_the_latest_date_whatever_came_in_last(
    ledger: Driver,
) -> None:
    ledger.fetch(ledger.job(title="Newest"), day="2026-02-02")
    ledger.fetch(ledger.job(title="Fetched last"), day="2026-02-01")
    title = ledger.value(
        "select title from posting_versions where posting_version_id = %s",
        ledger.posting().current_version_id,
    )
    assert title == "Newest"


def test_the_newest_order_of_a_fetch_is_the_one_delivered_last(ledger: Driver) -> None:
    ledger.fetch(feed="z-first")
    opened = ledger.open(feed="a-second")
    assert opened.payload == {"feed": "a-second"}


def test_events_are_ordered_by_sequence(ledger: Driver) -> None:
    ledger.fetch()
    ledger.run()
    events = ledger.rows(
        "select event_id, event_timestamp from execution_events where posting_id = %s order by event_id",
        ledger.posting().posting_id,
    )
    assert len(events) > 20
    assert [e.event_id for e in events] == sorted({e.event_id for e in events})
