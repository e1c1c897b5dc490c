"""Imported skill concepts: the same concept again adds its labels, and nothing is lost."""

from __future__ import annotations

import json
from typing import Any

from tests.ledger_driver import Driver


def concept(ledger: Driver, number: int, **changes: Any) -> dict[str, Any]:
    return {
        "concept_id": f"{ledger.source}:{number}", "name": f"Skill {number}", "aliases": ["b", "a"],
        "kind": "skill", "taxonomy": "esco",
    } | changes  # fmt: skip


def imported(ledger: Driver, *concepts: dict[str, Any]) -> int:
    row = ledger.pipeline.execute(
        "select import_taxonomy(%s::jsonb)", (json.dumps(concepts),)
    ).fetchone()
    assert row is not None
    return int(row[0])


def stored(ledger: Driver) -> list[Any]:
    return ledger.rows(
        "select * from taxonomy_concepts where concept_id like %s order by 1", f"{ledger.source}:%"
    )


def test_concepts_are_added_and_counted(ledger: Driver) -> None:
    assert imported(ledger, concept(ledger, 1), concept(ledger, 2)) == 2
    assert [(c.name, c.aliases, c.kind, c.taxonomy) for c in stored(ledger)] == [
        ("Skill 1", ["a", "b"], "skill", "esco"), ("Skill 2", ["a", "b"], "skill", "esco"),
    ]  # fmt: skip


def test_a_concept_again_keeps_old_labels_and_adds_new_ones(ledger: Driver) -> None:
    imported(ledger, concept(ledger, 1))
    imported(ledger, concept(ledger, 1, name="Renamed", aliases=["c", "a"]))
    (one,) = stored(ledger)
    assert (one.name, one.aliases) == ("Renamed", ["a", "b", "c"])


def test_a_concept_without_other_labels_has_none(ledger: Driver) -> None:
    imported(ledger, concept(ledger, 1, aliases=None))
    assert stored(ledger)[0].aliases == []


def test_nothing_is_imported_from_nothing(ledger: Driver) -> None:
    assert imported(ledger) == 0


def test_a_concept_twice_in_one_file_is_one(ledger: Driver) -> None:
    later = concept(ledger, 1, name="Skill 1, as it is called later", aliases=["y"])
    assert imported(ledger, concept(ledger, 1, aliases=["x"]), later) == 1
    (one,) = stored(ledger)
    assert (one.name, one.aliases) == ("Skill 1, as it is called later", ["x", "y"])
