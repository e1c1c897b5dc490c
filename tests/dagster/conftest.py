"""Fixtures of the Dagster tests: a small dated feed, a database ready for work, an instance.

The texts of the feed hold ``PLANTED`` everywhere a posting has text, so that a test can show that
none of it reaches Dagster.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dagster as dg
import psycopg
import pytest

from ty_pipeline.bootstrap import prepare_database
from ty_pipeline.config import load_settings
from ty_pipeline.definitions import build_definitions, build_pipeline
from ty_pipeline.resources import Pipeline

PLANTED = "Zebrafish"
DAYS = ("2026-03-02", "2026-03-03", "2026-03-04")
ASSETS = (
    "fetched_jobs",
    "staged_postings",
    "postings",
    "extracted_summaries",
    "graded_summaries",
    "published_summaries",
    "posting_skills",
    "ihl_scores",
)
MAPPING = """
source_id = "adverts"
label = "Adverts of a test"
timezone = "Europe/Berlin"
format = "jsonl"
feed = "adverts.jsonl"
[columns]
external_id = "id"
title = "title"
company = "company"
locations = "city"
description = "text"
[partition_date]
column = "day"
"""
BARE_MAPPING = """
source_id = "handed_over"
label = "Needs a feed"
timezone = "Europe/Berlin"
format = "jsonl"
[columns]
external_id = "id"
title = "title"
company = "company"
description = "text"
"""


def advert(number: int, day: str, *, city: str = "Bonn", text: str | None = None) -> dict[str, Any]:
    """One line of the feed; the same number is the same job."""
    return {
        "id": f"job-{number}",
        "day": day,
        "title": f"{PLANTED} Keeper {number}",
        "company": f"{PLANTED} Works",
        "city": city,
        "text": text if text is not None else _description(number),
    }


def _description(number: int) -> str:
    return (
        f"The {PLANTED} Works look for keeper number {number} of the large aquarium.\n\n"
        "Your tasks\n"
        f"- You feed the {PLANTED} every morning and write down what it eats.\n"
        "- You clean tanks and pumps, and you plan their maintenance with the team.\n"
        "- You show visitors round and answer their questions in two languages.\n\n"
        "Requirements\n"
        "- You have three years of experience with Python and SQL for the sensor data.\n"
        f"- You know how to handle {PLANTED} safely and hold a diving licence.\n"
        "- You speak English well and read German.\n\n"
        "We offer a permanent contract, 30 days of holiday and a pension.\n"
    )


def adverts() -> list[dict[str, Any]]:
    """The feed as it is at first."""
    return [
        *(advert(number, DAYS[0]) for number in (1, 2)),
        advert(3, DAYS[0], text="Too short."),
        *(advert(number, DAYS[1]) for number in (1, 4)),
        advert(5, DAYS[2]),
    ]


@dataclass(frozen=True, kw_only=True)
class World:
    """A database, a pipeline on it, and the Dagster side, all of one test."""

    pipeline: Pipeline
    owner_url: str  # of the database, as its superuser
    instance: dg.DagsterInstance
    feed: Path  # the feed of the source adverts

    planted = PLANTED
    days = DAYS
    assets = ASSETS
    keys = tuple(f"{day}|adverts" for day in DAYS)
    advert = staticmethod(advert)
    adverts = staticmethod(adverts)

    def write_feed(self, *adverts: Mapping[str, Any]) -> None:
        """Replace the feed."""
        self.feed.write_text("".join(json.dumps(one) + "\n" for one in adverts))

    def process(
        self, first: str, last: str | None = None, *, pipeline: Pipeline | None = None
    ) -> dg.ExecuteInProcessResult:
        """Run ``process_partition`` over one partition, or over a range as Dagster does it by tags."""
        return self._run("process_partition", pipeline or self.pipeline, _partitions(first, last))

    def look_back(self) -> dg.ExecuteInProcessResult:
        """Run ``report_and_audit``."""
        return self._run("report_and_audit", self.pipeline, {})

    def _run(
        self, job: str, pipeline: Pipeline, partitions: Mapping[str, Any]
    ) -> dg.ExecuteInProcessResult:
        return (
            build_definitions(pipeline=pipeline)
            .resolve_job_def(job)
            .execute_in_process(
                instance=self.instance, raise_on_error=False, run_config=QUIET, **partitions
            )
        )

    def last(self, asset: str, key: str | None = None) -> dg.AssetMaterialization:
        """The newest materialization of an asset, of one partition where it has some."""
        asked = dg.AssetRecordsFilter(
            asset_key=dg.AssetKey(asset), asset_partitions=[key] if key else None
        )
        (record,) = self.instance.fetch_materializations(asked, limit=1).records
        assert record.asset_materialization is not None
        return record.asset_materialization

    def ask(self, question: str) -> list[tuple[Any, ...]]:
        """Rows of a query, as the owner."""
        with psycopg.connect(self.owner_url, autocommit=True) as connection:
            return connection.execute(question.encode()).fetchall()

    def interactions(self) -> int:
        """How many interactions there are."""
        return int(self.ask("select count(*) from interactions")[0][0])

    def force(self, *statements: str) -> None:
        """Do what no role may: statements of the owner with every trigger off."""
        with psycopg.connect(self.owner_url) as connection:
            connection.execute("set session_replication_role = replica")
            for statement in statements:
                connection.execute(statement.encode())


QUIET = {"loggers": {"console": {"config": {"log_level": "ERROR"}}}}


def _partitions(first: str, last: str | None) -> dict[str, Any]:
    if last is None:
        return {"partition_key": first}
    return {
        "tags": {
            "dagster/asset_partition_range_start": first,
            "dagster/asset_partition_range_end": last,
        }
    }


@pytest.fixture
def world(database: str, tmp_path: Path) -> Iterator[World]:
    """Everything but a single run; Dagster's storage is in memory."""
    with _world(database, tmp_path) as made:
        yield made


@pytest.fixture(scope="module")
def processed(
    server: Any, template_database: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """A world in which all three dates have been processed in one run; tests only look at it."""
    folder = tmp_path_factory.mktemp("processed")
    with server.new_database(template_database) as url, _world(url, folder) as made:
        assert made.process(made.keys[0], made.keys[-1]).success
        yield made


@contextmanager
def _world(database: str, folder: Path) -> Iterator[World]:
    mappings = write_mappings(folder / "mappings")
    with dg.DagsterInstance.ephemeral(tempdir=str(folder)) as instance:
        yield World(
            pipeline=ready_pipeline(database, mappings),
            owner_url=database,
            instance=instance,
            feed=mappings / "adverts.jsonl",
        )


def write_mappings(folder: Path) -> Path:
    """The two mappings, and the feed: jobs 1, 2 and 3, then 1 again and 4, then 5."""
    folder.mkdir()
    (folder / "adverts.toml").write_text(MAPPING)
    (folder / "handed_over.toml").write_text(BARE_MAPPING)
    (folder / "adverts.jsonl").write_text("".join(json.dumps(one) + "\n" for one in adverts()))
    return folder


@pytest.fixture(scope="session")
def mappings_folder() -> Callable[[Path], Path]:
    """``write_mappings``, for a test that starts processes of its own."""
    return write_mappings


def ready_pipeline(database: str, mappings: Path) -> Pipeline:
    """A pipeline on a database that is prepared here."""
    settings = load_settings(
        {
            "TY_HOME": str(mappings),
            "TY_DATABASE_URL": database,
            "DAGSTER_POSTGRES_URL": database,
            "TY_MAPPINGS_DIR": str(mappings),
        }
    )
    pipeline = build_pipeline(settings)
    prepare_database(database, pipeline.sources.values())
    return pipeline
