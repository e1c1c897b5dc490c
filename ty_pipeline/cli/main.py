"""``ty-pipeline``: the commands put together, and how each ends.

Belongs here: which commands there are, exit codes (0 done, 1 failed, 2 wrong usage), one sentence
for each error. Not here: any command.
"""

from __future__ import annotations

import io
import sys

import typer

from ty_pipeline.cli import (
    doctor,
    migrate,
    output,
    psql,
    run,
    status,
    taxonomy,
    trace,
    up,
)
from ty_pipeline.errors import ConfigError, TyPipelineError, UsageError

DONE = 0
FAILED = 1
WRONG_USAGE = 2

app = typer.Typer(
    name="ty-pipeline",
    help="Job postings in; graded, skill-tagged, scored postings out; every step a row in PostgreSQL.",
    epilog="Example: ty-pipeline up",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,  # plain help: rich alone takes a third of the start
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for module in (up, migrate, run, status, trace, doctor, psql):
    module.add_to(app)
app.add_typer(taxonomy.app, name="taxonomy")


def main() -> None:
    """The entry point: runs the command that the arguments name, and ends the process."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a posting may hold what a locale lacks
    try:
        app(prog_name="ty-pipeline")
    except TyPipelineError as error:
        output.complain(str(error))
        sys.exit(WRONG_USAGE if isinstance(error, ConfigError | UsageError) else FAILED)
    except Exception as error:
        if not _is_of_database(error):
            raise
        output.complain(f"The database refused: {str(error).strip()}")
        sys.exit(FAILED)


def _is_of_database(error: Exception) -> bool:
    # Not imported for its own sake: commands that need no database should not wait for it.
    psycopg = sys.modules.get("psycopg")
    return psycopg is not None and isinstance(error, psycopg.Error)


if __name__ == "__main__":
    main()
