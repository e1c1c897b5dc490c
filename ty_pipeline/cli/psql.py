"""``ty-pipeline psql``: a psql on our database.

Belongs here: passing arguments on. Not here: finding psql and the database (``service/psql.py``).
"""

from __future__ import annotations

from typing import Annotated

import typer

from ty_pipeline.cli.output import emit

Arguments = Annotated[list[str] | None, typer.Argument(help="For psql, passed on as they are.")]
Json = Annotated[
    bool, typer.Option("--json", help="Print which psql, database and role it would be, and end.")
]


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command(
        # -h is psql's host; what we do not know is psql's.
        context_settings={"ignore_unknown_options": True, "help_option_names": ["--help"]},
        epilog="Example: ty-pipeline psql -c 'select * from posting_overview limit 5'",
    )(psql)


def psql(arguments: Arguments = None, as_json: Json = False) -> None:
    """Open psql on our database as an operator; the embedded server is started where it is stopped."""
    from ty_pipeline.config import load_settings
    from ty_pipeline.database.server import database_urls
    from ty_pipeline.database.urls import for_people
    from ty_pipeline.service.psql import ROLE, exec_psql, find_psql

    settings = load_settings()
    if as_json:
        address = for_people(database_urls(settings).ours)
        emit({"psql": find_psql(), "database": address, "role": ROLE})
    else:
        exec_psql(settings, arguments or [])
