"""Runs in this process, as ``ty-pipeline run`` makes them, on an instance stored in PostgreSQL."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import dagster as dg
import pytest

from ty_pipeline.database.urls import for_dagster
from ty_pipeline.errors import FeedUnreadable, UsageError
from ty_pipeline.runs import run_source

if TYPE_CHECKING:
    from tests.dagster.conftest import World


@pytest.fixture(scope="module")
def stored(server: Any) -> Iterator[dg.DagsterInstance]:
    """Dagster's storage in a database of its own, as in service."""
    with (
        server.new_database() as url,
        dg.instance_for_test(
            overrides={"storage": {"postgres": {"postgres_url": for_dagster(url)}}}
        ) as instance,
    ):
        yield instance


def test_every_date_of_a_feed_gets_a_run_that_dagster_remembers(
    world: World, stored: dg.DagsterInstance
) -> None:
    world.write_feed(*world.adverts()[:3], world.advert(5, world.days[2]))
    outcomes = list(run_source(world.pipeline, "adverts", instance=stored))
    assert [one.partition_key for one in outcomes] == [world.keys[0], world.keys[2]]
    assert all(one.success and one.problem is None for one in outcomes)
    for outcome in outcomes:
        run = stored.get_run_by_id(outcome.run_id)
        assert run is not None
        assert (run.job_name, run.status) == ("process_partition", dg.DagsterRunStatus.SUCCESS)
        assert run.tags["dagster/partition"] == outcome.partition_key
    first = {one.asset: one for one in outcomes[0].assets}
    assert set(first) == set(world.assets)
    assert first["postings"].counts["new"] == 3
    assert first["ihl_scores"].counts["completed"] == 8
    assert all(one.is_whole for one in first.values())
    done = world.ask("select distinct dagster_run_id from interactions")
    assert {run_id for (run_id,) in done} == {one.run_id for one in outcomes}


def test_a_named_feed_is_ordered_and_read_again_by_a_later_run_that_names_none(
    world: World, tmp_path: Path
) -> None:
    feed = tmp_path / "a feed.jsonl"
    feed.write_text(json.dumps(world.advert(7, world.days[0])) + "\n")
    day = date(2026, 3, 2)
    (outcome,) = run_source(
        world.pipeline, "handed_over", day=day, feed=feed, instance=world.instance
    )
    assert outcome.success
    orders = world.ask("select payload ->> 'feed', delivered_by from trigger_inputs")
    assert orders == [(str(feed), f"dagster run {outcome.run_id}")]
    before = world.interactions()
    (again,) = run_source(world.pipeline, "handed_over", day=day, instance=world.instance)
    assert again.success
    assert world.interactions() == before


def test_a_feed_without_dates_is_of_today_on_the_sources_clock(
    world: World, tmp_path: Path
) -> None:
    feed = tmp_path / "feed.jsonl"
    feed.write_text(json.dumps(world.advert(7, world.days[0])) + "\n")
    before = datetime.now(ZoneInfo("Europe/Berlin")).date()
    (outcome,) = run_source(world.pipeline, "handed_over", feed=feed, instance=world.instance)
    after = datetime.now(ZoneInfo("Europe/Berlin")).date()
    assert outcome.partition_key in {f"{day}|handed_over" for day in (before, after)}


def test_a_run_that_fails_says_why_in_one_sentence(world: World) -> None:
    day = date(2026, 3, 2)
    (outcome,) = run_source(world.pipeline, "handed_over", day=day, instance=world.instance)
    assert not outcome.success
    assert outcome.assets == ()
    assert str(outcome.problem).startswith("2026-03-02|handed_over: The source handed_over has no")


def test_a_feed_that_is_not_there_fails_before_any_run(world: World, tmp_path: Path) -> None:
    with pytest.raises(FeedUnreadable, match=r"nowhere\.jsonl cannot be read"):
        list(run_source(world.pipeline, "adverts", feed=tmp_path / "nowhere.jsonl"))


def test_an_unknown_source_is_named_with_those_that_are_known(world: World) -> None:
    with pytest.raises(UsageError, match='no source "advert": known are adverts, handed_over'):
        list(run_source(world.pipeline, "advert"))


def test_a_date_without_a_partition_is_refused_before_any_run(world: World) -> None:
    with pytest.raises(UsageError, match=r"no partition 2024-12-31\|adverts"):
        list(run_source(world.pipeline, "adverts", day=date(2024, 12, 31)))
    assert world.interactions() == 0
