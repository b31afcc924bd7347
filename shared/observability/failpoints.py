"""The named moments on the path from a request to an alert, in one list.

Whoever walks the path says `reach(Failpoint.X)`. Nobody listens in production; the fault tests listen and kill the
process exactly there, so "between any two steps" is a list that one can go through.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum


class Failpoint(StrEnum):
    """In the order in which one submission passes them."""

    COMMAND_RECEIVED = "command.received"  # the request is allowed; its body is not read yet
    CHANGE_DECIDED = "change.decided"  # fn has run; the write is not committed
    CHANGE_COMMITTED = "change.committed"  # state and owed event are durable; nobody was told
    RELAY_CLAIMED = "relay.claimed"  # the lease is taken
    RELAY_PUBLISHED = "relay.published"  # the broker has confirmed; still owed
    RELAY_SETTLED = "relay.settled"  # struck off
    DELIVERY_TAKEN = "delivery.taken"  # a consumer holds the message, unacked
    DELIVERY_HANDLED = "delivery.handled"  # the handler's changes are durable; unacked
    DELIVERY_ACKED = "delivery.acked"
    ALERT_DUE = "alert.due"  # the sweep has found who is to be told; nothing is written
    ALERT_TAKEN = "alert.taken"  # the person's post holds the alert
    MESSAGE_WRITTEN = "message.written"  # the message document exists
    ATTEMPT_OPENED = "attempt.opened"  # the attempt is durable; nothing is handed over
    ATTEMPT_MADE = "attempt.made"  # the provider has taken it; not recorded
    ATTEMPT_CLOSED = "attempt.closed"  # recorded, with alert.sent owed


Listener = Callable[[Failpoint, str], None]
_listeners: list[Listener] = []


def listen(listener: Listener) -> None:
    """Call `listener(moment, what)` at every moment of this process; `what` is a document, event or subscription id."""
    _listeners.append(listener)


def reach(moment: Failpoint, what: str) -> None:
    """Say that this process is at `moment` with `what`."""
    for listener in _listeners:
        listener(moment, what)
