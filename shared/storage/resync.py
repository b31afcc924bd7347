"""Resync: every document's last event is published again, with the same id, sequence and bytes. A consumer that has it
changes nothing; one that lost it (a deleted queue, a new subscriber, a restored copy) has it again.

After a restore from a backup every document gets a new sequence instead, above all that consumers have seen.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import dataclass

from shared.backoff import Sleep, backoff, until_available
from shared.faults import Busy
from shared.ports.store import Documents, Outbox, Store

AT_ONCE = 32  # documents; their writes share commits


@dataclass(frozen=True)
class ResyncProgress:
    """kind: the one in progress; seen: documents read so far, of all kinds; owed: events owed again so far."""

    kind: str
    seen: int
    owed: int


async def resync(
    store: Store,
    kinds: Iterable[str],
    *,
    after_restore: bool = False,
    only: Callable[[str, str], bool] = lambda _kind, _id: True,
    progress: Callable[[ResyncProgress], None] = lambda _: None,
    pace: Callable[[], Awaitable[None]] | None = None,
    sleep: Sleep = asyncio.sleep,
) -> int:
    """Put the last event of every document of `kinds` into its outbox again, in flat memory; the number of events.
    only: by kind and id, which documents; pace: waited for after every AT_ONCE documents.

    A document that never had one is skipped; one whose outbox is full (Busy) is waited for. An interrupted resync can
    be run again. Raises StoreAway.
    """
    seen = owed = 0
    for kind in kinds:
        async for batch in _batches(store, kind, only):
            again = await asyncio.gather(*(_owe(store, kind, id, sleep, anew=after_restore) for id in batch))
            seen, owed = seen + len(batch), owed + sum(again)
            progress(ResyncProgress(kind, seen, owed))
            if pace is not None:
                await pace()
    return owed


async def replay(store: Store, kind: str, id: str, *, sleep: Sleep = asyncio.sleep) -> bool:
    """Put the last event of one document into its outbox again. False when it never had one. Raises StoreAway."""
    return await _owe(store, kind, id, sleep, anew=False)


async def _batches(store: Documents, kind: str, only: Callable[[str, str], bool]) -> AsyncIterator[list[str]]:
    batch: list[str] = []
    async for row in store.scan(kind, {}, ()):
        if not only(kind, row.id):
            continue
        batch.append(row.id)
        if len(batch) == AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch


async def _owe(store: Outbox, kind: str, id: str, sleep: Sleep, *, anew: bool) -> bool:
    return await until_available(
        lambda: store.owe_again(kind, id, anew=anew), fault=Busy, waits=backoff(0.2, 5.0), sleep=sleep
    )
