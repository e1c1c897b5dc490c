"""The folder sql/ is the index of the database: what a file is called is what it makes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ty_pipeline.database.migrate import sql_folder

SQL = sql_folder()
KINDS = {"functions": r"function|procedure|aggregate", "views": "view", "triggers": "trigger"}
MADE = re.compile(r"^create (?:or replace )?(?:constraint )?(\w+) (\w+)", re.MULTILINE)
QUOTED = re.compile(r"--[^\n]*|'(?:[^']|'')*'|\$\w*\$", re.DOTALL)


def objects() -> list[Path]:
    return [file for kind in KINDS for file in sorted((SQL / kind).glob("*.sql"))]


def short(file: Path) -> str:
    return str(file.relative_to(SQL))


@pytest.mark.parametrize("file", objects(), ids=short)
def test_a_file_makes_the_one_object_it_is_named_after(file: Path) -> None:
    kinds = KINDS[file.parent.name]
    made = MADE.findall(file.read_text())
    assert [name for kind, name in made if re.fullmatch(kinds, kind)] == [file.stem]
    assert len(made) == 1


@pytest.mark.parametrize("file", objects(), ids=short)
def test_an_object_can_be_made_again(file: Path) -> None:
    text = file.read_text()
    again = re.search(r"^(create or replace|drop \w+ if exists)\b", text, re.MULTILINE)
    assert again, f"{short(file)} fails when it is applied twice"


@pytest.mark.parametrize("file", objects(), ids=short)
def test_an_object_says_what_it_is_for(file: Path) -> None:
    assert re.search(rf"^comment on \w+ {file.stem}\b", file.read_text(), re.MULTILINE)


@pytest.mark.parametrize("file", sorted(SQL.rglob("*.sql")), ids=short)
def test_sql_is_lower_case_without_tabs(file: Path) -> None:
    text = file.read_text()
    assert "\t" not in text
    keywords = re.findall(
        r"\b(?:SELECT|INSERT|UPDATE|DELETE|CREATE|FROM|WHERE|BEGIN|RETURNS)\b", QUOTED.sub("", text)
    )
    assert keywords == []


@pytest.mark.parametrize("file", sorted((SQL / "functions").glob("*.sql")), ids=short)
def test_arguments_start_with_p(file: Path) -> None:
    head = re.search(
        r"^create [^(]*\((.*?)\)\s*returns", file.read_text(), re.MULTILINE | re.DOTALL
    )
    if head is None:
        return
    arguments = re.sub(r"\([^)]*\)|--[^\n]*|default '[^']*'", "", head.group(1)).split(",")
    named = [
        a.split()[0] if a.split()[0] != "variadic" else a.split()[1] for a in arguments if a.strip()
    ]
    assert [name for name in named if not name.startswith("p_") and name != "out"] == []


def test_migrations_are_numbered_without_a_gap() -> None:
    names = sorted(file.name for file in (SQL / "migrations").glob("*"))
    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))
    assert all(re.fullmatch(r"\d{4}_[a-z0-9_]+\.sql", name) for name in names)


def test_every_check_has_a_name() -> None:
    migrations = sorted((SQL / "migrations").glob("*.sql"))
    nameless = [
        f"{short(file)}: {text[found.start() : found.start() + 60]}"
        for file in migrations
        for text in [QUOTED.sub("''", file.read_text())]
        for found in re.finditer(r"(constraint \w+\s+|with )?\bcheck \(", text)
        if found.group(1) is None
    ]
    assert nameless == []
