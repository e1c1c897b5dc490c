"""``ty-pipeline doctor``: is everything as it should be, and if not, what to do.

Belongs here: the report. Not here: the questions (``cli/checks.py``).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import typer

from ty_pipeline.cli.output import AsJson, emit, say

if TYPE_CHECKING:
    from ty_pipeline.cli.checks import Check
    from ty_pipeline.config import Settings

FAILED = 1
COLOURS = {"ok": "green", "warn": "yellow", "fail": "red"}


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command(epilog="Example: ty-pipeline doctor --json")(doctor)


def doctor(as_json: AsJson = False) -> None:
    """Check database, migrations, roles, invariants, UI, daemon and disk; says what to do."""
    from ty_pipeline.config import load_settings

    checks = []
    for check in _checks(load_settings()):
        checks.append(check)
        if not as_json:
            _print(check)
    failed = [check.name for check in checks if check.state == "fail"]
    if as_json:
        emit({"healthy": not failed, "checks": checks})
    if failed:
        raise typer.Exit(FAILED)


def _checks(settings: Settings) -> Iterator[Check]:
    from ty_pipeline.cli.checks import Check, check_all, check_disk
    from ty_pipeline.cli.session import existing_database
    from ty_pipeline.errors import DatabaseUnavailable

    try:
        url = existing_database(settings)
    except DatabaseUnavailable as error:
        to_do = "Run `ty-pipeline up`."
        yield Check(name="database", state="fail", says=str(error), to_do=to_do)
        yield check_disk(settings)
    else:
        yield from check_all(settings, url)


def _print(check: Check) -> None:
    word = typer.style(f"{check.state:<4}", fg=COLOURS[check.state])
    typer.echo(f"{word}  {check.name:<12}  ", nl=False)
    say(check.says)
    if check.to_do is not None:
        say(f"{'':<20}{check.to_do}")
