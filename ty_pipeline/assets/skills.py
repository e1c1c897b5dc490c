"""The group ``skills``: what a posting asks for.

Belongs here: the asset. Not here: its steps (``workflow_3001``) and actors (``actors``).
"""

from __future__ import annotations

import dagster as dg

from ty_pipeline.assets.waves import wave_asset


def skills_assets(partitions: dg.PartitionsDefinition) -> list[dg.AssetsDefinition]:
    """``posting_skills``."""
    return [
        wave_asset(
            "posting_skills",
            partitions,
            after="published_summaries",
            group="skills",
            kinds={"python", "postgres"},
            description="Skills that each posting asks for, with weight, level and quoted evidence.",
        )
    ]
