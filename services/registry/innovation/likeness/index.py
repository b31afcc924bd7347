"""The index of what was handed in: for each innovation one small document with its keys, and a second one in another
kind while it is public. Both are derived; what a crash or another process left undone is done at the next whole look.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable

from pydantic import BaseModel, ConfigDict

from services.registry.innovation.innovation import Innovation
from services.registry.innovation.likeness.content import Content
from services.registry.innovation.likeness.keys import copy_keys, matter_keys, name_key
from services.registry.kinds import INNOVATION, LIKENESS, PUBLIC_LIKENESS
from shared.contracts.vocabulary import InnovationStatus
from shared.ports.store import Kind, ScanRow, Store
from shared.storage.repository import Repository, Versioned

HANDED_IN = frozenset({InnovationStatus.SUBMITTED, InnovationStatus.RETURNED, InnovationStatus.VERIFIED})

NATION = "public"
"""The scope of the names of public innovations."""

MOST_OF_A_KEY = 100  # innovations that are looked at for one key; a key with more says little
MOST_CANDIDATES = 25

_OF_THE_NAME = 3  # as much as so many other keys


class Keys(BaseModel):
    """As it is stored, under the innovation's id. of: the innovation's sequence that the keys were made of."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    of: int
    name: str
    slots: dict[str, str]


class LikenessIndex:
    """Keeps and asks the index. All methods raise StoreAway."""

    def __init__(self, store: Store, innovations: Repository[Innovation]) -> None:
        self._store = store
        self._innovations = innovations
        self._turn = asyncio.Lock()  # keys take the processor a millisecond or two: other work goes in between

    async def update(self, id: str) -> None:
        """Bring one innovation's documents up to date."""
        found = await self._innovations.find(id)
        if found is None or found.value.status not in HANDED_IN:
            await self._forget(PUBLIC_LIKENESS, id)
            await self._forget(LIKENESS, id)
            return
        profile, region, public = found.value.last_submitted.profile, found.value.region, None
        async with self._turn:
            await asyncio.sleep(0)
            content = Content.of(profile)
            if found.value.status is InnovationStatus.VERIFIED:
                scope = f"{NATION}/{profile.main_affair or ''}"
                public = name_key(content, NATION), matter_keys(content, scope)
            own = name_key(content, region), copy_keys(content, region)
        if public is not None:
            await self._keep(PUBLIC_LIKENESS, found, *public)
        else:
            await self._forget(PUBLIC_LIKENESS, id)
        await self._keep(LIKENESS, found, *own)

    async def outdated(self) -> list[str]:
        """The innovations whose documents are not up to date, by one stream of each, side by side."""
        outdated = list[str]()
        indexed = self._store.scan(LIKENESS.name, {}, ("of",))
        entry = await anext(indexed, None)
        async for row in self._store.scan(INNOVATION.name, {}, ("status",)):
            while entry is not None and entry.id < row.id:
                outdated.append(entry.id)
                entry = await anext(indexed, None)
            known = entry if entry is not None and entry.id == row.id else None
            if _is_outdated(row, known):
                outdated.append(row.id)
            if known is not None:
                entry = await anext(indexed, None)
        while entry is not None:
            outdated.append(entry.id)
            entry = await anext(indexed, None)
        return outdated

    async def in_region(self, region: str, content: Content) -> list[str]:
        """The ids of those handed in there that share most keys with it, most first."""
        return await self._sharing(LIKENESS, name_key(content, region), [copy_keys(content, region)])

    async def public(self, affairs: Iterable[str], content: Content) -> list[str]:
        """The ids of the public ones of these affairs that share most keys with it, and of all affairs those with the
        same short name."""
        slots = [matter_keys(content, f"{NATION}/{affair}") for affair in affairs]
        return await self._sharing(PUBLIC_LIKENESS, name_key(content, NATION), slots)

    async def _sharing(self, kind: Kind, name: str, slots: Iterable[dict[str, str]]) -> list[str]:
        shared = Counter[str]()
        conditions = [("name", name, _OF_THE_NAME)]
        conditions += [(f"slots.{slot}", key, 1) for keys in slots for slot, key in keys.items()]
        for path, key, weight in conditions:
            page = await self._store.find(kind.name, {path: key}, limit=MOST_OF_A_KEY)
            shared.update({document.id: weight for document in page.documents})
        ranked = sorted(shared, key=lambda each: (-shared[each], each))
        return ranked[:MOST_CANDIDATES]

    async def _forget(self, kind: Kind, id: str) -> None:
        if await self._store.get(kind.name, id) is not None:  # most were never there, and looking is cheaper
            await self._store.erase(kind.name, id)

    async def _keep(self, kind: Kind, found: Versioned[Innovation], name: str, slots: dict[str, str]) -> None:
        keys = Keys(of=found.sequence, name=name, slots=slots)
        await self._store.put_newer(kind.name, found.id, keys.model_dump(mode="json"), "of")


def _is_outdated(row: ScanRow, known: ScanRow | None) -> bool:
    if row["status"] not in HANDED_IN:
        return known is not None
    return known is None or known["of"] != row.sequence
