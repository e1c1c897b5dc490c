"""Keeping imported skill concepts.

Belongs here: telling which concepts are new or different, and writing those. Not here: reading
taxonomy files (``actors/taxonomy.py``), finding concepts in texts (``actors``).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from ty_pipeline.database.connect import Connection
from ty_pipeline.ledger.reads import ConceptRow
from ty_pipeline.ledger.sqlstates import ledger_errors


@dataclass(frozen=True, kw_only=True)
class ImportCounts:
    """What one import came to; the three add up to the concepts given."""

    added: int  # were not known
    updated: int  # were known with another name, kind or fewer aliases
    unchanged: int  # were known just so

    def __add__(self, other: ImportCounts) -> ImportCounts:
        return ImportCounts(
            added=self.added + other.added,
            updated=self.updated + other.updated,
            unchanged=self.unchanged + other.unchanged,
        )


def import_concepts(
    connection: Connection, concepts: Sequence[ConceptRow], *, write: bool = True
) -> ImportCounts:
    """Add or update ``concepts`` (each id once); with ``write`` false only count what would happen.

    Aliases are added to those known, never taken away.
    """
    known = _known(connection, [c.concept_id for c in concepts])
    added = [c for c in concepts if c.concept_id not in known]
    updated = [c for c in concepts if c.concept_id in known and _differs(c, known[c.concept_id])]
    if write and (added or updated):
        rows = json.dumps([vars(c) for c in (*added, *updated)], ensure_ascii=False)
        with ledger_errors():
            connection.execute("select import_taxonomy(%s::jsonb)", (rows,))
    unchanged = len(concepts) - len(added) - len(updated)
    return ImportCounts(added=len(added), updated=len(updated), unchanged=unchanged)


def _known(connection: Connection, ids: list[str]) -> dict[str, ConceptRow]:
    with ledger_errors():
        rows = connection.execute(
            "select concept_id, name, aliases, kind, taxonomy from imported_concepts"
            " where concept_id = any(%s)",
            (ids,),
        ).fetchall()
    return {
        r[0]: ConceptRow(concept_id=r[0], name=r[1], aliases=tuple(r[2]), kind=r[3], taxonomy=r[4])
        for r in rows
    }


def _differs(given: ConceptRow, known: ConceptRow) -> bool:
    same = (given.name, given.kind, given.taxonomy) == (known.name, known.kind, known.taxonomy)
    return not same or not set(given.aliases) <= set(known.aliases)
