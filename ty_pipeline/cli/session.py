"""From settings to a connection, for commands that only look.

Belongs here: finding our database without making anything. Not here: connecting (``database``),
setting a database up (``bootstrap``).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from ty_pipeline.config import Settings, load_settings, project_folder
from ty_pipeline.database.connect import Connection, Role, connected
from ty_pipeline.database.migrate import pending_migrations
from ty_pipeline.database.server import embedded_server, planned_urls
from ty_pipeline.errors import ConfigError, DatabaseUnavailable, MigrationError


@contextmanager
def ledger(role: Role = "ty_reader") -> Iterator[Connection]:
    """A connection to our migrated database; the embedded server is started where it is stopped.

    Raises DatabaseUnavailable where there is no database yet, MigrationError where it is behind.
    """
    with connected(existing_database(load_settings()), role=role) as connection:
        if pending := pending_migrations(connection):
            raise MigrationError(
                f"The database lacks {len(pending)} migrations of this release:"
                " run `ty-pipeline migrate`."
            )
        yield connection


def existing_database(settings: Settings) -> str:
    """The URL of our database, its server running; none is made. Raises DatabaseUnavailable."""
    server = embedded_server(settings)
    if server is not None:
        if not (settings.home / "postgres" / "data").is_dir():
            raise DatabaseUnavailable(
                f"There is no database in {settings.home} yet: run `ty-pipeline up`,"
                " or set TY_DATABASE_URL."
            )
        server.start()
    return planned_urls(settings).ours


def use_dagster_home() -> None:
    """Point Dagster at the instance of this checkout, unless the environment names another.

    Raises ConfigError where there is no dagster.yaml: Dagster would quietly use a storage of its own.
    """
    home = project_folder()
    if "DAGSTER_HOME" not in os.environ:
        if not (home / "dagster.yaml").is_file():
            raise ConfigError(
                f"DAGSTER_HOME is not set and there is no dagster.yaml in {home}:"
                " run this in a checkout."
            )
        os.environ["DAGSTER_HOME"] = str(home)
