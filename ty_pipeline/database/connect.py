"""Opening connections to our database, in a role that can do no more than it needs.

Belongs here: role, search path and the settings every connection must have. Not here: which database
(``database/server.py``), what is asked of it (``ledger``).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

import psycopg
from psycopg import sql

from ty_pipeline.database.urls import for_people
from ty_pipeline.errors import DatabaseUnavailable

Role = Literal["ty_pipeline", "ty_operator", "ty_reader"]
Connection = psycopg.Connection[Any]


def connect(url: str, *, role: Role = "ty_pipeline") -> Connection:
    """An autocommit connection that has given up every privilege but ``role``'s.

    Where the server has no such role (it did not let us make them) the login's own privileges stay;
    ``doctor`` says so. Raises DatabaseUnavailable.
    """
    try:
        connection = psycopg.connect(url, autocommit=True, application_name="ty_pipeline")
        if (
            connection.execute("select from pg_roles where rolname = %s", (role,)).fetchone()
            is not None
        ):
            connection.execute(sql.SQL("set role {}").format(sql.Identifier(role)))
        _refuse_unsafe(connection)
    except psycopg.Error as error:
        reason = (str(error).strip().splitlines() or ["no answer"])[-1]
        raise DatabaseUnavailable(
            f"The database {for_people(url)} cannot be used: {reason}"
        ) from error
    return connection


@contextmanager
def connected(url: str, *, role: Role = "ty_pipeline") -> Iterator[Connection]:
    """``connect`` for a block; closed at its end."""
    connection = connect(url, role=role)
    try:
        yield connection
    finally:
        connection.close()


def _refuse_unsafe(connection: Connection) -> None:
    row = connection.execute("show synchronous_commit").fetchone()
    if row is not None and row[0] == "off":
        raise DatabaseUnavailable(
            "synchronous_commit is off, so a crash could lose recorded work: set it to on for this database."
        )
