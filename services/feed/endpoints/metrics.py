"""The metrics of webhook endpoints."""

from __future__ import annotations

from prometheus_client import Counter

from shared.observability.metrics import REGISTRY

DELIVERIES = Counter(
    "satu_webhook_deliveries_total",
    "Hand-overs to webhook endpoints by result: accepted, failed, given up, missing",
    ["result"],
    registry=REGISTRY,
)
DISABLED = Counter(
    "satu_webhook_disabled_total",
    "Webhook endpoints that failures have disabled, by cause: gone, failing",
    ["cause"],
    registry=REGISTRY,
)
