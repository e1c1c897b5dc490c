"""Migrating: once is enough, twice changes nothing, several at once wait for each other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from tests.lock_waits import background, wait_until_blocked
from ty_pipeline.database import migrate as module
from ty_pipeline.database.migrate import MIGRATE_LOCK, MigrationReport, migrate, sql_folder
from ty_pipeline.errors import MigrationError

CATALOGUES = {
    "pg_class": "relname, relkind, relowner, relacl, reloptions, xmin",
    "pg_attribute": "attrelid, attname, atttypid, attnotnull, attacl, xmin",
    "pg_constraint": "conname, contype, xmin",
    "pg_proc": "proname, prosrc, proowner, proacl, proconfig, xmin",
    "pg_trigger": "tgname, tgrelid, tgenabled, xmin",
    "pg_description": "objoid, objsubid, description, xmin",
}


def catalogue(url: str) -> dict[str, list[Any]]:
    """Every row that says what there is, and by which transaction it was written last."""
    with psycopg.connect(url) as connection:
        return {
            name: sorted(
                connection.execute(
                    f"select {columns.replace('xmin', 'xmin::text')}, tableoid::regclass::text from {name}"
                ).fetchall(),
                key=repr,
            )
            for name, columns in CATALOGUES.items()
        }


@pytest.fixture
def empty(server: Any) -> Iterator[str]:
    with server.new_database() as url:
        yield url


def test_a_new_database_gets_everything(empty: str) -> None:
    report = migrate(empty)
    files = tuple(sorted(f.name for f in (sql_folder() / "migrations").glob("*.sql")))
    assert report == MigrationReport(applied=files, objects_replaced=True, has_roles=True)


def test_migrating_twice_changes_nothing(database: str) -> None:
    before = catalogue(database)
    assert migrate(database) == MigrationReport(applied=(), objects_replaced=False, has_roles=True)
    after = catalogue(database)
    changed = {
        name: set(map(repr, before[name])) ^ set(map(repr, after[name])) for name in CATALOGUES
    }
    assert {name: rows for name, rows in changed.items() if rows} == {}


def test_replacing_the_objects_keeps_rows_and_rights(database: str) -> None:
    with psycopg.connect(database) as connection:
        connection.execute("update schema_objects set digest = 'an older release'")
        connection.execute("insert into sources values ('kept', 'Kept', 'x', 'UTC')")
    assert migrate(database).objects_replaced
    with psycopg.connect(database) as connection:
        assert connection.execute("select label from sources").fetchall() == [("Kept",)]
        rights = connection.execute(
            "select has_function_privilege('ty_pipeline', 'release_expired_work(integer)', 'execute'),"
            " has_table_privilege('ty_pipeline', 'interactions', 'update')"
        ).fetchone()
    assert rights == (True, False)


def test_a_function_that_a_release_has_no_more_is_dropped(database: str) -> None:
    with psycopg.connect(database) as connection:
        connection.execute("set role ty_owner")
        connection.execute(
            "create function old_one(a integer) returns integer language sql as 'select 1'"
        )
        connection.execute(
            "update schema_objects set digest = 'an older release',"
            " functions = functions || 'old_one(integer)'::text"
        )
    migrate(database)
    with psycopg.connect(database) as connection:
        assert connection.execute("select to_regprocedure('old_one(integer)')").fetchone() == (
            None,
        )


def test_two_migrations_at_once_wait_for_each_other(empty: str) -> None:
    with psycopg.connect(empty, autocommit=True) as holder, background() as start:
        holder.execute("select pg_advisory_lock(%s, %s)", MIGRATE_LOCK)
        both = [start(lambda: migrate(empty)) for _ in range(2)]
        waiting: set[int] = set()
        while len(waiting) < 2:
            rows = holder.execute(
                "select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
            ).fetchall()
            for (pid,) in rows:
                wait_until_blocked(holder, pid)
                waiting.add(pid)
        holder.execute("select pg_advisory_unlock(%s, %s)", MIGRATE_LOCK)
        reports = [one.result() for one in both]
    assert sorted(len(r.applied) for r in reports) == [0, len(module._migrations())]
    assert sorted(r.objects_replaced for r in reports) == [False, True]


def test_two_databases_are_migrated_at_once(server: Any) -> None:
    with server.new_database() as one, server.new_database() as other, background() as start:
        reports = [r.result() for r in [start(lambda u=u: migrate(u)) for u in (one, other)]]  # type: ignore[misc]
    assert [r.objects_replaced for r in reports] == [True, True]


def test_an_edited_migration_is_refused_by_name(database: str) -> None:
    with psycopg.connect(database) as connection:
        connection.execute(
            "update schema_migrations set digest = 'other' where name = '0002_ledger.sql'"
        )
    with pytest.raises(
        MigrationError, match=r"0002_ledger\.sql was edited after it had been applied"
    ):
        migrate(database)


def test_everything_belongs_to_the_owner(database: str) -> None:
    with psycopg.connect(database) as connection:
        strangers = connection.execute(
            "select relname from pg_class where relnamespace = 'public'::regnamespace"
            " and relowner <> 'ty_owner'::regrole"
            " union select proname from pg_proc where pronamespace = 'public'::regnamespace"
            " and proowner <> 'ty_owner'::regrole"
        ).fetchall()
    assert strangers == []
