"""Correlation ids, causation ids and W3C trace context: they tie a request to its events and their consequences."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from shared.clock import Clock
from shared.contracts.contract import Origin
from shared.contracts.event import Event

_TRACEPARENT = re.compile(r"^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$")


@dataclass(frozen=True)
class Trace:
    """The trace of the request or event in progress. traceparent: of this span."""

    correlationid: str
    causationid: str | None
    traceparent: str


def new_traceparent() -> str:
    """The root of a new trace, sampled."""
    return f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01"


def child_of(traceparent: str | None) -> str:
    """A new span in the given trace; a new trace when there is none or it is malformed."""
    match = _TRACEPARENT.match(traceparent or "")
    if match is None or set(match[1]) == {"0"} or set(match[2]) == {"0"}:
        return new_traceparent()
    return f"00-{match[1]}-{secrets.token_hex(8)}-{match[3]}"


_current: ContextVar[Trace | None] = ContextVar("trace", default=None)


def current() -> Trace:
    """The trace of this task; outside of any, a new one."""
    return _current.get() or Trace(secrets.token_hex(16), None, new_traceparent())


def current_correlation() -> str | None:
    """The correlation id of this task's trace; None outside of any."""
    trace = _current.get()
    return None if trace is None else trace.correlationid


@contextmanager
def of_request(correlationid: str | None, traceparent: str | None) -> Iterator[Trace]:
    """The code inside belongs to this HTTP request (or command, or sweep)."""
    trace = Trace(correlationid or secrets.token_hex(16), None, child_of(traceparent))
    token = _current.set(trace)
    try:
        yield trace
    finally:
        _current.reset(token)


@contextmanager
def of_event(event: Event) -> Iterator[Trace]:
    """The code inside is caused by this event."""
    correlationid = event.correlationid or current().correlationid
    trace = Trace(correlationid, event.id, child_of(event.traceparent))
    token = _current.set(trace)
    try:
        yield trace
    finally:
        _current.reset(token)


def origin(clock: Clock) -> Origin:
    """The origin of a change made now: business time and the present trace."""
    trace = current()
    return Origin(clock.now(), trace.correlationid, trace.causationid, trace.traceparent)
