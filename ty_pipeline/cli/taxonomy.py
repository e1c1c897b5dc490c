"""``ty-pipeline taxonomy import``: skill concepts from ESCO, O*NET or our own format.

Belongs here: batches, counts and what is set aside. Not here: reading the file
(``actors/taxonomy.py``), writing concepts (``ledger/taxonomy.py``).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ty_pipeline.cli.output import AsJson, emit, say

if TYPE_CHECKING:
    from ty_pipeline.actors.taxonomy import Concept, SetAsideLine
    from ty_pipeline.database.connect import Connection
    from ty_pipeline.ledger.taxonomy import ImportCounts

BATCH = 1000  # concepts written at once
REASONS_SHOWN = 10  # lines set aside, on the screen

File = Annotated[Path, typer.Argument(help="ESCO skills (CSV), O*NET Technology Skills, our CSV.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would happen, write nothing.")]

app = typer.Typer(
    help="The skill concepts that postings are searched for.",
    epilog="Example: ty-pipeline taxonomy import skills_en.csv --dry-run",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.callback()
def taxonomy() -> None:
    """Keeps ``import`` a command of its own: typer would fold a lone command into the group."""


@app.command("import", epilog="Example: ty-pipeline taxonomy import skills_en.csv --dry-run")
def import_(file: File, dry_run: DryRun = False, as_json: AsJson = False) -> None:
    """Add a taxonomy file to the known skill concepts; new skill work uses them."""
    from ty_pipeline.actors.taxonomy import read_taxonomy_file
    from ty_pipeline.cli.session import ledger

    aside: list[SetAsideLine] = []
    concepts = _kept(read_taxonomy_file(file), aside)
    with ledger("ty_pipeline") as connection:
        counts = _import(connection, concepts, write=not dry_run)
    if not dry_run and counts.added + counts.updated:
        _declare()
    if as_json:
        emit({"file": file, "dry_run": dry_run} | vars(counts) | {"set_aside": aside})
    else:
        _report(file, counts, aside, dry_run=dry_run)


def _kept(items: Iterator[Concept | SetAsideLine], aside: list[SetAsideLine]) -> Iterator[Concept]:
    """The concepts; lines without one go to ``aside``."""
    from ty_pipeline.actors.taxonomy import SetAsideLine

    for item in items:
        if isinstance(item, SetAsideLine):
            aside.append(item)
        else:
            yield item


def _import(connection: Connection, concepts: Iterator[Concept], *, write: bool) -> ImportCounts:
    from ty_pipeline.ledger.reads import ConceptRow
    from ty_pipeline.ledger.taxonomy import ImportCounts, import_concepts

    counts = ImportCounts(added=0, updated=0, unchanged=0)
    while batch := list(islice(concepts, BATCH)):
        rows = [
            ConceptRow(
                concept_id=c.concept_id,
                name=c.name,
                aliases=c.aliases,
                kind=c.kind,
                taxonomy=c.source,
            )
            for c in batch
        ]
        counts += import_concepts(connection, rows, write=write)
    return counts


def _declare() -> None:
    """The skills actor carries the digest of the concepts: other concepts, another actor."""
    from ty_pipeline.bootstrap import prepare_database
    from ty_pipeline.cli.session import existing_database
    from ty_pipeline.config import load_settings
    from ty_pipeline.sources.registry import load_sources

    settings = load_settings()
    prepare_database(existing_database(settings), load_sources(settings.mappings_dir).values())


def _report(file: Path, counts: ImportCounts, aside: list[SetAsideLine], *, dry_run: bool) -> None:
    would = "would be " if dry_run else ""
    say(
        f"{file.name}: {counts.added:,} concepts {would}added, {counts.updated:,} {would}updated,"
        f" {counts.unchanged:,} known already, {len(aside):,} lines set aside."
    )
    for line in aside[:REASONS_SHOWN]:
        say(f"  line {line.line_number}: {line.reason}")
    if (more := len(aside) - REASONS_SHOWN) > 0:
        say(f"  ... and {more:,} more (--json lists all)")
    if not dry_run and counts.added + counts.updated:
        say("New skill work uses them; what was done before stays as it is.")
