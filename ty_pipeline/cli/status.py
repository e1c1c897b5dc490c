"""``ty-pipeline status``: how far the work is, on one screen.

Belongs here: its layout, and what to do next. Not here: the figures (``ledger/progress.py``).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ty_pipeline.cli.output import AsJson, console, emit, number, table

if TYPE_CHECKING:
    from rich.console import RenderableType

    from ty_pipeline.database.connect import Connection
    from ty_pipeline.ledger.progress import (
        FailureCount,
        FetchProgress,
        NodeFigures,
        Progress,
        Scope,
        StepProgress,
    )

Partition = Annotated[
    str | None, typer.Option(metavar="KEY", help="One partition only, as 2026-01-05|sample.")
]
Source = Annotated[str | None, typer.Option(metavar="SOURCE", help="One source only.")]

PARTITIONS_SHOWN = 6
FAILURES_SHOWN = 6
TITLES = ("coming", "owed", "running", "waiting", "done", "failed", "paused", "of", "%")
COLUMNS = ("coming", "owed", "running", "waiting_for_person", "done", "failed", "paused")


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command(epilog="Example: ty-pipeline status --partition '2026-01-05|sample'")(status)


def status(partition: Partition = None, source: Source = None, as_json: AsJson = False) -> None:
    """Show progress by step, counting valid, enabled work only, and what to do next."""
    from ty_pipeline.cli.session import ledger
    from ty_pipeline.ledger.progress import Scope, read_progress

    scope = Scope(partition_key=partition, source_id=source)
    with ledger() as connection:
        _check_known(connection, scope)
        progress = read_progress(connection, scope)
    if as_json:
        emit(as_dict(progress))
    else:
        screen = console()
        for part in render(progress):
            screen.print(part)


def as_dict(progress: Progress) -> dict[str, Any]:
    """The figures for scripts, with the sums and shares that the screen shows."""
    return {
        "scope": vars(progress.scope),
        "postings": dict(progress.postings),
        "fetches": vars(progress.fetches),
        "steps": [
            {"step": s.canonical_name, "conversation_id": s.conversation_id, "round": s.round}
            | _figures(s.figures)
            for s in progress.steps
        ],
        "partitions": [
            {"partition_key": p.partition_key} | _figures(p.figures) for p in progress.partitions
        ],
        "failures": [vars(f) for f in progress.failures],
        "next": list(next_steps(progress)),
    }


def render(progress: Progress) -> Iterator[RenderableType]:
    """The screen, part by part."""
    yield f"Progress of {_scope(progress.scope)}; valid, enabled work only"
    yield ""
    postings = ", ".join(f"{n:,} {status}" for status, n in progress.postings.items())
    yield f"postings  {postings or 'none'}"
    yield from _fetches(progress.fetches)
    if progress.steps:
        yield ""
        yield _steps(progress.steps)
    if len(progress.partitions) > 1:
        yield ""
        yield from _partitions(progress)
    if progress.failures:
        yield ""
        yield from map(_failure, progress.failures[:FAILURES_SHOWN])
        if (more := len(progress.failures) - FAILURES_SHOWN) > 0:
            yield f"... and {more:,} more kinds of failure (--json lists all)"
    yield ""
    yield from (f"next: {sentence}" for sentence in next_steps(progress))


def next_steps(progress: Progress) -> Iterator[str]:
    """What an operator can do now, most urgent first; at least one sentence."""
    figures, fetches = progress.figures, progress.fetches
    if not progress.steps and not fetches.rows + fetches.pages_to_stage:
        yield f"nothing was fetched yet: {_run_command(progress)}"
        return
    for_good = [f for f in progress.failures if not f.will_retry]
    if for_good:
        yield f"{sum(f.nodes for f in for_good):,} failed for good: {_look_at(for_good)}"
    if figures.waiting_for_person:
        question = "select * from node_trace where status = 'suspended'"
        yield f'{figures.waiting_for_person:,} wait for a person: ty-pipeline psql -c "{question}"'
    if fetches.pages_to_stage + fetches.to_promote:
        yield f"fetched rows wait to become postings: {_run_command(progress)}"
    if figures.owed:
        yield f"{figures.owed:,} are owed: {_run_command(progress)}"
    if figures.running:
        yield f"{figures.running:,} are being worked on: look again"
    if figures.paused:
        yield f"{figures.paused:,} are paused by an operator"
    if figures.done == figures.can_reach:
        yield "nothing is owed: all of it is done"


def _check_known(connection: Connection, scope: Scope) -> None:
    """A mistyped source would look like one that has no work."""
    from ty_pipeline.errors import UsageError
    from ty_pipeline.ledger.progress import read_source_ids

    asked = scope.source_id
    if scope.partition_key is not None:
        _, bar, asked = scope.partition_key.partition("|")
        if not bar:
            raise UsageError(f"{scope.partition_key!r} is no partition: write 2026-01-05|sample.")
    known = read_source_ids(connection)
    if asked is not None and asked not in known:
        raise UsageError(f"There is no source {asked!r}: known are {', '.join(known)}.")


def _scope(scope: Scope) -> str:
    if scope.partition_key is not None:
        return f"partition {scope.partition_key}"
    return f"source {scope.source_id}" if scope.source_id is not None else "everything"


def _fetches(fetches: FetchProgress) -> Iterator[str]:
    states = (
        f"{fetches.completed:,} completed, {fetches.running:,} running, {fetches.failed:,} failed"
    )
    yield f"fetches   {states}"
    yield f"rows      {fetches.rows:,} = {fetches.new:,} new + {fetches.changed:,} changed"
    more = f"{fetches.seen:,} seen + {fetches.duplicate_in_fetch:,} duplicate in fetch"
    last = f" + {fetches.to_promote:,} to promote" if fetches.to_promote else ""
    yield f"          + {more} + {fetches.set_aside:,} set aside{last}"
    if fetches.pages_to_stage:
        yield f"          and {fetches.pages_to_stage:,} pages whose rows are not counted yet"
    if fetches.fields_set_aside:
        yield f"          {fetches.fields_set_aside:,} kept without a field that could not be read"


def _steps(steps: tuple[StepProgress, ...]) -> RenderableType:
    grid = table("step", numbers=TITLES)
    for step in steps:
        name = f"{step.canonical_name} {step.round}" if step.round else step.canonical_name
        grid.add_row(name, *_cells(step.figures))
    return grid


def _partitions(progress: Progress) -> Iterator[RenderableType]:
    """The unfinished ones, newest first, then the newest of the others."""
    grid = table("partition", numbers=TITLES)
    ordered = sorted(progress.partitions, key=lambda p: p.figures.done == p.figures.can_reach)
    for partition in ordered[:PARTITIONS_SHOWN]:
        grid.add_row(partition.partition_key, *_cells(partition.figures))
    yield grid
    if (more := len(ordered) - PARTITIONS_SHOWN) > 0:
        yield f"... and {more:,} more partitions (--json lists all)"


def _cells(figures: NodeFigures) -> list[str]:
    counts = [number(getattr(figures, name)) for name in (*COLUMNS, "can_reach")]
    return [*counts, "" if figures.percent_done is None else f"{figures.percent_done:.1f}"]


def _failure(failure: FailureCount) -> str:
    fate = "tried again" if failure.will_retry else "for good"
    example = "" if failure.example_posting_id is None else f", e.g. {failure.example_posting_id}"
    step = failure.canonical_name
    return f"failed    {failure.nodes:,} {step}: {failure.error_class}, {fate}{example}"


def _figures(figures: NodeFigures) -> dict[str, Any]:
    return vars(figures) | {"can_reach": figures.can_reach, "percent_done": figures.percent_done}


def _look_at(failures: list[FailureCount]) -> str:
    posting = next((f.example_posting_id for f in failures if f.example_posting_id), None)
    if posting is not None:
        return f"ty-pipeline trace {posting}"
    return 'ty-pipeline psql -c "select * from failed_work"'


def _run_command(progress: Progress) -> str:
    """The command for the newest partition that has something to do, else for what was asked."""
    owed = (p.partition_key for p in progress.partitions if p.figures.owed)
    key = progress.scope.partition_key or next(owed, None)
    if key is None:
        return f"ty-pipeline run --source {progress.scope.source_id or 'sample'}"
    day, _, source = key.partition("|")
    return f"ty-pipeline run --source {source} --date {day}"
