"""Keeping imported skill concepts: added, updated, and left alone when nothing is new."""

from __future__ import annotations

from tests.ledger_driver import Driver
from ty_pipeline.ledger.reads import ConceptRow
from ty_pipeline.ledger.taxonomy import ImportCounts, import_concepts


def concept(driver: Driver, name: str, *aliases: str, kind: str = "skill") -> ConceptRow:
    return ConceptRow(
        concept_id=f"{driver.source}:{name}",
        name=name.title(),
        aliases=aliases,
        kind=kind,
        taxonomy="ty",
    )


def stored(driver: Driver) -> dict[str, tuple[list[str], str]]:
    found = driver.rows(
        "select * from imported_concepts where concept_id like %s", f"{driver.source}:%"
    )
    return {row.name: (sorted(row.aliases), row.kind) for row in found}


def counts(added: int = 0, updated: int = 0, unchanged: int = 0) -> ImportCounts:
    return ImportCounts(added=added, updated=updated, unchanged=unchanged)


def test_a_second_import_of_the_same_changes_nothing(ledger: Driver) -> None:
    concepts = [concept(ledger, "welding", "to weld"), concept(ledger, "sql")]
    assert import_concepts(ledger.pipeline, concepts) == counts(added=2)
    before = ledger.rows("select max(xmin::text) from taxonomy_concepts")
    assert import_concepts(ledger.pipeline, concepts) == counts(unchanged=2)
    assert ledger.rows("select max(xmin::text) from taxonomy_concepts") == before


def test_aliases_are_added_and_never_taken_away(ledger: Driver) -> None:
    import_concepts(ledger.pipeline, [concept(ledger, "welding", "to weld")])
    second = import_concepts(ledger.pipeline, [concept(ledger, "welding", "Schweißen")])
    assert second == counts(updated=1)
    assert stored(ledger) == {"Welding": (["Schweißen", "to weld"], "skill")}
    assert import_concepts(ledger.pipeline, [concept(ledger, "welding")]) == counts(unchanged=1)


def test_another_kind_is_an_update(ledger: Driver) -> None:
    import_concepts(ledger.pipeline, [concept(ledger, "go")])
    changed = concept(ledger, "go", kind="technology")
    assert import_concepts(ledger.pipeline, [changed]) == counts(updated=1)
    assert stored(ledger) == {"Go": ([], "technology")}


def test_a_dry_run_counts_and_writes_nothing(ledger: Driver) -> None:
    planned = import_concepts(ledger.pipeline, [concept(ledger, "welding")], write=False)
    assert planned == counts(added=1)
    assert stored(ledger) == {}


def test_counts_add_up() -> None:
    assert counts(1, 2, 3) + counts(4, 5, 6) == counts(5, 7, 9)
