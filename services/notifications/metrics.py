"""The metrics of this service, besides those of every service."""

from __future__ import annotations

from prometheus_client import Counter, Gauge

from shared.observability.metrics import REGISTRY

ATTEMPTS = Counter(
    "satu_attempts_total", "Hand-overs of messages by what came of them", ["channel", "result"], registry=REGISTRY
)
STOPPED = Gauge(
    "satu_channel_stopped", "1 while a provider refuses the sender's set-up", ["channel"], registry=REGISTRY
)
UNREACHABLE = Gauge(
    "satu_unreachable_agencies", "Agencies that owe something and have nobody who can be told", registry=REGISTRY
)
HELD = Gauge("satu_held_alerts", "Alerts that a restore holds back until the operator decides", registry=REGISTRY)
