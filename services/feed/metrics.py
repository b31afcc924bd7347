"""The metrics of the feed, besides those of every service."""

from __future__ import annotations

from prometheus_client import Counter, Gauge

from shared.observability.metrics import REGISTRY

SUBJECTS = Gauge("satu_feed_subjects", "Subjects of which the feed has the newest event", registry=REGISTRY)
PLACE_LAG = Gauge(
    "satu_feed_place_lag_seconds",
    "From the arrival of an event at the feed until it may be read; the longest of the last batch",
    registry=REGISTRY,
)
INCOMPLETE = Gauge("satu_feed_incomplete", "1 while the feed may lack subjects", registry=REGISTRY)
WAITERS = Gauge("satu_feed_waiters", "Those who wait for new events in this process", registry=REGISTRY)
WAITERS_FULL = Counter(
    "satu_feed_waiters_full_total", "Those who were ended because they did not take what was new", registry=REGISTRY
)
