"""Invariant 9: the state that is kept up as work goes equals what the ledger alone gives.

Random histories; at the end of each all nodes are forgotten and derived anew, and nothing differs
but leases, fences and times.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from tests.histories import Act, History, acts
from tests.ledger_driver import Driver
from ty_pipeline.ledger.audits import AUDITS, read_finding

LONG = max(settings().max_examples, 150)  # 100 by default, more with --hypothesis-profile=long

NODES = (
    "select n.workflow_run_id, n.conversation_id, n.round, n.status, n.attempt, n.interaction_id,"
    "  n.inputs_key, n.alternative, n.branch, n.partition_key"
    " from run_node_state n join postings p using (posting_id)"
    " where p.source_id = %s and n.status <> 'idle' order by 1, 2, 3"
)
PUBLISHED = (
    "select posting_id, current_version_id, status, extracted_summary, extracted_summary_interaction_id,"
    "  skill_keywords, skill_keywords_interaction_id, ihl_score, ihl_category, ihl_interaction_id,"
    "  extracted_summary_stale_since is null as summary_is_fresh,"
    "  skill_keywords_stale_since is null as skills_are_fresh, ihl_stale_since is null as ihl_is_fresh"
    " from postings where source_id = %s order by 1"
)
RUNS = "select workflow_run_id from workflow_runs join postings using (posting_id) where source_id = %s"


def derived_state(ledger: Driver) -> tuple[list[Any], list[Any]]:
    return ledger.rows(NODES, ledger.source), ledger.rows(PUBLISHED, ledger.source)


def state_from_the_ledger_alone(ledger: Driver) -> tuple[list[Any], list[Any]]:
    """Forget every node, derive it anew, look, and put everything back as it was."""
    with ledger.owner.transaction(force_rollback=True):
        runs = [r[0] for r in ledger.rows(RUNS, ledger.source)]
        ledger.owner.execute("delete from run_node_state where workflow_run_id = any(%s)", (runs,))
        ledger.owner.execute("select settle_runs(%s::bigint[])", (runs,))
        return derived_state(ledger)


def assert_state_follows_from_the_ledger(ledger: Driver) -> None:
    kept, derived = derived_state(ledger), state_from_the_ledger_alone(ledger)
    assert kept[0] == derived[0]
    assert kept[1] == derived[1]


def assert_audits_find_nothing(ledger: Driver) -> None:
    found = {a.name: read_finding(ledger.owner, a).examples for a in AUDITS}
    assert {name: examples for name, examples in found.items() if examples} == {}


@pytest.mark.histories
@pytest.mark.parametrize(
    ("flags", "examples"), [(False, LONG), (True, LONG // 3)], ids=["work alone", "with operators"]
)
def test_after_any_history_the_state_is_what_the_ledger_gives(
    own_ledger: Driver, flags: bool, examples: int
) -> None:
    @settings(max_examples=examples, suppress_health_check=list(HealthCheck))
    @given(acts(flags=flags))
    def any_history(drawn: list[Act]) -> None:
        history = History.begin(own_ledger)
        history.live(drawn)
        assert_state_follows_from_the_ledger(history.driver)

    any_history()
    assert_audits_find_nothing(own_ledger)
