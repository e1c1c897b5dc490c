"""What ``ty-pipeline up`` does: database, Dagster's three processes, the UI, and a clean end.

What belongs here: the order of things. What does not: one process (``service/processes.py``), the
lock (``service/lock.py``), making the database ready (a callable given by the command line).

The imports of Dagster take longer than anything else, so all three processes import while the
database starts and is migrated; none touches it before it is told to.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from ty_pipeline.config import Settings, project_folder
from ty_pipeline.database.embedded import EmbeddedServer
from ty_pipeline.database.server import DatabaseUrls, database_urls, embedded_server, planned_urls
from ty_pipeline.database.socket_folder import make_private_folder, socket_folder
from ty_pipeline.errors import ServiceError, TyPipelineError
from ty_pipeline.service.address import HOST, free_port, listens, ui_answers
from ty_pipeline.service.lock import ServiceLock, service_lock
from ty_pipeline.service.processes import STOP_SECONDS, Program, SupervisedProcess

Say = Callable[[str], None]

DEFINITIONS = "ty_pipeline.definitions"
SOCKET = "code.sock"
START_SECONDS = 180.0
POLL_SECONDS = 0.05
DATABASE_CHECK_SECONDS = 2.0
LOG_BYTES = 10_000_000  # a log longer than this is put aside at start


@dataclass(frozen=True, kw_only=True)
class RunningService:
    """What is up, for who goes on from there."""

    settings: Settings
    urls: DatabaseUrls  # both databases
    ui: str  # address of the Dagster UI, no slash at its end


def up(
    settings: Settings,
    *,
    prepare: Callable[[str], object],
    first_run: Callable[[RunningService], None],
    say: Say,
    definitions: str = DEFINITIONS,
) -> None:
    """Run the service in the foreground until SIGINT, SIGTERM or SIGHUP, then stop all of it.

    ``prepare`` gets the owner's URL of our database and migrates it. ``first_run`` is called once
    the UI answers, in a thread of its own. ``say`` prints one line. Raises ServiceError when the
    service is running already or does not come up, DatabaseUnavailable, and what ``prepare`` raises.
    """
    if not (project_folder() / "dagster.yaml").is_file():
        raise ServiceError(f"There is no dagster.yaml in {project_folder()}: run it in a checkout.")
    with service_lock(settings.home) as lock, _signals_interrupt():
        service = Service(settings, lock, say, definitions)
        try:
            running = service.start(prepare)
            threading.Thread(target=_guarded, args=(first_run, running, say), daemon=True).start()
            service.watch_for_ever()
        except KeyboardInterrupt:
            say("Stopping.")
        finally:
            _ignore_signals()
            service.stop()
    say("Everything is stopped; the data is kept. Run it again to carry on.")


class Service:
    """The database and the processes of one ``up``."""

    def __init__(self, settings: Settings, lock: ServiceLock, say: Say, definitions: str) -> None:
        self._settings = settings
        self._lock = lock
        self._say = say
        self._database: EmbeddedServer | None = embedded_server(settings)
        self._urls = planned_urls(settings)
        self._port = free_port(settings.port)
        if self._port != settings.port:
            say(f"Port {settings.port} is taken; the Dagster UI goes to port {self._port}.")
        self._socket = self._make_socket_folder() / SOCKET
        self._code, self._daemon, self._webserver = self._processes(definitions)

    def start(self, prepare: Callable[[str], object]) -> RunningService:
        """Everything up, in about the time the slowest import takes."""
        began = time.monotonic()
        for process in self._all():
            process.load()
        self._note(ui=None)
        self._say("Starting PostgreSQL.")
        database_urls(self._settings)
        self._say("Migrating the database.")
        prepare(self._urls.ours)
        self._say("Starting Dagster.")
        self._code.begin()
        self._wait_for("code server", lambda: listens(self._socket))
        self._daemon.begin()
        self._webserver.begin()
        self._wait_for("webserver", lambda: ui_answers(self._port))
        ui = f"http://{HOST}:{self._port}"
        self._note(ui=ui)
        self._say(f"Everything is up after {time.monotonic() - began:.0f} s. The Dagster UI:")
        self._say(ui)
        return RunningService(settings=self._settings, urls=self._urls, ui=ui)

    def watch_for_ever(self) -> None:
        """Start again whatever ends by itself; left by KeyboardInterrupt only."""
        database_checked = time.monotonic()
        while True:
            self._watch_processes()
            if time.monotonic() - database_checked > DATABASE_CHECK_SECONDS:
                self._watch_database()
                database_checked = time.monotonic()
            time.sleep(POLL_SECONDS * 4)

    def stop(self) -> None:
        """Dagster first, so that runs can say that they end; the database last, cleanly."""
        for process in self._all():
            process.ask_to_stop()
        deadline = time.monotonic() + STOP_SECONDS
        for process in self._all():
            process.wait_until_stopped(deadline)
        if self._database is not None:
            self._database.stop()

    def _all(self) -> tuple[SupervisedProcess, ...]:
        return (self._code, self._daemon, self._webserver)

    def _processes(self, definitions: str) -> Iterator[SupervisedProcess]:
        workspace = self._write_workspace()
        socket = ["--socket", str(self._socket), "--location-name", "ty_pipeline"]
        load = ["--module-name", definitions, "--lazy-load-user-code"]
        at = ["--host", HOST, "--port", str(self._port), "--workspace", workspace]
        yield self._process(
            "code server",
            "ty_pipeline.service.code_server:main",
            ["dagster", "api", "grpc", *socket, *load, "--use-python-environment-entry-point"],
        )
        yield self._process(
            "daemon",
            "dagster._daemon.cli:main",
            ["dagster-daemon", "run", "--workspace", workspace],
        )
        yield self._process("webserver", "dagster_webserver.cli:main", ["dagster-webserver", *at])

    def _process(self, name: str, target: str, command: list[str]) -> SupervisedProcess:
        log = self._settings.logs_dir / f"{name.replace(' ', '-')}.log"
        program = Program(name=name, target=target, command=command, env=self._env(), log=log)
        _put_aside(log)
        return SupervisedProcess(program, folder=project_folder())

    def _env(self) -> dict[str, str]:
        """Addresses in full: no child may start the embedded server again while it is stopped."""
        return dict(os.environ) | {
            "DAGSTER_HOME": str(project_folder()),
            "DAGSTER_POSTGRES_URL": self._urls.dagster,
            "TY_DATABASE_URL": self._urls.ours,
            "TY_HOME": str(self._settings.home),
            # A run of 200 partitions took 7.8 s with events stored one by one, 3.0 s with these.
            "DAGSTER_EVENT_BATCH_SIZE": "100",
            "PYTHONUNBUFFERED": "1",
        }

    def _make_socket_folder(self) -> Path:
        folder = socket_folder(self._settings.home / "run", SOCKET)
        make_private_folder(folder, uid=os.geteuid(), gid=os.getegid())
        (folder / SOCKET).unlink(missing_ok=True)
        return folder

    def _write_workspace(self) -> str:
        file = self._settings.home / "workspace.yaml"
        quoted = str(self._socket).replace("'", "''")
        file.write_text(
            "# Written by `ty-pipeline up`.\n"
            "load_from:\n"
            "  - grpc_server:\n"
            f"      socket: '{quoted}'\n"
            "      location_name: ty_pipeline\n"
        )
        return str(file)

    def _wait_for(self, name: str, ready: Callable[[], bool]) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not ready():
            self._watch_processes()
            if time.monotonic() > deadline:
                raise ServiceError(
                    f"The {name} did not come up within {START_SECONDS:.0f} s: "
                    f"see the logs in {self._settings.logs_dir}."
                )
            time.sleep(POLL_SECONDS)

    def _watch_processes(self) -> None:
        for process in self._all():
            if news := process.watch():
                self._say(news)

    def _watch_database(self) -> None:
        if self._database is not None and not self._database.is_running():
            self._say("PostgreSQL ended by itself; starting it again.")
            self._database.start()

    def _note(self, *, ui: str | None) -> None:
        pids = [process.pid for process in self._all() if process.pid is not None]
        self._lock.write(ui=ui, processes=pids)


def _guarded(
    first_run: Callable[[RunningService], None], running: RunningService, say: Say
) -> None:
    try:
        first_run(running)
    except TyPipelineError as error:
        say(str(error))


def _put_aside(log: Path) -> None:
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.exists() and log.stat().st_size > LOG_BYTES:
        log.replace(log.with_suffix(".log.1"))


@contextmanager
def _signals_interrupt() -> Iterator[None]:
    """SIGTERM and SIGHUP end the service as Ctrl-C does."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, interrupt) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _ignore_signals() -> None:
    """A second Ctrl-C must not cut off the clean end, which is bounded anyway."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
