"""Every command: help with an example that parses, JSON for scripts, honest exit codes."""

from __future__ import annotations

import shlex
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import typer.main

from ty_pipeline.cli import main as cli
from ty_pipeline.errors import ConfigError, DatabaseUnavailable, UsageError

EXPECTED = ["doctor", "migrate", "psql", "run", "status", "taxonomy import", "trace", "up"]


def commands() -> dict[str, Any]:
    """Every command that can be run, by the words that call it."""
    return dict(_leaves("", typer.main.get_command(cli.app)))


def _leaves(name: str, command: Any) -> Iterator[tuple[str, Any]]:
    if not hasattr(command, "commands"):
        yield name, command
        return
    for word, inner in command.commands.items():
        yield from _leaves(f"{name} {word}".strip(), inner)


@pytest.fixture
def arguments(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Calls the entry point with some arguments; its exit code."""

    def call(*words: str) -> int:
        monkeypatch.setattr(sys, "argv", ["ty-pipeline", *words])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        return int(ended.value.code or 0)

    return call


def test_the_commands_are_those_of_this_release() -> None:
    assert sorted(commands()) == EXPECTED


@pytest.mark.parametrize("name", EXPECTED)
def test_help_says_what_it_does_and_gives_an_example(
    name: str, arguments: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    assert arguments(*name.split(), "--help") == 0
    shown = capsys.readouterr().out
    assert f"Example: ty-pipeline {name}" in shown
    assert "--json" in shown
    assert len(commands()[name].help.splitlines()[0]) > 30


@pytest.mark.parametrize("name", EXPECTED)
def test_the_example_is_right_usage(name: str) -> None:
    example = commands()[name].epilog.removeprefix("Example: ty-pipeline ")
    words = shlex.split(example)[len(name.split()) :]
    context = commands()[name].make_context(name, words)
    assert context.args == []


@pytest.mark.parametrize(
    "words",
    [
        ["nosuch"],
        ["status", "--nosuch"],
        ["status", "--partition", "a|b", "--source", "b"],
        ["trace"],
        ["run"],
        ["run", "--source", "sample", "--date", "5 January"],
        ["run", "--source", "sample", "--date", "2026-01-05", "--to", "2026-01-06"],
        ["run", "--source", "sample", "--from", "2026-01-05"],
        ["run", "--source", "sample", "--from", "2026-01-06", "--to", "2026-01-05"],
        ["taxonomy", "export"],
    ],
)
def test_wrong_usage_ends_with_2_and_a_sentence(
    words: list[str], arguments: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    assert arguments(*words) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.strip()
    assert "Traceback" not in captured.err


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (UsageError("Give one of them."), 2),
        (ConfigError("TY_PORT is 'x': it must be a number."), 2),
        (DatabaseUnavailable("The database is away."), 1),
    ],
)
def test_an_error_of_ours_is_one_sentence_on_standard_error(
    error: Exception,
    code: int,
    arguments: Any,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail(**_: object) -> None:
        raise error

    monkeypatch.setattr(cli, "app", fail)
    assert arguments() == code
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", f"ty-pipeline: {error}\n")


def test_an_error_sentence_cannot_drive_the_terminal(
    arguments: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(**_: object) -> None:
        raise UsageError("no \x1b]0;owned\x07 posting")

    monkeypatch.setattr(cli, "app", fail)
    assert arguments() == 2
    assert capsys.readouterr().err == "ty-pipeline: no \\x1b]0;owned\\x07 posting\n"


def test_a_defect_of_ours_is_not_dressed_up_as_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(cli, "app", fail)
    with pytest.raises(ZeroDivisionError):
        cli.main()


def test_loading_the_commands_loads_nothing_heavy() -> None:
    loaded = "import sys, ty_pipeline.cli.main; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", loaded], capture_output=True, text=True, check=True
    )
    heavy = {"dagster", "pandas", "matplotlib", "sqlalchemy", "psycopg", "rich", "asyncio"}
    assert heavy & set(done.stdout.split()) == set()
