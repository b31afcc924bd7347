"""The metrics of the read model, besides those of every service."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

from shared.observability.metrics import REGISTRY

BATCH = Histogram(
    "satu_portal_batch_events",
    "Events that the read model has kept in one go",
    buckets=(1, 2, 4, 8, 16, 32, 64, 128, 256),
    registry=REGISTRY,
)
COUNT_SECONDS = Histogram(
    "satu_portal_count_seconds",
    "One count of what has changed on the board, and its summaries, without the gaps that it leaves to others",
    registry=REGISTRY,
)
DRIFTED = Counter(
    "satu_portal_drifted_total",
    "Rows of the board whose counts were found to be wrong, and were counted anew",
    registry=REGISTRY,
)
BUILDING = Gauge("satu_portal_building", "1 while the read model may lack subjects", registry=REGISTRY)
AGE = Gauge(
    "satu_portal_age_seconds", "How long ago all that had been published was in the read model", registry=REGISTRY
)
