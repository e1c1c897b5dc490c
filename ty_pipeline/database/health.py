"""What kind of server a database is on, and whether our roles work there.

Belongs here: questions about the server that need no table of ours. Not here: questions to the ledger
(``ledger``), what to do about the answers (``cli/checks.py``).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
from psycopg import sql

from ty_pipeline.database.connect import Connection
from ty_pipeline.database.urls import for_people
from ty_pipeline.errors import DatabaseUnavailable

CONNECT_SECONDS = 10
ROLES = ("ty_owner", "ty_pipeline", "ty_operator", "ty_reader", "ty_eraser")
TAKEN_ON = ("ty_pipeline", "ty_operator", "ty_reader")  # that clients SET ROLE to


@dataclass(frozen=True, kw_only=True)
class ServerFacts:
    """The server and our database on it."""

    version: str  # as PostgreSQL says it, for example 18.1
    major: int  # the part that decides what it can
    database_bytes: int  # size of our database


@dataclass(frozen=True, kw_only=True)
class RoleFacts:
    """Which roles of DESIGN.md there are, and which this login can take on."""

    missing: tuple[str, ...]  # do not exist
    refused: tuple[str, ...]  # exist, but SET ROLE to them is refused


@contextmanager
def logged_in(url: str) -> Iterator[Connection]:
    """A connection as the login itself, in no role of ours. Raises DatabaseUnavailable."""
    try:
        connection = psycopg.connect(url, autocommit=True, connect_timeout=CONNECT_SECONDS)
    except psycopg.Error as error:
        reason = " ".join(str(error).split()) or "no answer"
        raise DatabaseUnavailable(
            f"The database {for_people(url)} cannot be reached: {reason}"
        ) from error
    try:
        yield connection
    finally:
        connection.close()


def server_facts(connection: Connection) -> ServerFacts:
    """Version and size."""
    row = connection.execute(
        "select current_setting('server_version'), pg_database_size(current_database())"
    ).fetchone()
    assert row is not None, "a select without a table returns a row"
    return ServerFacts(
        version=str(row[0]).split()[0],
        major=connection.info.server_version // 10_000,
        database_bytes=row[1],
    )


def role_facts(connection: Connection) -> RoleFacts:
    """Tried, not computed; ``connection`` must be the login's own, and ends as it."""
    rows = connection.execute("select rolname from pg_roles where rolname = any(%s)", [[*ROLES]])
    existing = {row[0] for row in rows}
    return RoleFacts(
        missing=tuple(role for role in ROLES if role not in existing),
        refused=tuple(
            role for role in TAKEN_ON if role in existing and not _can_take_on(connection, role)
        ),
    )


def _can_take_on(connection: Connection, role: str) -> bool:
    try:
        connection.execute(sql.SQL("set role {}").format(sql.Identifier(role)))
    except psycopg.errors.InsufficientPrivilege:
        return False
    connection.execute("reset role")
    return True
