"""A region's index for one round: the document `region_index/<region>/<year>` and the `region.indexed` that it owes.

It is derived from scorecards and SPD by a sweep. It is written, and an event owed, only when something differs, and an
older sweep never overwrites a newer one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from pydantic import BaseModel, ConfigDict

from services.scoring.index.index import RegionalIndex, Tally, count_in, index_of
from services.scoring.index.rounds import COUNTED, Figure, Round
from shared.contracts.contract import Exact, Origin, draft
from shared.contracts.region_index import REGION_INDEXED, IndexFigure, RegionIndexed
from shared.contracts.vocabulary import InnovationStatus
from shared.ports.store import Decision, State


@dataclass(frozen=True)
class ScoredCard:
    """What an index reads of one scorecard. claimed, verified: points; None while it waits to be scored."""

    status: InnovationStatus
    applied: date | None
    developed: date | None
    affair: str
    catalogue: str | None
    claimed: Decimal | None
    verified: Decimal | None


def scored_card(
    *,
    status: str,
    applied: str | None,
    developed: str | None,
    affair: str,
    catalogue: str | None,
    claimed: float | None,
    verified: float | None,
) -> ScoredCard:
    """A `ScoredCard` from values as they are stored."""
    return ScoredCard(
        status=InnovationStatus(status),
        applied=None if applied is None else date.fromisoformat(applied),
        developed=None if developed is None else date.fromisoformat(developed),
        affair=affair,
        catalogue=catalogue,
        claimed=None if claimed is None else Decimal(str(claimed)),
        verified=None if verified is None else Decimal(str(verified)),
    )


@dataclass
class RoundTotals:
    """The totals of one round over a region's scorecards. waiting: of the right age, but not scored yet; catalogues:
    name → how many were scored by it."""

    round: Round
    tallies: dict[Figure, Tally] = field(default_factory=lambda: {figure: Tally() for figure in Figure})
    waiting: int = 0
    catalogues: dict[str, int] = field(default_factory=dict)

    def add(self, card: ScoredCard, times: int = 1) -> None:
        """Add one scorecard, or take it out again. Each must be added once. times: 1 or -1."""
        if card.status not in COUNTED[Figure.CLAIMED] or not self.round.takes(card.applied, card.developed):
            return
        if card.claimed is None or card.verified is None or card.catalogue is None:
            self.waiting += times
            return
        count_in(self.catalogues, card.catalogue, times)
        for figure, points in ((Figure.CLAIMED, card.claimed), (Figure.VERIFIED, card.verified)):
            if card.status in COUNTED[figure]:
                self.tallies[figure].add(points, card.affair, times)

    @property
    def empty(self) -> bool:
        """Whether nothing of this region belongs to the round."""
        return not self.catalogues and not self.waiting


class RegionIndex(BaseModel):
    """The stored fields. spd_catalogue: by which the SPD was entered, None when nothing was entered; generation: of the
    sweep that computed this."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    region: str
    year: int
    claimed: RegionalIndex
    verified: RegionalIndex
    waiting: int
    catalogues: dict[str, int]
    spd_points: Exact
    spd_catalogue: str | None
    generation: int


def index_id(region: str, year: int) -> str:
    """The document's id, and the end of its events' subject."""
    return f"{region}/{year}"


def computed(region: str, totals: RoundTotals, spd: tuple[Decimal, str] | None, generation: int) -> RegionIndex:
    """The index from a sweep's totals. spd: points and catalogue, None when nothing was entered. Raises
    UnknownConstant."""
    points = spd[0] if spd else Decimal(0)
    figures = {figure: index_of(totals.round.formula, points, tally) for figure, tally in totals.tallies.items()}
    return RegionIndex(
        region=region,
        year=totals.round.year,
        claimed=figures[Figure.CLAIMED],
        verified=figures[Figure.VERIFIED],
        waiting=totals.waiting,
        catalogues=dict(sorted(totals.catalogues.items())),
        spd_points=points,
        spd_catalogue=spd[1] if spd else None,
        generation=generation,
    )


def keep(state: State | None, new: RegionIndex, origin: Origin) -> Decision:
    """Store a computed index. None when nothing differs, or when a newer sweep has stored one."""
    before = RegionIndex.model_validate(state) if state is not None else None
    if before is not None and (
        before.generation > new.generation or _without_generation(before) == _without_generation(new)
    ):
        return None
    payload = _payload(new)
    owed = before is None or _payload(before) != payload
    return new.model_dump(mode="json"), draft(REGION_INDEXED, payload, new.region, origin) if owed else None


def _without_generation(index: RegionIndex) -> Mapping[str, object]:
    return index.model_dump(exclude={"generation"})


def _payload(index: RegionIndex) -> RegionIndexed:
    return RegionIndexed(
        region=index.region,
        year=index.year,
        claimed=_figure(index.claimed),
        verified=_figure(index.verified),
        predicate=index.verified.predicate,
        to_next_predicate=index.verified.to_next,
    )


def _figure(index: RegionalIndex) -> IndexFigure:
    return IndexFigure(**{name: getattr(index, name) for name in IndexFigure.model_fields})
