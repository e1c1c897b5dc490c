"""What ``ty-pipeline up`` does: database, Dagster's three processes, the UI, and a clean end.

What belongs here: the order of things. What does not: one process (``service/processes.py``), the
lock (``service/lock.py``), making the database ready (a callable given by the command line).

The imports of Dagster take longer than anything else, so they happen once, in the nursery, while the
database starts and is migrated; the three processes are forked from it.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ty_pipeline.config import Settings, project_folder
from ty_pipeline.database.embedded import EmbeddedServer
from ty_pipeline.database.server import DatabaseUrls, database_urls, embedded_server, planned_urls
from ty_pipeline.database.socket_folder import (
    make_private_folder,
    remove_socket_folder,
    socket_folder,
)
from ty_pipeline.errors import ServiceError, TyPipelineError
from ty_pipeline.service.address import HOST, free_port, listens, ui_answers
from ty_pipeline.service.lock import ServiceLock, service_lock
from ty_pipeline.service.processes import (
    Nursery,
    Program,
    Restarts,
    how_it_ended,
    signal_groups,
)
from ty_pipeline.service.signals import ignore_signals, signals_interrupt

Say = Callable[[str], None]

DEFINITIONS = "ty_pipeline.definitions"
CODE_SERVER, DAEMON, WEBSERVER = "code server", "daemon", "webserver"
SOCKET = "code.sock"
START_SECONDS = 180.0
POLL_SECONDS = 0.05
WATCH_SECONDS = 0.2
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
    with service_lock(settings.home) as lock, signals_interrupt():
        service = Service(settings, lock, say, definitions)
        try:
            running = service.start(prepare)
            threading.Thread(target=_guarded, args=(first_run, running, say), daemon=True).start()
            service.watch_for_ever()
        except KeyboardInterrupt:
            say("Stopping.")
        finally:
            ignore_signals()
            service.stop()
    say("Everything is stopped; the data is kept. Run it again to carry on.")


class Service:
    """The database and the processes of one ``up``."""

    def __init__(self, settings: Settings, lock: ServiceLock, say: Say, definitions: str) -> None:
        self._settings = settings
        self._lock = lock
        self._say = say
        self._definitions = definitions
        self._database: EmbeddedServer | None = embedded_server(settings)
        self._urls = planned_urls(settings)
        self._port = free_port(settings.port)
        if self._port != settings.port:
            say(f"Port {settings.port} is taken; the Dagster UI goes to port {self._port}.")
        self._socket = self._make_socket_folder() / SOCKET
        self._programs = {program.name: program for program in self._list_programs()}
        self._started: set[str] = set()  # names of programs that are to run from now on
        self._restarts = Restarts()
        self._nursery = self._new_nursery()

    def start(self, prepare: Callable[[str], object]) -> RunningService:
        """Everything up, in about the time that importing Dagster takes."""
        began = time.monotonic()
        self._note()
        self._say("Starting PostgreSQL.")
        database_urls(self._settings)
        self._say("Migrating the database.")
        prepare(self._urls.ours)
        self._say("Starting Dagster.")
        self._start(CODE_SERVER)
        self._wait_for(CODE_SERVER, lambda: listens(self._socket))
        self._start(DAEMON)
        self._start(WEBSERVER)
        self._wait_for(WEBSERVER, lambda: ui_answers(self._port))
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
            time.sleep(WATCH_SECONDS)

    def stop(self) -> None:
        """Dagster first, so that runs can say that they end; the database last, cleanly."""
        self._nursery.stop()
        self._socket.unlink(missing_ok=True)
        remove_socket_folder(self._socket.parent)
        if self._database is not None:
            self._database.stop()

    def _list_programs(self) -> Iterator[Program]:
        workspace = self._write_workspace()
        socket = ["--socket", str(self._socket), "--location-name", "ty_pipeline"]
        load = ["--module-name", self._definitions, "--lazy-load-user-code"]
        at = ["--host", HOST, "--port", str(self._port), "--workspace", workspace]
        yield Program(
            name=CODE_SERVER,
            target="ty_pipeline.service.code_server:main",
            command=["dagster", "api", "grpc", *socket, *load],
            log=self._log("code-server"),
        )
        yield Program(
            name=DAEMON,
            target="dagster._daemon.cli:main",
            command=["dagster-daemon", "run", "--workspace", workspace],
            log=self._log("daemon"),
        )
        yield Program(
            name=WEBSERVER,
            target="dagster_webserver.cli:main",
            command=["dagster-webserver", *at],
            log=self._log("webserver"),
        )

    def _new_nursery(self) -> Nursery:
        return Nursery(
            # In the order in which they are needed.
            [
                self._definitions,
                "ty_pipeline.service.dagster_instance",
                "ty_pipeline.service.code_server",
                "dagster._daemon.cli",
                "dagster_webserver.cli",
            ],
            env=self._env(),
            folder=project_folder(),
            log=self._log("nursery"),
        )

    def _env(self) -> dict[str, str]:
        """Addresses in full: no process may start the embedded server while it is stopped."""
        return dict(os.environ) | {
            "DAGSTER_HOME": str(project_folder()),
            "DAGSTER_POSTGRES_URL": self._urls.dagster,
            "TY_DATABASE_URL": self._urls.ours,
            "TY_HOME": str(self._settings.home),
            # A run of 200 partitions took 7.8 s with events stored one by one, 3.0 s with these.
            "DAGSTER_EVENT_BATCH_SIZE": "100",
            "PYTHONUNBUFFERED": "1",
            # What is forked must have no threads; and macOS must not mind.
            "OPENBLAS_NUM_THREADS": "1",
            "OBJC_DISABLE_INITIALIZE_FORK_SAFETY": "YES",
        }

    def _log(self, name: str) -> Path:
        log = self._settings.logs_dir / f"{name}.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        if log.exists() and log.stat().st_size > LOG_BYTES:
            log.replace(log.with_suffix(".log.1"))
        return log

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

    def _start(self, name: str) -> None:
        self._started.add(name)
        self._restarts.began(name)
        self._nursery.start(self._programs[name])

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
        before = dict(self._nursery.pids)
        for ended in self._nursery.news():
            signal_groups([ended.pid], signal.SIGKILL)  # its runs have nobody to report to
            self._plan_restart(ended.name, how_it_ended(ended.status))
        if self._nursery.has_ended:
            self._nursery.kill()
            self._nursery = self._new_nursery()
            for name in self._started:
                self._plan_restart(name, "with the process it came from")
        for name in self._restarts.take_due():
            self._start(name)
        if self._nursery.pids != before:
            self._note(ui=self._ui)

    def _plan_restart(self, name: str, how: str) -> None:
        wait = self._restarts.plan(name)
        self._say(
            f"The {name} ended by itself ({how}); starting it again in {wait:g} s. "
            f"Its last words are in {self._programs[name].log}."
        )

    def _watch_database(self) -> None:
        if self._database is not None and not self._database.is_running():
            self._say("PostgreSQL ended by itself; starting it again.")
            self._database.start()

    def _note(self, ui: str | None = None) -> None:
        self._ui = ui
        self._lock.write(ui=ui, processes=[self._nursery.pid, *self._nursery.pids.values()])


def _guarded(
    first_run: Callable[[RunningService], None], running: RunningService, say: Say
) -> None:
    try:
        first_run(running)
    except TyPipelineError as error:
        say(str(error))
