"""A PostgreSQL server of the benchmark's own, with fsync on, and databases on it.

Belongs here: starting and cleaning up. Not here: what is measured.
"""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from ty_pipeline.database.embedded import EmbeddedServer

_numbers = itertools.count(1)


@contextmanager
def bench_server() -> Iterator[EmbeddedServer]:
    """The embedded server in a temporary folder, stopped and removed at the end."""
    with tempfile.TemporaryDirectory(prefix="ty-bench-") as folder:
        server = EmbeddedServer(Path(folder))
        server.start()
        try:
            yield server
        finally:
            server.stop()


def new_database(server: EmbeddedServer) -> str:
    """The owner's URL of an empty database."""
    name = f"bench_{next(_numbers)}"
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
    return server.url(name)
