"""One posting's whole story: its content, everything that was done with it, and what is owed.

Belongs here: finding a posting by what a person calls it, and reading its story through views. Not
here: how the story looks (``cli``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any, LiteralString

from psycopg import sql
from psycopg.rows import class_row, dict_row

from ty_pipeline.database.connect import Connection
from ty_pipeline.errors import UsageError
from ty_pipeline.ledger.sqlstates import ledger_errors

CANDIDATES_SHOWN = 10
LARGEST_ID = 2**63 - 1  # of a bigint


@dataclass(frozen=True, kw_only=True)
class _Name:
    """What a posting may be called."""

    posting_id: int
    source_id: str
    external_id: str


@dataclass(frozen=True, kw_only=True)
class PostingOverview:
    """The posting: identity, current content, and what is published of it by which interaction."""

    posting_id: int
    source_id: str
    external_id: str  # as the source gives it
    status: str  # active, gone, no_description, too_short, rejected, invalidated or erased
    partition_key: str | None  # where its work is done
    first_seen_on: date | None
    last_seen_on: date | None
    current_version_id: int | None
    title: str | None  # of the current content
    company: str | None  # of the current content
    locations: list[str] | None  # of the current content
    url: str | None  # of the current content
    posted_on: date | None  # of the current content
    extracted_summary: str | None  # markdown
    extracted_summary_interaction_id: int | None
    extracted_summary_stale_since: datetime | None  # newer content waits for its own
    skill_keywords: list[str] | None  # heaviest first
    skill_keywords_interaction_id: int | None
    skill_keywords_stale_since: datetime | None
    ihl_score: int | None  # 0 to 100
    ihl_category: str | None
    ihl_interaction_id: int | None
    ihl_stale_since: datetime | None


@dataclass(frozen=True, kw_only=True)
class Sighting:
    """A fetch saw the posting in a content version."""

    partition_key: str  # date|source
    row_number: int  # in the fetch
    fetch_interaction_id: int
    is_supported: bool  # the fetch is valid and enabled, so the sighting counts


@dataclass(frozen=True, kw_only=True)
class ContentVersion:
    """One cleaned content of the posting."""

    posting_version_id: int
    is_current: bool  # of the newest supported sighting
    title: str
    company: str
    locations: list[str]
    posted_on: date | None
    description_characters: int | None  # None without a description
    sightings: tuple[Sighting, ...]  # oldest first


@dataclass(frozen=True, kw_only=True)
class ConsumedInput:
    """One edge: what an interaction consumed under a handle."""

    handle: str
    input_interaction_id: int | None
    input_canonical_name: str | None  # step of that interaction
    input_round: int | None  # its round
    posting_version_id: int | None
    trigger_input_id: str | None


@dataclass(frozen=True, kw_only=True)
class TracedInteraction:
    """One attempt of one step."""

    interaction_id: int
    conversation_id: int
    canonical_name: str
    conversation_version: int  # of prompt or script
    round: int  # of the improve loop, 0 outside it
    attempt: int
    status: str  # running, completed, failed, suspended or superseded
    is_current: bool  # its result is the one that counts
    actor_type: str
    model: str
    branch: str | None
    enabled: bool
    invalidated: bool
    invalidation_reason: str | None
    reused_from: int | None  # interaction whose result it shares
    error_class: str | None
    error_message: str | None
    queued_at: datetime
    started_at: datetime | None
    completed_at: datetime | None
    duration_ms: int | None
    tokens_in: int | None
    tokens_out: int | None
    dagster_run_id: str | None
    prompt: str  # of that version, verbatim
    input: Any  # JSON, what was really sent
    output: Any  # JSON
    inputs: tuple[ConsumedInput, ...]


@dataclass(frozen=True, kw_only=True)
class NodeState:
    """Where one step of the posting stands."""

    canonical_name: str
    round: int
    status: str
    interaction_id: int | None  # current, else the newest that answered
    owed_since: datetime | None
    next_retry_at: datetime | None
    lease_owner: str | None
    lease_expires_at: datetime | None
    suspension_reason: str | None
    suspension_deadline: datetime | None


@dataclass(frozen=True, kw_only=True)
class Trace:
    """The story."""

    posting: PostingOverview
    versions: tuple[ContentVersion, ...]  # oldest first
    interactions: tuple[TracedInteraction, ...]  # in the order they were claimed
    nodes: tuple[NodeState, ...]  # in the order of the workflow


def find_posting(connection: Connection, name: str) -> int:
    """The id of the posting called ``name``: an id, ``source:external id``, or an external id.

    An id wins over an equal external id. Raises UsageError where there is none, or where several
    sources use the external id.
    """
    name = name.encode("utf-8", "replace").decode()  # an argument need not be proper UTF-8
    source_id, _, external_id = name.partition(":")
    if name.isascii() and name.isdecimal() and int(name) <= LARGEST_ID:
        found = _named(connection, "where posting_id = %s", int(name))
    else:
        found = _named(
            connection, "where source_id = %s and external_id = %s", source_id, external_id
        )
    found = found or _named(connection, _OF_ANY_SOURCE, name)
    if not found:
        raise UsageError(f"There is no posting {name!r}: give its id, or source:external-id.")
    if len(found) > 1:
        raise UsageError(f"{name!r} is ambiguous: it may be {_candidates(found)}.")
    return found[0].posting_id


def read_trace(connection: Connection, posting_id: int) -> Trace:
    """The story of a posting that exists."""
    (posting,) = _postings(connection, _OF_POSTING, posting_id)
    return Trace(
        posting=posting,
        versions=_versions(_rows(connection, _VERSIONS, posting_id)),
        interactions=_interactions(connection, posting_id),
        nodes=tuple(NodeState(**row) for row in _rows(connection, _NODES, posting_id)),
    )


def read_finished(connection: Connection, *, limit: int) -> list[PostingOverview]:
    """The first postings of which everything is published, as examples."""
    return _postings(connection, _FINISHED, limit)


# Source by source, because the index on external ids leads with the source.
_OF_ANY_SOURCE = "where external_id = %s and source_id in (select source_id from known_sources)"

_OVERVIEW = """
  select posting_id, source_id, external_id, status, partition_key, first_seen_on, last_seen_on,
    current_version_id, title, company, locations, url, posted_on,
    extracted_summary, extracted_summary_interaction_id, extracted_summary_stale_since,
    skill_keywords, skill_keywords_interaction_id, skill_keywords_stale_since,
    ihl_score, ihl_category, ihl_interaction_id, ihl_stale_since
  from posting_overview
"""
_OF_POSTING = "where posting_id = %s"
_FINISHED = """
  where extracted_summary is not null and skill_keywords is not null and ihl_score is not null
  order by posting_id limit %s
"""
_VERSIONS = """
  select posting_version_id, is_current, title, company, locations, posted_on,
    description_characters, partition_key, row_number, fetch_interaction_id, is_supported
  from version_sightings where posting_id = %s
  order by posting_version_id, partition_date, fetch_interaction_id, row_number
"""
_INTERACTIONS = """
  select interaction_id, conversation_id, canonical_name, conversation_version, round, attempt,
    status, is_current is true as is_current, actor_type, model, branch, enabled, invalidated,
    invalidation_reason, reused_from, error_class, error_message, queued_at, started_at,
    completed_at, duration_ms, tokens_in, tokens_out, dagster_run_id, prompt, input, output
  from interaction_trace where posting_id = %s
  order by interaction_id
"""
_EDGES = """
  select interaction_id, handle, input_interaction_id, input_canonical_name, input_round,
    posting_version_id, trigger_input_id
  from interaction_edges where posting_id = %s
  order by interaction_id, handle
"""
_NODES = """
  select canonical_name, round, status, interaction_id, owed_since, next_retry_at, lease_owner,
    lease_expires_at, suspension_reason, suspension_deadline
  from node_trace where posting_id = %s
  order by execution_order, round
"""


def _named(connection: Connection, condition: LiteralString, *names: object) -> list[_Name]:
    statement = sql.SQL(
        "select posting_id, source_id, external_id from posting_overview {} order by posting_id limit %s"
    ).format(sql.SQL(condition))
    with ledger_errors(), connection.cursor(row_factory=class_row(_Name)) as cursor:
        return cursor.execute(statement, (*names, CANDIDATES_SHOWN + 1)).fetchall()


def _postings(
    connection: Connection, condition: LiteralString, value: int
) -> list[PostingOverview]:
    statement = sql.SQL(_OVERVIEW) + sql.SQL(condition)
    with ledger_errors(), connection.cursor(row_factory=class_row(PostingOverview)) as cursor:
        return cursor.execute(statement, (value,)).fetchall()


def _candidates(found: Sequence[_Name]) -> str:
    shown = [f"{n.posting_id} ({n.source_id}:{n.external_id})" for n in found[:CANDIDATES_SHOWN]]
    return ", ".join(shown) + (" and more" if len(found) > CANDIDATES_SHOWN else "")


def _versions(rows: Sequence[dict[str, Any]]) -> tuple[ContentVersion, ...]:
    """A row a sighting, those of one version together; a version may have none."""
    versions = []
    for _, group in groupby(rows, key=lambda row: row["posting_version_id"]):
        sighted = list(group)
        seen = tuple(
            Sighting(**{name: row.pop(name) for name in Sighting.__dataclass_fields__})
            for row in sighted
        )
        known = tuple(one for one in seen if one.fetch_interaction_id is not None)
        versions.append(ContentVersion(**sighted[0], sightings=known))
    return tuple(versions)


def _interactions(connection: Connection, posting_id: int) -> tuple[TracedInteraction, ...]:
    inputs: dict[int, list[ConsumedInput]] = {}
    for edge in _rows(connection, _EDGES, posting_id):
        inputs.setdefault(edge.pop("interaction_id"), []).append(ConsumedInput(**edge))
    return tuple(
        TracedInteraction(**row, inputs=tuple(inputs.get(row["interaction_id"], ())))
        for row in _rows(connection, _INTERACTIONS, posting_id)
    )


def _rows(connection: Connection, question: LiteralString, posting_id: int) -> list[dict[str, Any]]:
    with ledger_errors(), connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(question, (posting_id,)).fetchall()
