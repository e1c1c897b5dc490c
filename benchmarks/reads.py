"""Reading with a million interactions present: one posting's story, one partition, everything.

Belongs here: a ledger made set-based by the owner, and the database's own time for the questions that
``trace`` and ``status`` ask. Not here: the questions (``ledger.tracing``, ``ledger.progress``).

62,500 postings of 16 interactions each in 60 partitions, with nodes, edges and versions; triggers are
off while they are made, and statistics are gathered at the end, as autovacuum would have done.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator

import psycopg

from benchmarks.record import Record
from benchmarks.servers import bench_server, new_database
from ty_pipeline.bootstrap import prepare_database
from ty_pipeline.database.connect import connect
from ty_pipeline.ledger.progress import Scope, read_progress
from ty_pipeline.ledger.tracing import read_trace
from ty_pipeline.sources.registry import load_sources

POSTINGS = 62_500
PARTITIONS = 60
RUNS = 7

LEDGER = (
    "set session_replication_role = replica",
    f"""insert into postings (source_id, external_id, status, first_seen_on, last_seen_on)
        select 'sample', 'b' || n, 'active', '2026-01-05', '2026-01-05' from generate_series(1, {POSTINGS}) n""",
    """insert into posting_versions (posting_id, content_hash, prompt_hash, title, company, locations, description)
       select posting_id, sha256(external_id::bytea), sha256(external_id::bytea), 'Clerk ' || external_id, 'Example Ltd',
         '{Berlin}', repeat('We look for a clerk. ', 60) from postings""",
    "update postings p set current_version_id = v.posting_version_id from posting_versions v where v.posting_id = p.posting_id",
    f"""insert into workflow_runs (workflow_id, posting_id, partition_key)
        select 3001, posting_id, ('2026-01-05'::date + (posting_id % {PARTITIONS})::integer) || '|sample' from postings""",
    """insert into interactions (workflow_run_id, posting_id, conversation_id, conversation_version, actor_id, actor_type, model,
         execution_order, round, attempt, status, inputs_key, input, input_hash, output, output_hash, branch, fence,
         correlation_id, partition_key, queued_at, started_at, completed_at)
       select r.workflow_run_id, r.posting_id, s.conversation_id, s.version, s.actor_id, s.actor_type, s.model, s.execution_order,
         c.round, 1, 'completed', md5(r.posting_id || '/' || c.conversation_id || '/' || c.round)::uuid, '{}',
         sha256((r.posting_id || '/' || c.conversation_id || '/' || c.round)::bytea),
         jsonb_build_object('text', repeat('x', 300)), '\\x00', '*', 1, 'bench', r.partition_key, now(), now(), now()
       from workflow_runs r
       join workflow_nodes c on c.workflow_id = 3001
       join steps s on s.workflow_id = 3001 and s.conversation_id = c.conversation_id
       where s.canonical_name <> 'fetch_jobs' and c.round <= 2 and s.canonical_name <> 'create_ticket'
       order by r.workflow_run_id, s.execution_order""",
    """insert into run_node_state (workflow_run_id, conversation_id, round, posting_id, partition_key, status, alternative,
         inputs_key, attempt, interaction_id, branch)
       select workflow_run_id, conversation_id, round, posting_id, partition_key, 'completed', 0, inputs_key, 1, interaction_id, branch
       from interactions""",
    """insert into interaction_inputs (interaction_id, handle, message_id, posting_id, posting_version_id)
       select i.interaction_id, 'posting', md5(i.interaction_id::text), i.posting_id, p.current_version_id
       from interactions i join postings p using (posting_id)""",
    "set session_replication_role = origin",
    "vacuum analyze",
)


def measure() -> Iterator[Record]:
    """Database time of each question, warm, median of seven."""
    with bench_server() as server:
        url = new_database(server)
        prepare_database(url, load_sources(None).values())
        with psycopg.connect(url, autocommit=True) as owner:
            for statement in LEDGER:
                owner.execute(statement)
            row = owner.execute("select count(*), max(posting_id) / 2 from interactions").fetchone()
        assert row is not None
        with connect(url, role="ty_reader") as reader:
            partition = Scope(partition_key="2026-01-15|sample")
            yield _record("trace", row[0], 50, lambda: read_trace(reader, row[1]))
            yield _record("status partition", row[0], 50, lambda: read_progress(reader, partition))
            yield _record("status all", row[0], 300, lambda: read_progress(reader, Scope()))


def _record(name: str, interactions: int, target: int, question: Callable[[], object]) -> Record:
    question()
    took = []
    for _ in range(RUNS):
        began = time.perf_counter()
        question()
        took.append((time.perf_counter() - began) * 1000)
    median = statistics.median(took)
    return Record(
        name=f"reads {name}, {interactions:,} interactions", ours=median, unit="ms",
        target=f"< {target}", meets=median < target,
    )  # fmt: skip
