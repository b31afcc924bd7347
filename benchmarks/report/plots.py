"""Draws the plots. Run by the peers' interpreter, which alone has matplotlib.

python plots.py POINTS.json FOLDER
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import matplotlib as mpl

mpl.use("svg")
mpl.rcParams["svg.hashsalt"] = "benchmarks"
from matplotlib import pyplot as plt  # noqa: E402 - after the choice of the backend

_WORDS = {
    "throughput": ("submissions per second, end to end", None),
    "growth": ("share of the empty store's speed, by processor time", 0.9),
}


def draw(name: str, points: list[tuple[str, float]], folder: Path) -> None:
    """Horizontal bars, in the order of the points; a line for the goal."""
    words, goal = _WORDS[name]
    figure, axes = plt.subplots(figsize=(8, 0.5 * len(points) + 1.2))
    bars = axes.barh([label for label, _ in points][::-1], [value for _, value in points][::-1], color="#3b6ea5")
    axes.bar_label(bars, fmt="%.2f" if name == "growth" else "%.0f", padding=3)
    axes.margins(x=0.12)
    axes.set_xlabel(words)
    if goal is not None:
        axes.axvline(goal, color="#b03a2e", linestyle="--", linewidth=1)
    axes.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    figure.savefig(folder / f"{name}.svg", metadata={"Date": None})


if __name__ == "__main__":
    for name, points in json.loads(Path(sys.argv[1]).read_text()).items():
        draw(name, points, Path(sys.argv[2]))
