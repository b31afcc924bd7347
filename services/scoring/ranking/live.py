"""Rankings and competitions as they are now, with the movement since their last freeze."""

from __future__ import annotations

from dataclasses import dataclass

from services.scoring.catalogue.library import Catalogues
from services.scoring.known import region_of
from services.scoring.ranking.competition import CompetitionOutcome, outcome
from services.scoring.ranking.entrants import entrants
from services.scoring.ranking.entry import Filter, Measure
from services.scoring.ranking.freeze import CatalogueUsed, Frozen, against, ranks_within
from services.scoring.ranking.ranking import Place, moved, rank, ranks
from services.scoring.ranking.store import Competition, Freezes
from shared.ports.store import Store
from shared.storage.repository import Versioned


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
    """Computes rankings from the scorecards at the time of asking. All methods raise StoreAway."""

    def __init__(self, store: Store, catalogues: Catalogues) -> None:
        self._store = store
        self._catalogues = catalogues
        self._freezes = Freezes(store)

    async def of_year(self, *, year: int, region: str | None, measure: Measure, only: Filter) -> LiveRanking:
        """The ranking of a duty year in a region (None: the nation; it has no freezes to compare with)."""
        found = await entrants(self._store, self._catalogues, year=year, region=region, measure=measure)
        last = await self._freezes.last(region, str(year)) if region is not None else None
        before = ranks_within(last, only) if last is not None else None
        places = rank((each for each in found.entries if only.takes(each)), measure)
        return LiveRanking(
            places=moved(places, before),
            catalogues=found.catalogues,
            last=last,
            gone=tuple(sorted((before or {}).keys() - ranks(places).keys())),
        )

    async def of_competition(self, competition: Versioned[Competition], measure: Measure) -> LiveStandings:
        """The standings of a competition."""
        value = competition.value
        found = await entrants(
            self._store, self._catalogues, year=value.terms.year, region=value.region, measure=measure
        )
        zone = (await region_of(self._store, value.region)).zone
        now = outcome(value.terms, found.entries, zone, value.marks, measure)
        last = await self._freezes.last(value.region, competition.id)
        return LiveStandings(now.model_copy(update={"cells": against(now.cells, last)}), found.catalogues, last)
