"""The metrics of this service, besides those of every service."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

from shared.observability.metrics import REGISTRY

ATTEMPTS = Counter("satu_attempts_total", "Hand-overs of messages by result", ["channel", "result"], registry=REGISTRY)
STOPPED = Gauge(
    "satu_channel_stopped", "1 while a provider refuses the sender's configuration", ["channel"], registry=REGISTRY
)
AWAY = Gauge("satu_channel_away", "1 while a provider does not answer", ["channel"], registry=REGISTRY)
FALLBACKS = Counter(
    "satu_fallbacks_total",
    "Second copies through another channel, for want of a receipt",
    ["channel"],
    registry=REGISTRY,
)
UNCERTAIN = Counter(
    "satu_attempts_repeated_total",
    "Hand-overs made again because the result of the one before is unknown",
    ["channel"],
    registry=REGISTRY,
)
RECORD_SECONDS = Histogram(
    "satu_attempt_record_seconds",
    "From the provider's answer to our own record of it: a crash within it makes the hand-over once more",
    ["channel"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2.0, 10.0, 60.0),
    registry=REGISTRY,
)
RECEIPTS = Counter(
    "satu_receipts_total", "Receipts by what became of them: applied, unknown", ["outcome"], registry=REGISTRY
)
OLDEST_UNSENT = Gauge(
    "satu_oldest_unsent_seconds",
    "Age of the oldest message that is due and not handed over; 0 without any",
    registry=REGISTRY,
)
LATE = Gauge("satu_messages_late", "1 while a due message has waited for more than 5 minutes", registry=REGISTRY)
HEARTBEATS = Counter("satu_heartbeats_total", "Calls of HEARTBEAT_URL: done or failed", ["outcome"], registry=REGISTRY)
UNREACHABLE = Gauge(
    "satu_unreachable_agencies",
    "Agencies with an unfulfilled obligation and without a reachable contact",
    registry=REGISTRY,
)
WITHHELD = Gauge(
    "satu_withheld_persons",
    "Persons with due alerts whom the mode or the stop switch leaves untold, counted once a day for each region",
    registry=REGISTRY,
)
HELD = Gauge("satu_held_alerts", "Alerts held since a restore until the operator decides", registry=REGISTRY)
REGISTRY_BEHIND = Gauge(
    "satu_registry_behind",
    "Obligations that have waited for the registry's facts for more than twelve hours after their deadline",
    registry=REGISTRY,
)
NOTICES = Counter(
    "satu_channel_notices_total",
    "What providers told about a channel itself: templates, quality, account",
    ["channel", "kind"],
    registry=REGISTRY,
)
BOUNCE_MAILBOX_AWAY = Gauge(
    "satu_bounce_mailbox_away", "1 while the mailbox that bounces return to cannot be read", registry=REGISTRY
)
