"""A feed in a file as a source: CSV, JSON or JSONL, plain or .gz, by a column mapping.

What belongs here: rows into pages, pages into rows. What does not: reading the file
(``records.py``), the meaning of one row (``mapped_row.py``) and of several (``repeats.py``).

A page is JSON lines, one for each row, with what only the whole feed could tell: the row's number,
and the row that stands for its posting. So a stored page says all that its rows need.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote

from ty_pipeline.errors import FeedUnreadable
from ty_pipeline.sources.mapped_row import (
    date_in,
    defect,
    external_id,
    fields_set_aside,
    mapped_row,
)
from ty_pipeline.sources.mapping import ColumnMapping
from ty_pipeline.sources.record import BrokenRecord, Record
from ty_pipeline.sources.records import read_records
from ty_pipeline.sources.repeats import Placing, placing
from ty_pipeline.sources.row import DuplicateRow, FetchRequest, Page, ParsedRow, SetAside
from ty_pipeline.sources.text import json_safe

CONTENT_TYPE = "application/x-ndjson"

_PAGE_ROWS = 500
_PAGE_BYTES = 4_000_000  # a page ends early here, so that large rows do not make memory grow


@dataclass(frozen=True, kw_only=True, slots=True)
class FileSource:
    """A source whose postings are in a file."""

    mapping: ColumnMapping  # which column is which field
    feed: Path | None = None  # the file read where a request names none

    @property
    def source_id(self) -> str:
        """As ``Source``."""
        return self.mapping.source_id

    @property
    def label(self) -> str:
        """As ``Source``."""
        return self.mapping.label

    @property
    def timezone(self) -> str:
        """As ``Source``."""
        return self.mapping.timezone

    def default_feed(self) -> Path | None:
        """As ``Source``."""
        return self.feed

    def pages(self, request: FetchRequest) -> Iterator[Page]:
        """As ``Source``; a page holds up to 500 rows.

        Where the mapping prefers or orders rows of one id, the file is read twice.
        """
        feed = request.feed or self.feed
        if feed is None:
            raise FeedUnreadable(
                f"The source {self.source_id} has no feed of its own; name a file."
            )
        for number, body in enumerate(_bodies(self._lines(feed, request.date)), start=1):
            yield Page(
                number=number,
                body=body,
                url=f"file:///{quote(feed.name)}",
                http_status=None,
                content_type=CONTENT_TYPE,
            )

    def rows(self, page: Page) -> Iterator[ParsedRow]:
        """As ``Source``."""
        for line in page.body.splitlines():
            yield self._parsed(json.loads(line))

    def feed_dates(self, feed: Path) -> list[date]:
        """As ``Source``."""
        dated = self.mapping.partition_date
        if dated is None:
            return []
        records = (r for r in read_records(feed, self.mapping) if isinstance(r, Record))
        found = {date_in(record.values, dated, self.mapping) for record in records}
        return sorted(day for day in found if day)

    def _lines(self, feed: Path, day: date) -> Iterator[bytes]:
        before = _identity(feed)
        place = placing(self.mapping, lambda: self._candidates(feed, day))
        if _identity(feed) != before:
            raise FeedUnreadable(f"{feed} was changed while it was read; run the fetch again.")
        for record in self._of_day(feed, day):
            yield self._line(record, place)

    def _candidates(self, feed: Path, day: date) -> Iterator[Record]:
        """The rows that can be postings; where the feed ends early, those before."""
        try:
            for record in self._of_day(feed, day):
                if isinstance(record, Record) and not defect(record.values, self.mapping):
                    yield record
        except FeedUnreadable:
            return  # the second reading comes to the same place, and says so after the good rows

    def _of_day(self, feed: Path, day: date) -> Iterator[Record | BrokenRecord]:
        """The rows of one partition, and those that say of no partition that they belong to it."""
        dated = self.mapping.partition_date
        for record in read_records(feed, self.mapping):
            if dated is None or isinstance(record, BrokenRecord):
                yield record
                continue
            found = date_in(record.values, dated, self.mapping)
            if found is None:
                reason = f'The row belongs to no date ("{dated.column}" holds none).'
                yield BrokenRecord(number=record.number, reason=reason, values=record.values)
            elif found == day:
                yield record

    def _line(self, record: Record | BrokenRecord, place: Placing) -> bytes:
        if isinstance(record, BrokenRecord):
            return _json_line(row=record.number, set_aside=record.reason, raw=record.values)
        if defect(record.values, self.mapping):
            return _json_line(row=record.number, raw=record.values)
        placed = place(record)
        if placed.duplicate_of:
            number, stands_for = record.number, placed.duplicate_of
            return _json_line(row=number, duplicate_of=stands_for, raw=record.values)
        return _json_line(row=placed.row_number, raw=record.values)

    def _parsed(self, line: dict[str, Any]) -> ParsedRow:
        match line:
            case {"set_aside": reason, "row": number, "raw": raw}:
                return SetAside(row_number=number, reason=reason, raw=json_safe(raw))
            case {"duplicate_of": preferred, "row": number, "raw": raw}:
                return DuplicateRow(
                    row_number=number,
                    external_id=external_id(raw, self.mapping),
                    preferred_row_number=preferred,
                    raw=json_safe(raw),
                    fields_set_aside=fields_set_aside(raw, self.mapping),
                )
            case _:
                return mapped_row(line["raw"], line["row"], self.mapping)


def _json_line(**content: Any) -> bytes:
    # ASCII, so that lone surrogates and NUL are kept as the escapes that they came as
    return json.dumps(content).encode("ascii") + b"\n"


def _bodies(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Put lines on pages; where the feed ends early, the last page comes before the error."""
    page: list[bytes] = []
    size = 0
    end: FeedUnreadable | None = None
    try:
        for line in lines:
            if page and (len(page) == _PAGE_ROWS or size + len(line) > _PAGE_BYTES):
                yield b"".join(page)
                page, size = [], 0
            page.append(line)
            size += len(line)
    except FeedUnreadable as error:
        end = error
    if page:
        yield b"".join(page)
    if end:
        raise end


def _identity(feed: Path) -> tuple[int, int, int] | None:
    try:
        found = feed.stat()
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns
