"""3. An input is an interaction or a content version of the same posting."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from tests.ledger_driver import Driver, new_driver


@pytest.fixture
def two(ledger: Driver) -> Driver:
    """Two finished postings, "a" and "b"."""
    ledger.fetch(ledger.job("a"), ledger.job("b"))
    ledger.run()
    return ledger


def add_edge(ledger: Driver, reader: Any, handle: str = "extra", **source: Any) -> None:
    columns = {"posting_id": reader.posting_id, **source}
    ledger.owner.execute(
        f"insert into interaction_inputs (interaction_id, handle, message_id, {', '.join(columns)})"
        f" values (%s, %s, 'm', {', '.join(['%s'] * len(columns))})",
        (reader.interaction_id, handle, *columns.values()),
    )


def refused(ledger: Driver, reader: Any, **source: Any) -> str:
    with pytest.raises(psycopg.DatabaseError) as error:
        add_edge(ledger, reader, **source)
    assert error.value.sqlstate == "TY003"
    assert error.value.diag.constraint_name == "an_input_is_of_the_same_posting"
    return str(error.value)


def test_another_postings_interaction_is_refused_as_input(two: Driver) -> None:
    (reader,), (foreign,) = two.interactions("save_ihl", "a"), two.interactions("ihl_expert", "b")
    message = refused(two, reader, input_interaction_id=foreign.interaction_id)
    assert (
        f"input extra of interaction {reader.interaction_id} is not of the same posting" in message
    )


def test_claiming_to_be_of_the_other_posting_does_not_help(two: Driver) -> None:
    (reader,), (foreign,) = two.interactions("save_ihl", "a"), two.interactions("ihl_expert", "b")
    refused(two, reader, posting_id=foreign.posting_id, input_interaction_id=foreign.interaction_id)
    refused(two, reader, posting_id=None, input_interaction_id=foreign.interaction_id)


def test_another_postings_content_is_refused_as_input(two: Driver) -> None:
    (reader,) = two.interactions("save_ihl", "a")
    refused(two, reader, posting_version_id=two.posting("b").current_version_id)


def test_another_sources_posting_is_refused_too(two: Driver) -> None:
    other = new_driver(two.owner, two.pipeline)
    other.fetch()
    (reader,) = two.interactions("save_ihl", "a")
    refused(two, reader, posting_version_id=other.posting().current_version_id)


def test_a_fetch_is_no_input_of_a_posting(two: Driver) -> None:
    (reader,) = two.interactions("save_ihl", "a")
    fetch = two.value(
        "select interaction_id from interactions where partition_key = %s and posting_id is null",
        two.partition(),
    )
    refused(two, reader, input_interaction_id=fetch)


@pytest.mark.parametrize("column", ["input_interaction_id", "posting_version_id"])
def test_an_input_that_does_not_exist_is_refused(two: Driver, column: str) -> None:
    (reader,) = two.interactions("save_ihl", "a")
    refused(two, reader, **{column: 10**12})


def test_an_edge_of_an_interaction_that_does_not_exist_is_refused(two: Driver) -> None:
    (reader,) = two.interactions("save_ihl", "a")
    ghost = reader._replace(interaction_id=10**12)
    refused(two, ghost, input_interaction_id=reader.interaction_id)


def test_an_edge_has_exactly_one_source(two: Driver) -> None:
    (reader,) = two.interactions("save_ihl", "a")
    version = two.posting("a").current_version_id
    for source in (
        {},
        {"input_interaction_id": reader.interaction_id, "posting_version_id": version},
    ):
        with pytest.raises(psycopg.errors.CheckViolation, match="an_edge_has_one_source"):
            add_edge(two, reader, **source)


def test_one_foreign_edge_among_many_refuses_them_all(two: Driver) -> None:
    (reader,) = two.interactions("save_ihl", "a")
    own, foreign = (two.posting(n).current_version_id for n in "ab")
    with pytest.raises(psycopg.DatabaseError, match="not of the same posting"):
        two.owner.execute(
            "insert into interaction_inputs (interaction_id, handle, message_id, posting_id, posting_version_id)"
            " select %s, 'h' || n, 'm', %s, case n when 50 then %s else %s end from generate_series(1, 60) n",
            (reader.interaction_id, reader.posting_id, foreign, own),
        )
    assert set(two.edges(reader.interaction_id)) == {"expert"}


def insert_interaction(ledger: Driver, like: Any, **changes: Any) -> None:
    row = {
        name: getattr(like, name)
        for name in (
            "workflow_run_id", "posting_id", "conversation_id", "conversation_version", "actor_id",
            "actor_type", "model", "execution_order", "round", "attempt", "inputs_key", "input_hash",
            "fence", "correlation_id", "partition_key", "queued_at",
        )
    } | {"status": "superseded", "completed_at": like.completed_at}  # fmt: skip
    row |= changes
    ledger.owner.execute(
        f"insert into interactions ({', '.join(row)}) values ({', '.join(['%s'] * len(row))})",
        tuple(row.values()),
    )


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"posting_id": "other"}, "a run of its own posting"),
        ({"posting_id": None}, "a run of its own posting"),
        ({"workflow_run_id": 10**12}, "a run of its own posting"),
        ({"conversation_version": 99}, "a known version of a conversation"),
        ({"conversation_id": 42}, "a known version of a conversation"),
        ({"actor_id": 9999}, "a known actor"),
        ({"error_class": "cosmic_ray"}, "a known error class"),
    ],
)
def test_an_interaction_that_names_what_does_not_exist_is_refused(
    two: Driver, change: dict[str, Any], what: str
) -> None:
    (like,) = two.interactions("save_ihl", "a")
    if change.get("posting_id") == "other":
        change = {"posting_id": two.posting("b").posting_id}
    with pytest.raises(psycopg.DatabaseError, match=f"does not name {what}") as error:
        insert_interaction(two, like, **change)
    assert (error.value.sqlstate, error.value.diag.constraint_name) == (
        "TY003", "an_interaction_names_what_exists",
    )  # fmt: skip


def test_the_current_content_of_a_posting_is_its_own(two: Driver) -> None:
    with pytest.raises(
        psycopg.errors.ForeignKeyViolation, match="the_current_version_is_of_the_same_posting"
    ):
        two.owner.execute(
            "update postings set current_version_id = %s where posting_id = %s",
            (two.posting("b").current_version_id, two.posting("a").posting_id),
        )


def test_a_sighting_is_of_a_version_of_its_posting(two: Driver) -> None:
    fetch = two.value(
        "select interaction_id from interactions where partition_key = %s and posting_id is null",
        two.partition(),
    )
    with pytest.raises(
        psycopg.errors.ForeignKeyViolation, match="a_sighting_is_of_a_version_of_its_posting"
    ):
        two.owner.execute(
            "insert into sightings values (%s, %s, %s, '2026-01-05', 99)",
            (fetch, two.posting("a").posting_id, two.posting("b").current_version_id),
        )


def test_a_skill_is_of_its_interactions_posting(two: Driver) -> None:
    (saved,) = two.interactions("save_skills", "a")
    with pytest.raises(psycopg.DatabaseError) as error:
        two.owner.execute(
            "insert into posting_skills values (%s, 99, %s, 'SQL', 'bonus', 10, 'expert', null, 'quote', null)",
            (saved.interaction_id, two.posting("b").posting_id),
        )
    assert error.value.diag.constraint_name == "a_skill_is_of_its_interactions_posting"


def test_a_run_cannot_be_given_to_another_posting(two: Driver) -> None:
    run = two.interactions("save_ihl", "a")[0].workflow_run_id
    with pytest.raises(psycopg.errors.UniqueViolation, match="one_run_per_posting_and_workflow"):
        two.owner.execute(
            "update workflow_runs set posting_id = %s where workflow_run_id = %s",
            (two.posting("b").posting_id, run),
        )


def test_the_audit_sees_a_foreign_input(own_ledger: Driver) -> None:
    own_ledger.fetch(own_ledger.job("a"), own_ledger.job("b"))
    own_ledger.run()
    (reader,), (foreign,) = (
        own_ledger.interactions("save_ihl", "a"), own_ledger.interactions("ihl_expert", "b"),
    )  # fmt: skip
    with own_ledger.owner.transaction():
        own_ledger.owner.execute("set local session_replication_role = replica")
        add_edge(own_ledger, reader, input_interaction_id=foreign.interaction_id)
    (found,) = own_ledger.rows("select * from audit_foreign_inputs")
    assert found.interaction_id == reader.interaction_id
