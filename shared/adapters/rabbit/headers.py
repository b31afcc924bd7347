"""What we write beside a message's bytes, and what we read there.

A republished message gets these headers and no others: what the broker added is left behind. On RabbitMQ 3.10 a message
that was parked by the delivery limit, replayed with its `x-death` and then retried is silently dropped as a cycle.
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
_LONGEST_REASON = 2000  # characters: all headers must fit one frame


@dataclass(frozen=True)
class Trouble:
    """A message's troubles so far. attempt: how many attempts failed; first_at, last_at: machine time of the first and
    the latest failure; reason, fault: of the latest, only on parked messages."""

    attempt: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None
    reason: str = ""
    fault: str = ""


def write(trouble: Trouble) -> dict[str, str | int]:
    """The headers that say this; none for a message without trouble."""
    written: dict[str, str | int] = {}
    if trouble.attempt:
        written[_ATTEMPT] = trouble.attempt
    for name, moment in ((_FIRST_AT, trouble.first_at), (_LAST_AT, trouble.last_at)):
        if moment is not None:
            written[name] = moment.isoformat()
    for name, text in ((_REASON, trouble.reason), (_FAULT, trouble.fault)):
        if text:
            written[name] = text[:_LONGEST_REASON]
    return written


def read(headers: Mapping[str, Any]) -> Trouble:
    """What the headers say; whatever is not as we write it counts as absent."""
    attempt = headers.get(_ATTEMPT)
    return Trouble(
        attempt=attempt if isinstance(attempt, int) and attempt > 0 else 0,
        first_at=_moment(headers.get(_FIRST_AT)),
        last_at=_moment(headers.get(_LAST_AT)),
        reason=_text(headers.get(_REASON)),
        fault=_text(headers.get(_FAULT)),
    )


def read_parked(headers: Mapping[str, Any]) -> Trouble:
    """Likewise, of a parked message: without a reason of ours it was the broker that parked it."""
    trouble = read(headers)
    if trouble.reason:
        return trouble
    deaths = headers.get("x-death")
    death = deaths[0] if isinstance(deaths, list) and deaths and isinstance(deaths[0], dict) else {}
    reason = _text(death.get("reason")).replace("_", "-") or "unknown"
    at = death.get("time")
    last_at = at if isinstance(at, datetime) and at.tzinfo else None
    return Trouble(trouble.attempt, trouble.first_at or last_at, last_at, reason, "DeliveryLimit")


def identity(message_id: str | None, body: bytes) -> str:
    """The message's id; for a foreign message that has none, one made of its bytes."""
    return message_id or f"sha256:{hashlib.sha256(body).hexdigest()}"


def _moment(value: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment is not None and moment.tzinfo else None


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
