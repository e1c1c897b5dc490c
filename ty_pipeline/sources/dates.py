"""Dates and times as feeds write them.

What belongs here: reading one value by declared formats. What does not: which column is a date
(``mapping.py``) and what follows from it (``file.py``, ``repeats.py``).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo


def read_instant(value: Any, formats: Sequence[str], zone: ZoneInfo) -> datetime | None:
    """Read ``value`` by the first format that fits all of it; None where none does.

    A format is a ``strptime`` pattern, ``iso8601``, ``epoch_seconds`` or ``epoch_milliseconds``.
    A time that names no offset is local to ``zone``; the result is in ``zone``.
    """
    written = str(value).strip()
    for form in formats:
        try:
            instant = _read(written, form)
            return instant.astimezone(zone) if instant.tzinfo else instant.replace(tzinfo=zone)
        except (ValueError, OverflowError, OSError):
            continue
    return None


def read_date(value: Any, formats: Sequence[str], zone: ZoneInfo) -> date | None:
    """The local date of ``read_instant``."""
    instant = read_instant(value, formats, zone)
    return instant.date() if instant else None


def _read(written: str, form: str) -> datetime:
    match form:
        case "iso8601":
            return datetime.fromisoformat(written)
        case "epoch_seconds":
            return datetime.fromtimestamp(float(written), UTC)
        case "epoch_milliseconds":
            return datetime.fromtimestamp(float(written) / 1000, UTC)
        case _:
            return datetime.strptime(written, form)  # noqa: DTZ007 - the caller adds the zone
