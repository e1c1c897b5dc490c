"""The NYC feed, whole, by the command that the README shows: 2,946 rows, 1,661 postings, all steps.

The feed lies beside the checkout in ../shared/data; where it is missing, this is not collected.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest

FEED = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "nyc_jobs.csv.gz"
COMMAND = (sys.executable, "-m", "ty_pipeline.cli.main")

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def ledger(module_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database after `ty-pipeline run` of the feed."""
    url = module_database()
    env = dict(os.environ) | {
        "TY_DATABASE_URL": url,
        "DAGSTER_POSTGRES_URL": module_database(),
        "TY_HOME": str(tmp_path_factory.mktemp("home")),
    }
    run = ["run", "--source", "nyc_jobs", "--feed", str(FEED), "--date", "2026-01-05"]
    done = subprocess.run([*COMMAND, *run], env=env, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    return url


def value(url: str, query: str) -> Any:
    with psycopg.connect(url) as connection:
        row = connection.execute(query).fetchone()
    assert row is not None
    return row[0]


def test_the_rows_become_1661_postings_and_every_row_is_counted(ledger: str) -> None:
    assert value(ledger, "select count(*) from postings") == 1661
    assert value(ledger, "select sum(row_count) from raw_pages") == 2946
    duplicates = (
        "select count(*) from postings_staging where validation_status = 'duplicate_in_fetch'"
    )
    assert value(ledger, duplicates) == 1285


def test_rows_whose_dates_hold_other_text_stay_and_are_counted(ledger: str) -> None:
    assert value(ledger, "select sum(fields_set_aside) from raw_pages") == 1566


def test_no_mojibake_is_left(ledger: str) -> None:
    left = "select count(*) from posting_versions where description like '%â€%'"
    assert value(ledger, left) == 0


def test_every_posting_ends_published_or_with_a_person(ledger: str) -> None:
    published = value(ledger, "select count(*) from postings where extracted_summary is not null")
    waiting = value(ledger, "select count(*) from run_node_state where status = 'suspended'")
    assert published + waiting == 1661
    assert value(ledger, "select count(*) from postings where ihl_score is not null") == 1661


def test_nothing_is_left_to_do_and_nothing_failed(ledger: str) -> None:
    left = "select count(*) from run_node_state where status in ('scheduled', 'running', 'failed')"
    assert value(ledger, left) == 0


def test_equal_adverts_were_called_once(ledger: str) -> None:
    calls = (
        "select count(*) - count(distinct input_hash) from interactions"
        " where conversation_id = 3335 and reused_from is null"
    )
    assert value(ledger, calls) == 0
