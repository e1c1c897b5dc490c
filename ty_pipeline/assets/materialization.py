"""What every materialization carries: data version, counts, examples by id, links, and a check.

Belongs here: running an asset's work over the partitions of a run, and turning outcomes into Dagster's
events. Not here: the work (``engine``), the numbers (``outcome``).

Everything is by id and count: Dagster could not forget a posting's text. A run always materializes,
also when nothing was to be done (a backfill whose run materializes nothing hangs for ever), and fails
only when nothing could be done in any of its partitions.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from urllib.parse import quote

import dagster as dg

from ty_pipeline.assets.outcome import Outcome
from ty_pipeline.database.connect import Connection
from ty_pipeline.engine.context import EngineContext
from ty_pipeline.errors import DatabaseUnavailable, TyPipelineError
from ty_pipeline.ledger.materializations import RunInteraction, read_examples, read_version
from ty_pipeline.resources import Pipeline

CHECK = "all_work_is_done"
FAILURES_SHOWN = 5  # sentences in the description of a failed run

Work = Callable[[EngineContext, str], Outcome]
Events = Iterator[dg.MaterializeResult[None] | dg.Output[None]]


def materialize(context: dg.AssetExecutionContext, pipeline: Pipeline, work: Work) -> Events:
    """Do ``work`` in every partition of the run and materialize each.

    Raises Failure, without retries, when nothing could be done in any of them.
    """
    asset = context.asset_key.to_user_string()
    try:
        engine = pipeline.engine(context.run.run_id)
        outcomes = [_attempt(engine, work, str(key)) for key in sorted(context.partition_keys)]
        if all(o.problem for o in outcomes):
            raise _failure(outcomes)
        with engine.connect() as connection:
            versions = [_describe(context, connection, asset, outcome) for outcome in outcomes]
    except DatabaseUnavailable as error:
        raise dg.Failure(str(error), allow_retries=False) from error
    context.log.info(_summary(outcomes))
    yield dg.MaterializeResult(data_version=dg.DataVersion(data_version(versions)))
    yield dg.Output(None, output_name=f"{asset}_{CHECK}")


def data_version(versions: Sequence[str]) -> str:
    """The data version of a run: its partition's, or a digest over those of its partitions.

    Dagster keeps one for all partitions of a run; each has its own in the metadata.
    """
    if len(versions) == 1:
        return versions[0]
    return hashlib.md5(" ".join(versions).encode(), usedforsecurity=False).hexdigest()


def check_spec(asset: str, partitions: dg.PartitionsDefinition) -> dg.AssetCheckSpec:
    """The check of an asset: in every partition, nothing failed and nothing is left."""
    return dg.AssetCheckSpec(
        CHECK,
        asset=asset,
        partitions_def=partitions,
        description="No step of this asset has failed for good, and none is still owed.",
    )


def _attempt(engine: EngineContext, work: Work, key: str) -> Outcome:
    """One bad partition does not stop the others of its run; a database out of reach does."""
    try:
        return work(engine, key)
    except DatabaseUnavailable:
        raise
    except TyPipelineError as error:
        return Outcome(partition_key=key, problem=str(error))


def _failure(outcomes: Sequence[Outcome]) -> dg.Failure:
    shown = [f"{o.partition_key}: {o.problem}" for o in outcomes[:FAILURES_SHOWN]]
    if more := len(outcomes) - len(shown):
        shown.append(f"and {more} more partitions")
    return dg.Failure("\n".join(shown), allow_retries=False)


def _describe(
    context: dg.AssetExecutionContext, connection: Connection, asset: str, outcome: Outcome
) -> str:
    """Attach metadata and check of one partition; returns its version."""
    key = outcome.partition_key
    version = read_version(connection, key, asset)
    examples = read_examples(connection, context.run.run_id, key, asset)
    context.add_asset_metadata(
        figures(outcome)
        | _interactions(context.run.run_id, key, examples)
        | {"partition": dg.MetadataValue.url(_link(asset, key)), "ledger version": version},
        partition_key=key,
    )
    context.log_event(_evaluation(asset, outcome))
    return version


def figures(outcome: Outcome) -> dict[str, Any]:
    """The numbers of one partition, flat, so that Dagster plots each over time."""
    return {
        **outcome.done,
        **{f"{status} in all": number for status, number in outcome.counts.items()},
        **{f"error {name}": number for name, number in outcome.errors.items()},
        "failed": outcome.failed,
        "remaining": outcome.remaining,
        "seconds": round(outcome.seconds, 3),
        **({"problem": outcome.problem} if outcome.problem else {}),
    }


def _link(asset: str, key: str) -> str:
    return f"/assets/{asset}?view=partitions&partition={quote(key)}"


def _interactions(run_id: str, key: str, examples: Sequence[RunInteraction]) -> dict[str, Any]:
    """Examples as a table, and how to see all."""
    # To be copied by a person, not run here. Dagster shows a code block as wide as its longest line
    # and cuts off what is beside it; the view holds ids and no texts.
    query = (
        "select * from run_interactions"  # noqa: S608
        f"\nwhere dagster_run_id = '{run_id}'"
        f"\nand partition_key = '{key}' order by interaction_id"
    )
    command = f'```\nty-pipeline psql -c "{query}"\n```'
    shown: dict[str, Any] = {"interactions": dg.MetadataValue.md(command)}
    if examples:
        shown["examples"] = dg.MetadataValue.table([_record(one) for one in examples])
    return shown


def _record(one: RunInteraction) -> dg.TableRecord:
    trace = f"ty-pipeline trace {one.posting_id}" if one.posting_id is not None else ""
    return dg.TableRecord(
        {
            "interaction": one.interaction_id,
            "posting": one.posting_id,
            "step": one.conversation if one.round == 0 else f"{one.conversation} {one.round}",
            "status": one.status,
            "branch": one.branch or "",
            "error": one.error_class or "",
            "whole story": trace,
        }
    )


def _evaluation(asset: str, outcome: Outcome) -> dg.AssetCheckEvaluation:
    """The check of one partition: an error where something failed, a warning where work is left."""
    is_error = outcome.problem is not None or outcome.failed > 0
    return dg.AssetCheckEvaluation(
        asset_key=dg.AssetKey(asset),
        check_name=CHECK,
        passed=outcome.is_whole,
        severity=dg.AssetCheckSeverity.ERROR if is_error else dg.AssetCheckSeverity.WARN,
        description=outcome.problem,
        metadata={"failed": outcome.failed, "remaining": outcome.remaining},
        partition=outcome.partition_key,
    )


def _summary(outcomes: Sequence[Outcome]) -> str:
    total: Counter[str] = Counter()
    for outcome in outcomes:
        total.update(outcome.done)
        total.update({"failed": outcome.failed, "remaining": outcome.remaining})
    numbers = ", ".join(f"{name} {number}" for name, number in total.items())
    return f"{len(outcomes)} partitions: {numbers}"
