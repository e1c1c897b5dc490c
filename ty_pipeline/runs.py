"""Runs of ``process_partition`` in this process, on the real Dagster instance.

Belongs here: which partitions a command means, executing them, and what came of it. Not here: asking
the daemon for runs (``first_run``), printing (``cli``), the work (``assets``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import dagster as dg

from ty_pipeline.definitions import build_definitions
from ty_pipeline.engine.intake import order_for
from ty_pipeline.jobs import PROCESS_PARTITION
from ty_pipeline.partitions import Partition, build_partitions, check_exists
from ty_pipeline.resources import Pipeline
from ty_pipeline.sources.row import Source

QUIET = {"console": {"config": {"log_level": "CRITICAL"}}}  # what went wrong is in the outcome


@dataclass(frozen=True, kw_only=True)
class AssetOutcome:
    """What one asset did in one run."""

    asset: str  # its name
    counts: Mapping[str, int]  # the numbers of its materialization
    is_whole: bool  # nothing failed and nothing is left


@dataclass(frozen=True, kw_only=True)
class RunOutcome:
    """One run over one partition."""

    run_id: str  # Dagster's
    partition_key: str  # date|source
    success: bool  # the run did not fail; work may be left all the same
    assets: tuple[AssetOutcome, ...]  # those that materialized, in the order they did
    problem: str | None  # one sentence, where the run failed


def run_source(
    pipeline: Pipeline,
    source_id: str,
    *,
    day: date | None = None,
    feed: Path | None = None,
    instance: dg.DagsterInstance | None = None,
) -> Iterator[RunOutcome]:
    """Run one partition of a source, or one for every date that its feed declares.

    Without ``day`` or dates in the feed, it is today on the source's own clock. Raises UsageError
    where there is no such source or partition, SourceError where the feed cannot be read.
    """
    source = pipeline.source(source_id)
    order_for(source, feed, by="ty-pipeline run")  # a feed that is not there fails before any run
    chosen = [Partition(day=one, source_id=source_id) for one in _days(source, day, feed)]
    partitions = build_partitions(pipeline.sources)
    for partition in chosen:
        check_exists(partitions, partition)
    job = build_definitions(pipeline=pipeline).resolve_job_def(PROCESS_PARTITION)
    with nullcontext(instance) if instance else dg.DagsterInstance.get() as used:
        for partition in chosen:
            yield _outcome(partition, _execute(job, partition, feed, used))


def run_partition(
    pipeline: Pipeline,
    partition: Partition,
    feed: Path | None = None,
    instance: dg.DagsterInstance | None = None,
) -> RunOutcome:
    """``run_source`` for exactly one partition."""
    (outcome,) = run_source(
        pipeline, partition.source_id, day=partition.day, feed=feed, instance=instance
    )
    return outcome


def _days(source: Source, day: date | None, feed: Path | None) -> list[date]:
    if day is not None:
        return [day]
    read = feed or source.default_feed()
    declared = source.feed_dates(read) if read is not None else []
    return declared or [datetime.now(ZoneInfo(source.timezone)).date()]


def _execute(
    job: dg.JobDefinition, partition: Partition, feed: Path | None, instance: dg.DagsterInstance
) -> dg.ExecuteInProcessResult:
    fetch = {"feed": str(feed.resolve())} if feed else {}
    return job.execute_in_process(
        run_config={"loggers": QUIET, "ops": {"fetched_jobs": {"config": fetch}}},
        instance=instance,
        partition_key=partition.key,
        raise_on_error=False,
    )


def _outcome(partition: Partition, result: dg.ExecuteInProcessResult) -> RunOutcome:
    whole = {e.asset_key.to_user_string(): e.passed for e in result.get_asset_check_evaluations()}
    materialized = [e.step_materialization_data for e in result.get_asset_materialization_events()]
    return RunOutcome(
        run_id=result.run_id,
        partition_key=partition.key,
        success=result.success,
        assets=tuple(_asset(data.materialization, whole) for data in materialized),
        problem=None if result.success else _problem(result),
    )


def _asset(materialization: Any, whole: Mapping[str, bool]) -> AssetOutcome:
    name = materialization.asset_key.to_user_string()
    counts = {
        key: value.value
        for key, value in materialization.metadata.items()
        if isinstance(value, dg.IntMetadataValue) and value.value is not None
    }
    return AssetOutcome(asset=name, counts=counts, is_whole=whole.get(name, True))


def _problem(result: dg.ExecuteInProcessResult) -> str:
    for event in result.filter_events(lambda e: e.is_step_failure):
        failure = event.step_failure_data
        if failure.user_failure_data is not None and failure.user_failure_data.description:
            return failure.user_failure_data.description
        if failure.error is not None:
            cause = failure.error.cause or failure.error
            return f"{event.step_key} failed: {cause.message.strip()}"
    return "The run failed before its first step; see it in the Dagster UI."
