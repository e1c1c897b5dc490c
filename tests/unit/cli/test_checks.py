"""How ``doctor`` judges what it finds."""

from __future__ import annotations

import shutil
import socket
from dataclasses import replace
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace

import pytest

from ty_pipeline.cli import checks
from ty_pipeline.config import Settings, load_settings
from ty_pipeline.ledger.audits import AUDITS, Finding, Violation


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings({"TY_HOME": str(tmp_path / "home")})


def test_the_installed_versions_fit_together() -> None:
    check = checks.check_versions()
    assert check.state == "ok"
    assert "dagster-postgres" in check.says


def test_parts_of_different_dagster_releases_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    releases = {"dagster": "1.13.27", "dagster-webserver": "1.13.27", "dagster-postgres": "0.29.26"}
    monkeypatch.setattr(metadata, "version", lambda name: releases.get(name, "1.0.0"))
    check = checks.check_versions()
    assert (check.state, check.to_do is None) == ("fail", False)


@pytest.mark.parametrize(
    ("free", "state"), [(10**8, "fail"), (2 * 10**9, "warn"), (80 * 10**9, "ok")]
)
def test_little_room_is_a_warning_and_none_a_failure(
    settings: Settings, free: int, state: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=free))
    check = checks.check_disk(settings)
    assert check.state == state
    assert (check.to_do is None) == (state == "ok")


def test_a_violated_invariant_fails_and_says_where_to_look() -> None:
    audit = next(one for one in AUDITS if one.invariant is not None)
    problem = Violation(posting_id=1, interaction_id=2, problem="interaction 2 is wrong")
    check = checks._judge(Finding(audit=audit, count=3, examples=(problem,)))
    assert check.state == "fail"
    assert check.says == "violated 3 times, first: interaction 2 is wrong"
    assert f"table {audit.view}" in str(check.to_do)


def test_what_is_no_invariant_only_warns() -> None:
    audit = next(one for one in AUDITS if one.invariant is None)
    problem = Violation(posting_id=None, interaction_id=None, problem="4 events were lost")
    assert checks._judge(Finding(audit=audit, count=1, examples=(problem,))).state == "warn"


def test_an_invariant_that_holds_needs_nothing_done() -> None:
    check = checks._judge(Finding(audit=AUDITS[0], count=0, examples=()))
    assert (check.state, check.to_do) == ("ok", None)


def test_a_port_that_another_program_has_is_a_warning(settings: Settings) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        check = next(checks.check_service(replace(settings, port=port)))
    assert (check.name, check.state) == ("ui", "warn")
    assert f"port {port} is taken" in check.says


def test_a_free_port_is_fine(settings: Settings) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    check = next(checks.check_service(replace(settings, port=port)))
    assert (check.state, check.says) == ("ok", f"not running; port {port} is free")
