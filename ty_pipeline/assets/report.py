"""``pipeline_report``: progress, quality and cost of everything, with plots.

Belongs here: laying figures out. Not here: the figures (``ledger.report``), drawing (``plots``).

Counts and names of steps only, never anything of a posting. pandas is imported when a report is made.
"""

# No "from __future__ import annotations": Dagster reads these annotations as values.

from collections.abc import Iterator, Mapping
from typing import Any

import dagster as dg

from ty_pipeline.assets.audit import GROUP
from ty_pipeline.assets.plots import stacked_bars
from ty_pipeline.assets.waves import OWNERS
from ty_pipeline.database.connect import Connection
from ty_pipeline.ledger import report as figures
from ty_pipeline.ledger.report import Figures
from ty_pipeline.resources import Pipeline

GRADERS = ("grade_a", "grade_b", "regrade")
CATEGORIES = ("GENUINE", "BORDERLINE", "COMPLIANCE_THEATER", "FAKE")


def pipeline_report() -> dg.AssetsDefinition:
    """The asset, outside every partition and every recovery."""

    @dg.asset(
        name="pipeline_report",
        group_name=GROUP,
        kinds={"python", "pandas", "matplotlib"},
        owners=OWNERS,
        description="How far the work is, how good it is and what it cost, over all partitions."
        " Every figure of progress and quality counts valid, enabled work only.",
    )
    def report(
        context: dg.AssetExecutionContext, pipeline: dg.ResourceParam[Pipeline]
    ) -> Iterator[dg.MaterializeResult[None]]:
        with pipeline.engine(context.run.run_id).connect() as connection:
            shown = {
                **_totals(connection),
                **_progress(connection),
                **_quality(connection),
                **_cost(connection),
            }
        yield dg.MaterializeResult(metadata=shown)

    return report


def _totals(connection: Connection) -> dict[str, Any]:
    """Sums over the sources, as numbers that Dagster plots over time."""
    import pandas as pd

    rows = figures.read_published(connection)
    if not rows:
        return {"postings": 0}
    sums = pd.DataFrame(rows).drop(columns="source").sum()
    return {
        **{name: int(sums[name]) for name in ("postings", "active", "summaries", "ihl_scores")},
        "skills per posting": round(float(sums["skills"] / max(int(sums["skill_lists"]), 1)), 1),
        "stale": int(sums["stale"]),
        "by source": _table(rows),
    }


def _progress(connection: Connection) -> dict[str, Any]:
    rows = [{**r, "step": _step(r)} for r in figures.read_progress(connection)]
    parts = ("done", "to_do", "waiting_for_person", "failed", "paused")
    return {
        "open tickets": sum(r["waiting_for_person"] for r in rows),
        "progress": stacked_bars(
            "Postings by step and state",
            [r["step"] for r in rows],
            {part: [int(r[part]) for r in rows] for part in parts},
        ),
        "progress by step": _table([{k: v for k, v in r.items() if k != "round"} for r in rows]),
    }


def _quality(connection: Connection) -> dict[str, Any]:
    import pandas as pd

    answers = [r for r in figures.read_answers(connection) if r["step"] in GRADERS]
    named = [{**r, "step": _step(r)} for r in answers]
    verdicts = (
        pd.DataFrame(named, columns=["step", "branch", "postings"])
        .pivot_table(index="step", columns="branch", values="postings", fill_value=0)
        .reindex(columns=["pass", "fail"], fill_value=0)
    )
    ihl = pd.DataFrame(figures.read_ihl(connection), columns=["category", "score", "postings"])
    by_category = ihl.groupby("category")["postings"].sum().reindex(CATEGORIES, fill_value=0)
    return {
        "grades": stacked_bars(
            "Verdicts of the graders",
            [str(step) for step in verdicts.index],
            {branch: verdicts[branch].tolist() for branch in ("pass", "fail")},
        ),
        "internal hire likelihood": stacked_bars(
            "Postings by internal hire likelihood",
            list(CATEGORIES),
            {"postings": by_category.tolist()},
        ),
    }


def _cost(connection: Connection) -> dict[str, Any]:
    rows = figures.read_costs(connection)
    asked = [r for r in rows if r["actor_type"] == "ai_model"]
    return {
        "calls": sum(int(r["calls"]) for r in asked),
        "calls saved by reuse": sum(int(r["reused"]) for r in asked),
        "cost": stacked_bars(
            "Calls of models, and results reused",
            [f"{r['step']} ({r['model']})" for r in asked],
            {
                "called": [int(r["calls"]) for r in asked],
                "reused": [int(r["reused"]) for r in asked],
            },
        ),
        "cost by step": _table(rows),
    }


def _step(row: Mapping[str, Any]) -> str:
    return str(row["step"]) if row["round"] == 0 else f"{row['step']} {row['round']}"


def _table(rows: Figures) -> dg.MetadataValue:
    """Rows as a table; Dagster takes no empty one, and no numbers but whole ones and floats."""
    if not rows:
        return dg.MetadataValue.text("nothing yet")
    return dg.MetadataValue.table([dg.TableRecord(_plain(row)) for row in rows])


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value if isinstance(value, str | int | None) else round(float(value), 3)
        for name, value in row.items()
    }
