"""The shipped mapping ``postings_history`` on 408 versions of 390 real postings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from ty_pipeline.sources.registry import load_sources
from ty_pipeline.sources.row import FetchRequest, JobRow, Source

FEED = Path(__file__).parents[3] / ".." / "shared" / "data" / "postings_history.jsonl.gz"

Sightings = dict[str, list[tuple[date, int, JobRow]]]


@pytest.fixture(scope="module")
def source() -> Source:
    return load_sources(None)["postings_history"]


@pytest.fixture(scope="module")
def sightings(source: Source) -> Sightings:
    """The rows of each posting over all partitions, oldest first by (date, row number)."""
    found = defaultdict(list)
    for day in source.feed_dates(FEED):
        for page in source.pages(FetchRequest(date=day, feed=FEED)):
            for row in source.rows(page):
                assert isinstance(row, JobRow)
                found[row.external_id].append((day, row.row_number, row))
    return {posting: sorted(rows, key=lambda seen: seen[:2]) for posting, rows in found.items()}


def test_there_is_one_partition_for_each_day_of_last_seen(source: Source) -> None:
    assert source.feed_dates(FEED) == [date(2026, 8, day) for day in range(14, 22)]


def test_408_versions_of_390_postings_are_all_read_once(sightings: Sightings) -> None:
    assert len(sightings) == 390
    rows = [row.row_number for seen in sightings.values() for _, _, row in seen]
    assert sorted(rows) == list(range(1, 409))


def raw_text(row: JobRow) -> str:
    return str(row.raw["description"])


def cleaned_text(row: JobRow) -> str:
    return row.description or ""


@pytest.mark.parametrize("text", [raw_text, cleaned_text])
def test_16_postings_changed_their_text_in_17_changes_cleaned_as_raw(
    sightings: Sightings, text: Callable[[JobRow], str]
) -> None:
    changes = [
        posting
        for posting, seen in sightings.items()
        for (_, _, before), (_, _, after) in pairwise(seen)
        if text(before) != text(after)
    ]
    assert len(changes) == 17
    assert len(set(changes)) == 16


def test_only_those_have_more_than_one_content(sightings: Sightings) -> None:
    contents = {
        posting: {(row.title, row.locations, row.description) for _, _, row in seen}
        for posting, seen in sightings.items()
    }
    assert sum(len(content) > 1 for content in contents.values()) == 16


def test_versions_of_one_day_are_numbered_by_age(sightings: Sightings) -> None:
    for seen in sightings.values():
        times = [row.raw["last_seen"] for _, _, row in seen]
        assert times == sorted(times)
