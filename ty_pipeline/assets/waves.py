"""The form of an asset whose work is waves of steps over a partition.

Belongs here: what all of them share. Not here: which there are (one module a group), which steps an
asset does (the workflow says so), the waves (``engine``).
"""

# No "from __future__ import annotations": Dagster reads these annotations as values.

from collections.abc import Sequence, Set
from typing import TypedDict

import dagster as dg

from ty_pipeline.assets.materialization import Events, check_spec, materialize
from ty_pipeline.assets.outcome import of_pass
from ty_pipeline.engine.passes import run_pass
from ty_pipeline.resources import Pipeline

OWNERS = ("team:pipeline",)


class Options(TypedDict):
    """Arguments of ``dagster.asset``."""

    name: str
    partitions_def: dg.PartitionsDefinition
    backfill_policy: dg.BackfillPolicy
    check_specs: Sequence[dg.AssetCheckSpec]
    group_name: str
    kinds: set[str]
    owners: Sequence[str]
    op_tags: dict[str, str]


def options(
    name: str,
    partitions: dg.PartitionsDefinition,
    *,
    group: str,
    kinds: Set[str],
    priority: int = 0,
) -> Options:
    """What every partitioned asset says of itself.

    A run takes every partition it is asked for: a run costs seconds, a partition milliseconds. Of
    the assets that could go next, the one of the highest priority does.
    """
    return Options(
        name=name,
        partitions_def=partitions,
        backfill_policy=dg.BackfillPolicy.single_run(),
        check_specs=[check_spec(name, partitions)],
        group_name=group,
        kinds=set(kinds),
        owners=OWNERS,
        op_tags={"dagster/priority": str(priority)},
    )


def wave_asset(
    name: str,
    partitions: dg.PartitionsDefinition,
    *,
    after: str,
    group: str,
    kinds: Set[str],
    description: str,
    priority: int = 0,
) -> dg.AssetsDefinition:
    """An asset that does what is owed of its steps."""

    @dg.asset(
        **options(name, partitions, group=group, kinds=kinds, priority=priority),
        deps=[after],
        description=description,
    )
    def wave(context: dg.AssetExecutionContext, pipeline: dg.ResourceParam[Pipeline]) -> Events:
        yield from materialize(
            context, pipeline, lambda engine, key: of_pass(run_pass(engine, name, key))
        )

    return wave
