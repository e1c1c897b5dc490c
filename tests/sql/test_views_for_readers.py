"""Every view can be read in every role that people and programs take on."""

from __future__ import annotations

import pytest
from psycopg import sql

from tests.ledger_driver import Driver
from ty_pipeline.database.connect import Role, connected

ROLES: tuple[Role, ...] = ("ty_pipeline", "ty_operator", "ty_reader")


@pytest.mark.parametrize("role", ROLES)
def test_no_view_asks_for_more_than_the_role_may(
    ledger: Driver, shared_url: str, role: Role
) -> None:
    ledger.fetch()
    ledger.run()
    views = [
        row.viewname
        for row in ledger.rows("select viewname from pg_views where schemaname = 'public'")
    ]
    with connected(shared_url, role=role) as connection:
        for view in views:
            connection.execute(sql.SQL("select * from {}").format(sql.Identifier(view))).fetchall()
    assert len(views) > 20
