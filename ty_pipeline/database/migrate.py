"""Brings a database to this release: roles, numbered migrations, then every function, view and trigger.

Belongs here: applying ``sql/`` under one advisory lock. Not here: what the SQL says (``sql/``), and
synchronising the declared workflow (``ledger/declare.py``), which every migrate ends with.

Migrations are immutable and run once each, in a transaction of their own. Functions, views and
triggers are one object a file and are replaced as a whole, in one transaction, when any of them
changed; so a second migrate changes nothing.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from ty_pipeline.database.connect import Connection
from ty_pipeline.errors import MigrationError

MIGRATE_LOCK = (3001, 0)  # class and key of the advisory lock
BOOKKEEPING = """
create table schema_migrations (
  name text primary key,
  digest text not null,
  applied_at timestamptz not null default now()
);
comment on table schema_migrations is 'Migrations that were applied to this database.';
comment on column schema_migrations.name is 'File name.';
comment on column schema_migrations.digest is 'SHA-256 of the file as it was applied.';
comment on column schema_migrations.applied_at is 'When.';
create table schema_objects (
  only_row boolean primary key default true constraint there_is_one_row check (only_row),
  digest text not null,
  functions text[] not null,
  views text[] not null,
  replaced_at timestamptz not null default now()
);
comment on table schema_objects is 'Which functions and views are ours, so that a release can replace them.';
comment on column schema_objects.only_row is 'Always true: the table has one row.';
comment on column schema_objects.digest is 'SHA-256 of the files as they were applied.';
comment on column schema_objects.functions is 'Signatures of the functions.';
comment on column schema_objects.views is 'Names of the views.';
comment on column schema_objects.replaced_at is 'When.';
"""
OBJECT_FOLDERS = ("functions", "views", "triggers")  # in this order; bodies are not checked


@dataclass(frozen=True, kw_only=True)
class MigrationReport:
    """What one migrate did."""

    applied: tuple[str, ...]  # file names of migrations applied now
    objects_replaced: bool  # functions, views and triggers were replaced
    has_roles: bool  # False where the server did not let us make the roles


def sql_folder() -> Path:
    """The folder with the SQL: ``sql/`` of the checkout, or the copy inside an installed package."""
    beside = Path(__file__).resolve().parents[2] / "sql"
    return beside if beside.is_dir() else Path(__file__).resolve().parents[1] / "_sql"


def migrate(owner_url: str) -> MigrationReport:
    """Bring the database at ``owner_url`` to this release; does nothing where it is there already.

    Raises MigrationError naming the file that failed; what was applied before it stays applied.
    """
    with psycopg.connect(owner_url, autocommit=True) as connection:
        connection.execute("select pg_advisory_lock(%s, %s)", MIGRATE_LOCK)
        has_roles = _make_roles(connection)
        if has_roles:
            connection.execute("set role ty_owner")
        connection.execute("set client_min_messages = warning")
        applied = _apply_migrations(connection)
        replaced = _replace_objects(connection, has_roles=has_roles, force=bool(applied))
    return MigrationReport(applied=applied, objects_replaced=replaced, has_roles=has_roles)


def pending_migrations(connection: Connection) -> tuple[str, ...]:
    """File names of migrations that this database does not have yet."""
    exists = connection.execute("select to_regclass('schema_migrations') is not null").fetchone()
    done = set()
    if exists and exists[0]:
        done = {row[0] for row in connection.execute("select name from schema_migrations")}
    return tuple(f.name for f in _migrations() if f.name not in done)


def _migrations() -> list[Path]:
    return sorted((sql_folder() / "migrations").glob("*.sql"))


def _make_roles(connection: Connection) -> bool:
    try:
        _run_file(connection, sql_folder() / "roles.sql")
    except MigrationError as error:
        if isinstance(error.__cause__, psycopg.errors.InsufficientPrivilege):
            return False
        raise
    return True


def _apply_migrations(connection: Connection) -> tuple[str, ...]:
    if connection.execute("select to_regclass('schema_objects')").fetchone() == (None,):
        connection.execute(BOOKKEEPING)
    _refuse_edited(connection)
    applied = []
    for name in pending_migrations(connection):
        file = sql_folder() / "migrations" / name
        with connection.transaction():
            _run_file(connection, file)
            connection.execute(
                "insert into schema_migrations (name, digest) values (%s, %s)",
                (name, _digest(file)),
            )
        applied.append(name)
    return tuple(applied)


def _refuse_edited(connection: Connection) -> None:
    known = dict(connection.execute("select name, digest from schema_migrations").fetchall())
    for file in _migrations():
        if file.name in known and known[file.name] != _digest(file):
            raise MigrationError(
                f"sql/migrations/{file.name} was edited after it had been applied to this database:"
                " restore it and write a new migration."
            )


def _replace_objects(connection: Connection, *, has_roles: bool, force: bool) -> bool:
    functions, views, triggers = (_objects(name) for name in OBJECT_FOLDERS)
    files = [*functions, *views, *triggers]
    grants = [sql_folder() / "grants.sql"] if has_roles else []
    digest = _digest(*files, *grants)
    known = connection.execute("select digest from schema_objects").fetchone()
    if known == (digest,) and not force:
        return False
    with connection.transaction():
        connection.execute("set local check_function_bodies = off")
        _drop_objects(connection)
        for file in functions:
            _run_file(connection, file)
        _make_views(connection, views)
        for file in [*triggers, *grants]:
            _run_file(connection, file)
        _remember_objects(connection, digest)
    return True


def _objects(folder: str) -> list[Path]:
    return sorted((sql_folder() / folder).glob("*.sql"))


def _make_views(connection: Connection, files: list[Path]) -> None:
    """Views may read each other, so one that comes too early waits for the next round."""
    waiting = files
    while waiting:
        early = [file for file in waiting if not _made(connection, file)]
        if len(early) == len(waiting):
            _run_file(connection, early[0])
        waiting = early


def _made(connection: Connection, file: Path) -> bool:
    try:
        with connection.transaction():
            connection.execute(file.read_bytes())
    except psycopg.errors.UndefinedTable:
        return False
    except psycopg.Error as error:
        raise MigrationError(f"sql/views/{file.name} failed: {str(error).strip()}") from error
    return True


def _drop_objects(connection: Connection) -> None:
    row = connection.execute("select functions, views from schema_objects").fetchone()
    functions, views = row or ([], [])
    for name in views:
        connection.execute(
            sql.SQL("drop view if exists {} cascade").format(sql.Identifier(str(name)))
        )
    for signature in functions:
        # a signature as regprocedure prints it, from our own table: quoted where it needs to be
        connection.execute(f"drop function if exists {signature} cascade")


def _remember_objects(connection: Connection, digest: str) -> None:
    connection.execute(
        "insert into schema_objects (digest, functions, views)"
        " select %s,"
        "  (select coalesce(array_agg(p.oid::regprocedure::text), '{}') from pg_proc p"
        "   where p.pronamespace = 'public'::regnamespace and p.proowner = current_user::regrole"
        "     and obj_description(p.oid, 'pg_proc') is not null),"
        "  (select coalesce(array_agg(c.relname), '{}') from pg_class c"
        "   where c.relnamespace = 'public'::regnamespace and c.relkind = 'v'"
        "     and c.relowner = current_user::regrole)"
        " on conflict (only_row) do update set digest = excluded.digest,"
        "  functions = excluded.functions, views = excluded.views, replaced_at = now()",
        (digest,),
    )


def _run_file(connection: Connection, file: Path) -> None:
    try:
        connection.execute(file.read_bytes())
    except psycopg.Error as error:
        where = f"sql/{file.parent.name}/{file.name}"
        raise MigrationError(f"{where} failed: {str(error).strip()}") from error


def _digest(*files: Path) -> str:
    whole = hashlib.sha256()
    for file in files:
        whole.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return whole.hexdigest()
