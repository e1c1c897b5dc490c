"""``ty-pipeline migrate``: bring the database to this release.

Belongs here: saying what was done. Not here: doing it (``bootstrap``).
"""

from __future__ import annotations

import typer

from ty_pipeline.cli.output import AsJson, emit, say


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command(epilog="Example: ty-pipeline migrate --json")(migrate)


def migrate(as_json: AsJson = False) -> None:
    """Make or update the tables, and declare the workflow and the sources; twice changes nothing."""
    from ty_pipeline.bootstrap import prepare_database
    from ty_pipeline.config import load_settings
    from ty_pipeline.database.server import database_urls
    from ty_pipeline.sources.registry import load_sources

    settings = load_settings()
    sources = load_sources(settings.mappings_dir)
    report = prepare_database(database_urls(settings).ours, sources.values())
    if as_json:
        emit(report)
        return
    for name in report.applied:
        say(f"Applied {name}.")
    if report.objects_replaced:
        say("Replaced functions, views and triggers.")
    if not report.has_roles:
        say("The server does not let us make roles: every client keeps its login's privileges.")
    say(f"The database is at this release; sources: {', '.join(sorted(sources))}.")
