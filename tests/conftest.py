"""Fixtures that need PostgreSQL: one server a session, one migrated template, a clone a test.

Also how long hypothesis looks: shortly by default, long with ``--hypothesis-profile=long``.

The server is the embedded one in a temporary folder. ``TY_TEST_DATABASE_URL`` names another (as a
superuser), ``TY_TEST_POSTGRES_BIN`` the programs of another PostgreSQL to start it from.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from hypothesis import settings
from psycopg import sql

from ty_pipeline.database.embedded import EmbeddedServer
from ty_pipeline.database.urls import database_name, with_database

# A deadline per example measures the machine, not the code.
settings.register_profile("short", deadline=None)
settings.register_profile("long", deadline=None, max_examples=400)
settings.load_profile("short")

_numbers = itertools.count(1)


@dataclass(frozen=True, kw_only=True)
class Server:
    """A PostgreSQL server on which tests may create databases."""

    admin_url: str  # its maintenance database, as a superuser

    def url(self, database: str) -> str:
        return with_database(self.admin_url, database)

    def execute(self, statement: sql.Composed) -> None:
        with psycopg.connect(self.admin_url, autocommit=True) as connection:
            connection.execute(statement)

    @contextmanager
    def new_database(self, template: str = "template0") -> Iterator[str]:
        """The URL of a database that lives as long as the block."""
        name = f"ty_test_{os.getpid()}_{next(_numbers)}"
        names = {"name": sql.Identifier(name), "template": sql.Identifier(template)}
        # Copying files is three times faster than logging them, and nothing here needs the log.
        create = "create database {name} template {template} strategy file_copy"
        self.execute(sql.SQL(create).format(**names))
        try:
            yield self.url(name)
        finally:
            self.execute(sql.SQL("drop database {name} with (force)").format(**names))


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    if given := os.environ.get("TY_TEST_DATABASE_URL"):
        yield Server(admin_url=given)
        return
    programs = os.environ.get("TY_TEST_POSTGRES_BIN")
    embedded = EmbeddedServer(
        tmp_path_factory.mktemp("server"), binaries=Path(programs) if programs else None
    )
    embedded.start()
    try:
        yield _without_disk_waits(Server(admin_url=embedded.url("postgres")))
    finally:
        embedded.stop()


def _without_disk_waits(server: Server) -> Server:
    """Tests kill processes, never the machine: what fsync protects from cannot happen."""
    server.execute(sql.SQL("alter system set fsync = off").format())
    server.execute(sql.SQL("select pg_reload_conf()").format())
    return server


@pytest.fixture(scope="session")
def template_database(server: Server) -> Iterator[str]:
    """The name of a migrated database that nothing is connected to."""
    from ty_pipeline.database.migrate import migrate

    with server.new_database() as url:
        migrate(url)
        yield database_name(url)


@pytest.fixture
def new_database(server: Server, template_database: str) -> Iterator[Callable[[], str]]:
    """Makes further migrated databases for a test that needs more than one."""
    with ExitStack() as stack:
        yield lambda: stack.enter_context(server.new_database(template_database))


@pytest.fixture
def database(server: Server, template_database: str) -> Iterator[str]:
    """The owner's URL of a migrated database of this test's own."""
    with server.new_database(template_database) as url:
        yield url
