"""The group ``intake``: raw pages, staged rows, postings.

Belongs here: the three assets. Not here: reading a board (``sources``), what a row becomes
(``engine.intake`` and the database).
"""

# No "from __future__ import annotations": Dagster reads these annotations as values.

import time
from dataclasses import replace
from pathlib import Path

import dagster as dg
from pydantic import Field

from ty_pipeline.assets.materialization import Events, materialize
from ty_pipeline.assets.outcome import Outcome, of_pass
from ty_pipeline.assets.waves import options
from ty_pipeline.engine.context import EngineContext
from ty_pipeline.engine.intake import (
    FetchReport,
    fetch_partition,
    order_for,
    promote_partition,
    stage_partition,
)
from ty_pipeline.engine.passes import run_pass
from ty_pipeline.partitions import Partition, split_key
from ty_pipeline.resources import Pipeline

GROUP = "intake"


class FetchConfig(dg.Config):
    """What a fetch may be told in the launchpad."""

    # A comment would not show in the launchpad.
    feed: str = Field(
        default="",
        description="Path of a feed on the machine of the code server. Blank: the source's own feed,"
        " or the last one ordered.",
    )


def intake_assets(partitions: dg.PartitionsDefinition) -> list[dg.AssetsDefinition]:
    """``fetched_jobs``, ``staged_postings`` and ``postings``."""
    return [_fetched_jobs(partitions), _staged_postings(partitions), _postings(partitions)]


def _fetched_jobs(partitions: dg.PartitionsDefinition) -> dg.AssetsDefinition:
    @dg.asset(
        **options("fetched_jobs", partitions, group=GROUP, kinds={"python", "postgres"}),
        description="Raw pages of one source on one date, as received. Fetched once per order.",
    )
    def fetched_jobs(
        context: dg.AssetExecutionContext, config: FetchConfig, pipeline: dg.ResourceParam[Pipeline]
    ) -> Events:
        def work(engine: EngineContext, key: str) -> Outcome:
            return _fetch(engine, pipeline, split_key(key), config.feed)

        yield from materialize(context, pipeline, work)

    return fetched_jobs


def _staged_postings(partitions: dg.PartitionsDefinition) -> dg.AssetsDefinition:
    @dg.asset(
        **options("staged_postings", partitions, group=GROUP, kinds={"python", "postgres"}),
        deps=["fetched_jobs"],
        description="Rows of the pages, cleaned: new or changed ones staged, known ones seen again,"
        " bad ones set aside with their reason.",
    )
    def staged_postings(
        context: dg.AssetExecutionContext, pipeline: dg.ResourceParam[Pipeline]
    ) -> Events:
        def work(engine: EngineContext, key: str) -> Outcome:
            return _stage(engine, pipeline, split_key(key))

        yield from materialize(context, pipeline, work)

    return staged_postings


def _postings(partitions: dg.PartitionsDefinition) -> dg.AssetsDefinition:
    @dg.asset(
        **options("postings", partitions, group=GROUP, kinds={"sql", "postgres"}),
        deps=["staged_postings"],
        description="Postings and their content versions, each judged fit to be worked on or not.",
    )
    def postings(context: dg.AssetExecutionContext, pipeline: dg.ResourceParam[Pipeline]) -> Events:
        yield from materialize(context, pipeline, _promote)

    return postings


def _fetch(engine: EngineContext, pipeline: Pipeline, partition: Partition, feed: str) -> Outcome:
    began = time.monotonic()
    source = pipeline.source(partition.source_id)
    by = f"dagster run {engine.dagster_run_id}"
    order = order_for(source, Path(feed) if feed else None, by)
    report = fetch_partition(engine, source, partition.key, partition.day, order)
    return Outcome(
        partition_key=partition.key,
        done={"pages": report.pages},
        counts={report.state: 1},
        failed=int(report.state == "failed"),
        remaining=int(report.state == "running"),
        seconds=time.monotonic() - began,
        problem=_problem(report, partition),
    )


def _problem(report: FetchReport, partition: Partition) -> str | None:
    if report.state == "no_order":
        return (
            f"The source {partition.source_id} has no feed of its own, and none was named for"
            f" {partition.day} yet: run `ty-pipeline run --source {partition.source_id}"
            f" --feed FILE --date {partition.day}`."
        )
    return report.message if report.state == "failed" else None


def _stage(engine: EngineContext, pipeline: Pipeline, partition: Partition) -> Outcome:
    source = pipeline.source(partition.source_id)
    report = stage_partition(engine, source, partition.key, partition.day)
    return Outcome(partition_key=partition.key, done=report.counts, seconds=report.seconds)


def _promote(engine: EngineContext, key: str) -> Outcome:
    promoted = promote_partition(engine, key)
    judged = of_pass(run_pass(engine, "postings", key))
    return replace(
        judged,
        done={**promoted.counts, **judged.done},
        seconds=promoted.seconds + judged.seconds,
    )
