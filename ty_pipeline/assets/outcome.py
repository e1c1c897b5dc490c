"""What one asset did in one partition, whichever asset it is.

Belongs here: the value, and how a report of the engine becomes one. Not here: what Dagster shows of
it (``materialization``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from ty_pipeline.engine.passes import PassReport


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """One asset, one partition, one run."""

    partition_key: str  # date|source
    done: Mapping[str, int] = field(default_factory=dict)  # what this run did, by kind
    counts: Mapping[str, int] = field(default_factory=dict)  # rows or nodes by status, afterwards
    errors: Mapping[str, int] = field(default_factory=dict)  # error class -> attempts of this run
    failed: int = 0  # nodes that have failed for good
    remaining: int = 0  # nodes that are owed or running still
    seconds: float = 0.0  # wall time
    problem: str | None = None  # one sentence, where nothing could be done

    @property
    def is_whole(self) -> bool:
        """Whether nothing failed and nothing is left."""
        return self.problem is None and self.failed == 0 and self.remaining == 0


def of_pass(report: PassReport) -> Outcome:
    """What a pass over a partition came to."""
    errors: Counter[str] = Counter()
    counts: Counter[str] = Counter()
    for wave in report.waves:
        errors.update(wave.failed)
    for count in report.counts:
        counts[count.status] += count.nodes
    return Outcome(
        partition_key=report.partition_key,
        done={
            "claimed": report.claimed,
            "completed": report.completed,
            "called": sum(wave.called for wave in report.waves),
            "reused": sum(wave.reused for wave in report.waves),
            "refused": sum(wave.refused for wave in report.waves),
            "suspended": sum(wave.suspended for wave in report.waves),
        },
        counts=dict(counts),
        errors=dict(errors),
        failed=report.failed,
        remaining=report.remaining,
        seconds=report.seconds,
    )
