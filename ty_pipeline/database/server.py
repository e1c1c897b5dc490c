"""The two databases of the service: where they are, and that they exist.

What belongs here: choosing between the embedded server and one that the user names, creating a
missing database. What does not: the embedded server itself (``database/embedded.py``), what is in
our database (``sql/``), what is in Dagster's (Dagster's own migrations).
"""

from __future__ import annotations

from dataclasses import dataclass

import psycopg
from psycopg import sql

from ty_pipeline.config import Settings
from ty_pipeline.database.embedded import EmbeddedServer
from ty_pipeline.database.urls import (
    database_name,
    for_dagster,
    for_people,
    from_dagster,
    with_database,
)
from ty_pipeline.errors import DatabaseUnavailable

OURS = "ty_pipeline"
DAGSTERS = "dagster"
OLDEST_SERVER = 15
CONNECT_SECONDS = 10


@dataclass(frozen=True, kw_only=True)
class DatabaseUrls:
    """Addresses of the two databases, both of which exist."""

    ours: str  # libpq URL or conninfo for psycopg
    dagster: str  # postgresql+psycopg2:// URL for dagster-postgres


def database_urls(settings: Settings) -> DatabaseUrls:
    """Both addresses, after starting the embedded server if it is needed and creating them.

    Dagster's storage is a second database of our server unless DAGSTER_POSTGRES_URL says other.
    Raises DatabaseUnavailable.
    """
    if server := embedded_server(settings):
        server.start()
    urls = planned_urls(settings)
    for address in (urls.ours, from_dagster(urls.dagster)):
        ensure_database(address)
    return urls


def planned_urls(settings: Settings) -> DatabaseUrls:
    """Both addresses, whether or not anything is there yet."""
    ours = settings.database_url or EmbeddedServer(settings.home).url(OURS)
    dagster = settings.dagster_postgres_url or with_database(ours, DAGSTERS)
    return DatabaseUrls(ours=ours, dagster=for_dagster(dagster))


def embedded_server(settings: Settings) -> EmbeddedServer | None:
    """The embedded server, not started; None where the user named another for our database."""
    return None if settings.database_url else EmbeddedServer(settings.home)


def ensure_database(address: str) -> None:
    """Create the database that ``address`` names, if it is missing, with ``template0``'s locale.

    Raises DatabaseUnavailable when the server is out of reach, too old, or says no.
    """
    try:
        _check_version(address)
    except psycopg.errors.InvalidCatalogName:
        _create(address)
    except psycopg.OperationalError as error:
        if f'"{database_name(address)}" does not exist' not in str(error):
            raise DatabaseUnavailable(_sentence("cannot be reached", address, error)) from error
        _create(address)


def _check_version(address: str) -> None:
    with psycopg.connect(address, connect_timeout=CONNECT_SECONDS) as connection:
        version = connection.info.server_version // 10_000
    if version < OLDEST_SERVER:
        raise DatabaseUnavailable(
            f"{for_people(address)} is PostgreSQL {version}; {OLDEST_SERVER} or later is needed."
        )


def _create(address: str) -> None:
    name = sql.Identifier(database_name(address))
    maintenance = with_database(address, "postgres")
    try:
        with psycopg.connect(
            maintenance, autocommit=True, connect_timeout=CONNECT_SECONDS
        ) as connection:
            connection.execute(
                sql.SQL("create database {} template template0 encoding 'UTF8'").format(name)
            )
    except (psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
        return  # another process was first
    except psycopg.Error as error:
        raise DatabaseUnavailable(_sentence("cannot be created", address, error)) from error


def _sentence(what: str, address: str, error: psycopg.Error) -> str:
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return f"The database {for_people(address)} {what}: {lines[-1].strip()}."
