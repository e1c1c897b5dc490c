"""Refuses a workflow that contradicts itself, before anything runs.

Each rule answers a defect of the system that this one replaces (WORKFLOW_3001.md, last table):
outputs that nobody read, branches that led nowhere, steps that read what could not exist.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

from ty_pipeline.errors import WorkflowError
from ty_pipeline.workflow.model import Branch, Conversation, Input, Workflow

NodeKey = tuple[str, int]


def check_workflow(workflow: Workflow) -> None:
    """Raise WorkflowError with one sentence per contradiction; return silently otherwise."""
    problems = [*_names(workflow), *_inputs(workflow), *_outputs(workflow), *_cycles(workflow)]
    if problems:
        raise WorkflowError(f"workflow {workflow.workflow_id}: " + "; ".join(problems))


def reads(workflow: Workflow) -> Iterator[tuple[Conversation, int, Input]]:
    """Every declared input with its reader and the reader's round."""
    for conversation in workflow.conversations:
        for node in conversation.nodes:
            for input_set in node.input_sets:
                for one in input_set.inputs:
                    yield conversation, node.round, one


def topological_order(workflow: Workflow) -> list[NodeKey]:
    """Node keys (conversation name, round), producers first; raises CycleError on a cycle."""
    graph: dict[NodeKey, set[NodeKey]] = {
        (c.name, n.round): set() for c in workflow.conversations for n in c.nodes
    }
    for reader, round_, one in reads(workflow):
        if one.conversation is not None:
            graph[reader.name, round_].add((one.conversation, one.round))
    return list(TopologicalSorter(graph).static_order())


def _names(workflow: Workflow) -> Iterator[str]:
    for label, values in (
        ("name", [c.name for c in workflow.conversations]),
        ("id", [str(c.conversation_id) for c in workflow.conversations]),
    ):
        for value, count in Counter(values).items():
            if count > 1:
                yield f"conversation {label} {value} is declared {count} times"


def _inputs(workflow: Workflow) -> Iterator[str]:
    known = {c.name: c for c in workflow.conversations}
    for reader, round_, one in reads(workflow):
        where = f"{reader.name} round {round_} reads {one.handle}"
        if one.producer != "interaction":
            continue
        producer = known.get(one.conversation or "")
        if producer is None:
            yield f"{where} from {one.conversation}, which is not declared"
            continue
        if one.round not in {n.round for n in producer.nodes}:
            yield f"{where} from round {one.round} of {producer.name}, which does not exist"
        if one.field is not None and one.field not in producer.outputs:
            yield f"{where} as {producer.name}.{one.field}, which that step does not give"
        labels = {b.label for b in producer.branches}
        for label in set(one.accepts or ()) - labels:
            yield f"{where} on branch {label}, which {producer.name} does not declare"


def _outputs(workflow: Workflow) -> Iterator[str]:
    for conversation in workflow.conversations:
        readers = [one for _, _, one in reads(workflow) if one.conversation == conversation.name]
        if conversation.produces == "message" and not readers:
            yield f"nothing reads the output of {conversation.name}"
        for branch in conversation.branches:
            if conversation.produces == "message" and not _leads_on(branch, readers):
                yield f"branch {branch.label} of {conversation.name} leads nowhere"


def _leads_on(branch: Branch, readers: list[Input]) -> bool:
    if branch.ends or branch.posting_status is not None:
        return True
    return any(r.accepts is None or branch.label in r.accepts for r in readers)


def _cycles(workflow: Workflow) -> Iterator[str]:
    try:
        topological_order(workflow)
    except CycleError as error:
        path = " -> ".join(f"{name}[{round_}]" for name, round_ in error.args[1])
        yield f"the steps read each other in a circle: {path}"
