"""The group ``summary``: summaries as written, as graded and improved, and as published.

Belongs here: the three assets. Not here: their steps (``workflow_3001``) and actors (``actors``).
"""

from __future__ import annotations

import dagster as dg

from ty_pipeline.assets.waves import wave_asset

GROUP = "summary"


def summary_assets(partitions: dg.PartitionsDefinition) -> list[dg.AssetsDefinition]:
    """``extracted_summaries``, ``graded_summaries`` and ``published_summaries``."""
    return [
        wave_asset(
            "extracted_summaries",
            partitions,
            after="postings",
            group=GROUP,
            kinds={"python", "postgres"},
            description="A first summary of every posting that has a usable description.",
        ),
        wave_asset(
            "graded_summaries",
            partitions,
            after="extracted_summaries",
            group=GROUP,
            kinds={"python", "postgres"},
            description="Two independent grades of every summary; what fails is improved and graded"
            " again up to three times, and then waits for a person.",
        ),
        wave_asset(
            "published_summaries",
            partitions,
            after="graded_summaries",
            group=GROUP,
            kinds={"sql", "postgres"},
            description="Accepted summaries in the fixed template, with company, location and job id"
            " of each posting's own row.",
        ),
    ]
