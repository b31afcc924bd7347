"""Subjects of agencies of which something is told on certain days: the newest of each, found by day.

`opens`: the first day on which one of its reasons is due, `look`: the next day on which a sweep must look at it; both
as proleptic day numbers, NEVER for none. An event sets both to the first day of all; a sweep moves them on.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from services.notifications.questions.told import Dated
from shared.ports.store import OneOf, Range, State, Store
from shared.storage.copies import Copies, Copy, CopyKind
from shared.storage.steps import without_event

_AT_ONCE = 200

D = TypeVar("D", bound=Dated)


@dataclass(frozen=True)
class LookedAtDated(Generic[D]):
    """What was looked at, on a local day. id: of its document; seen: the version that was read."""

    source: DatedRepository[D]
    id: str
    seen: Copy[D]
    day: date

    @property
    def agency(self) -> str:
        """Whose it is."""
        return self.seen.value.agency

    async def note(self) -> None:
        """Note when to look again, unless something newer was heard since. Raises StoreAway."""
        await self.source.looked(self)


class DatedRepository(ABC, Generic[D]):
    """Stores and finds the subjects of one kind. All methods raise StoreAway."""

    def __init__(self, store: Store, kind: CopyKind[D]) -> None:
        self._store = store
        self._kind = kind
        self._copies = Copies(store, kind)

    async def keep_dated(self, id: str, value: D, sequence: int, **marks: int) -> None:
        """Keep it if it is newer. marks: further fields that are stored with it."""
        first = value.opens()
        await self._copies.keep(id, value, sequence, opens=first, look=first, **marks)

    @abstractmethod
    def id_of(self, value: D) -> str:
        """The document's id."""

    async def open_on(self, agencies: Collection[str], day: date) -> AsyncIterator[LookedAtDated[D]]:
        """Those of the agencies of which something may be due on that day."""
        if agencies:
            where = {"agency": OneOf(sorted(agencies)), "opens": Range(most=day.toordinal())}
            async for each in self._copies.scan(where):
                yield LookedAtDated(self, self.id_of(each.value), each, day)

    async def agencies_to_look_at(self, regions: Sequence[str], day: date) -> dict[str, set[str]]:
        """Region → agencies with something to look at by that day. One short query while there is none."""
        found: dict[str, set[str]] = {}
        if regions:
            where = {"region": regions[0] if len(regions) == 1 else OneOf(list(regions))}
            rows = self._store.scan(
                self._kind.kind.name, {**where, "look": Range(most=day.toordinal())}, ("region", "agency")
            )
            async for row in rows:
                found.setdefault(row["region"], set()).add(row["agency"])
        return found

    async def agencies_open_on(self, region: str, day: date) -> set[str]:
        """The agencies of a region of which something may be due on that day, or is to be looked at."""
        rows = self._store.scan(self._kind.kind.name, {"region": region}, ("agency", "opens", "look"))
        number = day.toordinal()
        return {row["agency"] async for row in rows if min(row["opens"], row["look"]) <= number}

    async def some(self, ids: Collection[str]) -> dict[str, D]:
        """Id → subject, of those that are known."""
        found: dict[str, D] = {}
        waiting = sorted(ids)
        for start in range(0, len(waiting), _AT_ONCE):
            known = await self._copies.some(waiting[start : start + _AT_ONCE])
            found |= {id: each.value for id, each in known.items()}
        return found

    async def looked(self, looked: LookedAtDated[D]) -> None:
        """As `LookedAtDated.note`."""
        value, sequence = looked.seen.value, self._kind.sequence
        opens, look = value.opens(looked.day), value.look(looked.day)

        def move(state: State | None) -> State | None:
            if state is None or state[sequence] != looked.seen.sequence:
                return state
            return {**state, "opens": opens, "look": look}

        def step(state: State | None) -> State | None:
            after = move(state)
            return None if after == state else after

        await self._store.change(self._kind.kind.name, looked.id, without_event(step))
