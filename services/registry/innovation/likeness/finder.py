"""Finds innovations that are alike: of the region for its curator, and public ones of other regions to replicate."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import datetime

from pydantic import BaseModel, ConfigDict

from services.registry.innovation.innovation import Innovation
from services.registry.innovation.likeness.comparison import Comparison, Level
from services.registry.innovation.likeness.content import Content
from services.registry.innovation.likeness.index import HANDED_IN, LikenessIndex
from services.registry.innovation.visibility import sees_content
from shared.auth.policy import Principal
from shared.contracts.vocabulary import InnovationStatus, Stage
from shared.storage.repository import Repository, Versioned

WARNED = frozenset({Level.SAME, Level.CLOSE})
"""The levels that the curator is warned of."""


class Side(BaseModel):
    """One of the two, as lists show it."""

    model_config = ConfigDict(frozen=True)

    id: str
    region: str
    agency: str
    year: int
    status: InnovationStatus
    name: str
    stage: Stage | None
    main_affair: str | None
    first_submitted_at: datetime | None

    @classmethod
    def of(cls, innovation: Innovation) -> Side:
        """The side of one that was handed in, by what was handed in last; of a draft, by what it is now."""
        profile = innovation.last_submitted.profile
        return cls(
            id=innovation.id,
            region=innovation.region,
            agency=innovation.agency,
            year=innovation.year,
            status=innovation.status,
            name=profile.name or "",
            stage=profile.stage,
            main_affair=profile.main_affair,
            first_submitted_at=innovation.first_submitted_at,
        )


class Alike(BaseModel):
    """Another innovation, and how alike it is."""

    model_config = ConfigDict(frozen=True)

    other: Side
    likeness: Comparison


class LikenessFinder:
    """Compares an innovation with those that share keys with it. Reads at most `MOST_CANDIDATES` of them. Raises
    StoreAway."""

    def __init__(self, index: LikenessIndex, innovations: Repository[Innovation]) -> None:
        self._index = index
        self._innovations = innovations

    async def in_region(self, who: Principal, innovation: Innovation) -> list[Alike]:
        """Those of the same region, of any year, that the caller may see and should look at; most alike first."""
        content = Content.of(innovation.last_submitted.profile)
        ids = await self._index.in_region(innovation.region, content)
        found = [each for each in await self._loaded(ids, innovation.id) if sees_content(who, each)]
        return await _ranked(content, (each for each in found if each.region == innovation.region), WARNED)

    async def before(self, who: Principal, innovation: Innovation) -> list[Alike]:
        """As `in_region`, those only that were handed in before it."""
        mine = _handed_in(innovation.first_submitted_at, innovation.id)
        found = await self.in_region(who, innovation)
        return [each for each in found if _handed_in(each.other.first_submitted_at, each.other.id) < mine]

    async def elsewhere(self, content: Content, affairs: Iterable[str], *, outside: str | None) -> list[Alike]:
        """Public ones of these affairs, but for those of the region `outside`; most alike first."""
        ids = await self._index.public(affairs, content)
        found = await self._loaded(ids, None)
        public = (each for each in found if each.status is InnovationStatus.VERIFIED and each.region != outside)
        return await _ranked(content, public, frozenset(Level))

    async def _loaded(self, ids: Iterable[str], without: str | None) -> list[Innovation]:
        """As they are now: the index may lag behind."""
        found: list[Versioned[Innovation] | None] = [await self._innovations.find(id) for id in ids if id != without]
        return [each.value for each in found if each is not None and each.value.status in HANDED_IN]


def affairs_of(innovation: Innovation) -> list[str]:
    """The main affair and the related ones."""
    profile = innovation.last_submitted.profile
    return list(dict.fromkeys([*([profile.main_affair] if profile.main_affair else []), *profile.related_affairs]))


async def _ranked(content: Content, others: Iterable[Innovation], levels: frozenset[Level]) -> list[Alike]:
    found = list[Alike]()
    for each in others:
        compared = Comparison.of(content, Content.of(each.last_submitted.profile))
        if compared.level in levels:
            found.append(Alike(other=Side.of(each), likeness=compared))
        await asyncio.sleep(0)  # a comparison takes some milliseconds, in which nothing else is answered
    return sorted(found, key=lambda each: each.likeness.rank, reverse=True)


def _handed_in(moment: datetime | None, id: str) -> tuple[bool, datetime | str, str]:
    return (moment is None, moment or "", id)
