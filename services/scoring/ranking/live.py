"""Rankings and competitions as they are now, with the movement since their last freeze."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from typing import TypeVar

from services.scoring.catalogue.library import Catalogues
from services.scoring.known import region_of
from services.scoring.ranking.competition import CompetitionOutcome, outcome
from services.scoring.ranking.entrants import Entrants, entrants
from services.scoring.ranking.entry import Filter, Measure
from services.scoring.ranking.freeze import CatalogueUsed, Frozen, against, ranks_within
from services.scoring.ranking.kept import KeptResults
from services.scoring.ranking.ranking import Place, moved, rank, ranks
from services.scoring.ranking.store import Competition, Freezes
from services.scoring.ranking.version import RankingVersions
from shared.faults import Away
from shared.ports.store import Store
from shared.storage.repository import Versioned

V = TypeVar("V")


@dataclass(frozen=True)
class LiveRanking:
    """A year's ranking. last: the freeze that it is compared with; gone: innovations of that freeze that are no longer
    ranked."""

    places: tuple[Place, ...]
    catalogues: tuple[CatalogueUsed, ...]
    last: Frozen | None
    gone: tuple[str, ...]


@dataclass(frozen=True)
class LiveStandings:
    """A competition's outcome. last: the freeze that it is compared with."""

    outcome: CompetitionOutcome
    catalogues: tuple[CatalogueUsed, ...]
    last: Frozen | None


class LiveRankings:
    """Rankings as they are now: computed from the scorecards, and kept until one of their inputs changes. One for a
    process. All methods raise StoreAway."""

    def __init__(self, store: Store, catalogues: Catalogues, versions: RankingVersions) -> None:
        """versions: marked by whoever changes an input."""
        self._store = store
        self._catalogues = catalogues
        self._versions = versions
        self._freezes = Freezes(store)
        self._rankings = KeptResults[LiveRanking](lambda live: len(live.places))
        self._standings = KeptResults[LiveStandings](lambda live: live.outcome.total)

    async def of_year(self, *, year: int, region: str | None, measure: Measure, only: Filter) -> LiveRanking:
        """The ranking of a duty year in a region (None: the nation; it has no freezes to compare with)."""

        async def compute() -> LiveRanking:
            return await self._of_year(year, region, measure, only)

        return await self._kept(self._rankings, region, measure, (region, year, measure, only), compute)

    async def of_competition(self, competition: Versioned[Competition], measure: Measure) -> LiveStandings:
        """The standings of a competition."""

        async def compute() -> LiveStandings:
            return await self._of_competition(competition, measure)

        key = (competition.id, competition.sequence, measure)
        return await self._kept(self._standings, competition.value.region, measure, key, compute)

    async def _kept(
        self,
        results: KeptResults[V],
        region: str | None,
        measure: Measure,
        key: Hashable,
        compute: Callable[[], Awaitable[V]],
    ) -> V:
        try:
            version = await self._versions.current(region, measure)
        except Away:  # a store that can be read and not written must still answer
            return await compute()
        return await results.get(key, version, compute)

    async def _of_year(self, year: int, region: str | None, measure: Measure, only: Filter) -> LiveRanking:
        found = await entrants(self._store, self._catalogues, year=year, region=region, measure=measure)
        last = await self._freezes.last(region, str(year)) if region is not None else None
        return await asyncio.to_thread(_ranked, found, last, measure, only)

    async def _of_competition(self, competition: Versioned[Competition], measure: Measure) -> LiveStandings:
        value = competition.value
        found = await entrants(
            self._store, self._catalogues, year=value.terms.year, region=value.region, measure=measure
        )
        zone = (await region_of(self._store, value.region)).zone
        now = await asyncio.to_thread(outcome, value.terms, found.entries, zone, value.marks, measure)
        last = await self._freezes.last(value.region, competition.id)
        return LiveStandings(now.model_copy(update={"cells": against(now.cells, last)}), found.catalogues, last)


def _ranked(found: Entrants, last: Frozen | None, measure: Measure, only: Filter) -> LiveRanking:
    before = ranks_within(last, only) if last is not None else None
    places = rank((each for each in found.entries if only.takes(each)), measure)
    return LiveRanking(
        places=moved(places, before),
        catalogues=found.catalogues,
        last=last,
        gone=tuple(sorted((before or {}).keys() - ranks(places).keys())),
    )
