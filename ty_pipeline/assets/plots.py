"""Pictures for ``pipeline_report``, small enough to live in Dagster's metadata.

Belongs here: drawing. Not here: the figures (``ledger.report``), what is said with them (``report``).

matplotlib is imported when something is drawn: it costs a second, which no other run should pay.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import dagster as dg

if TYPE_CHECKING:
    from matplotlib.figure import Figure

COLOURS = {
    "done": "#4c9f70",
    "to_do": "#b8c4d6",
    "waiting_for_person": "#e0a83c",
    "failed": "#c8553d",
    "paused": "#8d8d8d",
    "called": "#4878a8",
    "reused": "#4c9f70",
    "pass": "#4c9f70",
    "fail": "#c8553d",
}
ROW_INCHES = 0.22
DPI = 72


def stacked_bars(
    title: str, labels: Sequence[str], parts: Mapping[str, Sequence[float]]
) -> dg.MetadataValue:
    """Horizontal bars, one a label, each stacked of the named parts; parts that are 0 left out."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6.4, 0.9 + ROW_INCHES * max(len(labels), 1)), layout="constrained")
    axes = figure.subplots()
    start = [0.0] * len(labels)
    for name, values in parts.items():
        if any(values):
            axes.barh(labels, values, left=start, color=COLOURS.get(name), label=name)
            start = [a + b for a, b in zip(start, values, strict=True)]
    axes.invert_yaxis()
    axes.set_title(title, fontsize=9)
    axes.tick_params(labelsize=7)
    if any(start):
        figure.legend(loc="outside lower center", fontsize=7, frameon=False, ncols=5)
    return _markdown(figure, title)


def _markdown(figure: Figure, title: str) -> dg.MetadataValue:
    """The figure as a PNG of few colours inside a line of markdown."""
    from PIL import Image

    drawn, small = io.BytesIO(), io.BytesIO()
    figure.savefig(drawn, format="png", dpi=DPI)
    # The octree keeps a colour that only a few bars have; the default mixes it with its neighbours.
    few = Image.open(drawn).convert("RGB").quantize(32, method=Image.Quantize.FASTOCTREE)
    few.save(small, format="png", optimize=True)
    data = base64.b64encode(small.getvalue()).decode("ascii")
    return dg.MetadataValue.md(f"![{title}](data:image/png;base64,{data})")
