"""The jobs: which assets a run does together.

Belongs here: their selections. Not here: when they run (``schedules``), for which partitions (whoever
asks).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import dagster as dg
from dagster import AssetSelection

if TYPE_CHECKING:
    from dagster._core.definitions.unresolved_asset_job_definition import (
        UnresolvedAssetJobDefinition,
    )

PROCESS_PARTITION = "process_partition"
LOOK_BACK = "report_and_audit"

PARTITIONED_GROUPS = ("intake", "summary", "skills", "ihl")
OVERSIGHT_GROUP = "oversight"


def build_jobs() -> list[UnresolvedAssetJobDefinition]:
    """``process_partition`` and ``report_and_audit``."""
    return [
        dg.define_asset_job(
            PROCESS_PARTITION,
            selection=AssetSelection.groups(*PARTITIONED_GROUPS),
            description="All steps of one partition, of several or of a range: from the fetch to what"
            " is published. Does what is owed and nothing else.",
        ),
        dg.define_asset_job(
            LOOK_BACK,
            selection=AssetSelection.groups(OVERSIGHT_GROUP),
            description="The report on progress, quality and cost, and every invariant checked.",
        ),
    ]
