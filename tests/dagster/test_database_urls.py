"""Which databases are used, and that they are made where they are missing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import create_engine, text

from ty_pipeline.config import Settings, load_settings
from ty_pipeline.database.embedded import EmbeddedServer
from ty_pipeline.database.server import database_urls, embedded_server, ensure_database
from ty_pipeline.database.urls import database_name, for_people, with_database
from ty_pipeline.errors import DatabaseUnavailable


class Server(Protocol):
    """What ``tests/conftest.py`` gives."""

    admin_url: str


@pytest.fixture
def server_url(server: Server) -> str:
    return server.admin_url


@pytest.fixture
def new_name(server_url: str) -> Iterator[Callable[[], str]]:
    """Names that nobody has; databases of these names are dropped when the test ends."""
    names: list[str] = []

    def make() -> str:
        names.append(f"ty_made_{uuid4().hex[:12]}")
        return names[-1]

    yield make
    with psycopg.connect(server_url, autocommit=True) as connection:
        for name in names:
            connection.execute(f"drop database if exists {name} with (force)")


def settings(**env: str) -> Settings:
    return load_settings(env)


def database_of(address: str) -> object:
    with psycopg.connect(address) as connection:
        row = connection.execute("select current_database()").fetchone()
        return row and row[0]


def test_with_nothing_set_both_lie_on_the_embedded_server(tmp_path: Path) -> None:
    ours = settings(TY_HOME=str(tmp_path / "home with spaces"))
    try:
        urls = database_urls(ours)
        assert database_of(urls.ours) == "ty_pipeline"
        engine = create_engine(urls.dagster)
        with engine.connect() as connection:
            assert connection.execute(text("select current_database()")).scalar() == "dagster"
        engine.dispose()
        assert database_urls(ours) == urls
    finally:
        EmbeddedServer(ours.home).stop()


def test_a_named_server_gets_the_databases_that_are_missing(
    new_name: Callable[[], str], server_url: str
) -> None:
    ours = with_database(server_url, new_name())
    dagsters = with_database(server_url, new_name())
    given = settings(TY_DATABASE_URL=ours, DAGSTER_POSTGRES_URL=dagsters)
    assert embedded_server(given) is None
    urls = database_urls(given)
    assert urls.ours == ours
    assert urls.dagster.startswith("postgresql+psycopg2://")
    assert database_of(ours) == database_name(ours)
    assert database_of(dagsters) == database_name(dagsters)


def test_dagsters_database_lies_beside_ours_unless_it_is_named() -> None:
    with pytest.raises(DatabaseUnavailable, match="cannot be reached"):
        database_urls(settings(TY_DATABASE_URL="postgresql://u:hidden@127.0.0.1:1/ours"))


def test_a_server_out_of_reach_is_one_sentence_without_the_password() -> None:
    with pytest.raises(DatabaseUnavailable) as caught:
        ensure_database("postgresql://me:s3cret@127.0.0.1:1/none")
    sentence = str(caught.value)
    assert sentence.startswith("The database postgresql://me@/none?host=127.0.0.1&port=1 cannot")
    assert "s3cret" not in sentence
    assert "\n" not in sentence


def test_a_login_that_may_not_create_databases_is_told_so(
    new_name: Callable[[], str], server_url: str
) -> None:
    name = new_name()
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(f"create role {name} login password 'word'")
    poor = server_url.replace("postgres@", f"{name}:word@")
    try:
        with pytest.raises(DatabaseUnavailable, match=r"cannot be created.*permission denied"):
            ensure_database(with_database(poor, new_name()))
    finally:
        with psycopg.connect(server_url, autocommit=True) as connection:
            connection.execute(f"drop role {name}")


def test_an_address_in_print_has_no_password() -> None:
    assert for_people("host=h user=u password=s3cret dbname=d") == "postgresql://u@/d?host=h"
