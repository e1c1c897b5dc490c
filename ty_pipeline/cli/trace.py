"""``ty-pipeline trace``: one posting's whole story as a tree.

Belongs here: the tree. Not here: the story (``ledger/tracing.py``).

Everything from a posting is untrusted: it goes through ``terminal`` on its way here.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from ty_pipeline.cli.output import AsJson, console, emit
from ty_pipeline.cli.terminal import one_line, printable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from rich.text import Text
    from rich.tree import Tree

    from ty_pipeline.ledger.tracing import (
        ConsumedInput,
        ContentVersion,
        NodeState,
        PostingOverview,
        Trace,
        TracedInteraction,
    )

Posting = Annotated[
    str, typer.Argument(help="Its id, source:external-id, or an external id that one source has.")
]
Verbose = Annotated[
    bool, typer.Option("--verbose", "-v", help="Prompts, inputs and answers too, verbatim.")
]

STYLES = {
    "completed": "green",
    "failed": "red",
    "running": "cyan",
    "suspended": "yellow",
    "superseded": "dim",
}


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command(epilog="Example: ty-pipeline trace sample:gh-4001 -v")(trace)


def trace(posting: Posting, verbose: Verbose = False, as_json: AsJson = False) -> None:
    """Show what was published of one posting, from which content, and every interaction behind it."""
    from ty_pipeline.cli.session import ledger
    from ty_pipeline.ledger.tracing import find_posting, read_trace

    with ledger() as connection:
        story = read_trace(connection, find_posting(connection, posting))
    if as_json:
        emit(story)
    else:
        console().print(tree(story, verbose=verbose))


def tree(story: Trace, *, verbose: bool) -> Tree:
    """The story as a tree; ``verbose`` adds the published texts, prompts, inputs and answers."""
    from rich.tree import Tree

    root = Tree(_text(("bold", _title(story.posting))), guide_style="dim")
    _add_published(root.add("published"), story.posting, verbose=verbose)
    content = root.add("content")
    for version in story.versions:
        _add_version(content, version)
    done = root.add(f"interactions: {len(story.interactions)}")
    for one in story.interactions:
        _add_interaction(done, one, verbose=verbose)
    unfinished = [node for node in story.nodes if node.status not in ("completed", "idle")]
    if unfinished:
        left = root.add("not done")
        for node in unfinished:
            left.add(_text(_node(node)))
    return root


def _title(posting: PostingOverview) -> str:
    name = f"posting {posting.posting_id} {one_line(f'{posting.source_id}:{posting.external_id}')}"
    seen = f"seen {posting.first_seen_on or 'never'} to {posting.last_seen_on or 'never'}"
    return f"{name} · {posting.status} · {seen} · worked on in {posting.partition_key or 'none'}"


def _add_published(branch: Tree, posting: PostingOverview, *, verbose: bool) -> None:
    published = (
        ("summary", posting.extracted_summary, posting.extracted_summary_interaction_id,
         posting.extracted_summary_stale_since),
        ("skills", posting.skill_keywords, posting.skill_keywords_interaction_id,
         posting.skill_keywords_stale_since),
        ("ihl", posting.ihl_score, posting.ihl_interaction_id, posting.ihl_stale_since),
    )  # fmt: skip
    for name, value, interaction_id, stale_since in published:
        if value is None:
            branch.add(_text(("dim", f"{name}: none")))
            continue
        stale = f" · stale since {_at(stale_since)}" if stale_since else ""
        shown = _value(posting, name, verbose=verbose)
        branch.add(
            _text(f"{name} <- interaction {interaction_id}", ("yellow", stale), f": {shown}")
        )


def _value(posting: PostingOverview, name: str, *, verbose: bool) -> str:
    match name:
        case "summary":
            text = posting.extracted_summary or ""
            return (
                "\n" + printable(text) if verbose else f"{len(text):,} characters (-v shows them)"
            )
        case "skills":
            return one_line(", ".join(posting.skill_keywords or ())) or "(none found)"
        case _:
            return f"{posting.ihl_score} {posting.ihl_category}"


def _add_version(branch: Tree, version: ContentVersion) -> None:
    current = " · current" if version.is_current else ""
    size = version.description_characters
    about = one_line(" · ".join((version.title, version.company, "; ".join(version.locations))))
    text = f"{size:,} characters" if size is not None else "no description"
    leaf = branch.add(
        _text(f"version {version.posting_version_id}", ("green", current), f" · {about} · {text}")
    )
    for sighting in version.sightings:
        withdrawn = "" if sighting.is_supported else " · withdrawn"
        leaf.add(
            _text(
                f"seen in {sighting.partition_key}, row {sighting.row_number},"
                f" by fetch interaction {sighting.fetch_interaction_id}",
                ("red", withdrawn),
            )
        )


def _add_interaction(branch: Tree, one: TracedInteraction, *, verbose: bool) -> None:
    round_ = f" round {one.round}" if one.round else ""
    took = f"{one.duration_ms:,} ms" if one.duration_ms is not None else "not ended"
    rest = [f"{one.actor_type} {one.model}", took, f"attempt {one.attempt}"]
    rest += [f"branch {one.branch}"] if one.branch is not None else []
    rest += ["current"] if one.is_current else []
    leaf = branch.add(
        _text(
            ("bold", f"{one.interaction_id} {one.canonical_name}{round_}"),
            " · ",
            (STYLES.get(one.status, ""), one.status),
            one_line(" · " + " · ".join(rest)),
        )
    )
    for style, line in _remarks(one):
        leaf.add(_text((style, line)))
    if verbose:
        _add_verbatim(leaf, one)


def _remarks(one: TracedInteraction) -> Iterator[tuple[str, str]]:
    if one.inputs:
        yield "", "inputs: " + ", ".join(map(_input, one.inputs))
    if one.reused_from is not None:
        yield "", f"reused from interaction {one.reused_from}: no call of its own"
    if one.error_class is not None:
        yield "red", one_line(f"{one.error_class}: {one.error_message or 'no message'}")
    if one.invalidated:
        yield "red", one_line(f"invalidated: {one.invalidation_reason}")
    if not one.enabled:
        yield "red", "disabled by an operator"


def _input(edge: ConsumedInput) -> str:
    if edge.input_interaction_id is not None:
        round_ = f" round {edge.input_round}" if edge.input_round else ""
        step = f" ({edge.input_canonical_name}{round_})"
        return f"{edge.handle} <- interaction {edge.input_interaction_id}{step}"
    if edge.posting_version_id is not None:
        return f"{edge.handle} <- version {edge.posting_version_id}"
    return one_line(f"{edge.handle} <- trigger input {edge.trigger_input_id}")


def _add_verbatim(leaf: Tree, one: TracedInteraction) -> None:
    leaf.add(f"prompt version {one.conversation_version}").add(_text(printable(one.prompt)))
    for title, value in (("input", one.input), ("answer", one.output)):
        if value is not None:
            verbatim = json.dumps(value, ensure_ascii=False, indent=2)
            leaf.add(title).add(_text(printable(verbatim)))


def _node(node: NodeState) -> str:
    name = f"{node.canonical_name} round {node.round}" if node.round else node.canonical_name
    details = [name, node.status]
    if node.owed_since is not None:
        details.append(f"owed since {_at(node.owed_since)}")
    if node.next_retry_at is not None:
        details.append(f"not before {_at(node.next_retry_at)}")
    if node.lease_owner is not None:
        details.append(f"held by {node.lease_owner} until {_at(node.lease_expires_at)}")
    if node.suspension_reason is not None:
        details.append(node.suspension_reason)
    if node.suspension_deadline is not None:
        details.append(f"wanted by {_at(node.suspension_deadline)}")
    return one_line(" · ".join(details))


def _at(moment: datetime | None) -> str:
    return "unknown" if moment is None else moment.isoformat(sep=" ", timespec="seconds")


def _text(*parts: str | tuple[str, str]) -> Text:
    """Text from plain parts and (style, part) pairs, never read as markup."""
    from rich.text import Text

    text = Text()
    for part in parts:
        style, plain = ("", part) if isinstance(part, str) else part
        text.append(plain, style)
    return text
