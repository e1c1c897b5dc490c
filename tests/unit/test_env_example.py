"""``.env.example`` is what the configuration reads, no more and no less."""

from __future__ import annotations

import re

from dotenv import dotenv_values

from ty_pipeline.config import env_example, load_settings, project_folder, variables

EXAMPLE = project_folder() / ".env.example"


def test_the_example_is_the_table_of_settings_printed() -> None:
    assert EXAMPLE.read_text() == env_example()


def test_uncommenting_every_line_gives_the_defaults() -> None:
    lines = re.findall(r"^# ([A-Z_]+)=(.*)$", EXAMPLE.read_text(), re.MULTILINE)
    assert [name for name, _ in lines] == [v.name for v in variables()]
    assert load_settings(dict(lines)) == load_settings({})


def test_the_example_itself_sets_nothing() -> None:
    assert dotenv_values(EXAMPLE) == {}
