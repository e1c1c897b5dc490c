"""The embedded server as a process: where it may live, who shares it, what it survives."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from ty_pipeline.database.embedded import EmbeddedServer
from ty_pipeline.errors import DatabaseUnavailable


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """A home folder, with a space in its path, whose server is stopped when the test ends."""
    folder = tmp_path / "a home with spaces"
    yield folder
    EmbeddedServer(folder).stop()


def ask(server: EmbeddedServer, question: str) -> object:
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        row = connection.execute(question.encode()).fetchone()
        return row and row[0]


def run(server: EmbeddedServer, statement: str) -> None:
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute(statement.encode())


def postmaster_pid(home: Path) -> int:
    return int((home / "postgres/data/postmaster.pid").read_text().split()[0])


def in_another_process(code: str, home: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", f"{PREAMBLE}\n{code}", str(home)],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


PREAMBLE = """
import sys
from pathlib import Path
from ty_pipeline.database.embedded import EmbeddedServer
server = EmbeddedServer(Path(sys.argv[1]))
"""


def test_a_new_server_in_a_path_with_spaces_answers_with_durable_settings(home: Path) -> None:
    server = EmbeddedServer(home)
    assert not server.is_running()
    server.start()
    assert server.is_running()
    assert int(str(ask(server, "show server_version_num"))) >= 180_000
    expected = {
        "fsync": "on",
        "synchronous_commit": "on",
        "autovacuum": "on",
        "listen_addresses": "",
        "max_connections": "200",
        "shared_buffers": "256MB",
        "server_encoding": "UTF8",
        "TimeZone": "UTC",
    }
    assert {name: ask(server, f'show "{name}"') for name in expected} == expected


def test_a_path_longer_than_a_socket_path_may_be_works(tmp_path: Path) -> None:
    home = tmp_path / ("long " * 12) / ("longer " * 10) / "home"
    assert len(str(home)) > 107
    server = EmbeddedServer(home)
    try:
        server.start()
        assert ask(server, "select 40 + 2") == 42
        folder = Path(str(ask(server, "show unix_socket_directories")).strip('"'))
        assert folder.is_dir()
    finally:
        server.stop()
    assert not folder.exists()


def test_only_the_owner_may_enter_the_folder_of_data_and_socket(home: Path) -> None:
    server = EmbeddedServer(home)
    server.start()
    assert (home / "postgres").stat().st_mode & 0o077 == 0
    socket_folder = Path(str(ask(server, "show unix_socket_directories")).strip('"'))
    assert socket_folder.stat().st_mode & 0o077 == 0


def test_the_server_outlives_the_process_that_started_it_and_another_shares_it(home: Path) -> None:
    pid = in_another_process("server.start(); print('started')", home)
    assert pid == "started"
    first = postmaster_pid(home)
    server = EmbeddedServer(home)
    server.start()
    assert postmaster_pid(home) == first
    assert ask(server, "select 1") == 1


def test_processes_that_start_it_at_once_get_one_server(home: Path) -> None:
    code = f"{PREAMBLE}\nserver.start(); print(server.is_running())"
    starters = [
        subprocess.Popen([sys.executable, "-c", code, str(home)], stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    assert [starter.communicate()[0].strip() for starter in starters] == ["True"] * 3


def test_a_restart_keeps_data_and_url(home: Path) -> None:
    server = EmbeddedServer(home)
    server.start()
    url = server.url("postgres")
    run(server, "create table kept as select 7 as number")
    server.stop()
    assert not server.is_running()
    server.start()
    assert server.url("postgres") == url
    assert ask(server, "select number from kept") == 7


def test_after_kill_9_it_recovers_what_was_committed(home: Path) -> None:
    server = EmbeddedServer(home)
    server.start()
    run(server, "create table kept as select 7 as number")
    os.kill(postmaster_pid(home), signal.SIGKILL)
    wait_until_stopped(server)
    assert (home / "postgres/data/postmaster.pid").exists()
    server.start()
    assert ask(server, "select number from kept") == 7


def test_a_pid_that_another_process_has_by_now_is_not_taken_for_the_server(home: Path) -> None:
    server = EmbeddedServer(home)
    server.start()
    os.kill(postmaster_pid(home), signal.SIGKILL)
    wait_until_stopped(server)
    pid_file = home / "postgres/data/postmaster.pid"
    lines = pid_file.read_text().splitlines()
    with subprocess.Popen(["sleep", "60"]) as stranger:
        pid_file.write_text("\n".join([str(stranger.pid), *lines[1:]]) + "\n")
        assert not server.is_running()
        server.start()
        assert ask(server, "select 1") == 1
        server.stop()
        assert stranger.poll() is None
        stranger.kill()


def test_stop_breaks_open_connections_and_is_no_error_when_stopped(home: Path) -> None:
    server = EmbeddedServer(home)
    server.start()
    with psycopg.connect(server.url("postgres")) as connection:
        server.stop()
        with pytest.raises(psycopg.OperationalError):
            connection.execute("select 1")
        connection.close()
    server.stop()


def test_a_server_that_cannot_start_says_why_in_one_sentence(home: Path) -> None:
    server = EmbeddedServer(home)
    server.start()
    server.stop()
    (home / "postgres/data/postgresql.conf").write_text("max_connections = many\n")
    with pytest.raises(
        DatabaseUnavailable, match=r"did not start: FATAL: .*postgresql\.conf.*postgres\.log"
    ):
        server.start()


def wait_until_stopped(server: EmbeddedServer) -> None:
    deadline = time.monotonic() + 10
    while server.is_running() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not server.is_running()
