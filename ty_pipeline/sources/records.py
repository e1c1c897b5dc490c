"""Reading a feed in the form its mapping declares, as one stream of rows.

What belongs here: choosing the reader, and checking that the feed has the mapped columns. What
does not: the forms themselves (``csv_records.py``, ``json_records.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import assert_never

from ty_pipeline.errors import FeedUnreadable, MappingError
from ty_pipeline.sources.csv_records import csv_header, csv_records
from ty_pipeline.sources.feed_text import lines, read_text
from ty_pipeline.sources.json_records import json_array_records, json_line_records
from ty_pipeline.sources.mapping import ColumnMapping
from ty_pipeline.sources.record import BrokenRecord, Record, has_column

# JSON rows may leave out what is empty; a column that none of so many rows has is misspelt.
_ROWS_CHECKED = 500


def read_records(feed: Path, mapping: ColumnMapping) -> Iterator[Record | BrokenRecord]:
    """Read every row of ``feed``, in its order.

    Raises:
        FeedUnreadable: the feed is missing, empty or ends early; rows before that were yielded.
        MappingError: the feed lacks a mapped column.
    """
    texts = read_text(feed, mapping.encoding)
    match mapping.format:
        case "csv":
            rows = lines(texts)
            header = csv_header(rows, mapping.delimiter, feed)
            _check(mapping, feed, header, header.__contains__)
            yield from csv_records(rows, header, mapping.delimiter)
        case "jsonl":
            yield from _checked(json_line_records(lines(texts)), mapping, feed)
        case "json":
            yield from _checked(json_array_records(texts, mapping.record_path, feed), mapping, feed)
        case _:
            assert_never(mapping.format)


def _checked(
    records: Iterator[Record | BrokenRecord], mapping: ColumnMapping, feed: Path
) -> Iterator[Record | BrokenRecord]:
    """The same rows; the first ones are looked at together before any is passed on."""
    first: list[Record | BrokenRecord] = []
    end: FeedUnreadable | None = None
    try:
        first.extend(islice(records, _ROWS_CHECKED))
    except FeedUnreadable as error:
        end = error
    if values := [record.values for record in first if isinstance(record, Record)]:
        found = dict.fromkeys(chain.from_iterable(values))
        _check(mapping, feed, found, lambda name: any(has_column(row, name) for row in values))
    yield from first
    if end:
        raise end
    yield from records


def _check(
    mapping: ColumnMapping, feed: Path, found: Iterable[str], has: Callable[[str], bool]
) -> None:
    for key, column in mapping.columns_by_key():
        if not has(column):
            raise MappingError(
                f'The mapping {mapping.source_id} names the column "{column}" ({key}), which {feed}'
                f" does not have; it has: {', '.join(islice(found, 60))}."
            )
