"""The Prometheus metrics of a process, in one registry. Names end in their unit; labels are closed lists."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, PlatformCollector, ProcessCollector
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

REGISTRY = CollectorRegistry()
ProcessCollector(registry=REGISTRY)
PlatformCollector(registry=REGISTRY)

CONTENT_TYPE = CONTENT_TYPE_LATEST

OUTBOX_OLDEST_SECONDS = Gauge(
    "satu_outbox_oldest_seconds",
    "Age of the oldest event in the outbox; 0 when it is empty",
    ["service"],
    registry=REGISTRY,
)
OUTBOX_DOCUMENTS = Gauge(
    "satu_outbox_documents", "Documents with at least one event in the outbox", ["service"], registry=REGISTRY
)
PUBLISHED = Counter(
    "satu_published_total",
    "Events handed to the bus: confirmed, unroutable, away or failed",
    ["service", "outcome"],
    registry=REGISTRY,
)
DELIVERIES = Counter(
    "satu_deliveries_total",
    "Messages processed: done, again (retried), parked, paused or lost with the connection",
    ["subscription", "outcome"],
    registry=REGISTRY,
)
HANDLER_SECONDS = Histogram(
    "satu_handler_seconds",
    "How long a handler took, whatever its outcome",
    ["subscription", "type"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0),
    registry=REGISTRY,
)
RETRIES = Counter(
    "satu_retries_total", "Messages put on a retry rung; the shortest is 0", ["subscription", "rung"], registry=REGISTRY
)
PAUSED = Gauge("satu_paused", "1 while the subscription is paused", ["subscription"], registry=REGISTRY)
QUEUE_READY = Gauge("satu_queue_ready_messages", "Messages waiting in the queue", ["subscription"], registry=REGISTRY)
QUEUE_PARKED = Gauge("satu_parked_messages", "Messages parked", ["subscription"], registry=REGISTRY)
QUEUE_OLDEST_SECONDS = Gauge(
    "satu_queue_oldest_seconds",
    "Age of the oldest message that waits or is in flight; 0 without any, NaN when the bus does not know",
    ["subscription"],
    registry=REGISTRY,
)


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


def exposition() -> bytes:
    """All metrics in Prometheus' text format, of media type CONTENT_TYPE."""
    return generate_latest(REGISTRY)
