"""The failpoints on the path from a request to an alert, in one list.

The code calls `reach(Failpoint.X)` at each. Nobody listens in production; the fault tests listen and kill the process
exactly there, so that "between any two steps" can be tested step by step.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum


class Failpoint(StrEnum):
    """In the order in which one submission reaches them."""

    COMMAND_RECEIVED = "command.received"  # the request is authorised; its body is not read yet
    CHANGE_DECIDED = "change.decided"  # fn has run; the write is not committed
    CHANGE_COMMITTED = "change.committed"  # state and event are durable; nothing is published
    RELAY_CLAIMED = "relay.claimed"  # the lease is taken
    RELAY_PUBLISHED = "relay.published"  # the broker has confirmed; still in the outbox
    AUDIT_FILED = "audit.filed"  # the audit entry is a document of its own; still in the outbox
    RELAY_SETTLED = "relay.settled"  # removed from the outbox
    DELIVERY_TAKEN = "delivery.taken"  # a consumer has the message, unacknowledged
    DELIVERY_HANDLED = "delivery.handled"  # the handler's changes are durable; unacknowledged
    DELIVERY_ACKED = "delivery.acked"
    REGION_RECOMPUTED = "region.recomputed"  # its obligations follow its new policy; it is not unmarked yet
    ALERT_DUE = "alert.due"  # the sweep has found who is due; nothing is written
    ALERT_TAKEN = "alert.taken"  # the person's alert log has the alert
    MESSAGE_WRITTEN = "message.written"  # the message document exists
    ATTEMPT_OPENED = "attempt.opened"  # the attempt is durable; nothing is handed over yet
    ATTEMPT_MADE = "attempt.made"  # the provider has accepted it; not recorded
    ATTEMPT_CLOSED = "attempt.closed"  # recorded, with alert.sent owed
    RECEIPT_STORED = "receipt.stored"  # the provider's report is durable; not applied, and not acknowledged
    RECEIPT_APPLIED = "receipt.applied"  # the message has it; the address and the alert log do not yet
    EVENTS_PLACED = "events.placed"  # the feed has given places to a batch; nothing of it is written
    EVENTS_KEPT = "events.kept"  # the batch is durable; readers may not read it yet
    MARK_MOVED = "mark.moved"  # readers may read the batch; its messages are unacknowledged
    MODEL_WRITTEN = "model.written"  # the portal has what a batch is about; not what follows from it
    MODEL_FOLLOWED = "model.followed"  # and what follows from it; its messages are unacknowledged
    BOARD_COUNTED = "board.counted"  # rows of the portal's board are counted, and still marked
    SUMMARY_WRITTEN = "summary.written"  # and their region is summed up; they are still marked
    FALLBACK_OPENED = "fallback.opened"  # an attempt through another channel is durable; nothing is handed over yet
    WEBHOOK_ACCEPTED = "webhook.accepted"  # the receiver has the event; the cursor has not moved


Listener = Callable[[Failpoint, str], None]
_listeners: list[Listener] = []


def listen(listener: Listener) -> None:
    """Call `listener(failpoint, what)` at every failpoint of this process; `what` is an id of a document or event."""
    _listeners.append(listener)


def reach(failpoint: Failpoint, what: str) -> None:
    """Tell the listeners that the process is at this failpoint with `what`."""
    for listener in _listeners:
        listener(failpoint, what)
