"""``ledger_audit``: every invariant that rows can show, as an asset check.

Belongs here: making checks of findings. Not here: what an invariant means (``ledger.audits``), the
questions (``sql/views/audit_*.sql``).
"""

# No "from __future__ import annotations": Dagster reads these annotations as values.

from collections.abc import Iterator

import dagster as dg

from ty_pipeline.assets.waves import OWNERS
from ty_pipeline.ledger.audits import AUDITS, Audit, Finding, Violation, read_finding
from ty_pipeline.resources import Pipeline

GROUP = "oversight"
NAME = "ledger_audit"


def ledger_audit() -> dg.AssetsDefinition:
    """The asset, outside every partition and every recovery."""

    @dg.asset(
        name=NAME,
        group_name=GROUP,
        kinds={"sql", "postgres"},
        owners=OWNERS,
        check_specs=[_spec(audit) for audit in AUDITS],
        description="Every invariant of the ledger, looked at in its rows. Any failed check is a defect"
        " of the pipeline or the trace of somebody who went round it.",
    )
    def audit(
        context: dg.AssetExecutionContext, pipeline: dg.ResourceParam[Pipeline]
    ) -> Iterator[dg.MaterializeResult[None]]:
        with pipeline.engine(context.run.run_id).connect() as connection:
            findings = [read_finding(connection, one) for one in AUDITS]
        yield dg.MaterializeResult(
            metadata={f.audit.view: f.count for f in findings},
            check_results=[_result(f) for f in findings],
        )

    return audit


def check_name(audit: Audit) -> str:
    """The name of the asset check of one audit."""
    return f"invariant_{audit.invariant}_{audit.name}" if audit.invariant else audit.name


def _spec(audit: Audit) -> dg.AssetCheckSpec:
    return dg.AssetCheckSpec(check_name(audit), asset=NAME, description=audit.asserts)


def _result(finding: Finding) -> dg.AssetCheckResult:
    is_error = finding.audit.invariant is not None
    return dg.AssetCheckResult(
        check_name=check_name(finding.audit),
        passed=finding.count == 0,
        severity=dg.AssetCheckSeverity.ERROR if is_error else dg.AssetCheckSeverity.WARN,
        metadata=dict(_metadata(finding)),
    )


def _metadata(finding: Finding) -> Iterator[tuple[str, dg.MetadataValue]]:
    yield "violations", dg.MetadataValue.int(finding.count)
    # As text: the page of a check shows markdown only after a click.
    yield "all of them", dg.MetadataValue.text(f"ty-pipeline psql -c 'table {finding.audit.view}'")
    if finding.examples:
        yield "examples", dg.MetadataValue.table([_record(v) for v in finding.examples])


def _record(violation: Violation) -> dg.TableRecord:
    return dg.TableRecord(
        {
            "posting": violation.posting_id,
            "interaction": violation.interaction_id,
            "problem": violation.problem,
        }
    )
