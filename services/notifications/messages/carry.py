"""Brings the messages of earlier releases into the present form at start, so that queries find them by the fields that
are indexed now. Owes no events. What a crash cuts off is taken up at the next start."""

from __future__ import annotations

import structlog

from services.notifications import upcasts
from services.notifications.kinds import MESSAGE
from services.notifications.messages.message import NEVER, Message, indexed
from services.notifications.state import replaced
from shared.ports.store import State, Store
from shared.storage.batches import in_batches, in_parallel
from shared.storage.steps import without_event

log = structlog.get_logger("notifications")

UNKNOWN = 1  # in place of a time that nothing tells; 0 is what the upcast gives


async def carry_messages(store: Store) -> int:
    """Returns how many were carried."""

    async def carry(id: str) -> None:
        await store.change(MESSAGE.name, id, without_event(_present_form))

    carried = 0
    async for rows in in_batches(store.scan(MESSAGE.name, {}, ("taken_at", "what_1"))):
        former = [row.id for row in rows if not row["taken_at"] or row["what_1"] == upcasts.UNKNOWN]
        await in_parallel(former, carry)
        carried += len(former)
    if carried:
        log.info("messages.carried", count=carried)
    return carried


def _present_form(state: State | None) -> State | None:
    """When it was taken is not known; its first attempt was made, or was due, within seconds of it."""
    if state is None:
        return None
    message = Message.model_validate(state)
    first = message.attempts[0].opened_at if message.attempts else message.due % NEVER or UNKNOWN
    return indexed(replaced(message, taken_at=message.taken_at or first)).model_dump(mode="json")
