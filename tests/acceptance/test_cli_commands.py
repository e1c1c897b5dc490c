"""The commands as a person or a script calls them: real processes on a real database.

One database is migrated and worked on by the commands themselves; the tests look at what they say of
it. ``up`` is tested with the service (``tests/dagster``).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from ty_pipeline.database.migrate import migrate

PARTITION = "2026-01-05|sample"
UNREACHABLE = "postgresql://nobody@127.0.0.1:1/none"  # where Dagster's storage does not matter
ASSETS = [
    "fetched_jobs",
    "staged_postings",
    "postings",
    "extracted_summaries",
    "graded_summaries",
    "published_summaries",
    "posting_skills",
    "ihl_scores",
]


class Shell:
    """Runs commands with settings of its own."""

    def __init__(self, **env: str) -> None:
        inherited = {k: v for k, v in os.environ.items() if not k.startswith(("TY_", "DAGSTER_"))}
        self._env = inherited | env

    def run(self, *words: str, expect: int = 0) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-m", "ty_pipeline.cli.main", *words],
            env=self._env,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
        )
        assert done.returncode == expect, done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        return done

    def json(self, *words: str, expect: int = 0) -> Any:
        return json.loads(self.run(*words, "--json", expect=expect).stdout)

    def complaint(self, *words: str, expect: int = 1) -> str:
        """The one sentence of a command that does not do what it was asked."""
        done = self.run(*words, expect=expect)
        assert done.stdout == ""
        (line,) = done.stderr.strip().splitlines()
        return line


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def database_url(module_database: Callable[[], str]) -> str:
    return module_database()


@pytest.fixture(scope="module")
def shell(module_database: Callable[[], str], database_url: str, home: str) -> Shell:
    return Shell(TY_HOME=home, TY_DATABASE_URL=database_url, DAGSTER_POSTGRES_URL=module_database())


@pytest.fixture(scope="module")
def first_run(shell: Shell) -> Any:
    """What the first run of the sample's first day reports."""
    (outcome,) = shell.json("run", "--source", "sample", "--date", "2026-01-05")
    return outcome


@pytest.fixture
def nothing_there(tmp_path: Path) -> Iterator[Shell]:
    """A home folder in which no database was ever made; none may be made by looking."""
    yield Shell(TY_HOME=str(tmp_path / "home"))
    assert not (tmp_path / "home").exists()


def test_migrating_twice_changes_nothing(module_database: Callable[[], str], home: str) -> None:
    fresh = Shell(
        TY_HOME=home, TY_DATABASE_URL=module_database(), DAGSTER_POSTGRES_URL=module_database()
    )
    first, second = fresh.json("migrate"), fresh.run("migrate").stdout
    assert "0001_configuration.sql" in first["applied"]
    assert (first["objects_replaced"], first["has_roles"]) == (True, True)
    assert second.startswith("The database is at this release; sources: ")


def test_a_run_goes_through_every_asset(first_run: Any) -> None:
    assert (first_run["success"], first_run["has_failed"]) == (True, False)
    assert [asset["asset"] for asset in first_run["assets"]] == ASSETS


def test_running_again_does_nothing_again(shell: Shell, first_run: Any) -> None:
    done = shell.run("run", "--source", "sample", "--from", "2026-01-05", "--to", "2026-01-05")
    assert f"{PARTITION}: 0 new, 0 changed, 0 seen, 0 interactions done, 0 failed" in done.stdout
    assert "ihl_scores" in done.stdout
    assert first_run["run_id"] not in done.stdout


@pytest.mark.usefixtures("first_run")
def test_status_adds_up_and_says_what_is_next(shell: Shell) -> None:
    status = shell.json("status", "--partition", PARTITION)
    rows = status["fetches"]
    parts = ("new", "changed", "seen", "duplicate_in_fetch", "set_aside", "to_promote")
    assert rows["rows"] == sum(rows[part] for part in parts) > 80
    assert sum(status["postings"].values()) == rows["new"]
    validate = status["steps"][0]
    assert (validate["step"], validate["done"]) == ("validate_description", rows["new"])
    assert status["next"]
    assert status["scope"] == {"partition_key": PARTITION, "source_id": None}


@pytest.mark.usefixtures("first_run")
def test_status_of_everything_is_one_screen(shell: Shell) -> None:
    shown = shell.run("status").stdout
    assert "Progress of everything" in shown
    assert len(shown.splitlines()) < 50
    assert max(map(len, shown.splitlines())) <= 100
    assert shell.run("status", "--source", "nyc_jobs").stdout.count("nothing was fetched yet") == 1


@pytest.mark.usefixtures("first_run")
def test_trace_tells_the_whole_story_by_ids(shell: Shell) -> None:
    story = shell.json("trace", "sample:gh-4001")
    known = {one["interaction_id"] for one in story["interactions"]}
    versions = {one["posting_version_id"] for one in story["versions"]}
    for one in story["interactions"]:
        assert one["status"] == "completed"
        for edge in one["inputs"]:
            assert edge["input_interaction_id"] in known or edge["posting_version_id"] in versions
    published = story["posting"]["extracted_summary_interaction_id"]
    saved = [i for i in story["interactions"] if i["canonical_name"] == "save_summary"]
    assert [one["interaction_id"] for one in saved] == [published]


@pytest.mark.usefixtures("first_run")
def test_trace_finds_a_posting_by_id_or_external_id_and_shows_verbatim_text(
    shell: Shell,
) -> None:
    short = shell.run("trace", "gh-4001").stdout
    posting_id = short.split()[1]
    full = shell.run("trace", posting_id, "-v").stdout
    assert short.splitlines()[0] == full.splitlines()[0]
    assert "prompt version 1" in full
    assert "prompt version 1" not in short


@pytest.mark.usefixtures("first_run")
def test_doctor_finds_nothing_wrong_and_says_what_does_not_run(
    shell: Shell,
) -> None:
    report = shell.json("doctor")
    states = {check["name"]: check["state"] for check in report["checks"]}
    assert report["healthy"] is True
    for name in ("database", "migrations", "roles", "invariants"):
        assert states[name] == "ok"
    daemon = next(check for check in report["checks"] if check["name"] == "daemon")
    assert (daemon["state"], "ty-pipeline up" in daemon["to_do"]) == ("warn", True)


def test_doctor_fails_with_what_to_do_where_tables_are_missing(
    module_database: Callable[[], str], home: str
) -> None:
    bare = Shell(TY_HOME=home, TY_DATABASE_URL=module_database(), DAGSTER_POSTGRES_URL=UNREACHABLE)
    report = bare.json("doctor", expect=1)
    migrations = next(check for check in report["checks"] if check["name"] == "migrations")
    assert (migrations["state"], migrations["to_do"]) == ("fail", "Run `ty-pipeline migrate`.")


def test_doctor_sees_a_violated_invariant(module_database: Callable[[], str], home: str) -> None:
    url = module_database()
    migrate(url)
    with psycopg.connect(url) as owner:
        owner.execute("alter table interactions disable trigger interactions_are_never_deleted")
    hurt = Shell(TY_HOME=home, TY_DATABASE_URL=url, DAGSTER_POSTGRES_URL=UNREACHABLE)
    shown = hurt.run("doctor", expect=1).stdout
    assert "fail  audit_unguarded_tables" in shown
    assert "table audit_unguarded_tables" in shown


@pytest.mark.usefixtures("first_run")
def test_psql_gets_its_arguments_and_passes_its_exit_code_on(shell: Shell) -> None:
    asked = shell.run("psql", "-XAtc", "select current_user, count(*) > 80 from postings")
    assert asked.stdout.strip() == "ty_operator|t"
    shell.run("psql", "-Xc", "select nonsense", expect=1)
    assert shell.json("psql")["role"] == "ty_operator"


def test_a_taxonomy_is_tried_then_imported_then_known(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "ours.csv"
    file.write_text(
        "concept_id,name,aliases,kind\n"
        "ty:welding,Welding,to weld|Schweißen,skill\n"
        "ty:nothing,,,skill\n"
        "ty:odd,Odd,,oddity\n"
        "ty:hydraulics,Hydraulics,,knowledge\n"
    )
    counts = ("added", "updated", "unchanged")
    expected = {"tried": (2, 0, 0), "imported": (2, 0, 0), "again": (0, 0, 2)}
    for time, numbers in expected.items():
        report = shell.json("taxonomy", "import", str(file), *["--dry-run"] * (time == "tried"))
        assert tuple(report[name] for name in counts) == numbers, time
        assert [line["line_number"] for line in report["set_aside"]] == [3, 4]
    shown = shell.run("taxonomy", "import", str(file)).stdout
    assert "2 known already, 2 lines set aside" in shown
    assert "line 4: Row set aside: kind must be one of" in shown


def test_looking_makes_no_database(nothing_there: Shell) -> None:
    for words in (("status",), ("trace", "1")):
        assert "run `ty-pipeline up`" in nothing_there.complaint(*words)
    assert nothing_there.json("doctor", expect=1)["healthy"] is False


def test_a_database_without_tables_says_which_command_makes_them(
    module_database: Callable[[], str], home: str
) -> None:
    bare = Shell(TY_HOME=home, TY_DATABASE_URL=module_database())
    assert "run `ty-pipeline migrate`" in bare.complaint("status")


@pytest.mark.usefixtures("first_run")
@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (["status", "--source", "nosuch"], 2, "There is no source 'nosuch'"),
        (["status", "--partition", "yesterday"], 2, "write 2026-01-05|sample"),
        (["trace", "nosuch"], 2, "There is no posting 'nosuch'"),
        (["run", "--source", "nosuch"], 2, 'There is no source "nosuch"'),
        (["run", "--source", "sample", "--feed", "nosuch.csv"], 1, "nosuch.csv"),
        (["taxonomy", "import", "nosuch.csv"], 1, "nosuch.csv"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    shell: Shell, words: list[str], code: int, sentence: str
) -> None:
    assert sentence in shell.complaint(*words, expect=code)


def test_a_wrong_setting_is_one_sentence_that_names_it(home: str) -> None:
    wrong = Shell(TY_HOME=home, TY_PORT="many")
    assert "TY_PORT is 'many'" in wrong.complaint("status", expect=2)


@pytest.mark.usefixtures("first_run")
def test_a_run_in_which_something_failed_ends_with_1(shell: Shell) -> None:
    done = shell.run("run", "--source", "nyc_jobs", "--date", "2026-01-05", expect=1)
    assert "2026-01-05|nyc_jobs: failed: The source nyc_jobs has no feed of its own" in done.stdout
