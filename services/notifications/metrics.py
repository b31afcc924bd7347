"""The metrics of this service, besides those of every service."""

from __future__ import annotations

from prometheus_client import Counter, Gauge

from shared.observability.metrics import REGISTRY

ATTEMPTS = Counter("satu_attempts_total", "Hand-overs of messages by result", ["channel", "result"], registry=REGISTRY)
STOPPED = Gauge(
    "satu_channel_stopped", "1 while a provider refuses the sender's configuration", ["channel"], registry=REGISTRY
)
UNREACHABLE = Gauge(
    "satu_unreachable_agencies",
    "Agencies with an unfulfilled obligation and without a reachable contact",
    registry=REGISTRY,
)
HELD = Gauge("satu_held_alerts", "Alerts held since a restore until the operator decides", registry=REGISTRY)
NOTICES = Counter(
    "satu_channel_notices_total",
    "What providers told about a channel itself: templates, quality, account",
    ["channel", "kind"],
    registry=REGISTRY,
)
BOUNCE_MAILBOX_AWAY = Gauge(
    "satu_bounce_mailbox_away", "1 while the mailbox that bounces return to cannot be read", registry=REGISTRY
)
