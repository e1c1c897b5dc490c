"""The engine's throughput: 2,062 postings of 16 steps, an actor that answers at once, beside DBOS.

Belongs here: filling a ledger, letting one or two worker processes empty it, and the same server's DBOS
in the same run. Not here: the steps (``engine_workflow``), the engine (``ty_pipeline.engine``).

Every answer is committed before its successor is claimed; every trigger is on. "Parts" are the same run
with one part of the database's work taken out by the owner, as a share of the whole.
"""

from __future__ import annotations

import multiprocessing
import statistics
import time
from collections.abc import Iterator, Sequence
from datetime import date
from multiprocessing.synchronize import Barrier

import psycopg

from benchmarks import dbos_steps
from benchmarks.engine_workflow import STEPS, WORKFLOW, build, prose
from benchmarks.record import Record
from benchmarks.servers import bench_server, new_database
from ty_pipeline.database.connect import connect
from ty_pipeline.database.embedded import EmbeddedServer
from ty_pipeline.database.migrate import migrate
from ty_pipeline.engine.context import EngineContext, Limits
from ty_pipeline.engine.passes import run_pass
from ty_pipeline.ledger import intake, work
from ty_pipeline.ledger.declare import SourceDeclaration, declare_sources, declare_workflow

POSTINGS = 2_062
RUNS = 3
DAY = date(2026, 1, 5)
PARTITION = f"{DAY}|bench"
_AS_CLAIMED = """create or replace function {}(p_step step, p_claims claim[]) returns claim[]
  language sql as 'select p_claims'"""
PARTS = {
    "events": (
        "drop trigger log_new_interactions on interactions",
        "drop trigger log_changed_interactions on interactions",
        "drop trigger log_new_nodes on run_node_state",
        "drop trigger log_changed_nodes on run_node_state",
        "drop trigger log_changed_postings on postings",
    ),
    "constraint triggers": (
        "drop trigger an_input_is_of_the_same_posting on interaction_inputs",
        "drop trigger an_interaction_names_what_exists on interactions",
        "drop trigger a_node_follows_declared_transitions on run_node_state",
        "drop trigger flags_cascade on interactions",
    ),
    "reuse look-up": (
        _AS_CLAIMED.format("find_reusable"),
        _AS_CLAIMED.format("follow_live_calls"),
    ),
}


def measure() -> Iterator[Record]:
    """Medians of three interleaved rounds: one worker, DBOS, two workers, and one without each part."""
    rates: dict[str, list[float]] = {}
    with bench_server() as server:
        for _ in range(RUNS):
            _add(rates, "one", _rate(server, workers=1))
            _add(rates, "dbos", dbos_steps.rate(new_database(server)))
            _add(rates, "two", _rate(server, workers=2))
            for part, statements in PARTS.items():
                _add(rates, part, _rate(server, workers=1, without=statements))
    median = {name: statistics.median(values) for name, values in rates.items()}
    yield Record(
        name="engine, one worker", ours=median["one"], unit="interactions/s", target=">= 5,000",
        meets=median["one"] >= 5_000,
    )  # fmt: skip
    for name, least in (("one", 12), ("two", 20)):
        ratio = median[name] / median["dbos"]
        yield Record(
            name=f"engine, {name} worker(s), beside DBOS", ours=median[name], beside=median["dbos"],
            ratio=ratio, unit="interactions/s, steps/s", target=f">= {least} times", meets=ratio >= least,
        )  # fmt: skip
    for part in PARTS:
        share = 100 * (1 - median["one"] / median[part])
        yield Record(name=f"engine, share of {part}", ours=share, unit="% of the time")


def _add(rates: dict[str, list[float]], name: str, rate: float) -> None:
    rates.setdefault(name, []).append(rate)


def _rate(server: EmbeddedServer, *, workers: int, without: Sequence[str] = ()) -> float:
    """Interactions per second of one run on a new database."""
    url = new_database(server)
    _fill(url)
    with psycopg.connect(url, autocommit=True) as owner:
        for statement in without:
            owner.execute(statement)
    seconds = _empty(url, workers)
    with psycopg.connect(url) as owner:
        row = owner.execute(
            "select count(*) from interactions where status = 'completed' and posting_id is not null"
        ).fetchone()
    assert row == (POSTINGS * STEPS,), f"{row} of {POSTINGS * STEPS} interactions completed"
    return POSTINGS * STEPS / seconds


def _fill(url: str) -> None:
    migrate(url)
    with connect(url) as connection:
        declare_workflow(connection, WORKFLOW)
        bench = SourceDeclaration(
            source_id="bench", label="Bench", adapter="none", timezone="UTC", settings={}
        )
        declare_sources(connection, [bench])
        fetch = (WORKFLOW.workflow_id, WORKFLOW.conversation("bench_fetch").conversation_id)
        worker = work.Worker(name="fill", lease_seconds=60)
        order = intake.FetchOrder(input_id="listing", payload={}, by="bench")
        opened = intake.open_fetch(
            connection, *fetch, "bench", PARTITION, order=order, worker=worker
        )
        assert opened.interaction_id is not None and opened.fence is not None
        claim = (opened.interaction_id, opened.fence)
        intake.store_raw_page(
            connection, *claim, number=1, url="bench", http_status=None, content_type="bench", body=b""
        )  # fmt: skip
        (page,) = intake.pages_to_stage(connection, PARTITION)
        intake.stage_page(connection, page, DAY, "bench", [_row(n) for n in range(POSTINGS)])
        while intake.promote_staged(connection, fetch[0], PARTITION, limit=500)[0]:
            pass


def _row(number: int) -> dict[str, object]:
    return {
        "row_number": number + 1,
        "outcome": "row",
        "external_id": f"b{number}",
        "raw": {},
        "title": f"Clerk {number}",
        "company": "Example Ltd",
        "locations": ["Berlin"],
        "description": prose(number),
    }


def _empty(url: str, workers: int) -> float:
    """Seconds from all workers being ready until the last has nothing left to do."""
    spawn = multiprocessing.get_context("spawn")
    ready = spawn.Barrier(workers + 1)
    processes = [spawn.Process(target=_work, args=(url, ready)) for _ in range(workers)]
    for process in processes:
        process.start()
    ready.wait()
    began = time.monotonic()
    for process in processes:
        process.join()
    seconds = time.monotonic() - began
    assert all(process.exitcode == 0 for process in processes), "a worker failed"
    return seconds


def _work(url: str, ready: Barrier) -> None:
    context = EngineContext(url=url, workflow=WORKFLOW, build=build, limits=Limits(claim_batch=256))
    ready.wait()
    while run_pass(context, "bench", PARTITION).remaining:
        pass
