"""One pass: the steps of one asset over one partition, and what is left afterwards.

Belongs here: the order of waves and the end of a pass. Not here: one wave (``wave``), what Dagster makes
of the report (``assets``).
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from ty_pipeline.engine.context import EngineContext
from ty_pipeline.engine.lanes import Lanes
from ty_pipeline.engine.wave import WaveReport, run_wave
from ty_pipeline.ledger import work
from ty_pipeline.ledger.reads import NodeCount, claimable_count, node_counts


@dataclass(frozen=True, kw_only=True)
class PassReport:
    """What one pass did and what it could not."""

    partition_key: str  # date|source
    waves: tuple[WaveReport, ...]  # in the order they ran, empty ones left out
    counts: tuple[NodeCount, ...]  # nodes by step and status afterwards
    seconds: float = field(default=0.0)  # wall time

    @property
    def claimed(self) -> int:
        """Nodes that were worked on."""
        return sum(w.claimed for w in self.waves)

    @property
    def completed(self) -> int:
        """Nodes completed by a call, a script or an earlier result."""
        return sum(w.completed for w in self.waves)

    @property
    def remaining(self) -> int:
        """Nodes that are owed or running still."""
        return sum(c.nodes for c in self.counts if c.status in ("scheduled", "running"))

    @property
    def failed(self) -> int:
        """Nodes that have failed for good."""
        return sum(c.nodes for c in self.counts if c.status == "failed")


def run_pass(context: EngineContext, asset: str, partition_key: str) -> PassReport:
    """Do what is owed of the steps of ``asset`` in one partition, within the limits of one pass."""
    began = time.monotonic()
    deadline = began + context.limits.pass_seconds
    conversations = context.workflow.of_asset(asset)
    waves: list[WaveReport] = []
    with Lanes(context) as lanes:
        work.release_expired_work(lanes.claims)
        moved = True
        while moved and time.monotonic() < deadline:  # the improve loop comes back to earlier steps
            round_ = [
                run_wave(context, lanes, c, partition_key, deadline=deadline)
                for c in conversations
                if claimable_count(lanes.claims, c.conversation_id, partition_key)
            ]
            waves += [w for w in round_ if w.claimed]
            moved = any(w.claimed for w in round_)
        counts = node_counts(
            lanes.claims, partition_key, [c.conversation_id for c in conversations]
        )
    return PassReport(
        partition_key=partition_key,
        waves=tuple(waves),
        counts=counts,
        seconds=time.monotonic() - began,
    )
