"""Several rows of one posting in one fetch: which row stands for it.

What belongs here: the three rules (the first row, the preferred row, every row as a version) and
what they must remember. What does not: what a row means by itself (``mapped_row.py``).

A rule that looks at all rows before any is passed on remembers one small entry for each id.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from ty_pipeline.sources.dates import read_instant
from ty_pipeline.sources.mapped_row import external_id
from ty_pipeline.sources.mapping import ColumnMapping, DateColumn, Preference
from ty_pipeline.sources.record import Record, value_at

Rank = tuple[float, ...]  # compared; the lowest is preferred


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """What a row is among the rows of its posting."""

    row_number: int  # the number it goes by in the fetch
    duplicate_of: int | None = None  # the row that stands for the posting, if not this one


Placing = Callable[[Record], Place]


def placing(mapping: ColumnMapping, rows: Callable[[], Iterable[Record]]) -> Placing:
    """The rule of ``mapping``; ``rows`` reads the rows of the fetch that can be postings.

    Rows are then placed in the order of the feed, each once.
    """
    if mapping.prefer:
        return _preferred(mapping, rows())
    if mapping.versions:
        return _versions(mapping, mapping.versions, rows())
    return _first(mapping)


def _first(mapping: ColumnMapping) -> Placing:
    seen: dict[str, int] = {}

    def place(record: Record) -> Place:
        return _placed(record, seen.setdefault(external_id(record.values, mapping), record.number))

    return place


def _preferred(mapping: ColumnMapping, rows: Iterable[Record]) -> Placing:
    best: dict[str, tuple[Rank, int]] = {}
    for record in rows:
        posting = external_id(record.values, mapping)
        candidate = (_rank(record, mapping), record.number)
        best[posting] = min(best.get(posting, candidate), candidate)
    chosen = {posting: number for posting, (_, number) in best.items()}

    def place(record: Record) -> Place:
        posting = external_id(record.values, mapping)
        return _placed(record, chosen.get(posting, record.number))

    return place


def _placed(record: Record, chosen: int) -> Place:
    duplicate_of = None if chosen == record.number else chosen
    return Place(row_number=record.number, duplicate_of=duplicate_of)


def _rank(record: Record, mapping: ColumnMapping) -> Rank:
    return tuple(_rank_by(rule, record, mapping) for rule in mapping.prefer)


def _rank_by(rule: Preference, record: Record, mapping: ColumnMapping) -> float:
    value = _written(record, rule.column)
    if rule.latest is None:
        return 0 if value == rule.equals else 1
    instant = read_instant(value, rule.latest, mapping.zone)
    return -instant.timestamp() if instant else float("inf")


def _versions(mapping: ColumnMapping, seen: DateColumn, rows: Iterable[Record]) -> Placing:
    """Give the row numbers of one posting's rows to them by age.

    The newest version is the one with the highest row number (DESIGN.md, "Content"), and a feed
    need not be in order.
    """
    ages: dict[str, list[tuple[float, int]]] = {}
    for record in rows:
        instant = read_instant(_written(record, seen.column), seen.formats, mapping.zone)
        age = instant.timestamp() if instant else float("-inf")
        ages.setdefault(external_id(record.values, mapping), []).append((age, record.number))
    numbers: dict[int, int] = {}
    for rows_of_one in ages.values():
        if len(rows_of_one) > 1:
            by_age = (number for _, number in sorted(rows_of_one))
            in_feed = (number for _, number in rows_of_one)
            numbers.update(zip(by_age, in_feed, strict=True))

    def place(record: Record) -> Place:
        return Place(row_number=numbers.get(record.number, record.number))

    return place


def _written(record: Record, column: str) -> str:
    value: Any = value_at(record.values, column)
    return "" if value is None else str(value).strip()
