"""``ty-pipeline up``: everything, in the foreground.

Belongs here: what is printed on the way, and the table of results at the end of the first run. Not
here: the processes (``service``), the first run itself (``first_run``).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import typer

from ty_pipeline.cli.output import AsJson, console, emit_line, number, say, table
from ty_pipeline.cli.terminal import one_line

if TYPE_CHECKING:
    from rich.table import Table

    from ty_pipeline.first_run import Progress
    from ty_pipeline.ledger.tracing import PostingOverview
    from ty_pipeline.service.supervisor import RunningService

Tell = Callable[[str], None]

EXAMPLES = 5  # postings in the table of results
SKILLS_SHOWN = 3  # of each of them, the heaviest
SOURCE_COLUMNS = ("postings", "active", "summaries", "skill_lists", "skills", "ihl_scores", "stale")
NEXT = (
    ("ty-pipeline status", "how far the work is, step by step"),
    ("ty-pipeline trace {posting}", "one posting's whole story"),
    ("ty-pipeline psql", "the ledger, in SQL"),
    ("ty-pipeline doctor", "is everything as it should be"),
)


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command(epilog="Example: ty-pipeline up")(up)


def up(as_json: AsJson = False) -> None:
    """Start database and Dagster, migrate, run the sample once, and serve the UI until Ctrl-C."""
    from ty_pipeline.bootstrap import prepare_database
    from ty_pipeline.config import load_settings
    from ty_pipeline.service import supervisor
    from ty_pipeline.sources.registry import load_sources

    settings = load_settings()
    sources = load_sources(settings.mappings_dir)
    tell: Tell = (lambda text: emit_line({"said": text})) if as_json else say
    supervisor.up(
        settings,
        prepare=lambda url: prepare_database(url, sources.values()),
        first_run=partial(_first_run, tell=tell, as_json=as_json),
        say=tell,
    )


def _first_run(service: RunningService, *, tell: Tell, as_json: bool) -> None:
    """Run the sample where that was never done, telling how it goes; end with the results."""
    from ty_pipeline.first_run import await_first_run, is_needed, request_first_run

    if is_needed(service.urls.ours):
        tell("Running the sample source through Dagster.")
        run_id = request_first_run(service.ui)
        told = ""
        for progress in await_first_run(service.ui, service.urls.ours, run_id):
            if (sentence := _sentence(progress)) != told:
                tell(f"{progress.seconds:5.1f} s  {sentence}")
                told = sentence
        if progress.status != "SUCCESS":
            tell(
                f"The run of the sample ended as {progress.status}: see {service.ui}/runs/{run_id}"
            )
    _results(service, as_json=as_json)


def _sentence(progress: Progress) -> str:
    if progress.postings == 0:
        return f"the run is {progress.status.lower()}"
    return (
        f"{progress.postings} postings: {progress.summarised} summarised, {progress.graded} graded,"
        f" {progress.published} published, {progress.scored} scored"
    )


def _results(service: RunningService, *, as_json: bool) -> None:
    from ty_pipeline.database.connect import connected
    from ty_pipeline.ledger.report import read_published
    from ty_pipeline.ledger.tracing import read_finished

    with connected(service.urls.ours, role="ty_reader") as connection:
        sources = read_published(connection)
        examples = read_finished(connection, limit=EXAMPLES)
    if as_json:
        names = ("posting_id", "source_id", "external_id", "ihl_score", "ihl_category")
        shown = [{name: getattr(one, name) for name in names} for one in examples]
        emit_line({"ui": service.ui, "published": sources, "examples": shown})
        return
    screen = console()
    for part in (_sources(sources), _examples(examples)):
        say("")
        screen.print(part)
    say("\nWhat to do next, in another terminal:")
    posting = examples[0].posting_id if examples else "POSTING"
    for command, what in NEXT:
        say(f"  {command.format(posting=posting):<24}{what}")
    say(f"The Dagster UI is at {service.ui}; Ctrl-C stops everything and keeps the data.")


def _sources(sources: list[dict[str, Any]]) -> Table:
    grid = table("source", numbers=[name.replace("_", " ") for name in SOURCE_COLUMNS])
    for row in sources:
        grid.add_row(row["source"], *(number(row[column]) for column in SOURCE_COLUMNS))
    return grid


def _examples(postings: list[PostingOverview]) -> Table:
    grid = table("posting", "title", "skills", "internal hire likelihood")
    for one in postings:
        skills = ", ".join((one.skill_keywords or [])[:SKILLS_SHOWN])
        likelihood = f"{one.ihl_score} {one.ihl_category}"
        grid.add_row(str(one.posting_id), one_line(one.title or ""), one_line(skills), likelihood)
    return grid
