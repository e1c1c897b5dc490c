"""Which sources there are, and what a user's own mappings must be."""

from __future__ import annotations

from pathlib import Path

import pytest

from ty_pipeline.errors import MappingError
from ty_pipeline.sources.registry import load_sources

OWN = """
source_id = "acme"
label = "Acme"
timezone = "Europe/Berlin"
format = "jsonl"
feed = "jobs.jsonl"
[columns]
external_id = "id"
title = "title"
company = { value = "Acme" }
description = "text"
"""


def test_the_shipped_sources_are_there_without_any_setting() -> None:
    sources = load_sources(None)
    assert list(sources) == ["sample", "nyc_jobs", "postings_history"]
    assert [source.source_id for source in sources.values()] == list(sources)
    assert {source.label for source in sources.values()} >= {"NYC Jobs", "Postings history"}
    assert sources["nyc_jobs"].timezone == "America/New_York"
    assert sources["nyc_jobs"].default_feed() is None


def test_a_users_mapping_is_a_source_with_its_feed_beside_it(tmp_path: Path) -> None:
    (tmp_path / "acme.toml").write_text(OWN)
    source = load_sources(tmp_path)["acme"]
    assert (source.label, source.timezone) == ("Acme", "Europe/Berlin")
    assert source.default_feed() == tmp_path / "jobs.jsonl"


def test_an_id_that_another_source_has_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(OWN.replace('"acme"', '"nyc_jobs"', 1))
    with pytest.raises(
        MappingError, match=r'mine\.toml has the source_id "nyc_jobs", which another'
    ):
        load_sources(tmp_path)


def test_an_id_in_another_form_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(OWN.replace('"acme"', '"Acme-Jobs"', 1))
    with pytest.raises(MappingError, match=r"mine\.toml is wrong: source_id: String should match"):
        load_sources(tmp_path)


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match=r"folder of mappings .*gone is not there"):
        load_sources(tmp_path / "gone")
