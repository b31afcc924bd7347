"""Notes which innovations this process has changed, and brings the index of alike ones up to date behind it."""

from __future__ import annotations

from itertools import islice

import structlog

from services.registry.innovation.innovation import Innovation
from services.registry.innovation.likeness.index import LikenessIndex
from shared.clock import machine_seconds
from shared.contracts.vocabulary import InnovationStatus
from shared.ports.store import Document, Kind, Store, ValueDecide
from shared.storage.batches import in_parallel
from shared.storage.repository import Repository, Versioned

EVERY = 5.0  # seconds between two runs
AT_ONCE = 100  # innovations in one run, so that a flood of submissions is not slowed down
_SIDE_BY_SIDE = 20  # innovations; a store may put what they ask into one statement
WHOLE_LOOK_EVERY = 3600.0  # seconds, for what other processes changed

log = structlog.get_logger("likeness")


class NotedInnovations(Repository[Innovation]):
    """The innovations; `changed` holds the ids of those that this process changed, other than drafts."""

    def __init__(self, store: Store, kind: Kind, model: type[Innovation], missing: str) -> None:
        super().__init__(store, kind, model, missing)
        self.changed: dict[str, None] = {}

    def _result(self, document: Document, decide: ValueDecide[Innovation]) -> Versioned[Innovation]:
        result = super()._result(document, decide)
        if result.changed and result.value.status is not InnovationStatus.DRAFT:
            self.changed[result.id] = None
        return result


class LikenessUpkeep:
    """The loop that keeps the index. What is noted is lost with the process; its next start looks at everything."""

    def __init__(self, index: LikenessIndex, innovations: NotedInnovations) -> None:
        self._index = index
        self._waiting = innovations.changed
        self._look_at = 0.0  # monotonic seconds

    async def run(self) -> None:
        """The loop's run. Raises StoreAway; what was not done is done by the next one."""
        if not self._waiting and machine_seconds() >= self._look_at:
            await self._look()
            self._look_at = machine_seconds() + WHOLE_LOOK_EVERY
        await self.catch_up(AT_ONCE)

    async def look_and_catch_up(self) -> None:
        """Index all that is not up to date, for a command beside the server. Raises StoreAway."""
        await self._look()
        await self.catch_up()

    async def _look(self) -> None:
        outdated = await self._index.outdated()
        self._waiting.update(dict.fromkeys(outdated))
        if outdated:
            log.info("likeness.outdated", count=len(outdated))

    async def catch_up(self, most: int | None = None) -> int:
        """Index what waits, at most that many. Returns how many."""
        done = 0
        while self._waiting and (most is None or done < most):
            ids = list(islice(self._waiting, _SIDE_BY_SIDE))
            for id in ids:
                del self._waiting[id]  # before the update: a change during it notes the id again
            try:
                await in_parallel(ids, self._index.update, at_once=_SIDE_BY_SIDE)
            except BaseException:
                self._waiting.update(dict.fromkeys(ids))
                raise
            done += len(ids)
        return done
