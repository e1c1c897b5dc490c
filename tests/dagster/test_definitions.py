"""The code location as a whole: it loads without a database, and says what it promises to."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import dagster as dg
import pytest

from ty_pipeline.config import load_settings
from ty_pipeline.definitions import build_definitions
from ty_pipeline.errors import ConfigError

if TYPE_CHECKING:
    from tests.dagster.conftest import World

CHECKOUT = Path(__file__).parents[2]
NOWHERE = "postgresql://nobody@127.0.0.1:1/nothing"
GROUPS = {
    "fetched_jobs": "intake",
    "staged_postings": "intake",
    "postings": "intake",
    "extracted_summaries": "summary",
    "graded_summaries": "summary",
    "published_summaries": "summary",
    "posting_skills": "skills",
    "ihl_scores": "ihl",
    "pipeline_report": "oversight",
    "ledger_audit": "oversight",
}
PARENTS = {
    "fetched_jobs": set(),
    "staged_postings": {"fetched_jobs"},
    "postings": {"staged_postings"},
    "extracted_summaries": {"postings"},
    "graded_summaries": {"extracted_summaries"},
    "published_summaries": {"graded_summaries"},
    "posting_skills": {"published_summaries"},
    "ihl_scores": {"postings"},
}


@pytest.fixture(scope="module")
def definitions() -> dg.Definitions:
    return build_definitions(load_settings({"TY_DATABASE_URL": NOWHERE}))


@pytest.fixture(scope="module")
def specs(definitions: dg.Definitions) -> dict[str, dg.AssetSpec]:
    return {s.key.to_user_string(): s for s in definitions.resolve_all_asset_specs()}


def python(program: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        env={**os.environ, **env},
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
    )


def test_it_loads_without_a_database_and_without_a_warning(definitions: dg.Definitions) -> None:
    dg.Definitions.validate_loadable(definitions)


def test_dagster_validates_it_without_a_database(tmp_path: Path) -> None:
    done = subprocess.run(
        [
            *(str(Path(sys.executable).with_name("dagster")), "definitions", "validate"),
            *("-m", "ty_pipeline.definitions"),
        ],
        env={
            **{k: v for k, v in os.environ.items() if k != "DAGSTER_HOME"},
            "TY_DATABASE_URL": NOWHERE,
            "PYTHONPATH": str(CHECKOUT),
        },
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    assert "All code locations passed validation" in said
    assert "BetaWarning" not in said
    assert "PreviewWarning" not in said


def test_assets_are_in_their_groups(specs: dict[str, dg.AssetSpec]) -> None:
    assert {name: spec.group_name for name, spec in specs.items()} == GROUPS


def test_assets_follow_each_other_as_their_work_does(specs: dict[str, dg.AssetSpec]) -> None:
    found = {name: {dep.asset_key.to_user_string() for dep in specs[name].deps} for name in PARENTS}
    assert found == PARENTS


def test_every_asset_says_whose_it_is_what_it_is_made_of_and_what_it_holds(
    specs: dict[str, dg.AssetSpec],
) -> None:
    for spec in specs.values():
        assert spec.owners
        assert spec.kinds
        assert spec.description
        assert spec.description.endswith(".")


def test_partitioned_assets_share_one_definition_and_take_ranges_in_one_run(
    definitions: dg.Definitions, specs: dict[str, dg.AssetSpec]
) -> None:
    partitioned = {name for name, spec in specs.items() if spec.partitions_def is not None}
    assert partitioned == set(PARENTS)
    assert len({specs[name].partitions_def for name in partitioned}) == 1
    policies = {
        a.key.to_user_string(): a.backfill_policy
        for a in definitions.resolve_asset_graph().asset_nodes
    }
    assert {policies[name] for name in partitioned} == {dg.BackfillPolicy.single_run()}


def test_the_jobs_take_the_partitioned_assets_and_the_others(definitions: dg.Definitions) -> None:
    def assets(job: str) -> set[str]:
        layer = definitions.resolve_job_def(job).asset_layer
        return {key.to_user_string() for key in layer.executable_asset_keys}

    assert assets("process_partition") == set(PARENTS)
    assert assets("report_and_audit") == set(GROUPS) - set(PARENTS)


def test_every_job_runs_in_one_process(definitions: dg.Definitions) -> None:
    for job in ("process_partition", "report_and_audit", "__ASSET_JOB"):
        assert definitions.resolve_job_def(job).executor_def is dg.in_process_executor


def test_importing_it_reads_no_setting_and_loads_nothing_that_draws() -> None:
    done = python(
        "import sys, ty_pipeline.definitions;"
        "print([m for m in ('pandas', 'numpy', 'matplotlib', 'PIL') if m in sys.modules])",
        TY_CLAIM_BATCH="many",
    )
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "[]", "")


def test_building_it_names_the_setting_that_is_wrong() -> None:
    with pytest.raises(ConfigError, match="TY_CLAIM_BATCH"):
        build_definitions(load_settings({"TY_CLAIM_BATCH": "many"}))


def test_a_mapping_of_the_user_is_a_source_with_partitions_of_its_own(world: World) -> None:
    definitions = build_definitions(pipeline=world.pipeline)
    (partitions,) = {
        spec.partitions_def
        for spec in definitions.resolve_all_asset_specs()
        if spec.partitions_def is not None
    }
    assert partitions.has_partition_key(world.keys[0])
