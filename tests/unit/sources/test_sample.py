"""The source ``sample``: its pages, its rows, and what changes from day to day.

What belongs here: how ``sample.py`` lists. What does not: the postings themselves
(``test_sample_postings.py``), the shapes of the boards (``test_board_shapes.py``).
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from ty_pipeline.errors import FeedUnreadable, UsageError
from ty_pipeline.sources.row import (
    DuplicateRow,
    FetchRequest,
    JobRow,
    Page,
    ParsedRow,
    SetAside,
    Source,
)
from ty_pipeline.sources.sample import SAMPLE_DATA, SAMPLE_DATES, SampleSource

DAY_1, DAY_2, DAY_3 = SAMPLE_DATES


def pages_on(day: date, feed: Path | None = None) -> list[Page]:
    return list(SampleSource().pages(FetchRequest(date=day, feed=feed)))


@cache
def rows_on(day: date) -> tuple[ParsedRow, ...]:
    return tuple(row for page in pages_on(day) for row in SampleSource().rows(page))


@cache
def jobs_on(day: date) -> Mapping[str, JobRow]:
    return {row.external_id: row for row in rows_on(day) if isinstance(row, JobRow)}


@cache
def jobs() -> Mapping[str, JobRow]:
    """Every posting of the three days, as first listed."""
    return {**jobs_on(DAY_3), **jobs_on(DAY_2), **jobs_on(DAY_1)}


def file_text(name: str) -> str:
    return (SAMPLE_DATA / name).read_text(encoding="utf-8")


def texts_in(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case Mapping():
            for key, item in value.items():
                yield key
                yield from texts_in(item)
        case list() | tuple():
            for item in value:
                yield from texts_in(item)


def texts_of(row: ParsedRow) -> Iterator[str]:
    yield from texts_in(row.raw)
    match row:
        case JobRow():
            yield from (row.external_id, row.title, row.company, row.description or "")
            yield from (*row.locations, row.url or "")
        case DuplicateRow():
            yield row.external_id
        case SetAside():
            yield row.reason


def test_the_sample_is_a_source() -> None:
    source: Source = SampleSource()
    assert (source.source_id, source.label) == ("sample", "Sample postings")
    assert re.fullmatch("[a-z][a-z0-9_]*", source.source_id)


# The rows


@pytest.mark.parametrize("day", SAMPLE_DATES)
def test_every_row_is_counted_once_and_numbered_without_a_gap(day: date) -> None:
    assert [row.row_number for row in rows_on(day)] == list(range(1, len(rows_on(day)) + 1))


@pytest.mark.parametrize("day", SAMPLE_DATES)
def test_ids_are_unique_on_every_day(day: date) -> None:
    listed = [row.external_id for row in rows_on(day) if isinstance(row, JobRow)]
    assert len(listed) == len(set(listed))
    assert all(re.fullmatch(r"gh-4\d{3}|wd-R-10\d{3}|ps-\d{3}", key) for key in listed)


@pytest.mark.parametrize("day", SAMPLE_DATES)
def test_every_row_can_be_stored_as_text_and_jsonb(day: date) -> None:
    for row in rows_on(day):
        assert json.loads(json.dumps(row.raw, allow_nan=False)) == row.raw
        for text in texts_of(row):
            assert "\0" not in text
            assert text.encode("utf-8").decode("utf-8") == text


@pytest.mark.parametrize("day", SAMPLE_DATES)
def test_one_record_without_an_id_is_set_aside_with_a_sentence_without_its_text(day: date) -> None:
    (broken,) = [row for row in rows_on(day) if isinstance(row, SetAside)]
    assert broken.reason.startswith(f"Row {broken.row_number} of the Greenhouse answer has no id")
    assert broken.raw["title"] == "Analytics Engineer (draft)"
    assert "draft" not in broken.reason


@pytest.mark.parametrize("day", SAMPLE_DATES)
def test_a_requisition_listed_on_two_sites_counts_once(day: date) -> None:
    (twice,) = [row for row in rows_on(day) if isinstance(row, DuplicateRow)]
    assert twice.external_id == "wd-R-10203"
    assert twice.preferred_row_number == jobs_on(day)["wd-R-10203"].row_number
    assert twice.raw["listing"]["externalPath"].endswith("_R-10203-1")


def test_every_posting_has_title_company_location_date_and_raw() -> None:
    for key, row in jobs().items():
        assert row.title and row.company and row.locations and row.raw, key
        assert (row.posted_on is None) == (key == "ps-788")


# The pages


def test_pages_have_addresses_numbers_and_at_most_twenty_rows_for_workday() -> None:
    found = [(page.number, page.url, page.content_type) for page in pages_on(DAY_1)]
    assert found == [
        (1, "sample://greenhouse?page=1&row=1", "application/json"),
        (2, "sample://workday?page=1&row=31", "application/json"),
        (3, "sample://workday?page=2&row=51", "application/json"),
        (4, "sample://personio?page=1&row=65", "text/xml"),
    ]


def test_workday_tells_its_total_on_its_first_page_only() -> None:
    bodies = [json.loads(page.body) for page in pages_on(DAY_1) if "workday" in page.url]
    assert [body["total"] for body in bodies] == [34, 0]
    assert [len(body["jobPostings"]) for body in bodies] == [20, 14]


def test_personio_keeps_its_cdata_sections() -> None:
    assert pages_on(DAY_1)[-1].body.count(b"<![CDATA[") > 100


def test_pages_and_rows_are_the_same_every_time() -> None:
    assert pages_on(DAY_2) == pages_on(DAY_2)
    for page in pages_on(DAY_2):
        assert list(SampleSource().rows(page)) == list(SampleSource().rows(page))


@pytest.mark.parametrize(
    "url",
    [
        "file:///greenhouse?row=1",
        "sample://lever?row=1",
        "sample://workday",
        "sample://workday?row=x",
    ],
)
def test_a_page_of_another_source_is_refused(url: str) -> None:
    page = Page(number=1, body=b"{}", url=url, http_status=None, content_type="application/json")
    with pytest.raises(UsageError, match="none of the source sample"):
        SampleSource().rows(page)


# The days


def test_the_days_are_three_and_the_default_feed_declares_them() -> None:
    source = SampleSource()
    feed = source.default_feed()
    assert feed == SAMPLE_DATA
    assert source.feed_dates(SAMPLE_DATA) == [date(2026, 1, 5), date(2026, 1, 6), date(2026, 1, 7)]
    assert pages_on(DAY_3, feed) == pages_on(DAY_3)


def test_day_two_lists_all_again_and_six_new_ones() -> None:
    assert not jobs_on(DAY_1).keys() - jobs_on(DAY_2).keys()
    assert len(jobs_on(DAY_2).keys() - jobs_on(DAY_1).keys()) == 6


def test_day_two_changes_three_texts_and_one_location_and_nothing_else() -> None:
    before, after = jobs_on(DAY_1), jobs_on(DAY_2)
    changed = {k for k in before if before[k].description != after[k].description}
    moved = {k for k in before if before[k].locations != after[k].locations}
    assert (changed, moved) == ({"gh-4003", "wd-R-10231", "ps-790"}, {"gh-4015"})
    assert {k for k in before if before[k].raw != after[k].raw} == changed | moved
    assert after["gh-4015"].locations == ("York, UK", "Harrogate, UK")


def test_day_three_lists_four_new_ones_drops_two_and_changes_none() -> None:
    before, after = jobs_on(DAY_2), jobs_on(DAY_3)
    assert len(after.keys() - before.keys()) == 4
    assert before.keys() - after.keys() == {"gh-4009", "ps-787"}
    assert all(before[key].raw == after[key].raw for key in before.keys() & after.keys())


def test_a_date_before_the_first_is_a_complete_and_empty_listing() -> None:
    pages = pages_on(date(2026, 1, 4))
    assert [page.url.partition("?")[0] for page in pages] == [
        "sample://greenhouse",
        "sample://workday",
        "sample://personio",
    ]
    assert [row for page in pages for row in SampleSource().rows(page)] == []


def test_a_date_after_the_last_lists_what_the_last_day_lists() -> None:
    assert pages_on(date(2027, 5, 1)) == pages_on(DAY_3)


# Damage


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SAMPLE_DATA, tmp_path / "sample"))


@pytest.mark.parametrize(
    "name", ["greenhouse.json", "workday.json", "personio.xml", "day_2.json", "day_3.json"]
)
def test_a_missing_or_damaged_file_is_named(copy: Path, name: str) -> None:
    (copy / name).write_text("{}")
    with pytest.raises(FeedUnreadable, match=rf"{name} is not in the form"):
        pages_on(DAY_3, copy)
    (copy / name).unlink()
    with pytest.raises(FeedUnreadable, match=rf"{name} cannot be read"):
        pages_on(DAY_3, copy)


def test_an_edit_that_no_longer_fits_is_refused(copy: Path) -> None:
    overlay = json.loads((copy / "day_3.json").read_text())
    overlay["edits"] = [{"id": "gh-4001", "old": "nowhere in it", "new": "x"}]
    (copy / "day_3.json").write_text(json.dumps(overlay))
    assert pages_on(DAY_2, copy) == pages_on(DAY_2)
    with pytest.raises(FeedUnreadable, match="gh-4001 does not find its old text exactly once"):
        pages_on(DAY_3, copy)


def test_overlays_name_only_postings_that_exist() -> None:
    for name in ("day_2.json", "day_3.json"):
        overlay = json.loads(file_text(name))
        named = [*overlay["listed"], *overlay["unlisted"], *(e["id"] for e in overlay["edits"])]
        assert named
        assert set(named) <= jobs().keys()
