"""Empties the read model, so that it is built anew from what the owners send again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from services.portal.model.kinds import FILLED
from services.portal.model.upkeep.mark import Mark, Marks
from shared.ports.store import Store

_AT_ONCE = 64  # documents whose removals share commits


async def reset(store: Store, marks: Marks, progress: Callable[[str, int], None] = lambda _kind, _count: None) -> Mark:
    """Remove every document that is made of events; may be run again when it was interrupted. progress: called with the
    kind and how many of it were removed so far. Raises StoreAway."""
    await marks.empty()
    for kind in FILLED:
        count = 0
        batch: list[str] = []
        async for row in store.scan(kind.name, {}, ()):
            batch.append(row.id)
            if len(batch) == _AT_ONCE:
                count += await _erase(store, kind.name, batch)
                progress(kind.name, count)
                batch = []
        progress(kind.name, count + await _erase(store, kind.name, batch))
    return await marks.begin()


async def _erase(store: Store, kind: str, ids: list[str]) -> int:
    await asyncio.gather(*(store.erase(kind, id) for id in ids))
    return len(ids)
