"""The invariants as questions: each a view that lists what breaks it.

Belongs here: which audit view shows which invariant, and reading one. Not here: the views themselves
(``sql/views/audit_*.sql``), the asset checks made of them (``assets/audit.py``).

Two invariants of DESIGN.md cannot be shown by looking at rows: 8 (only the database's clock decides),
and the half of 5 that is about fences; triggers and tests hold these.
"""

from __future__ import annotations

from dataclasses import dataclass

from psycopg import sql

from ty_pipeline.database.connect import Connection
from ty_pipeline.ledger.sqlstates import ledger_errors


@dataclass(frozen=True, kw_only=True)
class Audit:
    """One question to the ledger."""

    name: str  # the view is audit_{name}
    invariant: int | None  # number in DESIGN.md; None for what is no invariant
    asserts: str  # what holds while the view is empty

    @property
    def view(self) -> str:
        """The view that lists the violations."""
        return f"audit_{self.name}"


@dataclass(frozen=True, kw_only=True)
class Violation:
    """One thing that breaks an invariant."""

    posting_id: int | None  # the posting, where it is about one
    interaction_id: int | None  # the interaction, where it is about one
    problem: str  # one clause with ids, never posting text


@dataclass(frozen=True, kw_only=True)
class Finding:
    """The answer to one question."""

    audit: Audit
    count: int  # violations
    examples: tuple[Violation, ...]  # the first of them


AUDITS = (
    Audit(
        name="unguarded_tables",
        invariant=1,
        asserts="Every trigger that guards the ledger is there and switched on.",
    ),
    Audit(
        name="rewritten_outputs",
        invariant=1,
        asserts="Every recorded output still has the digest that was recorded with it.",
    ),
    Audit(
        name="invalidation_flags",
        invariant=2,
        asserts="An interaction is invalidated exactly while an invalidation that hits it stands.",
    ),
    Audit(
        name="foreign_inputs",
        invariant=3,
        asserts="Every input is an interaction or a content version of the same posting.",
    ),
    Audit(
        name="invalid_inputs",
        invariant=4,
        asserts="No valid interaction has an invalid input.",
    ),
    Audit(
        name="withdrawn_publications",
        invariant=4,
        asserts="Nothing published comes from an invalidated or disabled interaction.",
    ),
    Audit(
        name="undelivered_messages",
        invariant=6,
        asserts="Every result was delivered to every input that reads it.",
    ),
    Audit(
        name="live_attempts",
        invariant=7,
        asserts="A node has at most one live attempt, an identical input at most one live call.",
    ),
    Audit(
        name="lost_claims",
        invariant=7,
        asserts="Every live claim has a lease, so that it ends whatever happens to its worker.",
    ),
    Audit(
        name="completed_nodes",
        invariant=9,
        asserts="Every completed node has a current interaction that consumed the counting messages.",
    ),
    Audit(
        name="owed_nodes",
        invariant=9,
        asserts="Every node works on the inputs that count now, and idles only where one is missing.",
    ),
    Audit(
        name="input_digests",
        invariant=9,
        asserts="The edges of every interaction give the digest that it recorded of its inputs.",
    ),
    Audit(
        name="posting_status",
        invariant=9,
        asserts="The status of every posting follows from its nodes.",
    ),
    Audit(
        name="published_values",
        invariant=9,
        asserts="Published is exactly what the current save steps produced.",
    ),
    Audit(
        name="lost_events",
        invariant=None,
        asserts="No event of the audit log was lost.",
    ),
)


def read_finding(connection: Connection, audit: Audit, *, examples: int = 10) -> Finding:
    """How many violations there are, and the first of them."""
    statement = sql.SQL(
        "select posting_id, interaction_id, problem, count(*) over () from {}"
        " order by posting_id, interaction_id, problem limit %s"
    ).format(sql.Identifier(audit.view))
    with ledger_errors():
        rows = connection.execute(statement, (examples,)).fetchall()
    found = tuple(Violation(posting_id=r[0], interaction_id=r[1], problem=r[2]) for r in rows)
    return Finding(audit=audit, count=int(rows[0][3]) if rows else 0, examples=found)
