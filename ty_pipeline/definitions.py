"""The code location: everything that Dagster knows of us, put together in one place.

Belongs here: composition. Not here: anything that is composed. Loading it reads settings and column
mappings, and touches no database: that happens when something runs.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg

from ty_pipeline.assets.audit import ledger_audit
from ty_pipeline.assets.ihl import ihl_assets
from ty_pipeline.assets.intake import intake_assets
from ty_pipeline.assets.report import pipeline_report
from ty_pipeline.assets.skills import skills_assets
from ty_pipeline.assets.summary import summary_assets
from ty_pipeline.config import Settings, load_settings
from ty_pipeline.jobs import build_jobs
from ty_pipeline.partitions import build_partitions
from ty_pipeline.resources import Pipeline
from ty_pipeline.schedules import build_fetch_schedule
from ty_pipeline.sources.registry import load_sources


def build_pipeline(settings: Settings | None = None) -> Pipeline:
    """Settings (by default the environment's) and the sources that they know."""
    chosen = settings or load_settings()
    return Pipeline(settings=chosen, sources=load_sources(chosen.mappings_dir))


def build_definitions(
    settings: Settings | None = None, *, pipeline: Pipeline | None = None
) -> dg.Definitions:
    """The definitions, from settings or from a pipeline that a test put together.

    Raises ConfigError or MappingError where settings or mappings are wrong.
    """
    chosen = pipeline or build_pipeline(settings)
    with _previews_accepted():
        partitions = build_partitions(chosen.sources)
        return dg.Definitions(
            assets=[
                *intake_assets(partitions),
                *summary_assets(partitions),
                *skills_assets(partitions),
                *ihl_assets(partitions),
                pipeline_report(),
                ledger_audit(),
            ],
            jobs=build_jobs(),
            schedules=[build_fetch_schedule(chosen.sources)],
            resources={"pipeline": chosen},
            executor=dg.in_process_executor,
        )


@dg.definitions
def defs() -> dg.Definitions:
    """What ``workspace.yaml`` points to; called when the code location loads, not on import."""
    return build_definitions()


@contextmanager
def _previews_accepted() -> Iterator[None]:
    """Backfill policies are beta and partitioned checks a preview; the family is pinned, and both tested."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", dg.BetaWarning)
        warnings.simplefilter("ignore", dg.PreviewWarning)
        yield
