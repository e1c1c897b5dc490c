"""2. Invalidated needs a reason and an invalidation that stands; status and flag cannot disagree."""

from __future__ import annotations

import psycopg
import pytest

from tests.ledger_driver import Driver
from ty_pipeline.database.connect import connect


def finished(ledger: Driver) -> int:
    """A finished posting; its analyst's interaction."""
    ledger.fetch()
    ledger.run()
    return int(ledger.interactions("ihl_analyst")[0].interaction_id)


@pytest.mark.parametrize("reason", [None, "", "  \n"])
@pytest.mark.parametrize("role", ["ty_operator", "postgres"])
def test_without_a_reason_nothing_is_invalidated(
    ledger: Driver, shared_url: str, reason: str | None, role: str
) -> None:
    one = finished(ledger)
    with psycopg.connect(shared_url, autocommit=True) as connection:
        connection.execute(f"set role {role}")
        with pytest.raises(psycopg.DatabaseError, match="without a reason"):
            connection.execute(
                "update interactions set invalidated = true, invalidation_reason = %s where interaction_id = %s",
                (reason, one),
            )
    assert not ledger.interactions("ihl_analyst")[0].invalidated


def test_the_constraint_holds_without_the_trigger(own_ledger: Driver) -> None:
    one = finished(own_ledger)
    with own_ledger.owner.transaction(force_rollback=True):
        own_ledger.owner.execute("set local session_replication_role = replica")
        with pytest.raises(
            psycopg.errors.CheckViolation, match="an_invalidated_interaction_has_a_reason"
        ):
            own_ledger.owner.execute(
                "update interactions set invalidated = true where interaction_id = %s", (one,)
            )


def test_the_flag_is_never_null(ledger: Driver) -> None:
    one = finished(ledger)
    for column in ("invalidated", "enabled"):
        with pytest.raises(psycopg.errors.NotNullViolation):
            ledger.owner.execute(
                f"update interactions set {column} = null where interaction_id = %s", (one,)
            )


def test_an_invalidated_row_names_who_and_when_and_the_invalidation_that_hits_it(
    ledger: Driver, shared_url: str
) -> None:
    one = finished(ledger)
    with connect(shared_url, role="ty_operator") as operator:
        operator.execute(
            "update interactions set invalidated = true, invalidation_reason = 'wrong' where interaction_id = %s",
            (one,),
        )
    row = ledger.interactions("ihl_analyst")[0]
    assert row.invalidated and row.invalidated_at is not None and row.invalidated_by
    hits = ledger.rows(
        "select v.reason, h.is_cause from invalidation_hits h join invalidations v using (invalidation_id)"
        " where h.interaction_id = %s and v.reinstated_at is null",
        one,
    )
    assert [(h.reason, h.is_cause) for h in hits] == [("wrong", True)]


@pytest.mark.parametrize("role", ["ty_operator", "postgres"])
def test_it_is_not_lifted_by_hand(ledger: Driver, shared_url: str, role: str) -> None:
    one = finished(ledger)
    ledger.owner.execute(
        "update interactions set invalidated = true, invalidation_reason = 'wrong' where interaction_id = %s",
        (one,),
    )
    with psycopg.connect(shared_url, autocommit=True) as connection:
        connection.execute(f"set role {role}")
        with pytest.raises(psycopg.DatabaseError, match="reinstating"):
            connection.execute(
                "update interactions set invalidated = false where interaction_id = %s", (one,)
            )


def test_a_postings_flag_is_generated_from_its_status(ledger: Driver) -> None:
    ledger.fetch()
    posting = ledger.posting().posting_id
    for value in ("true", "false"):
        with pytest.raises(psycopg.errors.GeneratedAlways):
            ledger.owner.execute(
                f"update postings set invalidated = {value} where posting_id = %s", (posting,)
            )
    disagreeing = ledger.value(
        "select count(*) from postings where invalidated <> (status = 'invalidated')"
    )
    assert disagreeing == 0


def test_an_unknown_status_is_refused(ledger: Driver) -> None:
    ledger.fetch()
    with pytest.raises(psycopg.errors.CheckViolation, match="posting_status_is_known"):
        ledger.owner.execute(
            "update postings set status = 'zombie' where source_id = %s", (ledger.source,)
        )


def test_the_audit_sees_a_flag_without_an_invalidation_and_an_invalidation_without_a_flag(
    own_ledger: Driver,
) -> None:
    finished(own_ledger)
    analyst, expert = (
        own_ledger.interactions(s)[0].interaction_id for s in ("ihl_analyst", "ihl_expert")
    )
    with own_ledger.owner.transaction():
        own_ledger.owner.execute("set local session_replication_role = replica")
        own_ledger.owner.execute(
            "update interactions set invalidated = true, invalidation_reason = 'r', invalidated_at = now(),"
            " invalidated_by = 'x' where interaction_id = %s",
            (analyst,),
        )
        own_ledger.owner.execute(
            "insert into invalidations (reason, invalidated_by) values ('r', 'x')"
        )
        own_ledger.owner.execute(
            "insert into invalidation_hits select max(invalidation_id), %s, true from invalidations",
            (expert,),
        )
    found = own_ledger.rows("select * from audit_invalidation_flags order by interaction_id")
    assert [f.interaction_id for f in found] == [analyst, expert]
