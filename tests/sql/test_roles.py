"""Who may do what: the pipeline executes entry points, an operator sets flags, a reader reads."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from tests.ledger_driver import Driver
from ty_pipeline.database.connect import connect

CLIENTS = ("ty_pipeline", "ty_operator", "ty_reader")
LEDGER = ("interactions", "interaction_inputs", "execution_events", "run_inbox_messages", "run_node_state",
          "postings", "posting_versions", "sightings", "raw_pages", "actors")  # fmt: skip
FLAGS = {"enabled", "invalidated", "invalidation_reason"}


def column(database: str, query: str, *arguments: object) -> list[Any]:
    with psycopg.connect(database) as connection:
        return [row[0] for row in connection.execute(query, arguments)]


@pytest.mark.parametrize("role", CLIENTS)
def test_no_client_may_write_any_table(database: str, role: str) -> None:
    writable = column(
        database,
        "select c.relname || ' ' || p.privilege from pg_class c,"
        "  unnest(array['insert', 'delete', 'truncate', 'update', 'references', 'trigger']) p (privilege)"
        " where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v')"
        "  and has_table_privilege(%s, c.oid, p.privilege)",
        role,
    )
    assert writable == []


@pytest.mark.parametrize("role", CLIENTS)
def test_only_the_operator_may_update_and_only_three_columns(database: str, role: str) -> None:
    columns = column(
        database,
        "select a.attrelid::regclass || '.' || a.attname from pg_attribute a"
        " join pg_class c on c.oid = a.attrelid"
        " where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v') and a.attnum > 0"
        " and not a.attisdropped and (has_column_privilege(%s, c.oid, a.attnum, 'update')"
        "  or has_column_privilege(%s, c.oid, a.attnum, 'insert'))",
        role, role,
    )  # fmt: skip
    assert set(columns) == (
        {f"interactions.{f}" for f in FLAGS} if role == "ty_operator" else set()
    )


@pytest.mark.parametrize("role", CLIENTS)
def test_every_client_may_read_everything(database: str, role: str) -> None:
    hidden = column(
        database,
        "select c.relname from pg_class c where c.relnamespace = 'public'::regnamespace"
        " and c.relkind in ('r', 'v') and not has_table_privilege(%s, c.oid, 'select')",
        role,
    )
    assert hidden == []


def test_the_pipeline_may_execute_entry_points_and_what_only_computes(database: str) -> None:
    executable = (
        "p.pronamespace = 'public'::regnamespace and has_function_privilege(%s, p.oid, 'execute')"
    )
    inner = column(
        database,
        f"select p.proname from pg_proc p where {executable}"
        " and not p.prosecdef and p.provolatile = 'v'",
        "ty_pipeline",
    )
    assert inner == []
    entry_points = column(
        database,
        f"select p.proname from pg_proc p where {executable} and p.prosecdef",
        "ty_pipeline",
    )
    assert {"claim_work", "complete_work", "fail_work", "run_script_work", "open_fetch"} <= set(
        entry_points
    )


@pytest.mark.parametrize("role", ["ty_operator", "ty_reader"])
def test_operators_and_readers_execute_nothing_that_writes(database: str, role: str) -> None:
    writing = column(
        database,
        "select p.proname from pg_proc p where p.pronamespace = 'public'::regnamespace"
        " and (p.prosecdef or p.provolatile = 'v') and has_function_privilege(%s, p.oid, 'execute')",
        role,
    )
    assert writing == []


def test_nobody_else_may_execute_anything(database: str) -> None:
    public = column(
        database,
        "select p.proname from pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a"
        " where p.pronamespace = 'public'::regnamespace and a.grantee = 0",
    )
    assert public == []


def test_nobody_logs_in_as_any_of_the_roles(database: str) -> None:
    roles = column(
        database, "select rolname from pg_roles where rolname like 'ty\\_%%' and rolcanlogin"
    )
    assert roles == []


@pytest.mark.parametrize("role", CLIENTS)
def test_clients_may_make_nothing_in_the_schema(database: str, role: str) -> None:
    assert column(database, "select has_schema_privilege(%s, 'public', 'create')", role) == [False]


@pytest.mark.parametrize("statement", [
    "delete from {}", "truncate {}", "truncate {} cascade", "drop table {}", "alter table {} disable trigger all",
    "alter table {} add column extra text", "insert into {} default values",
])  # fmt: skip
@pytest.mark.parametrize("role", CLIENTS)
def test_a_client_that_tries_is_refused(shared_url: str, role: str, statement: str) -> None:
    with connect(shared_url, role=role) as connection:  # type: ignore[arg-type]
        for table in LEDGER:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement.format(table))


@pytest.mark.parametrize(
    "name", ["output", "status", "posting_id", "input", "invalidated_by", "fence"]
)
def test_an_operator_cannot_update_other_columns(shared_url: str, name: str) -> None:
    with (
        connect(shared_url, role="ty_operator") as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute(f"update interactions set {name} = null")


def test_an_operator_may_disable_and_enable(ledger: Driver, shared_url: str) -> None:
    ledger.fetch()
    ledger.run()
    (one,) = ledger.interactions("save_ihl")
    with connect(shared_url, role="ty_operator") as connection:
        for enabled in (False, True):
            connection.execute(
                "update interactions set enabled = %s where interaction_id = %s",
                (enabled, one.interaction_id),
            )
            assert (ledger.posting().ihl_score is not None) is enabled


def test_inner_functions_cannot_be_called_to_get_round_the_entry_points(
    shared_url: str,
) -> None:
    for role in CLIENTS:
        with connect(shared_url, role=role) as connection:  # type: ignore[arg-type]
            for call in ("settle_runs('{1}')", "release_interactions('{1}')", "lock_runs('{1}')",
                         "deliver_content('{1}')", "enter_gate_exclusive()", "max_attempts() + nextval('fences')"):  # fmt: skip
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    connection.execute(f"select {call}")


def test_a_table_in_another_schema_cannot_stand_in_for_ours(
    shared_url: str,
) -> None:
    """Entry points fix their search path, so a temporary table of the same name is not looked at."""
    with connect(shared_url) as connection:
        connection.execute("create temporary table run_node_state (lease_owner text)")
        assert connection.execute("select renew_leases('w', 1)").fetchone() == (0,)
