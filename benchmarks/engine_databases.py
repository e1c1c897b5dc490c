"""Databases for the engine benchmark: postings promoted and owed, nothing done yet.

Belongs here: making them through the ledger's own functions, copying them, and copies in which one part
of the product is switched off. Not here: the workflow (``engine_workflow``), running it (``engine``).
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

import psycopg
from psycopg import sql

from benchmarks.engine_workflow import FETCH, WORKFLOW, WORKFLOW_ID, prose
from ty_pipeline.database.connect import Connection, connected
from ty_pipeline.database.embedded import EmbeddedServer
from ty_pipeline.database.migrate import migrate
from ty_pipeline.ledger import intake
from ty_pipeline.ledger.declare import SourceDeclaration, declare_sources, declare_workflow
from ty_pipeline.ledger.work import Result, Worker, complete_work

DAY: Final = date(2026, 1, 5)
SOURCE: Final = "bench"
PAGE_ROWS: Final = 500  # rows of one raw page
PROMOTE_ROWS: Final = 500  # rows that one transaction promotes
DESCRIPTION_CHARACTERS: Final = 900  # of a posting: as much as an answer has

# Part of the product -> what switches it off, in a copy and as its owner.
SWITCHED_OFF: Final[Mapping[str, tuple[str, ...]]] = {
    "events": (
        "drop trigger log_new_interactions on interactions",
        "drop trigger log_changed_interactions on interactions",
        "drop trigger log_new_nodes on run_node_state",
        "drop trigger log_changed_nodes on run_node_state",
        "drop trigger log_changed_postings on postings",
    ),
    "reuse look-up": (
        """create or replace function follow_live_calls(p_step step, p_claims claim[]) returns claim[]
           language sql as 'select p_claims'""",
        """create or replace function find_reusable(p_step step, p_claims claim[]) returns claim[]
           language sql as 'select p_claims'""",
        "drop index interactions_by_input_hash, one_live_call_per_identical_input",
    ),
    "constraints": (
        "drop trigger an_interaction_names_what_exists on interactions",
        "drop trigger an_input_is_of_the_same_posting on interaction_inputs",
        "drop trigger a_node_follows_declared_transitions on run_node_state",
        "drop trigger a_claimed_input_is_never_rewritten on interactions",
        "drop trigger an_ended_interaction_is_never_rewritten on interactions",
        """do $$ declare c record; begin
             for c in select conname, conrelid::regclass as t from pg_constraint
               where contype = 'c' and connamespace = 'public'::regnamespace
             loop execute format('alter table %s drop constraint %I', c.t, c.conname); end loop;
           end $$""",
    ),
}

_numbers = itertools.count(1)


def partition(number: int) -> str:
    """Key of the n-th partition, counted from 0."""
    return f"{DAY + timedelta(days=number)}|{SOURCE}"


def make_template(server: EmbeddedServer, postings: int, partitions: int) -> str:
    """Name of a new database with so many postings, spread evenly, each owing its first steps."""
    name = _create(server, "template0")
    url = server.url(name)
    migrate(url)
    with connected(url) as connection:
        declare_workflow(connection, WORKFLOW)
        declare_sources(connection, [_SOURCE])
        share = postings // partitions
        for number in range(partitions):
            _bring(connection, number, range(number * share, (number + 1) * share))
    return name


def copy_of(server: EmbeddedServer, template: str, without: str | None = None) -> str:
    """URL of a copy, with one part of SWITCHED_OFF switched off if named."""
    url = server.url(_create(server, template))
    if without is not None:
        with psycopg.connect(url, autocommit=True) as owner:
            for statement in SWITCHED_OFF[without]:
                owner.execute(statement.encode())
    return url


def drop(server: EmbeddedServer, name: str) -> None:
    """Remove a database and whoever is connected."""
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


_SOURCE = SourceDeclaration(
    source_id=SOURCE, label="Bench", adapter="none", timezone="UTC", settings={}
)


def _create(server: EmbeddedServer, template: str) -> str:
    name = f"engine_{next(_numbers)}"
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute(
            sql.SQL("create database {} template {} encoding 'UTF8'").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )
    return name


def _bring(connection: Connection, number: int, postings: range) -> None:
    """One fetch of one partition, staged and promoted."""
    key, day = partition(number), DAY + timedelta(days=number)
    worker = Worker(name="intake", lease_seconds=60)
    step = (WORKFLOW_ID, FETCH.conversation_id)
    order = intake.FetchOrder(input_id="listing", payload={}, by="bench")
    opened = intake.open_fetch(connection, *step, SOURCE, key, order=order, worker=worker)
    assert opened.interaction_id is not None and opened.fence is not None
    pages = [postings[at : at + PAGE_ROWS] for at in range(0, len(postings), PAGE_ROWS)]
    for page in range(len(pages)):
        intake.store_raw_page(
            connection, opened.interaction_id, opened.fence, number=page + 1, url="bench:",
            http_status=None, content_type="text/plain", body=b"bench",
        )  # fmt: skip
    done = Result(
        interaction_id=opened.interaction_id,
        fence=opened.fence,
        output={"pages": len(pages)},
        branch="success",
    )
    complete_work(connection, *step, [done])
    for raw_page_id, page_postings in zip(
        intake.pages_to_stage(connection, key), pages, strict=True
    ):
        rows = [_row(at, posting) for at, posting in enumerate(page_postings, page_postings.start)]
        intake.stage_page(connection, raw_page_id, day, SOURCE, rows)
    while intake.promote_staged(connection, WORKFLOW_ID, key, limit=PROMOTE_ROWS)[0]:
        pass


def _row(number: int, posting: int) -> dict[str, Any]:
    return {
        "row_number": number,
        "outcome": "row",
        "external_id": f"bench-{posting}",
        "title": f"Clerk {posting}",
        "company": "Example Ltd",
        "locations": ["Berlin"],
        "description": prose(posting, size=DESCRIPTION_CHARACTERS),
        "url": None,
        "posted_on": None,
        "fields_set_aside": {},
        "raw": {"number": posting},
    }
