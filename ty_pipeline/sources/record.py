"""One row of a feed as read, before any mapping.

What belongs here: the two values and the look-up of a column. What does not: reading
(``csv_records.py``, ``json_records.py``) and meaning (``mapped_row.py``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """A row that could be read."""

    number: int  # 1-based among the rows of the feed; header and blank lines do not count
    values: Mapping[str, Any]  # column -> value


@dataclass(frozen=True, kw_only=True, slots=True)
class BrokenRecord:
    """A row that could not be read."""

    number: int  # as in Record
    reason: str  # one sentence, without text of the row
    values: Mapping[str, Any]  # what there is of it, under names that say what it is


def has_column(values: Mapping[str, Any], column: str) -> bool:
    """Whether the row has ``column``, be it empty; ``a.b`` also means b in the object a."""
    if column in values:
        return True
    head, dot, rest = column.partition(".")
    inner = values.get(head) if dot else None
    return isinstance(inner, Mapping) and has_column(inner, rest)


def value_at(values: Mapping[str, Any], column: str) -> Any:
    """The value of ``column``; None where the row does not have it."""
    if column in values:
        return values[column]
    head, dot, rest = column.partition(".")
    inner = values.get(head) if dot else None
    return value_at(inner, rest) if isinstance(inner, Mapping) else None
