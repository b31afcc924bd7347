"""Keeps what providers report, and applies it to messages.

A receipt is durable before the provider's webhook is answered. It is applied at once by the loop, or later when its
attempt is not known yet: a receipt may overtake our own record of the hand-over. After KEPT it is erased.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress

import structlog

from services.notifications.kinds import RECEIPT
from services.notifications.messages.message import Message
from services.notifications.messages.outcome import settles
from services.notifications.messages.receipt import Receipt, ReceiptState, attempt_of, message_of, with_receipt
from services.notifications.messages.repositories import message_repository
from services.notifications.metrics import RECEIPTS
from services.notifications.sending.consequences import Consequences
from services.notifications.sending.documents import StoredReceipt
from services.notifications.sending.repositories import receipt_repository
from services.notifications.state import replaced
from shared.clock import Clock, machine_ms
from shared.contracts.contract import draft
from shared.contracts.event import Draft
from shared.faults import NotFound
from shared.observability import tracing
from shared.observability.failpoints import Failpoint, reach
from shared.ports.store import Range, Store
from shared.storage.batches import in_parallel
from shared.storage.repository import Versioned
from shared.storage.steps import without_event

KEPT = 8 * 24 * 3600 * 1000  # milliseconds: providers repeat a webhook for 7 days

log = structlog.get_logger("notifications")


class ReceiptInbox:
    """arrived: set when a receipt waits to be applied."""

    def __init__(self, store: Store, arrived: asyncio.Event) -> None:
        self._receipts = receipt_repository(store)
        self._arrived = arrived

    async def keep(self, receipts: Sequence[Receipt]) -> int:
        """Store them; durable when it returns. Those that are stored already stay as they are. Returns how many were
        new."""
        until = machine_ms() + KEPT

        async def keep_one(receipt: Receipt) -> bool:
            stored = StoredReceipt(**receipt.model_dump(), kept_until=until)
            kept = await self._receipts.create(receipt.id, stored)
            reach(Failpoint.RECEIPT_STORED, receipt.id)
            return kept.changed

        new = sum(await in_parallel(receipts, keep_one))
        if new:
            self._arrived.set()
        return new


class ReceiptApplier:
    """Applies stored receipts to their messages."""

    def __init__(self, store: Store, clock: Clock, consequences: Consequences) -> None:
        self._store = store
        self._receipts = receipt_repository(store)
        self._messages = message_repository(store)
        self._clock = clock
        self._consequences = consequences

    async def run(self) -> int:
        """Apply all that wait; returns how many could be applied."""
        waiting = [row.id async for row in self._store.scan(RECEIPT.name, {"applied": 0}, ())]
        return sum(await in_parallel(waiting, self._apply))

    async def purge(self) -> int:
        """Erase those that need not be kept any longer; returns how many."""
        old = [row.id async for row in self._store.scan(RECEIPT.name, {"kept_until": Range(below=machine_ms())}, ())]
        for id in old:
            await self._store.erase(RECEIPT.name, id)
        return len(old)

    async def _apply(self, id: str) -> bool:
        found = await self._receipts.find(id)
        if found is None or found.value.applied:
            return False
        receipt = Receipt(**found.value.model_dump(include=set(Receipt.model_fields)))
        with tracing.of_request(None, None):
            message = await self._message_of(receipt)
            number = attempt_of(message.value, receipt) if message else None
            if message is None or number is None:
                RECEIPTS.labels("unknown").inc()
                return False
            changed = await self._change(message.id, receipt)
            reach(Failpoint.RECEIPT_APPLIED, id)
            attempt = next(each for each in changed.value.attempts if each.number == number)
            if receipt.state is ReceiptState.FAILED:
                await self._consequences.of_failure(changed, attempt)
            else:
                await self._consequences.of_facts(changed, number)
        await self._receipts.amend(id, None, without_event(lambda stored: replaced(stored, applied=True)))
        RECEIPTS.labels("applied").inc()
        log.info(
            "receipt.applied",
            attempt=f"{message.id}/{number}",
            channel=receipt.channel,
            state=receipt.state.value,
            code=receipt.code,
            status=changed.value.status.value,
        )
        return True

    async def _change(self, id: str, receipt: Receipt) -> Versioned[Message]:
        at, origin = self._clock.now(), tracing.origin(self._clock)

        def decide(before: Message) -> tuple[Message, Draft | None] | None:
            after = with_receipt(before, receipt, at)
            if after is None:
                return None
            event = after.event() if settles(after, before) else None
            return after, draft(*event, after.region, origin) if event else None

        return await self._messages.amend(id, None, decide)

    async def _message_of(self, receipt: Receipt) -> Versioned[Message] | None:
        named = message_of(receipt.attempt) if receipt.attempt else None
        if named is not None:
            with suppress(NotFound):
                return await self._messages.get(named)
            return None
        for field, value in (("provider_id", receipt.provider_id), ("mail", receipt.mail)):
            if value:
                page = await self._messages.list({field: value}, limit=1, after=None)
                if page.items:
                    return page.items[0]
        return None
