"""Freezes a ranking as it is now: verified results only, public at once, never changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.scoring.catalogue.library import Catalogues
from services.scoring.known import region_of
from services.scoring.ranking.competition import CompetitionOutcome, outcome
from services.scoring.ranking.entrants import entrants
from services.scoring.ranking.entry import Measure
from services.scoring.ranking.freeze import Frozen, against, whole_year
from services.scoring.ranking.store import Competition, Freezes
from shared.faults import Conflict, Flaw, Invalid
from shared.ports.store import Store
from shared.storage.repository import Versioned
from shared.storage.stored import Fingerprint

MOST_FROZEN = 15_000
"""Places in one freeze: what one document can hold with room to spare."""


@dataclass(frozen=True)
class FreezeRequest:
    """What to freeze. competition: None for the region's year; reason: required when the series was frozen before; by:
    the account; created_by, fingerprint: the request's key and body, to recognise a repeat."""

    region: str
    year: int
    competition: Versioned[Competition] | None
    reason: str | None
    synthetic: bool
    by: str
    at: datetime
    created_by: str
    fingerprint: Fingerprint

    @property
    def series(self) -> str:
        """The year, or the competition's id."""
        return self.competition.id if self.competition else str(self.year)


async def freeze(store: Store, catalogues: Catalogues, asked: FreezeRequest) -> Versioned[Frozen]:
    """The next freeze of the series, or the one that this request made before. Raises Conflict when there is nothing to
    rank or too much, Invalid for a missing reason, KeyReused."""
    found = await entrants(store, catalogues, year=asked.year, region=asked.region, measure=Measure.VERIFIED)
    region = await region_of(store, asked.region)
    competition = asked.competition.value if asked.competition else None
    terms = competition.terms if competition else None
    result = (
        outcome(competition.terms, found.entries, region.zone, competition.marks)
        if competition
        else whole_year(found.entries)
    )

    def make(number: int, last: Frozen | None) -> Frozen:
        _require_size(result)
        if last is not None and asked.reason is None:
            raise Invalid([Flaw("reason", "missing", f"seri ini sudah dibekukan ({last.id}); sebutkan alasannya")])
        return Frozen(
            region=asked.region,
            region_name=region.name,
            series=asked.series,
            number=number,
            year=asked.year,
            title=terms.name if terms else f"Peringkat inovasi daerah tahun {asked.year}",
            competition=asked.competition.id if asked.competition else None,
            terms=terms,
            reason=asked.reason,
            synthetic=asked.synthetic or (terms is not None and terms.synthetic),
            frozen_at=asked.at,
            frozen_by=asked.by,
            created_by=asked.created_by,
            created_by_body=asked.fingerprint.sent,
            catalogues=found.catalogues,
            cells=against(result.cells, last),
            counts=result.counts,
            total=result.total,
            left_out=result.left_out,
            late=result.late,
        )

    return await Freezes(store).append(asked.region, asked.series, asked.created_by, asked.fingerprint, make)


def _require_size(result: CompetitionOutcome) -> None:
    if result.total == 0:
        raise Conflict("Belum ada inovasi terverifikasi yang dapat diperingkat; tidak ada yang dibekukan.")
    if result.total > MOST_FROZEN:
        raise Conflict(f"Satu pembekuan memuat paling banyak {MOST_FROZEN} peringkat.")
