"""psql as an operator gets it: the right database, the right role, arguments handed on."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from ty_pipeline.database.embedded import EmbeddedServer
from ty_pipeline.database.urls import database_name

PSQL = """
import sys
from ty_pipeline.config import load_settings
from ty_pipeline.service.psql import exec_psql
exec_psql(load_settings(), sys.argv[1:])
"""


def psql(env: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", PSQL, *arguments],
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )


def test_it_is_the_operator_on_our_database(database: str) -> None:
    done = psql({"TY_DATABASE_URL": database}, "-XAtc", "select current_user, current_database()")
    assert done.stdout.strip() == f"ty_operator|{database_name(database)}"
    assert done.returncode == 0


def test_an_operator_cannot_delete(database: str) -> None:
    done = psql({"TY_DATABASE_URL": database}, "-Xc", "delete from interactions")
    assert done.returncode == 1
    assert "permission denied" in done.stderr


def test_arguments_and_exit_codes_are_those_of_psql(database: str) -> None:
    script = ["-X", "-v", "ON_ERROR_STOP=1", "-v", "number=7", "-f", "-"]
    done = subprocess.run(
        [sys.executable, "-c", PSQL, *script],
        env={**os.environ, "TY_DATABASE_URL": database},
        input="select :number * 6 as answer \\gset\n\\echo :answer\nselect 1 / 0;\n",
        capture_output=True,
        text=True,
    )
    assert done.stdout.strip() == "42"
    assert done.returncode == 3


def test_it_starts_the_embedded_server_when_that_is_not_running(tmp_path: Path) -> None:
    home = tmp_path / "a home"
    try:
        done = psql({"TY_HOME": str(home), "TY_DATABASE_URL": ""}, "-XAtc", "select 6 * 7")
        assert done.stdout.strip() == "42"
        assert EmbeddedServer(home).is_running()
    finally:
        EmbeddedServer(home).stop()
