"""The numbers of the loops, in the process's registry."""

from __future__ import annotations

from prometheus_client import Counter, Histogram

from shared.metrics import REGISTRY

LOOPS = Counter(
    "satu_loop_runs_total", "Runs of a loop: done or failed", ["service", "loop", "outcome"], registry=REGISTRY
)
LOOP_SECONDS = Histogram(
    "satu_loop_seconds",
    "How long one run of a loop took",
    ["service", "loop"],
    buckets=(0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 30.0, 120.0, 600.0),
    registry=REGISTRY,
)
