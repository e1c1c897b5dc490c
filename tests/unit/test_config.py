"""Settings: what is accepted, and the one sentence that names what is not."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from ty_pipeline.config import load_settings, project_folder, variables
from ty_pipeline.errors import ConfigError


def test_with_nothing_set_every_default_is_usable() -> None:
    settings = load_settings({})
    assert settings.home == project_folder() / ".ty"
    assert settings.database_url is None
    assert settings.dagster_postgres_url is None
    assert settings.port == 3000
    assert (settings.claim_batch, settings.lease_seconds) == (256, 60)


def test_settings_cannot_be_changed_after_loading() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        load_settings({}).port = 1  # type: ignore[misc] # that it is refused is the point


def test_an_empty_value_is_an_unset_one() -> None:
    assert load_settings({"TY_PORT": " ", "TY_DATABASE_URL": ""}) == load_settings({})


def test_folders_of_data_lie_under_home(tmp_path: Path) -> None:
    settings = load_settings({"TY_HOME": str(tmp_path / "a home")})
    assert settings.home == tmp_path / "a home"
    assert settings.logs_dir.parent == settings.taxonomy_dir.parent == settings.home


def test_a_home_is_relative_to_the_checkout_or_to_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/someone")
    assert load_settings({"TY_HOME": "data/ty"}).home == project_folder() / "data/ty"
    assert load_settings({"TY_HOME": "~/ty"}).home == Path("/home/someone/ty")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TY_PORT", "0"),
        ("TY_PORT", "65536"),
        ("TY_PORT", "3000.0"),
        ("TY_PORT", "http"),
        ("TY_CLAIM_BATCH", "0"),
        ("TY_COMMIT_MS", "51"),
        ("TY_LEASE_SECONDS", "-1"),
        ("TY_PASS_MINUTES", "inf"),
        ("TY_MAPPINGS_DIR", "/nowhere/at/all"),
    ],
)
def test_a_wrong_value_is_one_sentence_with_name_value_and_what_is_accepted(
    name: str, value: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        load_settings({name: value})
    sentence = str(caught.value)
    accepts = next(v.accepts for v in variables() if v.name == name)
    assert sentence == f"{name} is {value!r}: it must be {accepts}."


@pytest.mark.parametrize("name", ["TY_DATABASE_URL", "DAGSTER_POSTGRES_URL"])
@pytest.mark.parametrize(
    "value", ["postgresql://u:s3cret@h:port:/db?x", "password=s3cret host", "s3cret"]
)
def test_a_wrong_address_is_named_but_never_shown(name: str, value: str) -> None:
    with pytest.raises(
        ConfigError, match=rf"^{name} has a value that cannot be used: .*URL"
    ) as caught:
        load_settings({name: value})
    assert "s3cret" not in str(caught.value)
    assert "s3cret" not in repr(caught.value.__cause__)


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://user:word@host:5432/db?sslmode=require",
        "postgres:///db",
        "host='/a folder/run' dbname=db user=me",
    ],
)
def test_every_address_that_libpq_takes_is_taken(address: str) -> None:
    assert load_settings({"TY_DATABASE_URL": address}).database_url == address


def test_dagsters_own_spelling_of_its_address_is_taken() -> None:
    given = load_settings({"DAGSTER_POSTGRES_URL": "postgresql+psycopg2://u@h/dagster"})
    assert given.dagster_postgres_url == "postgresql://u@h/dagster"


def test_the_environment_wins_over_the_env_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text("TY_PORT=4000\nTY_CLAIM_BATCH=7\n")
    monkeypatch.setattr("ty_pipeline.config.project_folder", lambda: tmp_path)
    monkeypatch.setenv("TY_PORT", "5000")
    settings = load_settings()
    assert (settings.port, settings.claim_batch) == (5000, 7)


def test_every_field_of_the_settings_has_one_variable() -> None:
    fields = [field.name for field in dataclasses.fields(load_settings({}))]
    assert sorted(v.field for v in variables()) == sorted(fields)
    assert len({v.name for v in variables()}) == len(fields)
