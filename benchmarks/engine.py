"""The engine: 2,062 postings x 16 steps with an actor that returns at once, beside DBOS on the same server.

Belongs here: what is run how often and in which order, and what the figures are. Not here: the workflow
(``engine_workflow``), its databases (``engine_databases``), what a worker does (``engine_worker``).

Everything is interleaved, so that a busy machine disturbs all alike; ratios are of medians of one run.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

import psutil
import psycopg

from benchmarks.engine_databases import SWITCHED_OFF, copy_of, drop, make_template, partition
from benchmarks.engine_workflow import STEPS
from benchmarks.record import Record
from benchmarks.servers import bench_server, new_database
from ty_pipeline.config import project_folder
from ty_pipeline.database.embedded import EmbeddedServer
from ty_pipeline.database.urls import database_name

POSTINGS = 2_062
ROUNDS = 3
DBOS_SECONDS = 5.0
TARGET_RATE = 5_000  # interactions a second, one worker
TARGET_RATIOS = {1: 12, 2: 20}  # worker processes -> times DBOS's steps a second


@dataclass(frozen=True, kw_only=True)
class Run:
    """One pass over all postings."""

    rate: float  # interactions a second
    server_us: float  # server CPU, microseconds an interaction
    worker_us: float  # CPU of the worker processes, microseconds an interaction


def measure() -> Iterator[Record]:
    """Rates beside DBOS, then what each part of the product costs."""
    runs: dict[str, list[Run]] = defaultdict(list)
    dbos: list[float] = []
    with bench_server() as server:
        one, two = make_template(server, POSTINGS, 1), make_template(server, POSTINGS, 2)
        for _ in range(ROUNDS):
            runs["1"].append(_run(server, copy_of(server, one), workers=1))
            dbos.append(_dbos(new_database(server)))
            runs["2"].append(_run(server, copy_of(server, two), workers=2))
            for part in SWITCHED_OFF:
                runs[part].append(_run(server, copy_of(server, one, without=part), workers=1))
    yield from _rates(runs, statistics.median(dbos))
    yield from _shares(runs)


def _rates(runs: dict[str, list[Run]], dbos: float) -> Iterator[Record]:
    for workers, times in TARGET_RATIOS.items():
        rate = statistics.median(r.rate for r in runs[str(workers)])
        yield Record(
            name=f"engine, {workers} worker process{'es' if workers > 1 else ''}", ours=rate,
            beside=dbos, ratio=rate / dbos, unit="interactions/s; DBOS steps/s",
            target=f">= {times}x" + (f", >= {TARGET_RATE:,}/s" if workers == 1 else ""),
            meets=rate >= times * dbos and (workers > 1 or rate >= TARGET_RATE),
        )  # fmt: skip


def _shares(runs: dict[str, list[Run]]) -> Iterator[Record]:
    base = statistics.median(r.rate for r in runs["1"])
    for part in SWITCHED_OFF:
        without = statistics.median(r.rate for r in runs[part])
        yield Record(
            name=f"engine, share of {part}", ours=100 * (1 - base / without), beside=without,
            ratio=base / without, unit="% of the time; interactions/s without",
        )  # fmt: skip
    for what in ("server", "worker"):
        used = statistics.median(getattr(r, f"{what}_us") for r in runs["1"])
        yield Record(name=f"engine, CPU of the {what}", ours=used, unit="us an interaction")


def _run(server: EmbeddedServer, url: str, *, workers: int) -> Run:
    processes = [_worker(url, partition(number)) for number in range(workers)]
    before, began = _server_cpu(server), time.monotonic()
    for process in processes:
        print(file=process.stdin, flush=True)
    reports = [json.loads(_line(process)) for process in processes]
    seconds = time.monotonic() - began
    for process in processes:
        process.wait()
    made = sum(r["made"] for r in reports)
    _check(url, made)
    used = _server_cpu(server) - before
    drop(server, database_name(url))
    return Run(
        rate=made / seconds,
        server_us=used / made * 1e6,
        worker_us=sum(r["python_seconds"] for r in reports) / made * 1e6,
    )


def _worker(url: str, partition_key: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "benchmarks.engine_worker", url, partition_key]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=project_folder()
    )
    assert _line(process).strip() == "ready"
    return process


def _line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline()


def _check(url: str, made: int) -> None:
    """A fast engine that leaves something out is no engine."""
    with psycopg.connect(url) as connection:
        row = connection.execute(
            "select count(*) filter (where status = 'completed' and posting_id is not null),"
            " (select count(*) from postings where extracted_summary is not null),"
            " (select count(*) from lost_events) from interactions"
        ).fetchone()
    expected = POSTINGS // 2 * 2 * STEPS
    if row != (expected, POSTINGS // 2 * 2, 0) or made != expected:
        raise SystemExit(f"{made} interactions were reported, {row} found; {expected} expected")


def _server_cpu(server: EmbeddedServer) -> float:
    """CPU seconds of the server and everything it ever started."""
    pid = int((server.home / "postgres" / "data" / "postmaster.pid").read_text().split()[0])
    postmaster = psutil.Process(pid)
    alive = 0.0
    for process in postmaster.children():
        with suppress(psutil.NoSuchProcess):  # one that has just ended counts with the postmaster
            alive += sum(process.cpu_times()[:2])
    return alive + sum(postmaster.cpu_times()[:4])


def _dbos(url: str) -> float:
    command = [sys.executable, "-m", "benchmarks.dbos_worker", url, str(DBOS_SECONDS)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=project_folder())
    return float(done.stdout.split()[-1])
