"""Runs over one partition, several and a range: what they materialize, and what they do not redo."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import dagster as dg

from ty_pipeline.definitions import build_definitions

if TYPE_CHECKING:
    from tests.dagster.conftest import World


def materialized(result: dg.ExecuteInProcessResult) -> list[tuple[str, str | None]]:
    """Asset and partition of every materialization of a run."""
    events = result.get_asset_materialization_events()
    found = [event.step_materialization_data.materialization for event in events]
    return sorted((m.asset_key.to_user_string(), m.partition) for m in found)


def data_version(world: World, asset: str, key: str) -> str:
    """The data version that Dagster holds of a partition."""
    tags = world.last(asset, key).tags
    assert tags is not None
    return tags["dagster/data_version"]


def versions(world: World) -> dict[tuple[str, str], str]:
    """What the newest materialization of every asset and partition says of its version."""
    return {
        (asset, key): str(world.last(asset, key).metadata["ledger version"].value)
        for asset in world.assets
        for key in world.keys
    }


def test_one_partition_goes_from_the_feed_to_what_is_published_and_is_not_redone(
    world: World,
) -> None:
    key = world.keys[0]
    first = world.process(key)
    assert first.success
    assert materialized(first) == sorted((asset, key) for asset in world.assets)
    tags = {asset: data_version(world, asset, key) for asset in world.assets}
    assert world.ask(
        "select external_id, status, extracted_summary is not null, skill_keywords is not null,"
        " ihl_score is not null from postings order by 1"
    ) == [
        ("job-1", "active", True, True, True),
        ("job-2", "active", True, True, True),
        ("job-3", "too_short", False, False, False),
    ]
    done = world.ask("select distinct dagster_run_id, partition_key from interactions")
    assert done == [(first.run_id, key)]

    before = world.interactions()
    second = world.process(key)
    assert materialized(second) == materialized(first)
    assert world.interactions() == before
    assert {asset: data_version(world, asset, key) for asset in world.assets} == tags
    assert world.last("extracted_summaries", key).metadata["claimed"].value == 0
    assert world.last("extracted_summaries", key).metadata["completed in all"].value == 2


def test_a_range_is_one_run_that_materializes_each_of_its_partitions_once(
    processed: World,
) -> None:
    runs = processed.instance.get_run_records(dg.RunsFilter(job_name="process_partition"))
    run_ids = {record.dagster_run.run_id for record in runs}
    for asset in processed.assets:
        found = processed.instance.fetch_materializations(dg.AssetKey(asset), limit=10).records
        assert Counter(r.partition_key for r in found) == dict.fromkeys(processed.keys, 1)
        assert {r.run_id for r in found} == run_ids
    new = [processed.last("postings", key).metadata["new"].value for key in processed.keys]
    seen = [processed.last("postings", key).metadata["seen"].value for key in processed.keys]
    assert (new, seen) == ([3, 1, 1], [0, 1, 0])


def test_ranges_and_single_partitions_come_to_the_same(world: World) -> None:
    for key in world.keys:
        assert world.process(key).success
    by_single = versions(world)
    published = "select external_id, extracted_summary, skill_keywords, ihl_score from postings"
    alone, before = world.ask(published), world.interactions()
    assert [bool(row[1]) for row in sorted(alone)] == [True, True, False, True, True]

    ranged = world.process(world.keys[0], world.keys[-1])
    assert ranged.success
    assert world.interactions() == before
    assert world.ask(published) == alone
    assert versions(world) == by_single
    tag = data_version(world, "postings", world.keys[0])
    assert world.process(world.keys[0], world.keys[-1]).success
    assert data_version(world, "postings", world.keys[0]) == tag


def test_new_content_changes_the_versions_of_its_own_partition_only(world: World) -> None:
    world.process(world.keys[0], world.keys[-1])
    before = versions(world)
    fifth = world.advert(5, world.days[2])
    fifth["text"] += "You also keep the archive of the aquarium in order.\n"
    world.write_feed(*world.adverts()[:-1], fifth)
    assert world.process(world.keys[0], world.keys[-1]).success
    after = versions(world)
    moved = {
        asset_and_key for asset_and_key in after if after[asset_and_key] != before[asset_and_key]
    }
    # another file is another order, so every partition was fetched and staged again
    again = {(asset, key) for asset in ("fetched_jobs", "staged_postings") for key in world.keys}
    assert moved == again | {(asset, world.keys[2]) for asset in world.assets}


def test_the_same_advert_in_another_city_is_called_once_and_published_twice(world: World) -> None:
    there = {**world.advert(1, world.days[0], city="Kiel"), "id": "job-1-kiel"}
    world.write_feed(world.advert(1, world.days[0]), there)
    assert world.process(world.keys[0]).success
    summaries = world.last("extracted_summaries", world.keys[0]).metadata
    assert (summaries["called"].value, summaries["reused"].value) == (1, 1)
    texts = world.ask("select extracted_summary from postings order by external_id")
    assert [("Bonn" in text, "Kiel" in text) for (text,) in texts] == [(True, False), (False, True)]


def test_a_date_without_rows_materializes_all_the_same(world: World) -> None:
    key = "2026-02-01|adverts"
    result = world.process(key)
    assert result.success
    assert materialized(result) == sorted((asset, key) for asset in world.assets)
    assert world.ask("select count(*) from postings") == [(0,)]


def test_one_asset_alone_does_its_own_steps_and_no_other(processed: World) -> None:
    definitions = build_definitions(pipeline=processed.pipeline)
    job = definitions.resolve_implicit_job_def_def_for_assets([dg.AssetKey("posting_skills")])
    assert job is not None
    before = processed.interactions()
    result = job.get_subset(asset_selection={dg.AssetKey("posting_skills")}).execute_in_process(
        partition_key=processed.keys[0], instance=processed.instance
    )
    assert materialized(result) == [("posting_skills", processed.keys[0])]
    assert processed.interactions() == before
