"""Writes what events change: those that arrive together in one go, each document once.

First the documents that the events are about, then what follows from them. An event is done when both are durable: if
the process dies between the two it comes again, changes nothing, and what follows is written then.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence

from services.portal.model.metrics import BATCH
from services.portal.model.states.step import Update, decided
from shared.backoff import rest
from shared.observability.failpoints import Failpoint, reach
from shared.ports.store import Change, Document, Documents, State

MOST = 256  # updates of a batch
GATHER = (0.05, 0.4)  # seconds from a small or a large batch to the next: what arrives meanwhile shares documents
LARGE = 16  # updates
FULL = 192  # updates that wait for nothing: a consumer holds not many more

Key = tuple[str, str]
Follow = Callable[[str, State], Awaitable[Sequence[Update]]]
"""What follows from a document (its id and its state) as it is stored now, whether this event has changed it or not."""

_Waiting = tuple[Update, asyncio.Future[None]]


class ModelWriter:
    """Safe for many coroutines of one loop; it has no task while nothing arrives."""

    def __init__(
        self,
        store: Documents,
        follow: Mapping[str, Follow],
        *,
        written: Callable[[], None] = lambda: None,
        gather: tuple[float, float] = GATHER,
    ) -> None:
        """follow: by kind; written: called after each batch; gather: see GATHER."""
        self._store = store
        self._follow = follow
        self._written = written
        self._gather = gather
        self._waiting: list[_Waiting] = []
        self._hurry = asyncio.Event()  # set when it stops, or when there is enough for a batch
        self._stopping = False
        self._task: asyncio.Task[None] | None = None

    async def apply(self, update: Update) -> None:
        """Return when the update and what follows from it are durable. Raises StoreAway when that is not sure; then the
        same event must come again."""
        future = asyncio.get_running_loop().create_future()
        self._waiting.append((update, future))
        if len(self._waiting) >= FULL:
            self._hurry.set()
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run(), name="portal: read model")
        await future

    async def stop(self) -> None:
        """Write what waits."""
        self._stopping = True
        self._hurry.set()
        if self._task is not None:
            await self._task

    async def _run(self) -> None:
        while self._waiting:
            batch = self._waiting[:MOST]
            del self._waiting[:MOST]
            BATCH.observe(len(batch))
            try:
                failed = await self._write([update for update, _ in batch])
            except Exception as error:  # noqa: BLE001 - it is the fate of the whole batch
                failed = {update.key: error for update, _ in batch}
            for update, future in batch:
                fault = failed.get(update.key)
                if future.done():
                    continue
                if fault is None:
                    future.set_result(None)
                else:
                    future.set_exception(fault)
            self._written()
            if not self._stopping and len(self._waiting) < FULL:
                self._hurry.clear()
            await rest(self._gather[len(batch) >= LARGE], self._hurry)

    async def _write(self, updates: Sequence[Update]) -> dict[Key, Exception]:
        """Returns which documents failed, and why."""
        stored, failed = await self._change(updates)
        reach(Failpoint.MODEL_WRITTEN, updates[0].id)
        following: dict[Key, Sequence[Update]] = {}
        for key, state in stored.items():
            if (follow := self._follow.get(key[0])) is not None:
                try:
                    following[key] = await follow(key[1], state)
                except Exception as error:  # noqa: BLE001 - it is the fate of this document's events
                    failed[key] = error
        together = [each for followers in following.values() for each in followers]
        _, errors = await self._change(together) if together else ({}, {})
        for key, followers in following.items():
            fault = next((errors[each.key] for each in followers if each.key in errors), None)
            if fault is not None:
                failed[key] = fault
        reach(Failpoint.MODEL_FOLLOWED, updates[0].id)
        return failed

    async def _change(self, updates: Sequence[Update]) -> tuple[dict[Key, State], dict[Key, Exception]]:
        """The states as they are stored then, and what failed. Several updates of one document are made as one."""
        together: dict[Key, list[Update]] = {}
        for each in updates:
            together.setdefault(each.key, []).append(each)
        decides = {key: decided(each) for key, each in together.items()}
        results = await self._store.change_many([Change(*key, decide) for key, decide in decides.items()])
        stored: dict[Key, State] = {}
        failed: dict[Key, Exception] = {}
        for (key, decide), result in zip(decides.items(), results, strict=True):
            if isinstance(result, Document):
                stored[key] = result.state if decide.latest is None else decide.latest
            else:
                failed[key] = result
        return stored, failed
