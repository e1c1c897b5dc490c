"""A ledger in which workflow 3001 is declared, for every test of the SQL.

Tests of one file share a database and have a source each (``ledger``); a test that tampers with the
ledger, or asks about all of it, takes a database of its own (``own_ledger``).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from tests.ledger_driver import Driver, new_driver, worker_of
from ty_pipeline.database.connect import connect
from ty_pipeline.database.migrate import migrate
from ty_pipeline.database.urls import database_name
from ty_pipeline.ledger.declare import declare_workflow
from ty_pipeline.workflow.workflow_3001 import WORKFLOW_3001

if TYPE_CHECKING:
    from tests.conftest import Server


def patient(connection: psycopg.Connection[Any]) -> psycopg.Connection[Any]:
    """A lock that never comes is a failure, not a test that never ends."""
    connection.execute("set lock_timeout = '30s'")
    return connection


@pytest.fixture(scope="session")
def declared_template(server: Server) -> Iterator[str]:
    """The name of a migrated database with the workflow declared."""
    with server.new_database() as url:
        migrate(url)
        with psycopg.connect(url, autocommit=True) as owner:
            declare_workflow(owner, WORKFLOW_3001)
        yield database_name(url)


@pytest.fixture(scope="module")
def shared_url(server: Server, declared_template: str) -> Iterator[str]:
    """A database that the tests of one file share."""
    with server.new_database(declared_template) as url:
        yield url


@pytest.fixture(scope="module")
def shared_connections(
    shared_url: str,
) -> Iterator[tuple[psycopg.Connection[Any], psycopg.Connection[Any]]]:
    with psycopg.connect(shared_url, autocommit=True) as owner, connect(shared_url) as pipeline:
        yield patient(owner), patient(pipeline)


@pytest.fixture
def ledger(
    shared_connections: tuple[psycopg.Connection[Any], psycopg.Connection[Any]],
) -> Driver:
    """A source of this test's own in the database of its file."""
    owner, pipeline = shared_connections
    return new_driver(owner, pipeline)


@pytest.fixture
def own_url(server: Server, declared_template: str) -> Iterator[str]:
    """A database with the workflow declared, of this test's own."""
    with server.new_database(declared_template) as url:
        yield url


@pytest.fixture
def own_ledger(own_url: str) -> Iterator[Driver]:
    """A source in a database of this test's own."""
    with psycopg.connect(own_url, autocommit=True) as owner, connect(own_url) as pipeline:
        yield new_driver(patient(owner), patient(pipeline))


@pytest.fixture
def second(ledger: Driver, shared_url: str) -> Iterator[Driver]:
    """Another worker on the same source, on a connection of its own."""
    with connect(shared_url) as pipeline:
        yield Driver(
            owner=ledger.owner,
            pipeline=patient(pipeline),
            source=ledger.source,
            worker=worker_of(ledger.source, "w2"),
        )
