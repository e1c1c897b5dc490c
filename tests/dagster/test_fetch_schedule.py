"""The schedule: which sources it asks for, on whose date, and what it says when there are none."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import dagster as dg
import pytest

from ty_pipeline.definitions import build_definitions
from ty_pipeline.resources import Pipeline
from ty_pipeline.schedules import NOTHING_DUE, partitions_due
from ty_pipeline.sources.file import FileSource
from ty_pipeline.sources.registry import load_sources

if TYPE_CHECKING:
    from tests.dagster.conftest import World

# Dagster's own tags of a partition with two dimensions, made in its own code
pytestmark = pytest.mark.filterwarnings("ignore:Non-compliant tag keys:DeprecationWarning")

NIGHT = datetime(2026, 3, 4, 3, 0, tzinfo=ZoneInfo("Europe/Berlin"))


@dataclass(frozen=True, kw_only=True)
class Tick:
    """What one evaluation asked for."""

    requests: list[dg.RunRequest]
    skipped: str | None


def tick(pipeline: Pipeline) -> Tick:
    definitions = build_definitions(pipeline=pipeline)
    context = dg.build_schedule_context(
        scheduled_execution_time=NIGHT, repository_def=definitions.get_repository_def()
    )
    data = definitions.resolve_schedule_def("fetch_schedule").evaluate_tick(context)
    return Tick(requests=list(data.run_requests or ()), skipped=data.skip_message)


def test_what_is_shipped_has_no_listing_of_today_and_the_tick_says_so(world: World) -> None:
    shipped = replace(world.pipeline, sources=load_sources(None))
    assert tick(shipped) == Tick(requests=[], skipped=NOTHING_DUE)


def test_a_source_with_a_feed_of_its_own_is_asked_for_and_no_other(world: World) -> None:
    found = tick(world.pipeline)
    asked = [(one.partition_key, one.run_key) for one in found.requests]
    assert asked == [("2026-03-04|adverts", "2026-03-04|adverts")]


def test_a_source_is_asked_for_on_its_own_date(world: World) -> None:
    here = world.pipeline.sources["adverts"]
    assert isinstance(here, FileSource)
    there = FileSource(
        mapping=here.mapping.model_copy(
            update={"source_id": "new_york", "timezone": "America/New_York"}
        ),
        feed=here.feed,
    )
    due = partitions_due({"adverts": here, "new_york": there}, NIGHT)
    assert [one.key for one in due] == ["2026-03-04|adverts", "2026-03-03|new_york"]


def test_what_it_asks_for_exists_and_runs(world: World) -> None:
    definitions = build_definitions(pipeline=world.pipeline)
    schedule = definitions.resolve_schedule_def("fetch_schedule")
    assert schedule.default_status == dg.DefaultScheduleStatus.STOPPED
    assert schedule.job_name == "process_partition"
    (request,) = tick(world.pipeline).requests
    assert request.partition_key is not None
    assert world.process(request.partition_key).success
    assert world.ask("select external_id from postings") == [("job-5",)]


def test_a_source_whose_feed_is_taken_away_is_not_asked_for(world: World) -> None:
    here = world.pipeline.sources["adverts"]
    assert isinstance(here, FileSource)
    without = replace(world.pipeline, sources={"adverts": replace(here, feed=None)})
    assert tick(without).requests == []
