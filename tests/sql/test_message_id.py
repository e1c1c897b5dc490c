"""A message's id follows from run, node, handle and sequence, so that it can be named unread."""

from __future__ import annotations

import hashlib

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.ledger_driver import Driver

KEY = st.tuples(
    st.integers(1, 2**40),
    st.integers(1, 9999),
    st.integers(0, 3),
    st.sampled_from(["posting", "summary", "verdict_a"]),
    st.integers(1, 2**40),
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(KEY)
def test_it_is_the_head_of_a_digest(ledger: Driver, key: tuple[int, int, int, str, int]) -> None:
    made = ledger.value("select message_id(%s, %s, %s::smallint, %s, %s)", *key)
    whole = hashlib.sha256(":".join(map(str, key)).encode()).hexdigest()
    assert made == whole[:16]
