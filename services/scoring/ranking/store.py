"""Stored competitions and freezes: created once per key; a competition is changed under If-Match, a freeze never.

The number of a freeze is found by trying: the next free document takes it. A repeated request finds the freeze that it
made before, because it looks for its own key after it has read how far the numbers go.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from pydantic import ConfigDict

from services.scoring.kinds import COMPETITION, FREEZE
from services.scoring.ranking.freeze import Frozen, frozen_id
from services.scoring.ranking.terms import Marks, Terms
from shared.faults import KeyReused
from shared.ports.store import Store
from shared.storage.repository import Repository, Versioned
from shared.storage.stored import Fingerprint, Stored

Make = Callable[[int, Frozen | None], Frozen]
"""A freeze from its number and the one before it."""


class StoredMarks(Marks):
    """by: the id of the account that gave these marks; empty when a release stored them that did not keep it."""

    by: str = ""


class Competition(Stored):
    """The stored fields. year: repeats that of the terms for an index; by: the id of the account that changed it last;
    empty as for marks."""

    model_config = ConfigDict(extra="ignore")

    region: str
    year: int
    terms: Terms
    marks: tuple[StoredMarks, ...] = ()
    by: str = ""

    def marked(self, marks: Iterable[Marks], by: str) -> tuple[StoredMarks, ...]:
        """These marks as they are stored. What another account gave before, and is unchanged, stays its."""
        given = {each.innovation: each for each in self.marks}
        stored: list[StoredMarks] = []
        for each in sorted(marks, key=lambda each: each.innovation):
            before = given.get(each.innovation)
            same = before is not None and before.marks == each.marks
            stored.append(before if before and same else StoredMarks(**each.model_dump(exclude={"by"}), by=by))
        return tuple(stored)


def competitions(store: Store) -> Repository[Competition]:
    """All competitions."""
    return Repository(store, COMPETITION, Competition, "Lomba ini tidak ada.")


class Freezes:
    """The frozen rankings of every series."""

    def __init__(self, store: Store) -> None:
        self.repository = Repository(store, FREEZE, Frozen, "Pembekuan peringkat ini tidak ada.")

    async def get(self, region: str, series: str, number: int) -> Versioned[Frozen]:
        """One freeze. Raises NotFound."""
        return await self.repository.get(frozen_id(region, series, number))

    async def last(self, region: str, series: str) -> Frozen | None:
        """The newest freeze of a series; None when there is none."""
        where = {"region": region, "series": series}
        page = await self.repository.list(where, sort=[("number", -1)], limit=1, after=None)
        return page.items[0].value if page.items else None

    async def append(
        self, region: str, series: str, created_by: str, fingerprint: Fingerprint, make: Make
    ) -> Versioned[Frozen]:
        """The next freeze of the series, or what this key made before. make: may run more than once. Raises KeyReused,
        and whatever `make` raises."""
        last = await self.last(region, series)
        earlier = await self.repository.list({"created_by": created_by}, limit=1, after=None)
        if earlier.items:
            return _same(earlier.items[0], fingerprint)
        while True:
            made = make(last.number + 1 if last else 1, last).sealed()
            stored = await self.repository.change(made.id, _if_free(made))
            if stored.changed:
                return stored
            if stored.value.created_by == created_by:
                return _same(stored, fingerprint)
            last = stored.value


def _if_free(made: Frozen) -> Callable[[Frozen | None], tuple[Frozen, None] | None]:
    return lambda before: (made, None) if before is None else None


def _same(stored: Versioned[Frozen], fingerprint: Fingerprint) -> Versioned[Frozen]:
    if not fingerprint.matches(stored.value.created_by_body):
        raise KeyReused("Idempotency-Key ini sudah dipakai untuk permintaan yang lain.")
    return stored
