"""Pictures of the Dagster UI with the sample done; ``scripts/screenshots`` runs it.

Belongs here: which pages, and what of them. Not here: the browser (``chromium.py``).
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

from tests.browser.chromium import Page, chromium
from tests.browser.running_service import LOOK_BACK, PARTITIONS, RunningService, running_service

GROUPS = ("ihl", "intake", "oversight", "skills", "summary")
# How the UI writes open groups into its own address.
GRAPH = "/asset-groups?expanded=" + ",".join(f"global@global:{name}" for name in GROUPS)
FIRST = PARTITIONS[0].replace("|", "%7C")
IN_README = ("asset-graph", "partition")  # what is kept in docs/images


def asset_graph(service: RunningService, page: Page) -> None:
    """Every asset, in its group, with what was last made of it."""
    # Dagster draws an asset without its particulars where the window is narrower.
    page.resize(width=2200, height=1060, scale=0.75)
    page.open(service.ui + GRAPH, "Latest event", "Passed", "partitions", "Materialized")
    page.drag(by=110)  # the UI places it as high as it was with its groups closed


def partition(service: RunningService, page: Page) -> None:
    """One partition of one asset, with what was done in it."""
    page.resize(width=1450, height=1400)
    page.open(f"{service.ui}/assets/graded_summaries?view=partitions&partition={FIRST}", "examples")


def run(service: RunningService, page: Page) -> None:
    """The run that did the sample."""
    page.resize(width=1400, height=900)
    page.open(f"{service.ui}/runs/{service.first_run_id}", "RUN_SUCCESS")


def checks(service: RunningService, page: Page) -> None:
    """Every invariant, checked."""
    page.resize(width=1400, height=1000)
    page.open(f"{service.ui}/assets/ledger_audit?view=checks", "Succeeded", "Passed")


def report(service: RunningService, page: Page) -> None:
    """The report, with the plot of progress open."""
    page.resize(width=1400, height=900)
    page.open(f"{service.ui}/assets/pipeline_report", "[Show Markdown]")
    page.click("[Show Markdown]")
    page.wait_for("Close")


PICTURES: dict[str, Callable[[RunningService, Page], None]] = {
    "asset-graph": asset_graph,
    "partition": partition,
    "run": run,
    "checks": checks,
    "report": report,
}


def take(names: Iterable[str], folder: Path) -> None:
    """Start the service, run the sample, write one PNG a name into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as temporary,
        running_service(Path(temporary) / "home") as service,
        chromium() as page,
    ):
        service.launch(LOOK_BACK)
        page.resize(width=1400, height=900)
        page.open(service.ui, "Hide navigation")
        page.click("Hide navigation")
        for name in names:
            PICTURES[name](service, page)
            page.picture(folder / f"{name}.png")


if __name__ == "__main__":
    if sys.argv[1:]:
        take(PICTURES, Path(sys.argv[1]))
    else:
        take(IN_README, Path("docs/images"))
