"""The catalogue reads well: everything is explained, and every rule has a name that says it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.ledger_driver import Driver
from ty_pipeline.database.migrate import sql_folder
from ty_pipeline.database.schema_dump import schema_text
from ty_pipeline.ledger.audits import AUDITS, read_finding

UNEXPLAINED = {
    "tables, views, sequences and types": (
        "select c.relname from pg_class c"
        " where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v', 'S', 'c')"
        " and obj_description(c.oid, 'pg_class') is null and obj_description(c.reltype, 'pg_type') is null"
        " and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'i')"
    ),
    "columns of tables": (
        "select c.relname || '.' || a.attname from pg_attribute a join pg_class c on c.oid = a.attrelid"
        " where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attnum > 0"
        " and not a.attisdropped and col_description(c.oid, a.attnum) is null"
    ),
    "functions": (
        "select p.oid::regprocedure::text from pg_proc p where p.pronamespace = 'public'::regnamespace"
        " and obj_description(p.oid, 'pg_proc') is null"
    ),
    "triggers": (
        "select t.tgrelid::regclass || ' ' || t.tgname from pg_trigger t where not t.tgisinternal"
        " and obj_description(t.oid, 'pg_trigger') is null"
    ),
}


def names(database: str, query: str) -> list[Any]:
    with psycopg.connect(database) as connection:
        return [row[0] for row in connection.execute(query)]


@pytest.mark.parametrize("what", UNEXPLAINED)
def test_everything_says_what_it_is_for(database: str, what: str) -> None:
    assert names(database, UNEXPLAINED[what]) == []


def test_every_check_and_unique_constraint_has_a_name_that_reads_as_a_sentence(
    database: str,
) -> None:
    found = names(
        database,
        "select conname from pg_constraint where contype in ('c', 'u')"
        " and connamespace = 'public'::regnamespace",
    )
    assert len(found) > 40
    assert [n for n in found if n.endswith(("_key", "_check")) or n.count("_") < 3] == []


def test_every_trigger_has_a_name_that_reads_as_a_sentence(database: str) -> None:
    found = names(database, "select tgname from pg_trigger where not tgisinternal")
    assert len(found) > 30
    assert [n for n in found if n.count("_") < 1] == []
    ledger = [n for n in found if not n.startswith("log_")]
    assert [n for n in ledger if n.endswith(("_trigger", "_trg", "_tr"))] == []


def test_a_function_that_runs_with_the_owners_rights_fixes_its_search_path(database: str) -> None:
    loose = names(
        database,
        "select p.oid::regprocedure::text from pg_proc p where p.pronamespace = 'public'::regnamespace"
        " and p.prosecdef and not coalesce('search_path=public, pg_temp' = any (p.proconfig), false)",
    )
    assert loose == []


def test_every_object_in_the_database_has_a_file_of_its_name(database: str) -> None:
    kinds = {
        "functions": "select distinct proname from pg_proc where pronamespace = 'public'::regnamespace",
        "views": "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'v'",
        "triggers": "select tgname from pg_trigger where not tgisinternal",
    }
    for folder, query in kinds.items():
        files = {file.stem for file in (sql_folder() / folder).glob("*.sql")}
        assert set(names(database, query)) == files


def test_every_audit_is_a_view_that_finds_nothing_in_a_new_database(database: str) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        assert {a.name: read_finding(connection, a).examples for a in AUDITS} == {
            a.name: () for a in AUDITS
        }
    views = names(database, "select viewname from pg_views where viewname like 'audit\\_%'")
    assert sorted(views) == sorted(a.view for a in AUDITS)


def test_schema_sql_is_what_the_migrations_make(database: str) -> None:
    file: Path = sql_folder() / "schema.sql"
    with psycopg.connect(database) as connection:
        made = schema_text(connection)
    assert file.read_text("utf-8") == made, "run `make schema` and look at the difference"


def test_every_declared_class_of_error_says_whether_it_is_tried_again(ledger: Driver) -> None:
    rows = ledger.rows("select * from error_classes")
    assert len(rows) > 10
    assert all(r.meaning and r.is_retryable in (True, False) for r in rows)
