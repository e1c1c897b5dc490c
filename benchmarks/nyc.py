"""The NYC feed through Dagster with the offline actors, all steps: seconds, and memory as it grows tenfold.

Belongs here: running ``ty-pipeline run`` as a user does, in a process of its own, and asking the kernel
what it used. Not here: what a run does (``ty_pipeline.runs``).

The larger feed is made from the real one: the same rows ten times, with other ids and one word more in
each description, so that nothing can be reused.
"""

from __future__ import annotations

import csv
import gzip
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.record import Record
from ty_pipeline.config import project_folder

FEED = project_folder().parent / "shared" / "data" / "nyc_jobs.csv.gz"
DATE = "2026-01-05"
TARGET_SECONDS = 60.0
TARGET_MEGABYTES = 400.0
FLAT = 1.25  # a tenfold feed may take this much more memory and still be called flat


@dataclass(frozen=True, kw_only=True)
class Run:
    """What one run took."""

    seconds: float  # wall time of the whole command
    megabytes: float  # peak resident memory of its process


def measure() -> Iterator[Record]:
    """One run of the feed, one of a feed ten times as large, each on an empty database."""
    once = _run(FEED)
    yield Record(
        name="nyc seconds", ours=once.seconds, unit="s", target="<= 60",
        meets=once.seconds <= TARGET_SECONDS,
    )  # fmt: skip
    yield Record(
        name="nyc peak memory", ours=once.megabytes, unit="MB", target="< 400",
        meets=once.megabytes < TARGET_MEGABYTES,
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        larger = _run(_tenfold(Path(folder)))
    yield Record(
        name="nyc peak memory, tenfold feed", ours=larger.megabytes, beside=once.megabytes,
        ratio=larger.megabytes / once.megabytes, unit="MB", target="flat",
        meets=larger.megabytes <= FLAT * once.megabytes,
    )  # fmt: skip
    yield Record(
        name="nyc seconds, tenfold feed", ours=larger.seconds, beside=once.seconds,
        ratio=larger.seconds / once.seconds, unit="s",
    )  # fmt: skip


def _run(feed: Path) -> Run:
    with tempfile.TemporaryDirectory(prefix="ty-bench-") as home:
        env = dict(os.environ) | {"TY_HOME": home, "DAGSTER_HOME": str(project_folder())}
        command = [sys.executable, "-m", "ty_pipeline.cli.main"]
        subprocess.run([*command, "migrate"], env=env, check=True, stdout=subprocess.DEVNULL)
        began = time.monotonic()
        run = [*command, "run", "--source", "nyc_jobs", "--feed", str(feed), "--date", DATE]
        process = subprocess.Popen(run, env=env, stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.monotonic() - began
        subprocess.run(
            [*command, "psql", "-c", "checkpoint"], env=env, check=False, capture_output=True
        )
        _stop(Path(home))
    if os.waitstatus_to_exitcode(status) != 0:
        raise SystemExit(f"ty-pipeline run of {feed.name} ended with {status}.")
    return Run(seconds=seconds, megabytes=usage.ru_maxrss / 1024)


def _stop(home: Path) -> None:
    from ty_pipeline.database.embedded import EmbeddedServer

    EmbeddedServer(home).stop()


def _tenfold(folder: Path) -> Path:
    larger = folder / "nyc_jobs_tenfold.csv.gz"
    with (
        gzip.open(FEED, "rt", encoding="utf-8", newline="") as source,
        gzip.open(larger, "wt", encoding="utf-8", newline="", compresslevel=1) as target,
    ):
        rows = list(csv.DictReader(source))
        writer = csv.DictWriter(target, fieldnames=list(rows[0]))
        writer.writeheader()
        for number in range(10):
            for row in rows:
                writer.writerow(
                    row
                    | {
                        "Job ID": f"{row['Job ID']}-{number}",
                        "Job Description": f"{row['Job Description']} Listing {number}.",
                    }
                )
    return larger
