"""Keeps the list of erasures and a service's store together, in both directions.

What the list names and the store has not carried out is carried out: the store came from an older backup. What the
store knows and the list lacks is added: a crash came between the two, or the list was lost. So each may be repeated and
cut off anywhere.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from typing import Protocol

import structlog

from shared.ports.store import Store
from shared.storage.batches import in_parallel
from shared.storage.erasures.entry import NAME, Erasure
from shared.storage.erasures.kinds import ERASURE, THE_LIST, KnownList, erasure_repository, list_repository
from shared.storage.erasures.list import ErasureList, ListedErasures
from shared.storage.repository import Versioned
from shared.storage.steps import without_event

log = structlog.get_logger("privacy")


class Erasing(Protocol):
    """What a service does about erasures that are already decided."""

    async def carry_out(self, erasures: Sequence[Erasure], key: bytes) -> int:
        """Erase again whatever of these is there; how many documents changed. key: of fingerprints."""

    async def unlisted(self, listed: Collection[str]) -> Sequence[Erasure]:
        """What the store shows to be erased and `listed` (keys) lacks."""


class Erasures:
    """The erasures of one service."""

    def __init__(self, store: Store, service: str, file: ErasureList) -> None:
        self._store = store
        self._service = service
        self._file = file
        self._erasures = erasure_repository(store)
        self._lists = list_repository(store)

    async def key(self) -> bytes:
        """The key of fingerprints. Raises Misconfigured."""
        return (await asyncio.to_thread(self._file.begin)).key

    async def record(self, erasures: Sequence[Erasure]) -> None:
        """Note erasures, on the list first: when it returns, no restore brings the data back. Raises Misconfigured,
        StoreAway."""
        if not erasures:
            return
        await self.intend(erasures)
        await self._note(erasures)

    async def intend(self, erasures: Sequence[Erasure]) -> None:
        """Put erasures on the list before they are carried out; a crash before `record` leaves them to `catch_up`. For
        what leaves no mark of its own. Raises Misconfigured."""
        listed = {each.key for each in (await asyncio.to_thread(self._file.begin)).of(self._service)}
        await self._list([each for each in erasures if each.key not in listed])

    async def catch_up(self, erasing: Erasing) -> int:
        """Bring list and store together; how many erasures were carried out again. Raises Misconfigured, StoreAway."""
        listed = await asyncio.to_thread(self._file.begin)
        await self._notice_another(listed)
        done = {row.id async for row in self._store.scan(ERASURE.name, {}, ())}
        waiting = [each for each in listed.of(self._service) if each.key not in done]
        if waiting:
            changed = await erasing.carry_out(waiting, listed.key)
            await self._note(waiting)
            log.warning("erasures.carried_out_again", service=self._service, erasures=len(waiting), documents=changed)
        keys = {each.key for each in listed.of(self._service)}
        lacking = [each.value for each in await self._stored(done - keys)]
        found = list(await erasing.unlisted(keys | done))
        if lacking or found:
            await self._list([*lacking, *found])
            await self._note(found)
            log.warning("erasures.listed", service=self._service, erasures=len(lacking) + len(found))
        return len(waiting)

    async def adopt(self, other: ErasureList, erasing: Erasing, region: str | None) -> int:
        """Carry out the erasures of another installation's list, after its documents were restored here: of one region,
        None: of all; how many. Ids go on our list; a name's fingerprint means nothing without the other list's key.
        Raises Misconfigured, StoreAway."""
        ours, theirs = await asyncio.to_thread(self._file.begin), await asyncio.to_thread(other.read)
        if ours.id == theirs.id:
            return 0
        entries = [each for each in theirs.of(self._service) if region is None or each.region in {"", region}]
        await erasing.carry_out(entries, theirs.key)
        await self.record([each for each in entries if each.kind != NAME])
        return len(entries)

    async def _notice_another(self, listed: ListedErasures) -> None:
        known = await self._lists.find(THE_LIST)
        if known is not None and known.value.list != listed.id:
            log.warning("erasures.another_list", service=self._service, file=str(self._file.path))
        if known is None or known.value.list != listed.id:
            await self._lists.change(THE_LIST, without_event(lambda _: KnownList(list=listed.id)))

    async def _stored(self, keys: set[str]) -> list[Versioned[Erasure]]:
        return [await self._erasures.get(key) for key in sorted(keys)]

    async def _list(self, erasures: Sequence[Erasure]) -> None:
        if erasures:
            await asyncio.to_thread(self._file.append, list(erasures))

    async def _note(self, erasures: Sequence[Erasure]) -> None:
        await in_parallel(erasures, lambda each: self._erasures.create(each.key, each))
