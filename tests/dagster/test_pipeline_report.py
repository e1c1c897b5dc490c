"""The report: true figures, small pictures, no text."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import dagster as dg

from ty_pipeline.assets.plots import stacked_bars

if TYPE_CHECKING:
    from tests.dagster.conftest import World

PICTURES = ("progress", "grades", "internal hire likelihood", "cost")
SMALL = 9_000  # characters; Dagster keeps a value of metadata in one row of its event log
PNG = b"\x89PNG\r\n\x1a\n"


def picture(value: object) -> bytes:
    before, _, data = str(value).partition("base64,")
    assert before.startswith("![")
    return base64.b64decode(data.removesuffix(")"))


def test_its_figures_are_those_of_the_ledger(processed: World) -> None:
    assert processed.look_back().success
    metadata = processed.last("pipeline_report").metadata
    figures = {name: metadata[name].value for name in ("postings", "active", "summaries")}
    assert figures == {"postings": 5, "active": 4, "summaries": 4}
    calls, reused = processed.ask(
        "select count(*) filter (where reused_from is null), count(reused_from) from interactions"
        " where actor_type = 'ai_model'"
    )[0]
    assert metadata["calls"].value == calls
    assert metadata["calls saved by reuse"].value == reused
    table = metadata["progress by step"]
    assert isinstance(table, dg.TableMetadataValue)
    done = {record.data["step"]: record.data["done"] for record in table.records}
    assert done["validate_description"] == 5
    assert done["extract_summary"] == 4
    costs = metadata["cost by step"]
    assert isinstance(costs, dg.TableMetadataValue)
    assert (
        sum(int(str(r.data["calls"])) for r in costs.records)
        == calls
        + processed.ask("select count(*) from interactions where actor_type = 'script'")[0][0]
    )


def test_its_pictures_are_small_and_are_pictures(processed: World) -> None:
    assert processed.look_back().success
    metadata = processed.last("pipeline_report").metadata
    for name in PICTURES:
        assert picture(metadata[name].value).startswith(PNG)
        assert len(str(metadata[name].value)) < SMALL


def test_an_empty_ledger_is_reported_as_such(world: World) -> None:
    result = world.look_back()
    assert result.success
    metadata = world.last("pipeline_report").metadata
    assert metadata["postings"].value == 0
    assert metadata["cost by step"].value == "nothing yet"
    assert all(one.passed for one in result.get_asset_check_evaluations())


def test_a_picture_of_nothing_is_still_one() -> None:
    assert picture(stacked_bars("Empty", [], {"done": []}).value).startswith(PNG)
