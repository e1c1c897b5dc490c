"""The questions that ``ty-pipeline doctor`` asks, and what to do about each answer.

Belongs here: judging facts as ok, warn or fail. Not here: printing them (``doctor``), getting the
facts (``database``, ``ledger``, ``service``).
"""

from __future__ import annotations

import platform
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from typing import TYPE_CHECKING, Literal

import psycopg

from ty_pipeline.config import Settings
from ty_pipeline.database.connect import Connection, connected
from ty_pipeline.database.health import logged_in, role_facts, server_facts
from ty_pipeline.database.migrate import pending_migrations
from ty_pipeline.database.server import OLDEST_SERVER, planned_urls
from ty_pipeline.database.urls import for_people, from_dagster
from ty_pipeline.errors import DatabaseUnavailable, LedgerError, TyPipelineError

if TYPE_CHECKING:
    from ty_pipeline.ledger.audits import Audit, Finding

State = Literal["ok", "warn", "fail"]

DAGSTER_FAMILY = ("dagster", "dagster-webserver", "dagster-postgres")
PACKAGES = ("ty_pipeline", *DAGSTER_FAMILY, "psycopg")

AUDIT_SECONDS = 5  # that one question to the whole ledger may take here
GIGABYTE = 10**9
FREE_WARN = 5 * GIGABYTE  # a year of 17,000 postings a night is far more; a night is 0.2
FREE_FAIL = GIGABYTE // 2


@dataclass(frozen=True, kw_only=True)
class Check:
    """One line of the report."""

    name: str  # what was looked at
    state: State
    says: str  # what was found
    to_do: str | None = None  # what to do about it, where there is something


def check_all(settings: Settings, url: str) -> Iterator[Check]:
    """Every question, in an order in which each answer helps to understand the next."""
    yield check_versions()
    yield from check_database(url)
    yield from check_service(settings)
    yield check_disk(settings)


def check_versions() -> Check:
    """Releases of what we stand on; of the Dagster family all parts must be of one release."""
    found = {name: metadata.version(name) for name in PACKAGES}
    says = f"Python {platform.python_version()}, " + ", ".join(map(" ".join, found.items()))
    if len({found[name].rsplit(".", 1)[-1] for name in DAGSTER_FAMILY}) > 1:
        to_do = "Install what requirements.lock says: make install."
        return Check(name="versions", state="fail", says=f"mixed Dagster: {says}", to_do=to_do)
    return Check(name="versions", state="ok", says=says)


def check_database(url: str) -> Iterator[Check]:
    """Server, tables, roles, invariants; what cannot be asked is left out after the reason."""
    try:
        with logged_in(url) as connection:
            yield _server(connection, url)
            tables = _tables(connection)
            yield tables
            yield _roles(connection)
        if tables.state == "ok":
            with connected(url, role="ty_reader") as connection:
                yield from _invariants(connection)
    except DatabaseUnavailable as error:
        yield Check(name="database", state="fail", says=str(error), to_do="Start or repair it.")


def check_service(settings: Settings) -> Iterator[Check]:
    """The UI and its port, Dagster's storage, the daemons."""
    from ty_pipeline.service.address import free_port, ui_answers
    from ty_pipeline.service.lock import running_ui

    ui = running_ui(settings.home)
    if ui is not None:
        answers = ui_answers(int(ui.rsplit(":", 1)[-1]))
        yield (
            Check(name="ui", state="ok", says=f"ours answers at {ui}")
            if answers
            else Check(name="ui", state="fail", says=f"{ui} does not answer", to_do=_SEE_LOGS)
        )
    elif free_port(settings.port) == settings.port:
        yield Check(name="ui", state="ok", says=f"not running; port {settings.port} is free")
    else:
        says = f"not running; port {settings.port} is taken by another program"
        to_do = "Nothing: `ty-pipeline up` takes the next free port. Or set TY_PORT."
        yield Check(name="ui", state="warn", says=says, to_do=to_do)
    yield _daemons(settings, is_up=ui is not None)


def check_disk(settings: Settings) -> Check:
    """Room where the embedded server and the logs are."""
    folder = settings.home if settings.home.exists() else settings.home.parent
    free = shutil.disk_usage(folder).free
    says = f"{free / GIGABYTE:,.1f} GB free for {settings.home}"
    if free < FREE_FAIL:
        return Check(name="disk", state="fail", says=says, to_do="Make room, or move TY_HOME.")
    if free < FREE_WARN:
        return Check(name="disk", state="warn", says=says, to_do="Make room soon.")
    return Check(name="disk", state="ok", says=says)


_SEE_LOGS = "See the logs under TY_HOME; stop `ty-pipeline up` and start it again."


def _server(connection: Connection, url: str) -> Check:
    facts = server_facts(connection)
    size = facts.database_bytes / GIGABYTE
    says = f"PostgreSQL {facts.version} at {for_people(url)}, {size:,.2f} GB"
    if facts.major < OLDEST_SERVER:
        to_do = f"Use PostgreSQL {OLDEST_SERVER} or later."
        return Check(name="database", state="fail", says=says, to_do=to_do)
    return Check(name="database", state="ok", says=says)


def _tables(connection: Connection) -> Check:
    pending = pending_migrations(connection)
    if pending:
        says = f"{len(pending)} migrations pending, the first is {pending[0]}"
        return Check(name="migrations", state="fail", says=says, to_do="Run `ty-pipeline migrate`.")
    return Check(name="migrations", state="ok", says="none pending")


def _roles(connection: Connection) -> Check:
    facts = role_facts(connection)
    grant = "Let a superuser run `ty-pipeline migrate` once, or grant the roles to this login."
    if facts.missing:
        says = f"missing: {', '.join(facts.missing)}; clients keep their login's privileges"
        return Check(name="roles", state="warn", says=says, to_do=grant)
    if facts.refused:
        says = f"this login may not take on {', '.join(facts.refused)}"
        return Check(name="roles", state="fail", says=says, to_do=grant)
    return Check(name="roles", state="ok", says="all there, and this login can take them on")


def _invariants(connection: Connection) -> Iterator[Check]:
    """One line a violated invariant; one for all that hold."""
    from ty_pipeline.ledger.audits import AUDITS

    connection.execute("select set_config('statement_timeout', %s, false)", [f"{AUDIT_SECONDS}s"])
    judged = [_audit(connection, audit) for audit in AUDITS]
    holding = sum(check.state == "ok" for check in judged)
    if holding:
        says = f"{holding} of {len(judged)} hold in every row"
        yield Check(name="invariants", state="ok", says=says)
    yield from (check for check in judged if check.state != "ok")


def _audit(connection: Connection, audit: Audit) -> Check:
    from ty_pipeline.ledger.audits import read_finding

    try:
        finding = read_finding(connection, audit, examples=1)
    except LedgerError as error:
        if not isinstance(error.__cause__, psycopg.errors.QueryCanceled):
            raise
        says = f"not looked at to the end within {AUDIT_SECONDS} s"
        to_do = "Materialize ledger_audit in Dagster, which takes its time."
        return Check(name=audit.view, state="warn", says=says, to_do=to_do)
    return _judge(finding)


def _judge(finding: Finding) -> Check:
    audit = finding.audit
    if finding.count == 0:
        return Check(name=audit.view, state="ok", says=audit.asserts)
    says = f"{finding.count:,} times, first: {finding.examples[0].problem}"
    state: State = "warn" if audit.invariant is None else "fail"
    to_do = f"Look at them: ty-pipeline psql -c 'table {audit.view}'"
    return Check(name=audit.view, state=state, says=f"violated {says}", to_do=to_do)


def _daemons(settings: Settings, *, is_up: bool) -> Check:
    """Heartbeats in Dagster's storage; asked only where that can be reached, and never made here."""
    start = "Start it: ty-pipeline up (or dagster-daemon run)."
    try:
        with logged_in(from_dagster(planned_urls(settings).dagster)):
            silent = _silent_daemons()
    except TyPipelineError as error:
        return Check(name="daemon", state="warn", says=str(error), to_do=start)
    if not silent:
        return Check(name="daemon", state="ok", says="every daemon has a fresh heartbeat")
    says = f"no fresh heartbeat of {', '.join(silent)}: nothing is started by itself"
    if is_up:
        return Check(name="daemon", state="fail", says=says, to_do=_SEE_LOGS)
    return Check(name="daemon", state="warn", says=says, to_do=start)


def _silent_daemons() -> list[str]:
    from ty_pipeline.cli.session import use_dagster_home

    use_dagster_home()
    import dagster as dg

    with dg.DagsterInstance.get() as instance:
        statuses = instance.get_daemon_statuses()
    return sorted(name.lower() for name, status in statuses.items() if not status.healthy)
