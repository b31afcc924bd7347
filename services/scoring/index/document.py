"""A region's index for one round: the document `region_index/<region>/<year>` and the `region.indexed` that it owes.

It is derived: from scorecards and SPD, as a sweep found them. It is written, and an event owed, only when something
differs, and never by an older sweep over a newer one's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from pydantic import BaseModel, ConfigDict

from services.scoring.index.index import RegionalIndex, Tally, index_of
from services.scoring.index.rounds import COUNTED, Figure, Round
from shared.contracts.contract import Exact, Origin, draft
from shared.contracts.region_index import REGION_INDEXED, IndexFigure, RegionIndexed
from shared.contracts.vocabulary import InnovationStatus
from shared.ports.store import Decision, State


@dataclass(frozen=True)
class Slim:
    """What an index reads of one scorecard. claimed, verified: points; None while it waits to be scored."""

    status: InnovationStatus
    applied: date | None
    developed: date | None
    affair: str
    catalogue: str | None
    claimed: Decimal | None
    verified: Decimal | None


@dataclass
class Gathering:
    """A round's tallies while a region's scorecards stream by. waiting: of the right age, but not scored yet;
    catalogues: name → how many were scored by it."""

    round: Round
    tallies: dict[Figure, Tally] = field(default_factory=lambda: {figure: Tally() for figure in Figure})
    waiting: int = 0
    catalogues: dict[str, int] = field(default_factory=dict)

    def add(self, card: Slim) -> None:
        """One scorecard, which is given once."""
        if card.status not in COUNTED[Figure.CLAIMED] or not self.round.takes(card.applied, card.developed):
            return
        if card.claimed is None or card.verified is None or card.catalogue is None:
            self.waiting += 1
            return
        self.catalogues[card.catalogue] = self.catalogues.get(card.catalogue, 0) + 1
        for figure, points in ((Figure.CLAIMED, card.claimed), (Figure.VERIFIED, card.verified)):
            if card.status in COUNTED[figure]:
                self.tallies[figure].add(points, card.affair)

    @property
    def empty(self) -> bool:
        """Whether nothing of this region belongs to the round."""
        return not self.catalogues and not self.waiting


class RegionIndex(BaseModel):
    """The document's state. spd_catalogue: by which the SPD was entered, None when nothing was; generation: of the
    sweep that found this."""

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


def found(region: str, gathered: Gathering, spd: tuple[Decimal, str] | None, generation: int) -> RegionIndex:
    """What a sweep found. spd: points and catalogue, None when nothing was entered. Raises UnknownConstant."""
    points = spd[0] if spd else Decimal(0)
    figures = {figure: index_of(gathered.round.formula, points, tally) for figure, tally in gathered.tallies.items()}
    return RegionIndex(
        region=region,
        year=gathered.round.year,
        claimed=figures[Figure.CLAIMED],
        verified=figures[Figure.VERIFIED],
        waiting=gathered.waiting,
        catalogues=dict(sorted(gathered.catalogues.items())),
        spd_points=points,
        spd_catalogue=spd[1] if spd else None,
        generation=generation,
    )


def keep(state: State | None, new: RegionIndex, origin: Origin) -> Decision:
    """Keep what a sweep found. None when nothing differs, or when a newer sweep has been here."""
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
