"""Resync: every document's last event is owed again, to everyone. Same id, same sequence, same bytes: whoever has it
changes nothing, whoever lost it (a deleted queue, a new subscriber, a restored projection) has it again.

After a restore from backup every document is stamped anew instead, so that its events are above all that consumers saw.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass

from shared.backoff import Sleep, backoff
from shared.faults import Busy
from shared.ports.store import Documents, Outbox, Store

AT_ONCE = 32  # documents; their writes share commits


@dataclass(frozen=True)
class Progress:
    """So far. kind: the one that is being walked; seen: documents looked at; owed: events owed again."""

    kind: str
    seen: int
    owed: int


async def resync(
    store: Store,
    kinds: Iterable[str],
    *,
    after_restore: bool = False,
    progress: Callable[[Progress], None] = lambda _: None,
    sleep: Sleep = asyncio.sleep,
) -> int:
    """Owe again what every document of `kinds` owed last, in flat memory; how many events that makes. A document that
    never owed one is passed over; one that owes too much already (Busy) is waited for. Stopped in the middle, it can
    simply be run again. Raises StoreAway."""
    seen = owed = 0
    for kind in kinds:
        async for batch in _batches(store, kind):
            again = await asyncio.gather(*(_owe(store, kind, id, sleep, anew=after_restore) for id in batch))
            seen, owed = seen + len(batch), owed + sum(again)
            progress(Progress(kind, seen, owed))
    return owed


async def _batches(store: Documents, kind: str) -> AsyncIterator[list[str]]:
    batch: list[str] = []
    async for row in store.scan(kind, {}, ()):
        batch.append(row.id)
        if len(batch) == AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch


async def _owe(store: Outbox, kind: str, id: str, sleep: Sleep, *, anew: bool) -> bool:
    for wait in backoff(0.2, 5.0):
        try:
            return await store.owe_again(kind, id, anew=anew)
        except Busy:
            await sleep(wait)
    raise AssertionError("the waits never end")
