"""When a hand-over that failed is tried again. Pure.

Source: Standard Webhooks 1.0, "Retries and failure handling"; the same steps as its reference schedule.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

MINUTE, HOUR, DAY = 60.0, 3600.0, 86_400.0

STEPS = (5.0, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR)
"""Seconds after the first failure in a row, the second …"""

LAST_STEP = 10 * HOUR
"""Seconds after every later one."""

JITTER = 0.1
"""A wait is longer by up to this share, so that endpoints which failed together are not tried together."""

LONGEST_RETRY_AFTER = DAY
"""Seconds: a receiver that asks for more is tried then nevertheless."""

HOPELESS_AFTER = timedelta(days=5)
"""An endpoint that has failed for so long, without any success, is disabled."""


def wait_after(failures: int, retry_after: float | None, chance: float) -> float:
    """Seconds until the next attempt. failures: in a row, the last one included; retry_after: what the receiver asked
    for; it can only make the wait longer; chance: a random number from 0 to 1."""
    step = STEPS[failures - 1] if failures <= len(STEPS) else LAST_STEP
    wait = step * (1 + JITTER * chance)
    return max(wait, min(retry_after, LONGEST_RETRY_AFTER)) if retry_after else wait


def is_exhausted(failures: int) -> bool:
    """Whether the short steps are used up, so that one event may be what the receiver cannot take."""
    return failures > len(STEPS)


def is_hopeless(failures: int, failing_since: int, now: int) -> bool:
    """Whether to disable the endpoint. failing_since, now: machine milliseconds. The steps must be used up as well: a
    process that was stopped for five days has not tried for five days."""
    return is_exhausted(failures) and now - failing_since >= HOPELESS_AFTER / timedelta(milliseconds=1)


def seconds_of(header: str | None, now: datetime) -> float | None:
    """The value of a `Retry-After` header (RFC 9110 §10.2.3: seconds, or a date) in seconds from `now`; None without
    one that can be read."""
    if header is None:
        return None
    text = header.strip()
    if text.isascii() and text.isdecimal():
        return float(text[:9])
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (aware - now).total_seconds())
