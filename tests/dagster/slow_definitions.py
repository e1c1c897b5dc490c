"""A code location for test_service.py: one asset that is quick, one that takes a minute."""

from __future__ import annotations

import time

import dagster as dg


@dg.asset
def quick() -> None:
    """Done at once."""


@dg.asset
def slow() -> None:
    """At work when the service is killed."""
    time.sleep(60)


defs = dg.Definitions(
    assets=[quick, slow],
    jobs=[dg.define_asset_job("quick_job", [quick]), dg.define_asset_job("slow_job", [slow])],
    executor=dg.in_process_executor,
)
