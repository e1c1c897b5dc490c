"""What a materialization says: counts, examples by id, links, checks; and never a posting's text."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dagster as dg
import psycopg
from dagster._serdes import serialize_value

from ty_pipeline.actors.answer import Answer
from ty_pipeline.actors.registry import build_actor
from ty_pipeline.assets.materialization import data_version
from ty_pipeline.errors import PermanentActorError
from ty_pipeline.partitions import split_key
from ty_pipeline.runs import run_partition

if TYPE_CHECKING:
    from tests.dagster.conftest import World

CHECK = "all_work_is_done"


class FailsFor:
    """An actor that fails for one posting and answers the others as the real one does."""

    def __init__(self, real: Any, title: str, error: Exception) -> None:
        self.real = real
        self.title = title
        self.error = error

    async def answer(self, inputs: Mapping[str, Any]) -> Answer:
        if inputs["posting"]["title"].endswith(self.title):
            raise self.error
        answer: Answer = await self.real.answer(inputs)
        return answer


def failing(world: World, conversation: str, title: str, error: Exception) -> Any:
    """The world's pipeline, in which one step fails for one posting."""

    def build(name: str, *rest: Any) -> Any:
        real = build_actor(name, *rest)
        return FailsFor(real, title, error) if name == conversation else real

    return dataclasses.replace(world.pipeline, build=build)


def checks(result: dg.ExecuteInProcessResult, asset: str) -> list[dg.AssetCheckEvaluation]:
    found = result.get_asset_check_evaluations()
    return [one for one in found if one.asset_key == dg.AssetKey(asset)]


def sentence(result: dg.ExecuteInProcessResult) -> str:
    """What the first failed step says."""
    for event in result.filter_events(lambda e: e.is_step_failure):
        failure = event.step_failure_data.user_failure_data
        if failure is not None and failure.description:
            return str(failure.description)
    raise AssertionError("no step failed on purpose")


def test_counts_add_up(processed: World) -> None:
    metadata = processed.last("graded_summaries", processed.keys[0]).metadata
    parts = ("completed", "reused", "refused", "suspended")
    assert metadata["claimed"].value == sum(int(str(metadata[part].value)) for part in parts)
    assert metadata["failed"].value == metadata["remaining"].value == 0
    assert isinstance(metadata["seconds"].value, float)
    rows = processed.last("staged_postings", processed.keys[1]).metadata
    outcomes = ("seen", "staged", "duplicate_in_fetch", "set_aside")
    assert rows["rows"].value == sum(int(str(rows[outcome].value)) for outcome in outcomes) == 2


def test_examples_are_the_interactions_of_this_run_and_partition(processed: World) -> None:
    key = processed.keys[0]
    table = processed.last("extracted_summaries", key).metadata["examples"]
    assert isinstance(table, dg.TableMetadataValue)
    shown = [record.data for record in table.records]
    there = processed.ask(
        "select interaction_id, posting_id, status, branch from interactions"
        f" where conversation_id = 3335 and partition_key = '{key}' order by 1"
    )
    found = [(r["interaction"], r["posting"], r["status"], r["branch"]) for r in shown]
    assert found == there
    assert len(found) == 2
    assert {r["whole story"] for r in shown} == {f"ty-pipeline trace {r['posting']}" for r in shown}


def test_the_query_shown_lists_every_interaction_of_the_run(processed: World) -> None:
    key = processed.keys[0]
    shown = str(processed.last("posting_skills", key).metadata["interactions"].value)
    query = shown.split('"')[1]
    assert f"partition_key = '{key}'" in query
    with psycopg.connect(processed.owner_url) as connection:
        found = connection.execute(query.encode()).fetchall()
    done = processed.ask(f"select count(*) from interactions where partition_key = '{key}'")
    assert len(found) == done[0][0] > 0


def test_the_link_leads_to_the_partition(processed: World) -> None:
    link = processed.last("postings", processed.keys[0]).metadata["partition"].value
    assert link == "/assets/postings?view=partitions&partition=2026-03-02%7Cadverts"


def test_nothing_in_dagster_holds_text_of_a_posting(processed: World, capfd: Any) -> None:
    assert processed.look_back().success
    entries = [
        serialize_value(record.event_log_entry)
        for run in processed.instance.get_runs()
        for record in processed.instance.get_records_for_run(run.run_id).records
    ]
    runs = [json.dumps([dict(r.tags), dict(r.run_config)]) for r in processed.instance.get_runs()]
    logged = "".join(capfd.readouterr())
    assert len(entries) > 100
    for text in [*entries, *runs, logged]:
        assert processed.planted not in text
        assert "Keeper" not in text
        assert "aquarium" not in text


def test_a_posting_that_fails_for_good_is_counted_and_fails_the_check(world: World) -> None:
    error = PermanentActorError("The server refused the request.", error_class="client_error")
    pipeline = failing(world, "extract_summary", "1", error)
    result = world.process(world.keys[0], pipeline=pipeline)
    assert result.success
    metadata = world.last("extracted_summaries", world.keys[0]).metadata
    assert (metadata["failed"].value, metadata["error client_error"].value) == (1, 1)
    table = metadata["examples"]
    assert isinstance(table, dg.TableMetadataValue)
    assert table.records[0].data["error"] == "client_error"
    (check,) = checks(result, "extracted_summaries")
    assert (check.passed, check.severity) == (False, dg.AssetCheckSeverity.ERROR)
    assert check.partition == world.keys[0]
    assert [one.passed for one in checks(result, "ihl_scores")] == [True]
    published = "select external_id from postings where extracted_summary is not null"
    assert world.ask(published) == [("job-2",)]


def test_work_that_cannot_be_done_yet_is_left_over_and_warned_of(world: World) -> None:
    world.process(world.keys[0])
    world.force(
        "update run_node_state set status = 'scheduled', branch = null,"
        " next_retry_at = now() + interval '1 hour'"
        " where conversation_id = 9202 and posting_id = (select min(posting_id) from postings)"
    )
    result = world.process(world.keys[0])
    assert result.success
    (check,) = checks(result, "ihl_scores")
    assert (check.passed, check.severity) == (False, dg.AssetCheckSeverity.WARN)
    metadata = world.last("ihl_scores", world.keys[0]).metadata
    assert (metadata["remaining"].value, metadata["scheduled in all"].value) == (1, 1)


def test_a_check_passes_in_each_partition_of_a_range_by_itself(processed: World) -> None:
    check = dg.AssetCheckKey(dg.AssetKey("ihl_scores"), CHECK)
    info = processed.instance.event_log_storage.get_asset_check_partition_info([check])
    passed = {one.partition_key: one.latest_execution_status.value for one in info}
    assert passed == dict.fromkeys(processed.keys, "SUCCEEDED")


def test_a_fetch_that_fails_stops_the_run_with_its_sentence(world: World) -> None:
    world.feed.unlink()
    result = world.process(world.keys[0])
    assert not result.success
    assert "adverts.jsonl cannot be read: No such file or directory" in sentence(result)
    assert result.get_asset_materialization_events() == []
    assert not world.instance.get_run_by_id(result.run_id).tags.get("dagster/will_retry")  # type: ignore[union-attr]


def test_a_source_without_a_feed_says_what_to_do(world: World) -> None:
    result = world.process("2026-03-02|handed_over")
    assert sentence(result) == (
        "2026-03-02|handed_over: The source handed_over has no feed of its own, and none was named"
        " for 2026-03-02 yet: run `ty-pipeline run --source handed_over --feed FILE"
        " --date 2026-03-02`."
    )


def test_one_bad_partition_of_a_range_does_not_stop_the_others(
    world: World, tmp_path: Path
) -> None:
    feed = tmp_path / "handed_over.jsonl"
    feed.write_text(json.dumps(world.advert(1, world.days[0])) + "\n")
    good, bad = "2026-03-02|handed_over", "2026-03-03|handed_over"
    assert run_partition(world.pipeline, split_key(good), feed, world.instance).success
    result = world.process(good, bad)
    assert result.success
    fetched = {one.partition: one for one in checks(result, "fetched_jobs")}
    assert fetched[good].passed
    assert not fetched[bad].passed
    assert "has no feed of its own" in str(fetched[bad].description)
    assert "has no feed" in str(world.last("fetched_jobs", bad).metadata["problem"].value)
    assert world.ask("select count(*) from postings where extracted_summary is not null") == [(1,)]


def test_the_version_of_one_partition_is_its_own_and_of_several_a_digest_of_theirs() -> None:
    assert data_version(["a"]) == "a"
    assert data_version(["a", "b"]) == data_version(["a", "b"])
    assert data_version(["a", "b"]) != data_version(["a", "c"])
