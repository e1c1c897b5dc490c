"""A crawler's history of 19 days, one partition a day, fed in any order: it ends the same.

The feed lies beside the checkout in ../shared/data; where it is missing, these tests are not collected
(``conftest.py`` in this folder says so).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest

from ty_pipeline.bootstrap import prepare_database
from ty_pipeline.engine.context import EngineContext
from ty_pipeline.engine.intake import (
    fetch_partition,
    order_for,
    promote_partition,
    stage_partition,
)
from ty_pipeline.engine.passes import run_pass
from ty_pipeline.sources.registry import load_sources
from ty_pipeline.sources.row import Source
from ty_pipeline.workflow.workflow_3001 import WORKFLOW_3001

FEED = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "postings_history.jsonl.gz"
ASSETS = (
    "postings",
    "extracted_summaries",
    "graded_summaries",
    "published_summaries",
    "posting_skills",
    "ihl_scores",
)
OUTCOME = """
  select p.external_id, v.title, v.description, p.status, p.first_seen_on, p.last_seen_on,
    p.extracted_summary, p.skill_keywords, p.ihl_score, p.ihl_category,
    p.extracted_summary_stale_since is null, p.skill_keywords_stale_since is null,
    p.ihl_stale_since is null,
    (select array_agg(encode(o.content_hash, 'hex') order by o.content_hash)
     from posting_versions o where o.posting_id = p.posting_id)
  from postings p join posting_versions v on v.posting_version_id = p.current_version_id
  order by p.external_id"""


@pytest.fixture(scope="module")
def source() -> Source:
    return load_sources(None)["postings_history"]


@pytest.fixture(scope="module")
def days(source: Source) -> list[date]:
    return source.feed_dates(FEED)


def feed(url: str, source: Source, day: date) -> None:
    """Everything of one day, as the assets do it."""
    context = EngineContext(url=url, workflow=WORKFLOW_3001)
    key = f"{day}|{source.source_id}"
    assert (
        fetch_partition(context, source, key, day, order_for(source, FEED, "test")).state
        == "completed"
    )
    stage_partition(context, source, key, day)
    promote_partition(context, key)
    for asset in ASSETS:
        run_pass(context, asset, key)


def drain(url: str, source: Source, days: Sequence[date]) -> None:
    """One more pass over every day: what became owed in a day whose pass was over already."""
    context = EngineContext(url=url, workflow=WORKFLOW_3001)
    for day in days:
        for asset in ASSETS:
            run_pass(context, asset, f"{day}|{source.source_id}")


def rows(url: str, query: str) -> list[Any]:
    with psycopg.connect(url) as connection:
        return connection.execute(query).fetchall()


@pytest.fixture(scope="module")
def forwards(
    module_database: Callable[[], str], source: Source, days: list[date]
) -> tuple[str, list[Any]]:
    url = module_database()
    prepare_database(url, [source])
    for day in days:
        feed(url, source, day)
    return url, rows(url, OUTCOME)


def test_every_version_of_every_posting_is_there(forwards: tuple[str, list[Any]]) -> None:
    url, outcome = forwards
    assert len(outcome) == 390
    changed = rows(
        url,
        "select count(*) from (select posting_id from posting_versions"
        " group by posting_id having count(distinct description) > 1) c",
    )
    assert changed == [(16,)]


def test_work_is_done_for_changed_content_and_for_no_other(
    forwards: tuple[str, list[Any]],
) -> None:
    url, _ = forwards
    (versions,) = rows(url, "select count(*) from posting_versions")[0]
    (validated,) = rows(url, "select count(*) from interactions where conversation_id = 9193")[0]
    superseded = rows(
        url,
        "select count(*) from posting_versions v where not exists"
        " (select from interaction_inputs e where e.posting_version_id = v.posting_version_id)",
    )[0][0]
    assert validated == versions - superseded
    twice = rows(
        url,
        "select i.interaction_id from interactions i where status = 'completed' and exists ("
        " select from interactions o where o.posting_id = i.posting_id"
        " and o.conversation_id = i.conversation_id and o.round = i.round"
        " and o.inputs_key = i.inputs_key and o.interaction_id < i.interaction_id)",
    )
    assert twice == []


def test_feeding_it_again_does_nothing(
    forwards: tuple[str, list[Any]], source: Source, days: list[date]
) -> None:
    url, outcome = forwards
    before = rows(url, "select count(*) from interactions")
    for day in days:
        feed(url, source, day)
    assert rows(url, "select count(*) from interactions") == before
    assert rows(url, OUTCOME) == outcome


def test_backwards_ends_the_same(
    forwards: tuple[str, list[Any]],
    module_database: Callable[[], str],
    source: Source,
    days: list[date],
) -> None:
    url = module_database()
    prepare_database(url, [source])
    for day in reversed(days):
        feed(url, source, day)
    drain(url, source, days)
    assert rows(url, OUTCOME) == forwards[1]


def test_all_days_at_once_end_the_same(
    forwards: tuple[str, list[Any]],
    module_database: Callable[[], str],
    source: Source,
    days: list[date],
) -> None:
    url = module_database()
    prepare_database(url, [source])
    with ThreadPoolExecutor(len(days)) as pool:
        list(pool.map(lambda day: feed(url, source, day), days))
    drain(url, source, days)
    assert rows(url, OUTCOME) == forwards[1]
