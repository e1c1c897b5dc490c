"""The figures of one screen, and that they are read through indexes."""

from __future__ import annotations

import pytest

from tests.ledger_driver import Driver
from ty_pipeline.database.connect import connected
from ty_pipeline.errors import UsageError
from ty_pipeline.ledger.progress import Progress, Scope, read_progress, read_source_ids


def of_partition(driver: Driver, day: str = "2026-01-05") -> Progress:
    return read_progress(driver.pipeline, Scope(partition_key=driver.partition(day)))


def of_source(driver: Driver) -> Progress:
    return read_progress(driver.pipeline, Scope(source_id=driver.source))


def test_a_partition_nobody_fetched_shows_nothing(ledger: Driver) -> None:
    progress = of_partition(ledger)
    assert (progress.postings, progress.steps, progress.failures) == ({}, (), ())
    assert (progress.fetches.rows, progress.figures.can_reach) == (0, 0)
    assert progress.figures.percent_done is None


def test_a_finished_partition_shows_all_done(ledger: Driver) -> None:
    ledger.fetch(ledger.job("j1"), ledger.job("j2", description=None))
    ledger.run()
    progress = of_partition(ledger)
    assert progress.postings == {"active": 1, "no_description": 1}
    assert (progress.fetches.completed, progress.fetches.rows, progress.fetches.new) == (1, 2, 2)
    assert {step.figures.percent_done for step in progress.steps} == {100.0}
    assert progress.figures.done == 13


def test_steps_are_in_execution_order(ledger: Driver) -> None:
    ledger.fetch()
    names = [step.canonical_name for step in of_partition(ledger).steps]
    assert names[0] == "validate_description"
    assert names[-1] == "save_ihl"
    assert names.index("grade_b") < names.index("improve_summary") < names.index("format_summary")


def test_a_source_adds_its_partitions_up_and_lists_them_newest_first(ledger: Driver) -> None:
    ledger.fetch(ledger.job("j1"))
    ledger.fetch(ledger.job("j1"), ledger.job("j2"), ledger.job("j3"), day="2026-01-06")
    ledger.run(until="extract_summary")
    progress = of_source(ledger)
    validate = progress.steps[0].figures
    assert (validate.done, validate.owed) == (1, 2)
    assert [p.partition_key for p in progress.partitions] == [
        ledger.partition("2026-01-06"),
        ledger.partition(),
    ]
    assert progress.partitions[0].figures.owed == 2
    assert (progress.fetches.completed, progress.fetches.rows, progress.fetches.seen) == (2, 4, 1)
    assert progress.postings == {"active": 3}


def test_everything_holds_every_source(own_ledger: Driver) -> None:
    own_ledger.fetch()
    everything = read_progress(own_ledger.pipeline, Scope())
    assert everything.figures == of_source(own_ledger).figures
    assert everything.postings == {"active": 1}
    assert read_source_ids(own_ledger.pipeline) == [own_ledger.source]


def test_failures_are_counted_by_class_with_an_example(ledger: Driver) -> None:
    ledger.fetch(ledger.job("j1"), ledger.job("j2"), ledger.job("j3"))
    ledger.run(until="ihl_analyst")
    calls = ledger.claim("ihl_analyst").calls
    ledger.fail(calls[:2], "schema")
    ledger.fail(calls[2:], "network", after=60)
    for_good, again = of_partition(ledger).failures
    assert (for_good.error_class, for_good.nodes, for_good.will_retry) == ("schema", 2, False)
    assert for_good.example_posting_id == min(call.posting_id for call in calls[:2])
    assert (again.error_class, again.nodes, again.will_retry) == ("network", 1, True)


def test_a_partition_and_a_source_together_make_no_scope() -> None:
    with pytest.raises(UsageError, match="not for both"):
        Scope(partition_key="2026-01-05|sample", source_id="sample")


@pytest.mark.parametrize("view", ["step_progress", "failed_work"])
def test_one_partition_is_read_through_its_index(
    ledger: Driver, shared_url: str, view: str
) -> None:
    with connected(shared_url) as connection:
        connection.execute("set enable_seqscan = off")  # what a large table makes the planner do
        plan = connection.execute(
            f"explain select * from {view} where partition_key = %s", (ledger.partition(),)
        ).fetchall()
    text = "\n".join(row[0] for row in plan)
    assert "nodes_by_partition" in text
    assert "Seq Scan on run_node_state" not in text
    assert text.count("partition_key = ") >= 1
