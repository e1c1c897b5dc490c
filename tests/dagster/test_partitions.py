"""Partitions: which there are, and how their keys read."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ty_pipeline.errors import UsageError
from ty_pipeline.partitions import (
    FIRST_DATE,
    TIMEZONE,
    Partition,
    build_partitions,
    check_exists,
    split_key,
)

SOURCES = ("sample", "deutsche_bank")


def test_a_key_is_the_date_and_the_source() -> None:
    assert Partition(day=date(2026, 1, 5), source_id="sample").key == "2026-01-05|sample"


@given(day=st.dates(), source_id=st.from_regex(r"[a-z][a-z0-9_]*", fullmatch=True))
def test_a_key_splits_into_what_it_was_made_of(day: date, source_id: str) -> None:
    partition = Partition(day=day, source_id=source_id)
    assert split_key(partition.key) == partition


def test_a_key_that_is_none_is_refused_with_an_example() -> None:
    with pytest.raises(UsageError, match=r"is no partition: write it as 2026-01-05\|sample"):
        split_key("sample|2026-01-05")


def test_dates_go_from_the_first_to_today() -> None:
    partitions = build_partitions(SOURCES)
    today = datetime.now(ZoneInfo(TIMEZONE)).date()
    days = (FIRST_DATE - timedelta(days=1), FIRST_DATE, today, today + timedelta(days=1))
    exist = [partitions.has_partition_key(Partition(day=d, source_id="sample").key) for d in days]
    assert exist == [False, True, True, False]


def test_partitions_of_every_source_exist() -> None:
    partitions = build_partitions(SOURCES)
    keys = [Partition(day=FIRST_DATE, source_id=source).key for source in (*SOURCES, "unknown")]
    assert [partitions.has_partition_key(key) for key in keys] == [True, True, False]


def test_a_partition_that_is_not_there_is_named_with_those_that_are() -> None:
    partitions = build_partitions(SOURCES)
    check_exists(partitions, Partition(day=FIRST_DATE, source_id="sample"))
    with pytest.raises(
        UsageError, match=r"no partition 2020-01-01\|sample: sources are deutsche_bank"
    ):
        check_exists(partitions, Partition(day=date(2020, 1, 1), source_id="sample"))
