"""The partitions of every asset: one source on one date.

Belongs here: the definition and the text of its keys. Not here: which sources there are
(``sources.registry``), which partitions are owed work (the ledger).

The dates start on a fixed day and end today; both are read in one zone, whatever the source's own
(a source's local date decides which partition a fetch belongs to, not which partitions exist).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import dagster as dg

from ty_pipeline.errors import UsageError

FIRST_DATE = date(2026, 1, 1)
TIMEZONE = "Europe/Berlin"


@dataclass(frozen=True, kw_only=True, order=True)
class Partition:
    """One source on one date."""

    day: date  # the date that was fetched
    source_id: str  # the source

    @property
    def key(self) -> str:
        """The text of the key, ``2026-01-05|sample``: dimensions in the order of their names."""
        return f"{self.day.isoformat()}|{self.source_id}"


def build_partitions(source_ids: Iterable[str]) -> dg.MultiPartitionsDefinition:
    """Every date from ``FIRST_DATE`` to today, for every source."""
    return dg.MultiPartitionsDefinition(
        {
            "date": dg.DailyPartitionsDefinition(
                FIRST_DATE.isoformat(), timezone=TIMEZONE, end_offset=1
            ),
            "source": dg.StaticPartitionsDefinition(sorted(source_ids)),
        }
    )


def split_key(key: str) -> Partition:
    """The source and the date of a key; UsageError where it is none."""
    day, _, source_id = key.partition("|")
    try:
        return Partition(day=date.fromisoformat(day), source_id=source_id)
    except ValueError:
        raise UsageError(f'"{key}" is no partition: write it as 2026-01-05|sample.') from None


def check_exists(partitions: dg.MultiPartitionsDefinition, partition: Partition) -> None:
    """UsageError, one sentence, where the definition has no such partition."""
    if not partitions.has_partition_key(partition.key):
        raise UsageError(
            f"There is no partition {partition.key}: sources are"
            f" {', '.join(partitions.secondary_dimension.partitions_def.get_partition_keys())},"
            f" dates go from {FIRST_DATE} to today in {TIMEZONE}."
        )
