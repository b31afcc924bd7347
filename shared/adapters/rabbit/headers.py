"""The headers of a message that record its failed attempts.

A republished message has these headers and no others; those of the broker are removed. On RabbitMQ 3.10 a message that
was parked by the delivery limit, replayed with its `x-death` and then retried is silently dropped as a cycle.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

DELIVERY_LIMIT = "delivery-limit"

_ATTEMPT = "satu-attempt"
_FIRST_AT = "satu-first-at"
_LAST_AT = "satu-last-at"
_REASON = "satu-reason"
_FAULT = "satu-fault"
_LONGEST_REASON = 2000  # characters; all headers must fit into one frame


@dataclass(frozen=True)
class FailureHeaders:
    """The failed attempts of a message. attempt: their number; first_at, last_at: machine time of the first and the
    latest failure; reason, fault: of the latest failure, only on parked messages."""

    attempt: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None
    reason: str = ""
    fault: str = ""


def write(failures: FailureHeaders) -> dict[str, str | int]:
    """The message headers; none for a message that has not failed."""
    written: dict[str, str | int] = {}
    if failures.attempt:
        written[_ATTEMPT] = failures.attempt
    for name, time in ((_FIRST_AT, failures.first_at), (_LAST_AT, failures.last_at)):
        if time is not None:
            written[name] = time.isoformat()
    for name, text in ((_REASON, failures.reason), (_FAULT, failures.fault)):
        if text:
            written[name] = text[:_LONGEST_REASON]
    return written


def read(headers: Mapping[str, Any]) -> FailureHeaders:
    """Read the message headers; a malformed header counts as absent."""
    attempt = headers.get(_ATTEMPT)
    return FailureHeaders(
        attempt=attempt if isinstance(attempt, int) and attempt > 0 else 0,
        first_at=_time(headers.get(_FIRST_AT)),
        last_at=_time(headers.get(_LAST_AT)),
        reason=_text(headers.get(_REASON)),
        fault=_text(headers.get(_FAULT)),
    )


def read_parked(headers: Mapping[str, Any]) -> FailureHeaders:
    """Read the headers of a parked message; without a reason of ours, the broker has parked it (`x-death`)."""
    failures = read(headers)
    if failures.reason:
        return failures
    deaths = headers.get("x-death")
    death = deaths[0] if isinstance(deaths, list) and deaths and isinstance(deaths[0], dict) else {}
    reason = _text(death.get("reason")).replace("_", "-") or "unknown"
    at = death.get("time")
    last_at = at if isinstance(at, datetime) and at.tzinfo else None
    return FailureHeaders(failures.attempt, failures.first_at or last_at, last_at, reason, "DeliveryLimit")


def identity(message_id: str | None, body: bytes) -> str:
    """The message's id; a digest of its bytes for a foreign message without an id."""
    return message_id or f"sha256:{hashlib.sha256(body).hexdigest()}"


def _time(value: object) -> datetime | None:
    try:
        time = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return time.astimezone(UTC) if time is not None and time.tzinfo else None


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
