"""Writes what events change: those that arrive together in one go, each document once.

First the documents that the events are about, then what follows from them. An event is done when both are durable: if
the process dies between the two it comes again, changes nothing, and what follows is written then.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from services.portal.model.metrics import BATCH
from shared.backoff import rest
from shared.observability.failpoints import Failpoint, reach
from shared.ports.store import Change, Decide, Decision, Document, Documents, State

MOST = 256  # updates of a batch
GATHER = 0.1  # seconds between two batches: what arrives meanwhile shares a commit, and perhaps a document

Key = tuple[str, str]
Follow = Callable[[Document], Awaitable[Sequence[Change]]]
"""What follows from a document as it is stored now, whether this event has changed it or not."""

_Waiting = tuple["Update", asyncio.Future[None]]


@dataclass(frozen=True)
class Update:
    """What an event changes: the arguments of `Documents.change`. decide: keeps the newer; never refuses to create."""

    kind: str
    id: str
    decide: Decide


class ModelWriter:
    """Safe for many coroutines of one loop; it has no task while nothing arrives."""

    def __init__(
        self,
        store: Documents,
        follow: Mapping[str, Follow],
        *,
        written: Callable[[], None] = lambda: None,
        gather: float = GATHER,
    ) -> None:
        """follow: by kind; written: called after each batch; gather: see GATHER."""
        self._store = store
        self._follow = follow
        self._written = written
        self._gather = gather
        self._waiting: list[_Waiting] = []
        self._stopping = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def apply(self, update: Update) -> None:
        """Return when the update and what follows from it are durable. Raises StoreAway when that is not sure; then the
        same event must come again."""
        future = asyncio.get_running_loop().create_future()
        self._waiting.append((update, future))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run(), name="portal: read model")
        await future

    async def stop(self) -> None:
        """Write what waits."""
        self._stopping.set()
        if self._task is not None:
            await self._task

    async def _run(self) -> None:
        while self._waiting:
            batch = self._waiting[:MOST]
            del self._waiting[:MOST]
            BATCH.observe(len(batch))
            try:
                failed = await self._write(batch)
            except Exception as error:  # noqa: BLE001 - it is the fate of the whole batch
                failed = {(update.kind, update.id): error for update, _ in batch}
            for update, future in batch:
                fault = failed.get((update.kind, update.id))
                if future.done():
                    continue
                if fault is None:
                    future.set_result(None)
                else:
                    future.set_exception(fault)
            self._written()
            await rest(self._gather, self._stopping)

    async def _write(self, batch: Sequence[_Waiting]) -> dict[Key, Exception]:
        """Returns which updates failed, and why."""
        failed: dict[Key, Exception] = {}
        stored, errors = await self._change([Change(each.kind, each.id, each.decide) for each, _ in batch])
        failed |= errors
        reach(Failpoint.MODEL_WRITTEN, batch[0][0].id)
        followers: dict[Key, Sequence[Change]] = {}
        for key, document in stored.items():
            if (follow := self._follow.get(key[0])) is not None:
                try:
                    followers[key] = await follow(document)
                except Exception as error:  # noqa: BLE001 - it is the fate of this document's events
                    failed[key] = error
        _, errors = await self._change([change for changes in followers.values() for change in changes])
        for key, changes in followers.items():
            fault = next((errors[each.kind, each.id] for each in changes if (each.kind, each.id) in errors), None)
            if fault is not None:
                failed[key] = fault
        reach(Failpoint.MODEL_FOLLOWED, batch[0][0].id)
        return failed

    async def _change(self, changes: Sequence[Change]) -> tuple[dict[Key, Document], dict[Key, Exception]]:
        """Several changes of one document are made as one, in their order."""
        steps: dict[Key, list[Decide]] = {}
        for each in changes:
            steps.setdefault((each.kind, each.id), []).append(each.decide)
        results = await self._store.change_many([Change(*key, one_after_another(each)) for key, each in steps.items()])
        stored: dict[Key, Document] = {}
        errors: dict[Key, Exception] = {}
        for key, result in zip(steps, results, strict=True):
            if isinstance(result, Exception):
                errors[key] = result
            else:
                stored[key] = result
        return stored, errors


def one_after_another(steps: Sequence[Decide]) -> Decide:
    """Steps without events as one."""
    if len(steps) == 1:
        return steps[0]

    def decide(state: State | None) -> Decision:
        changed = False
        for step in steps:
            decision = step(state)
            if decision is not None:
                state, changed = decision[0], True
        return (state, None) if changed and state is not None else None

    return decide
