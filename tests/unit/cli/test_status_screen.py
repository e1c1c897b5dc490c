"""The screen of ``status``: figures that add up, and what to do next."""

from __future__ import annotations

import io
from typing import Any

import pytest
from rich.console import Console

from ty_pipeline.cli.status import as_dict, next_steps, render
from ty_pipeline.ledger.progress import (
    FailureCount,
    FetchProgress,
    NodeFigures,
    PartitionProgress,
    Progress,
    Scope,
    StepProgress,
)

FIELDS = ("coming", "owed", "running", "waiting_for_person", "done", "failed", "paused")
FETCH_FIELDS = tuple(FetchProgress.__dataclass_fields__)


def figures(**counts: int) -> NodeFigures:
    return NodeFigures(**(dict.fromkeys(FIELDS, 0) | counts))


def fetches(**counts: int) -> FetchProgress:
    return FetchProgress(**(dict.fromkeys(FETCH_FIELDS, 0) | counts))


def progress(**changes: Any) -> Progress:
    """A screen of one step, ``extract_summary``, unless told otherwise."""
    step = changes.pop("step", figures(done=3))
    values: dict[str, Any] = {
        "scope": Scope(),
        "postings": {"active": 3},
        "steps": (
            StepProgress(
                conversation_id=3335, canonical_name="extract_summary", round=0, figures=step
            ),
        ),
        "partitions": (PartitionProgress(partition_key="2026-01-05|sample", figures=step),),
        "fetches": fetches(completed=1, rows=3, new=3),
        "failures": (),
    }
    return Progress(**(values | changes))


def screen(shown: Progress, width: int = 80) -> str:
    console = Console(file=io.StringIO(), width=width, highlight=False, markup=False)
    for part in render(shown):
        console.print(part)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


@pytest.mark.parametrize(
    ("done", "reach", "percent"),
    [(1999, 2000, 99.9), (2000, 2000, 100.0), (1, 3, 33.3), (0, 7, 0.0)],
)
def test_a_share_is_rounded_down_so_that_100_means_all(
    done: int, reach: int, percent: float
) -> None:
    assert figures(done=done, owed=reach - done).percent_done == percent


def test_no_share_is_given_of_nothing() -> None:
    assert figures().percent_done is None


def test_rows_are_shown_as_a_sum_that_adds_up() -> None:
    shown = screen(
        progress(
            fetches=fetches(
                completed=1, rows=2946, new=1661, duplicate_in_fetch=1285, fields_set_aside=1566
            )
        )
    )
    assert (
        "rows      2,946 = 1,661 new + 0 changed\n"
        "          + 0 seen + 1,285 duplicate in fetch + 0 set aside\n"
    ) in shown
    assert "1,566 kept without a field that could not be read" in shown


def test_a_full_screen_fits_into_80_columns() -> None:
    wide = figures(
        coming=123_456,
        owed=9_999,
        running=256,
        waiting_for_person=12,
        done=99_999,
        failed=42,
        paused=7,
    )
    shown = screen(progress(step=wide))
    assert max(map(len, shown.splitlines())) <= 80
    assert "…" not in shown


def test_partitions_are_listed_only_where_there_are_several() -> None:
    assert "2026-01-05|sample" not in screen(progress())
    two = tuple(
        PartitionProgress(partition_key=f"2026-01-0{day}|sample", figures=figures(owed=day))
        for day in (6, 5)
    )
    assert "2026-01-06|sample" in screen(progress(partitions=two))


def test_the_unfinished_of_many_partitions_are_shown_and_the_rest_counted() -> None:
    many = tuple(
        PartitionProgress(
            partition_key=f"2026-01-{day:02}|sample", figures=figures(done=1, owed=int(day == 2))
        )
        for day in range(20, 0, -1)
    )
    shown = screen(progress(partitions=many))
    assert "2026-01-02|sample" in shown
    assert "... and 14 more partitions" in shown


def test_nothing_fetched_says_how_to_begin() -> None:
    empty = progress(steps=(), partitions=(), postings={}, fetches=fetches())
    assert list(next_steps(empty)) == ["nothing was fetched yet: ty-pipeline run --source sample"]


def test_an_empty_partition_says_how_to_fetch_it() -> None:
    empty = progress(
        scope=Scope(partition_key="2026-01-06|nyc_jobs"), steps=(), partitions=(), fetches=fetches()
    )
    (sentence,) = next_steps(empty)
    assert sentence.endswith("ty-pipeline run --source nyc_jobs --date 2026-01-06")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"step": figures(owed=2)},
            "2 are owed: ty-pipeline run --source sample --date 2026-01-05",
        ),
        ({"step": figures(running=1)}, "1 are being worked on: look again"),
        ({"step": figures(paused=4)}, "4 are paused by an operator"),
        ({"step": figures(done=4)}, "nothing is owed: all of it is done"),
        (
            {"fetches": fetches(rows=2, to_promote=2)},
            "fetched rows wait to become postings: ty-pipeline run --source sample",
        ),
    ],
)
def test_the_next_step_follows_from_the_figures(changes: dict[str, Any], sentence: str) -> None:
    assert sentence in list(next_steps(progress(**changes)))


def test_failures_come_first_with_one_to_look_at() -> None:
    failure = FailureCount(
        canonical_name="grade_a", error_class="schema", will_retry=False, nodes=3,
        example_posting_id=17,
    )  # fmt: skip
    shown = progress(step=figures(failed=3, owed=1), failures=(failure,))
    assert next(iter(next_steps(shown))) == "3 failed for good: ty-pipeline trace 17"
    assert "3 grade_a: schema, for good, e.g. 17" in screen(shown)


def test_scripts_get_the_same_figures_with_sums_and_shares() -> None:
    given = as_dict(progress(step=figures(done=1, owed=1)))
    assert given["steps"][0]["step"] == "extract_summary"
    assert (given["steps"][0]["can_reach"], given["steps"][0]["percent_done"]) == (2, 50.0)
    assert given["fetches"]["rows"] == 3
    assert given["next"]
