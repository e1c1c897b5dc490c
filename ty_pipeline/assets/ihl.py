"""The group ``ihl``: how likely it is that a job is meant for somebody inside.

Belongs here: the asset. Not here: its steps (``workflow_3001``) and actors (``actors``).
"""

from __future__ import annotations

import dagster as dg

from ty_pipeline.assets.waves import wave_asset


def ihl_assets(partitions: dg.PartitionsDefinition) -> list[dg.AssetsDefinition]:
    """``ihl_scores``; reads the description alone, so it does not wait for the summary."""
    return [
        wave_asset(
            "ihl_scores",
            partitions,
            after="postings",
            group="ihl",
            kinds={"python", "postgres"},
            priority=-1,  # nothing waits for it, and people wait for the summaries
            description="Internal hire likelihood of each posting, 0 to 100, with its red flags.",
        )
    ]
