"""``fetch_schedule``: asks for today's partition of every source that has a listing of today.

Belongs here: which sources are due, and the requests. Not here: fetching (``assets.intake``), work
that is owed (the ledger; no schedule looks at it).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

import dagster as dg

from ty_pipeline.jobs import PROCESS_PARTITION
from ty_pipeline.partitions import TIMEZONE, Partition
from ty_pipeline.sources.row import Source
from ty_pipeline.sources.sample import SampleSource

NIGHTLY = "0 3 * * *"

NOTHING_DUE = (
    "No source has a listing of today: the sample is three fixed days, and every other source needs a"
    " feed to be named (`ty-pipeline run --source SOURCE --feed FILE`)."
)


def build_fetch_schedule(sources: Mapping[str, Source]) -> dg.ScheduleDefinition:
    """The schedule over ``sources``, off until somebody turns it on."""

    @dg.schedule(
        name="fetch_schedule",
        cron_schedule=NIGHTLY,
        execution_timezone=TIMEZONE,
        job_name=PROCESS_PARTITION,
        default_status=dg.DefaultScheduleStatus.STOPPED,
        description="Every night: today's partition of every source that can be fetched without naming"
        " a feed. Turned off as delivered, so that nothing is fetched that nobody asked for.",
    )
    def fetch_schedule(
        context: dg.ScheduleEvaluationContext,
    ) -> Iterator[dg.RunRequest | dg.SkipReason]:
        due = partitions_due(sources, context.scheduled_execution_time)
        yield from (dg.RunRequest(run_key=one.key, partition_key=one.key) for one in due)
        if not due:
            yield dg.SkipReason(NOTHING_DUE)

    return fetch_schedule


def partitions_due(sources: Mapping[str, Source], now: datetime) -> list[Partition]:
    """One partition a source that has a listing of today, on the source's own local date."""
    return [
        Partition(day=now.astimezone(ZoneInfo(source.timezone)).date(), source_id=source_id)
        for source_id, source in sorted(sources.items())
        if has_listing_of_today(source)
    ]


def has_listing_of_today(source: Source) -> bool:
    """Whether fetching today can bring anything: a feed of its own, which is not the fixed sample."""
    return source.default_feed() is not None and not isinstance(source, SampleSource)
