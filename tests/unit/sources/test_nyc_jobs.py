"""The shipped mapping ``nyc_jobs`` on the whole of NYC Open Data's "NYC Jobs"."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ty_pipeline.sources.file import FileSource
from ty_pipeline.sources.mapping import ColumnMapping
from ty_pipeline.sources.record import Record
from ty_pipeline.sources.records import read_records
from ty_pipeline.sources.registry import load_sources
from ty_pipeline.sources.row import DuplicateRow, FetchRequest, JobRow, ParsedRow
from ty_pipeline.sources.text import clean_description

FEED = Path(__file__).parents[3] / ".." / "shared" / "data" / "nyc_jobs.csv.gz"


def mapping() -> ColumnMapping:
    source = load_sources(None)["nyc_jobs"]
    assert isinstance(source, FileSource)
    return source.mapping


@pytest.fixture(scope="module")
def rows() -> list[ParsedRow]:
    source = load_sources(None)["nyc_jobs"]
    request = FetchRequest(date=date(2026, 1, 5), feed=FEED)
    return [row for page in source.pages(request) for row in source.rows(page)]


def raw_rows() -> Iterator[Any]:
    for record in read_records(FEED, mapping()):
        assert isinstance(record, Record)
        yield record.values


def by_id() -> dict[str, list[Any]]:
    found = defaultdict(list)
    for row in raw_rows():
        found[row["Job ID"]].append(row)
    return found


def test_2946_rows_are_1661_postings_and_the_rest_duplicates(rows: list[ParsedRow]) -> None:
    postings = [row for row in rows if isinstance(row, JobRow)]
    duplicates = [row for row in rows if isinstance(row, DuplicateRow)]
    assert (len(rows), len(postings), len(duplicates)) == (2946, 1661, 1285)
    assert [row.row_number for row in rows] == list(range(1, 2947))
    preferred = {row.row_number: row.external_id for row in postings}
    assert len(set(preferred.values())) == 1661
    assert all(preferred[row.preferred_row_number] == row.external_id for row in duplicates)


def test_external_comes_before_internal_then_the_latest_update(rows: list[ParsedRow]) -> None:
    postings = {row.external_id: row for row in rows if isinstance(row, JobRow)}
    for posting, listed in by_id().items():
        external = [row for row in listed if row["Posting Type"] == "External"]
        candidates = external or listed
        assert postings[posting].raw in candidates
        updates = [
            row["Posting Updated"] for row in candidates if row["Posting Updated"][:2] == "20"
        ]
        if updates:
            assert postings[posting].raw["Posting Updated"] == max(updates)


def test_6_ids_differ_in_a_field_other_than_the_description() -> None:
    not_compared = ("Job Description", "Posting Type")
    differing = [
        posting
        for posting, listed in by_id().items()
        if any(
            len({row[column] for row in listed}) > 1
            for column in listed[0]
            if column not in not_compared
        )
    ]
    assert len(differing) == 6


def test_102_ids_share_their_job_description_with_another() -> None:
    ids = defaultdict(set)
    for row in raw_rows():
        ids[row["Job Description"]].add(row["Job ID"])
    assert sum(len(shared) for shared in ids.values() if len(shared) > 1) == 102


def test_2272_job_descriptions_hold_mojibake_and_none_after_cleaning() -> None:
    broken = [
        row["Job Description"] for row in raw_rows() if "\xe2\u20ac" in row["Job Description"]
    ]
    assert len(broken) == 2272
    assert not any("\xe2\u20ac" in clean_description(text) for text in broken)


def test_no_posting_holds_mojibake(rows: list[ParsedRow]) -> None:
    for row in rows:
        if isinstance(row, JobRow):
            assert "\xe2\u20ac" not in f"{row.title} {row.company} {row.description}"


def test_1566_rows_have_no_posting_date_and_are_kept_with_that_field_set_aside(
    rows: list[ParsedRow],
) -> None:
    set_aside = [
        row.fields_set_aside["posted_on"]
        for row in rows
        if isinstance(row, JobRow | DuplicateRow) and row.fields_set_aside
    ]
    assert len(set_aside) == 1566
    assert set_aside.count('"Posting Date" holds something else than a date.') == 1049
    assert set_aside.count('"Posting Date" is empty.') == 517
    postings = [row for row in rows if isinstance(row, JobRow)]
    assert sum(row.posted_on is None for row in postings) == 895
    assert all((row.posted_on is None) == ("posted_on" in row.fields_set_aside) for row in postings)


def test_qualifications_split_upstream_are_one_text_again(rows: list[ParsedRow]) -> None:
    row = next(row for row in rows if isinstance(row, JobRow) and row.external_id == "87990")
    assert row.description is not None
    _, heading, qualifications = row.description.partition("\n\nMinimum qualifications:\n")
    assert heading
    assert '"" above. However, all candidates must have at least one year' in qualifications
    assert "Preferred skills:" not in qualifications


def test_every_posting_is_long_enough_and_named(rows: list[ParsedRow]) -> None:
    for row in rows:
        if isinstance(row, JobRow):
            assert row.title
            assert row.company
            assert len(row.locations) == 1
            assert len(row.description or "") >= 100
