"""How commands print: JSON for scripts, plain lines, and a console for people.

Belongs here: the three ways out. Not here: what is printed (each command).
"""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ty_pipeline.cli.terminal import printable

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")]

UNWRAPPED = 100_000  # columns where there is no terminal, so that grep sees whole lines


def emit(value: object) -> None:
    """Print ``value`` as JSON; dataclasses become objects, dates ISO text.

    In ASCII, so that no control character reaches a terminal.
    """
    typer.echo(json.dumps(_plain(value), default=_plain, indent=2))


def emit_line(value: object) -> None:
    """``emit`` on one line, for commands that go on printing."""
    typer.echo(json.dumps(_plain(value), default=_plain))


def say(text: str) -> None:
    """Print one line for people."""
    typer.echo(printable(text))


def complain(text: str) -> None:
    """Print one line on standard error."""
    typer.echo(f"ty-pipeline: {printable(text)}", err=True)


def console() -> Console:
    """A rich console on standard output that takes text as it is: no markup, no emoji names."""
    from rich.console import Console

    width = None if sys.stdout.isatty() else UNWRAPPED
    return Console(width=width, highlight=False, markup=False, emoji=False)


def table(*titles: str, numbers: Sequence[str] = ()) -> Table:
    """An empty table: columns of text, then columns of ``numbers``; narrow, for 80 columns."""
    from rich.table import Table

    grid = Table(box=None, pad_edge=False, collapse_padding=True, header_style="bold")
    for title in titles:
        grid.add_column(title, no_wrap=True)
    for title in numbers:
        grid.add_column(title, no_wrap=True, justify="right")
    return grid


def number(count: int) -> str:
    """``1,234``; a dot for zero, so that what is there stands out."""
    return f"{count:,}" if count else "·"


def _plain(value: object) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: getattr(value, f.name) for f in dataclasses.fields(value)}
    if isinstance(value, str | int | float | list | tuple | dict) or value is None:
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
