"""Competitions and freezes in the store: made once per key, competitions changed by who saw the newest, freezes never.

The number of a freeze is found by trying: the next free document takes it. Who repeats a request meets the freeze that
it made before, because it asks for its own after it has read how far the numbers go.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from pydantic import BaseModel, ConfigDict

from services.scoring.kinds import COMPETITION, FREEZE
from services.scoring.ranking.competition import Marks, Terms
from services.scoring.ranking.freeze import Frozen, frozen_id
from shared.faults import KeyReused, NotFound
from shared.ports.store import Decision, Document, State, Store

Make = Callable[[int, Frozen | None], Frozen]
"""A freeze from its number and the one before it."""


class Competition(BaseModel):
    """The document."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    region: str
    year: int
    created_by_body: str
    terms: Terms
    marks: tuple[Marks, ...] = ()


@dataclass(frozen=True)
class Seen:
    """A competition at one of its versions."""

    id: str
    sequence: int
    it: Competition


class Competitions:
    """The region's competitions."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def get(self, id: str) -> Seen:
        """One. Raises NotFound."""
        return _seen(await _document(self._store, COMPETITION.name, id, "Lomba ini tidak ada."))

    async def create(self, id: str, made: Competition) -> Seen:
        """A new one, or what this key made before. Raises KeyReused when that had another body."""

        def decide(state: State | None) -> Decision:
            if state is None:
                return made.model_dump(mode="json"), None
            if state["created_by_body"] != made.created_by_body:
                raise KeyReused("Idempotency-Key ini sudah dipakai untuk permintaan yang lain.")
            return None

        return _seen(await self._store.change(COMPETITION.name, id, decide))

    async def change(self, id: str, expected: int, update: dict[str, Any]) -> Seen:
        """Replace some fields. Raises Stale, NotFound."""

        def decide(state: State | None) -> Decision:
            if state is None:
                raise NotFound("Lomba ini tidak ada.")
            before = Competition.model_validate(state)
            after = before.model_copy(update=update).model_dump(mode="json")
            return None if after == state else (after, None)

        return _seen(await self._store.change(COMPETITION.name, id, decide, expected=expected))


class Freezes:
    """The frozen rankings of every series."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def get(self, region: str, series: str, number: int) -> tuple[Frozen, int]:
        """One, with its sequence. Raises NotFound."""
        id = frozen_id(region, series, number)
        document = await _document(self._store, FREEZE.name, id, "Pembekuan peringkat ini tidak ada.")
        return Frozen.model_validate(document.state), document.sequence

    async def last(self, region: str, series: str) -> Frozen | None:
        """The newest of a series; None when there is none."""
        where = {"region": region, "series": series}
        page = await self._store.find(FREEZE.name, where, sort=[("number", -1)], limit=1)
        return Frozen.model_validate(page.documents[0].state) if page.documents else None

    async def append(self, region: str, series: str, created_by: str, fingerprint: str, make: Make) -> Document:
        """The next of the series, or what this key made before. make: may run more than once. Raises KeyReused, and
        whatever `make` raises."""
        last = await self.last(region, series)
        earlier = await self._store.find(FREEZE.name, {"created_by": created_by}, limit=1)
        if earlier.documents:
            return _same(earlier.documents[0], fingerprint)
        while True:
            number = last.number + 1 if last else 1
            made = make(number, last)
            document = await self._store.change(FREEZE.name, made.id, partial(_once, made))
            if document.changed:
                return document
            if document.state["created_by"] == created_by:
                return _same(document, fingerprint)
            last = Frozen.model_validate(document.state)


def _once(made: Frozen, state: State | None) -> Decision:
    return None if state is not None else (made.to_state(), None)


def _same(document: Document, fingerprint: str) -> Document:
    if document.state["created_by_body"] != fingerprint:
        raise KeyReused("Idempotency-Key ini sudah dipakai untuk permintaan yang lain.")
    return document


async def _document(store: Store, kind: str, id: str, missing: str) -> Document:
    document = await store.get(kind, id)
    if document is None:
        raise NotFound(missing)
    return document


def _seen(document: Document) -> Seen:
    return Seen(document.id, document.sequence, Competition.model_validate(document.state))
