"""``ty-pipeline run``: fetch and process partitions of one source, here and now.

Belongs here: which partitions are meant, and the counts at the end. Not here: the runs
(``ty_pipeline/runs.py``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ty_pipeline.cli.output import AsJson, console, emit, number, say, table
from ty_pipeline.errors import UsageError

if TYPE_CHECKING:
    from rich.table import Table

    from ty_pipeline.resources import Pipeline
    from ty_pipeline.runs import RunOutcome

FAILED = 1

Source = Annotated[str, typer.Option(metavar="SOURCE", help="The source, for example sample.")]
Day = Annotated[str | None, typer.Option("--date", metavar="DATE", help="One date, as 2026-01-05.")]
First = Annotated[str | None, typer.Option("--from", metavar="DATE", help="First date of a range.")]
Last = Annotated[str | None, typer.Option("--to", metavar="DATE", help="Last date of a range.")]
Feed = Annotated[
    Path | None, typer.Option(metavar="FILE", help="The file to read, instead of the source's own.")
]

COLUMNS = ("rows", "completed", "called", "reused", "suspended", "failed", "remaining")


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command(epilog="Example: ty-pipeline run --source sample --date 2026-01-05")(run)


def run(
    source: Source,
    day: Day = None,
    first: First = None,
    last: Last = None,
    feed: Feed = None,
    as_json: AsJson = False,
) -> None:
    """Fetch a source and do every step, in Dagster runs that the UI shows.

    Without a date: every date that the feed names, or today where it names none.
    """
    from ty_pipeline.cli.session import use_dagster_home
    from ty_pipeline.cli.watch import watched
    from ty_pipeline.ledger.progress import Scope

    dates = _dates(day, first, last)
    use_dagster_home()
    pipeline = _pipeline(source, feed)
    with watched(pipeline.url, Scope(source_id=source)):
        outcomes = []
        for outcome in _outcomes(pipeline, source, dates, feed):
            outcomes.append(outcome)
            if not as_json:
                say(_sentence(outcome))
    if as_json:
        emit([_as_dict(outcome) for outcome in outcomes])
    elif any(outcome.assets for outcome in outcomes):
        console().print(_table(outcomes))
    if any(_has_failed(outcome) for outcome in outcomes):
        raise typer.Exit(FAILED)


def _dates(day: str | None, first: str | None, last: str | None) -> list[date] | None:
    """The dates that the options name; None where they leave it to the feed."""
    if day is not None:
        if first or last:
            raise UsageError("Give --date or a range, not both.")
        return [_date(day)]
    if first is None and last is None:
        return None
    if first is None or last is None:
        raise UsageError("A range needs both --from and --to.")
    begin, end = _date(first), _date(last)
    if begin > end:
        raise UsageError(f"The range ends before it begins: {begin} to {end}.")
    return [begin + timedelta(days=n) for n in range((end - begin).days + 1)]


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{text!r} is no date: write it as 2026-01-05.") from None


def _pipeline(source_id: str, feed: Path | None) -> Pipeline:
    """The pipeline on a database that is ready.

    Raises UsageError and FeedUnreadable before a database is made, and before Dagster is loaded.
    """
    from ty_pipeline.bootstrap import prepare_database
    from ty_pipeline.config import load_settings
    from ty_pipeline.engine.intake import order_for
    from ty_pipeline.resources import Pipeline
    from ty_pipeline.sources.registry import load_sources

    settings = load_settings()
    pipeline = Pipeline(settings=settings, sources=load_sources(settings.mappings_dir))
    order_for(pipeline.source(source_id), feed, by="ty-pipeline run")
    prepare_database(pipeline.url, pipeline.sources.values())
    return pipeline


def _outcomes(
    pipeline: Pipeline, source_id: str, dates: list[date] | None, feed: Path | None
) -> Iterator[RunOutcome]:
    from ty_pipeline.runs import run_source

    if dates is None:
        yield from run_source(pipeline, source_id, feed=feed)
        return
    if len(dates) > 1:
        dates = _in_feed(pipeline, source_id, dates, feed)
    for day in dates:
        yield from run_source(pipeline, source_id, day=day, feed=feed)


def _in_feed(
    pipeline: Pipeline, source_id: str, dates: list[date], feed: Path | None
) -> list[date]:
    """Those of ``dates`` that the feed declares; all, where it declares none."""
    source = pipeline.source(source_id)
    read = feed or source.default_feed()
    declared = source.feed_dates(read) if read is not None else []
    found = [day for day in dates if not declared or day in declared]
    if not found:
        raise UsageError(
            f"The feed has no date from {dates[0]} to {dates[-1]}:"
            f" its dates go from {declared[0]} to {declared[-1]}."
        )
    return found


def _sentence(outcome: RunOutcome) -> str:
    if outcome.problem is not None:
        problem = outcome.problem.removeprefix(f"{outcome.partition_key}: ")
        return f"{outcome.partition_key}: failed: {problem} (run {outcome.run_id})"
    totals = _totals([outcome])
    said = [f"{totals['new']:,} new", f"{totals['changed']:,} changed", f"{totals['seen']:,} seen"]
    said += [f"{totals['completed'] + totals['reused']:,} interactions done"]
    for name, words in (("suspended", "wait for a person"), ("remaining", "left for another run")):
        said += [f"{totals[name]:,} {words}"] if totals[name] else []
    said += [f"{totals['failed']:,} failed"]
    return f"{outcome.partition_key}: {', '.join(said)} (run {outcome.run_id})"


def _has_failed(outcome: RunOutcome) -> bool:
    return not outcome.success or _totals([outcome])["failed"] > 0


def _totals(outcomes: list[RunOutcome]) -> Counter[str]:
    totals: Counter[str] = Counter()
    for outcome in outcomes:
        for asset in outcome.assets:
            totals.update(asset.counts)
    return totals


def _as_dict(outcome: RunOutcome) -> dict[str, Any]:
    return vars(outcome) | {
        "assets": [vars(asset) for asset in outcome.assets],
        "has_failed": _has_failed(outcome),
    }


def _table(outcomes: list[RunOutcome]) -> Table:
    """One row an asset, all partitions together."""
    counts: dict[str, Counter[str]] = {}
    for outcome in outcomes:
        for asset in outcome.assets:
            counts.setdefault(asset.asset, Counter()).update(asset.counts)
    grid = table(f"{len(outcomes)} partitions", numbers=COLUMNS)
    for name, count in counts.items():
        grid.add_row(name, *(number(count[column]) for column in COLUMNS))
    return grid
